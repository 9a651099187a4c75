"""The routing catalogue: the city's files for words and topics, the database for who and what exists today."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from app.core.holidays import find_public_holiday
from app.core.time import now, venue_date
from app.extensions import db
from app.people.absences import away_spans
from app.people.models import Host
from app.people.quiet import quiet_periods_of
from app.routing import Catalogue, HostProfile, OccasionProfile, PartnershipProfile
from app.strategy.models import Occasion, Partnership, Theme
from app.visits.busy import by_month, by_week, led_this_year, received_from
from app.visits.taught import themes_in_force

LONGEST_MONTH = 31  # days back: the whole of this month counts against a monthly cap


def overlay(base: Catalogue, *, besides: int | None = None) -> Catalogue:
    """The file catalogue with hosts, themes, partnerships and occasions as they stand in the database.

    What hosts have on is counted without the visit with the id `besides`.
    """
    known = frozenset(db.session.scalars(select(Theme.slug).where(Theme.retired_at.is_(None))))
    return replace(
        base,
        hosts=HostsToday(base, besides=besides).profiles(),
        themes=themes_in_force(base.themes, known),
        partnerships=_partnerships(base),
        occasions=_occasions(base),
    )


class HostsToday:
    """The hosts as they stand in the database, with what is in their way and what they have on.

    The visit with the id `besides` is not counted.
    """

    def __init__(self, base: Catalogue, *, besides: int | None = None) -> None:
        today = venue_date(now())
        rows = list(db.session.scalars(select(Host).where(Host.retired_at.is_(None)).order_by(Host.id)))
        known = {host.slug: host for host in base.hosts}
        load, away = led_this_year(today=today, besides=besides), away_spans(rows, today=today)
        quiet = _quiet_spans(rows, today)
        self._received = received_from(today - timedelta(days=LONGEST_MONTH), besides=besides)
        self._hosts = [
            (
                row.id,
                replace(
                    known.get(row.slug, HostProfile(row.slug)),
                    names=tuple(dict.fromkeys(filter(None, (row.name_nb, row.name_en, row.name_nn, *row.aliases)))),
                    kind=row.kind,
                    owner=row.owner.slug if row.owner else "",
                    languages=tuple(row.languages),
                    weekly_cap=row.weekly_cap,
                    monthly_cap=row.monthly_cap,
                    notice_days=row.notice_days,
                    out_of_office=away.get(row.id, ()),
                    quiet=quiet.get(row.id, ()),
                    load=load.get(row.id, 0),
                ),
            )
            for row in rows
        ]
        self._everything = tuple(self._with_counts(one, None) for one in self._hosts)
        self._counted = {visit_id for days in self._received.values() for visit_id, _day in days}

    def profiles(self, *, besides: int | None = None) -> tuple[HostProfile, ...]:
        """As routing reads them; the stops of the visit `besides` do not count."""
        if besides not in self._counted:
            return self._everything
        return tuple(self._with_counts(one, besides) for one in self._hosts)

    def _with_counts(self, host: tuple[int, HostProfile], besides: int | None) -> HostProfile:
        days = {one for one in self._received.get(host[0], set()) if one[0] != besides}
        return replace(host[1], weeks=by_week(days), months=by_month(days))


def _quiet_spans(rows: list[Host], today: date) -> dict[int, tuple[tuple[date, date], ...]]:
    found: dict[int, tuple[tuple[date, date], ...]] = {}
    for one in quiet_periods_of(*rows, first=today):
        if one.host_id is not None:
            found[one.host_id] = (*found.get(one.host_id, ()), (one.starts_on, one.ends_on))
    return found


def _partnerships(base: Catalogue) -> tuple[PartnershipProfile, ...]:
    known = {one.slug: one for one in base.partnerships}
    rows = db.session.scalars(select(Partnership).where(Partnership.retired_at.is_(None)).order_by(Partnership.id))
    return tuple(known[row.slug] if row.slug in known else _partnership(row) for row in rows)


def _partnership(row: Partnership) -> PartnershipProfile:
    return PartnershipProfile(
        slug=row.slug,
        kind=row.kind,
        names=tuple(filter(None, (row.name_nb, row.name_en, row.name_nn, *row.aliases))),
        responsible=row.responsible.slug if row.responsible else "",
        practical=row.practical.slug if row.practical else "",
        country=row.country,
    )


def _occasions(base: Catalogue) -> tuple[OccasionProfile, ...]:
    known = {one.slug: one for one in base.occasions}
    rows = db.session.scalars(select(Occasion).where(Occasion.retired_at.is_(None)).order_by(Occasion.id))
    return tuple(
        replace(
            known.get(row.slug, OccasionProfile(row.slug)),
            names=tuple(dict.fromkeys(filter(None, (row.name_nb, row.name_en, row.name_nn, *row.aliases)))),
        )
        for row in rows
        if not is_just_a_holiday(row.starts_on, row.ends_on, base.holiday_calendar)
    )


def is_just_a_holiday(starts_on: date | None, ends_on: date | None, calendar: str = "") -> bool:
    """Whether an occasion is one public holiday and nothing else, such as 17 May: no visit can be tied to it."""
    if starts_on is None or ends_on not in (None, starts_on):
        return False
    return find_public_holiday(starts_on, calendar=calendar) is not None
