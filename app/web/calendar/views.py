"""One page for every calendar: whose it is comes from the path, the view, the date and the filter from the query."""

from __future__ import annotations

import re
from datetime import date, datetime
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.dates import locale_of, written_day, written_hours, written_weekday
from app.core.errors import NotFound
from app.core.nights import is_over_midnight
from app.core.time import now, venue_date
from app.visits.agenda import Entry, Of, entries_between, first_start
from app.visits.away import away_between
from app.visits.queries import get_visit
from app.visits.taken import Taken, taken_between
from app.web import access
from app.web.calendar import blueprint, whose
from app.web.calendar.days import busy_days, days_of, in_weeks, time_grid
from app.web.calendar.form import CalendarForm
from app.web.calendar.occasions import occasions_between
from app.web.calendar.own import freshness, with_own
from app.web.calendar.periods import VIEWS, Period, after, before, period_of
from app.web.calendar.whose import Whose
from app.web.coordinator.checks import day_in_address
from app.web.formats import clock, times, when
from app.web.host.acting import reader
from app.web.language import page_language
from app.web.numbers import BIGGEST_ID

CHOSEN = re.compile(r"(host|place|person)-(\d{1,9})")


@blueprint.get("/calendar")
@access.for_hosts
def everything() -> str:
    """Everything the reader may see."""
    return _page(whose.everything())


@blueprint.get("/calendar/mine")
@access.for_hosts
def mine() -> str:
    """The reader's own stops, and those of visits the reader leads."""
    return _page(whose.of_reader())


@blueprint.get(f"/calendar/people/<int(max={BIGGEST_ID}):user_id>")
@access.for_hosts
def of_person(user_id: int) -> str:
    """A person's."""
    return _page(whose.of_person(user_id))


@blueprint.get(f"/calendar/hosts/<int(max={BIGGEST_ID}):host_id>")
@access.for_hosts
def of_host(host_id: int) -> str:
    """A host's."""
    return _page(whose.of_host(host_id))


@blueprint.get(f"/calendar/places/<int(max={BIGGEST_ID}):place_id>")
@access.for_hosts
def of_place(place_id: int) -> str:
    """A place's; of visits the reader may not see only that it is busy."""
    return _page(whose.of_place(place_id))


@blueprint.get("/visits/<string:ref>/calendar")
@access.for_hosts
def of_visit(ref: str) -> str:
    """A visit's; it opens where its programme begins."""
    return _page(whose.of_visit(get_visit(ref, reader())))


@blueprint.get("/calendar/open")
@access.for_hosts
def open_chosen() -> Response:
    """From the list of calendars to the one that was chosen."""
    found = CHOSEN.fullmatch(request.args.get("of", ""))
    if found is None:
        raise NotFound()
    kind, row_id = found[1], int(found[2])
    parameter = {"host": "host_id", "place": "place_id", "person": "user_id"}[kind]
    return redirect(url_for(f"calendar.of_{kind}", **{parameter: row_id}))  # type: ignore[arg-type]


def _page(calendar: Whose) -> str:
    """The page; a date that cannot be read shows today and says so, a filter that cannot be read shows nothing."""
    form = CalendarForm(request.args, calendar.scope)
    period, unread = _period(calendar)
    language, user = page_language(), reader()
    first, last = period.days[0], period.days[-1]
    start, end = period.span
    found = (
        entries_between(calendar.scope, start, end, user, language=language, wanted=form.wanted)
        if form.validate()
        else []
    )
    own = taken_between(calendar.scope, start, end) if not form.errors and form.wants_own else Taken()
    away = away_between(calendar.scope, first, last, user, language=language)
    days = days_of(period, with_own(found, own.entries), away, language)
    return render_template(
        "calendar/page.html",
        calendar=calendar,
        near=whose.near(),
        others=whose.others(),
        form=form,
        period=period,
        before=before(period),
        after=after(period),
        days=days,
        weeks=in_weeks(days) if period.view == "month" else [],
        grid=time_grid(period, days) if period.view in ("week", "day") else None,
        busy=busy_days(days),
        has_stops=any(day.has_stops and not day.outside for day in days),
        fresh=freshness(calendar.scope, own.sources),
        away=away,
        weekdays=_weekdays(),
        today=venue_date(now()),
        occasions=occasions_between(period.on, period.last_on),
        unread=unread,
        address=lambda view, day: _address(calendar, form, period_of(view, day)),
    )


def _period(calendar: Whose) -> tuple[Period, str]:
    """The period asked for, and what of the address could not be read."""
    view = request.args.get("view", "month")
    asked = request.args.get("date", "") or request.args.get("month", "")
    found = day_in_address(asked) if asked else _opening_day(calendar)
    return period_of(view if view in VIEWS else "month", found or venue_date(now())), "" if found else asked[:40]


def _opening_day(calendar: Whose) -> date:
    start = first_start(calendar.scope) if calendar.scope.of == Of.VISIT else None
    return venue_date(start or now())


def _address(calendar: Whose, form: CalendarForm, period: Period) -> str:
    """Where that period of this calendar stands, with the same filter."""
    return f"{calendar.url}?{urlencode([('view', period.view), ('date', period.written), *form.pairs])}"


def _weekdays() -> list[tuple[str, str]]:
    """Short and full names, from Monday."""
    names = locale_of(page_language()).days["stand-alone"]
    return [(str(names["abbreviated"][number]), str(names["wide"][number])) for number in range(7)]


@blueprint.app_template_filter()
def is_of_one_day(entry: Entry) -> bool:
    """Whether it ends on the day it begins."""
    return not is_over_midnight(entry.starts_at, entry.ends_at)


@blueprint.app_template_filter()
def times_of(entry: Entry) -> str:
    """The stop's clock; over midnight both days are written."""
    return (times if is_of_one_day(entry) else when)(entry.starts_at, entry.ends_at)


@blueprint.app_template_filter()
def hours_on(entry: Entry, day: date) -> str:
    """The stop's clock alone under a day, "10–11.30"; over midnight when it ends, on the day after only that."""
    if is_of_one_day(entry):
        return written_hours(entry.starts_at, entry.ends_at, page_language())
    if venue_date(entry.starts_at) == day:
        return times(entry.starts_at, entry.ends_at)
    return _("until %(time)s", time=clock(entry.ends_at))


@blueprint.app_template_filter()
def day_and_month(moment: datetime) -> str:
    """The date as short as it can be said, "25 January", in a calendar that shows the year."""
    return written_day(venue_date(moment), page_language(), weekday=False)


@blueprint.app_template_filter()
def weekday_and_number(day: date) -> str:
    """ "Tue 8", "tir. 8.", at the head of a column."""
    return written_weekday(day, page_language())
