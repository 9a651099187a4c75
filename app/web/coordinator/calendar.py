"""The calendar: a month as a list of days, which works for everybody, and as a table."""

from __future__ import annotations

from datetime import date, datetime

from flask import render_template, request
from sqlalchemy import or_, select

from app.core.dates import locale_of
from app.core.time import end_of_day, now, start_of_day, venue_date
from app.extensions import db
from app.strategy.models import Occasion
from app.visits.programme_models import Appointment
from app.visits.queries import appointments_between
from app.web import access
from app.web.coordinator import blueprint
from app.web.coordinator.checks import day_in_address
from app.web.coordinator.month import busy_days, next_month, previous_month, weeks_of
from app.web.host.acting import reader
from app.web.language import page_language

VIEWS = ("month", "list")


@blueprint.get("/calendar")
@access.for_hosts
def calendar() -> str:
    """Appointments the reader sees in one month; an address that cannot be read shows the present one and says so."""
    asked = request.args.get("month", "")
    found = day_in_address(asked) if asked else venue_date(now())
    month = (found or venue_date(now())).replace(day=1)
    view = request.args.get("view", "month")
    weeks = weeks_of(month, _appointments(month), page_language())
    return render_template(
        "coordinator/calendar.html",
        month=month,
        view=view if view in VIEWS else "month",
        weeks=weeks,
        days=busy_days(weeks),
        weekdays=_weekdays(),
        today=venue_date(now()),
        before=previous_month(month),
        after=next_month(month),
        occasions=_occasions(month),
        unread="" if found else asked[:40],
    )


def _span(month: date) -> tuple[datetime, datetime]:
    weeks = weeks_of(month, [], "en")
    return start_of_day(weeks[0][0].on), end_of_day(weeks[-1][-1].on)


def _appointments(month: date) -> list[Appointment]:
    return appointments_between(*_span(month), reader())


def _weekdays() -> list[tuple[str, str]]:
    """Short and full names, from Monday."""
    names = locale_of(page_language()).days["stand-alone"]
    return [(str(names["abbreviated"][number]), str(names["wide"][number])) for number in range(7)]


def _occasions(month: date) -> list[Occasion]:
    """Larger events in the city that touch the month."""
    after = next_month(month) or date.max
    query = select(Occasion).where(
        Occasion.retired_at.is_(None),
        Occasion.starts_on < after,
        or_(Occasion.ends_on >= month, Occasion.starts_on >= month),
    )
    return list(db.session.scalars(query.order_by(Occasion.starts_on, Occasion.id)))
