"""A visit and its city as the routing room reads them: the enquiry, and the catalogue of today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import current_app

from app.core.time import venue_date
from app.routing import Catalogue, Enquiry, HostProfile
from app.visits.catalogue import HostsToday, overlay
from app.visits.earlier_hosts import earlier_hosts_of
from app.visits.models import Visit


def enquiry_of(visit: Visit, *, today: date | None = None, earlier_hosts: tuple[str, ...] | None = None) -> Enquiry:
    """The visit as routing sees it; `today` stands for the day it was sent.

    `earlier_hosts` is what earlier_hosts_of says, where it is known already.
    """
    if earlier_hosts is None:
        earlier_hosts = earlier_hosts_of([visit])[visit.id]
    return Enquiry(
        id=visit.ref,
        organisation=visit.organisation,
        organisation_type=visit.organisation_type,
        country=visit.country,
        city=visit.city,
        purpose=visit.purpose,
        submitted_on=today
        or date.fromisoformat(visit.routing.get("today", venue_date(visit.submitted_at).isoformat())),
        contact_name=visit.contact_name,
        contact_email=visit.contact_email,
        website=visit.website,
        on_behalf_of=visit.on_behalf_of,
        head_name=visit.head_name,
        head_title=visit.head_title,
        head_level=visit.head_level,
        group_size=visit.group_size,
        languages=tuple(visit.languages),
        interpreter_needed=visit.interpreter_needed,
        windows=tuple((window.starts_on, window.ends_on) for window in visit.windows),
        duration_hours=visit.duration_hours,
        themes=tuple(link.theme.slug for link in visit.theme_links if link.origin == "visitor"),
        wanted_hosts=tuple(visit.wanted_hosts),
        relation=visit.relation,
        previous_visit=visit.previous_visit,
        event=visit.event,
        in_return=visit.in_return,
        earlier_hosts=earlier_hosts,
    )


def current_catalogue(*, besides: Visit | None = None) -> Catalogue:
    """The city's files (words, topics) under what the database says now (hosts, partnerships, occasions)."""
    base: Catalogue = current_app.extensions["city-catalogue"]
    return overlay(base, besides=besides.id if besides else None)


def current_hosts(*, besides: Visit | None = None) -> tuple[HostProfile, ...]:
    """The catalogue's hosts alone: who can receive when, and what they have on."""
    base: Catalogue = current_app.extensions["city-catalogue"]
    return HostsToday(base, besides=besides.id if besides else None).profiles()


def current_hosts_for(visits: Iterable[Visit]) -> dict[int, tuple[HostProfile, ...]]:
    """Per visit's id the hosts as they stand without it; for visits that nobody leads, in one set of queries."""
    base: Catalogue = current_app.extensions["city-catalogue"]
    today = HostsToday(base)
    return {visit.id: today.profiles(besides=visit.id) for visit in visits}


def holiday_calendar() -> str:
    """Whose public holidays are days off."""
    base: Catalogue = current_app.extensions["city-catalogue"]
    return base.holiday_calendar
