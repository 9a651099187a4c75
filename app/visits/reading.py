"""A visit and its city as the routing room reads them: the enquiry, and the catalogue of today."""

from __future__ import annotations

from datetime import date

from flask import current_app
from sqlalchemy import select

from app.core.time import venue_date
from app.extensions import db
from app.people.models import Host
from app.routing import Catalogue, Enquiry, HostProfile
from app.visits.catalogue import hosts_now, overlay
from app.visits.counterparts import same_words
from app.visits.models import Visit
from app.visits.statuses import EXITS, Status


def enquiry_of(visit: Visit, *, today: date | None = None) -> Enquiry:
    """The visit as routing sees it; `today` stands for the day it was sent."""
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
        earlier_hosts=_earlier_hosts(visit),
    )


def current_catalogue(*, besides: Visit | None = None) -> Catalogue:
    """The city's files (words, topics) under what the database says now (hosts, partnerships, occasions)."""
    base: Catalogue = current_app.extensions["city-catalogue"]
    return overlay(base, besides=besides.id if besides else None)


def current_hosts(*, besides: Visit | None = None) -> tuple[HostProfile, ...]:
    """The catalogue's hosts alone: who can receive when, and what they have on."""
    base: Catalogue = current_app.extensions["city-catalogue"]
    return hosts_now(base, besides.id if besides else None)


def holiday_calendar() -> str:
    """Whose public holidays are days off."""
    base: Catalogue = current_app.extensions["city-catalogue"]
    return base.holiday_calendar


def _earlier_hosts(visit: Visit) -> tuple[str, ...]:
    """Who led the organisation's earlier visits, the latest first; also under its name in another order of words."""
    if visit.counterpart is None:
        return ()
    query = (
        select(Host.slug)
        .join(Visit, Visit.lead_host_id == Host.id)
        .where(Visit.counterpart_id.in_(same_words(visit.counterpart)), Visit.id != visit.id)
        .where(Visit.submitted_at <= visit.submitted_at, Visit.status.not_in((*EXITS, Status.SUBMITTED)))
        .order_by(Visit.submitted_at.desc(), Visit.id.desc())
    )
    return tuple(dict.fromkeys(db.session.scalars(query)))
