"""Jinja filters that write dates, countries and languages for the reader of this page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import wraps
from typing import Any

from flask import Flask, g
from flask_babel import gettext as _
from flask_babel import ngettext
from jinja2 import pass_context
from jinja2.runtime import Context

from app.core import dates
from app.core.time import venue_date
from app.strategy.settings import city_rules
from app.web.language import page_language


def city_name() -> str:
    """The city whose clock and name the pages carry; read once for each request."""
    if g.get("without_database"):
        return ""
    if "city_name" not in g:
        g.city_name = city_rules().city_name
    return str(g.city_name)


def _as_day(value: date | datetime) -> date:
    return venue_date(value) if isinstance(value, datetime) else value


def day(value: date | datetime | None) -> str:
    """ "tirsdag 8. juni" (with the year unless it is the present one)."""
    return "" if value is None else dates.written_day(_as_day(value), page_language())


def full_day(value: date | datetime | None) -> str:
    """ "tirsdag 8. juni 2027"."""
    return "" if value is None else dates.written_day(_as_day(value), page_language(), year=True)


def headed_day(value: date | datetime) -> str:
    """ "Tirsdag 8. juni 2027": full_day as a heading, which begins with a capital letter."""
    written = full_day(value)
    return written[:1].upper() + written[1:]


def short_day(value: date | datetime | None) -> str:
    """ "tir. 8. juni 2027", for tables."""
    return "" if value is None else dates.short_day(_as_day(value), page_language())


def days(window: tuple[date, date]) -> str:
    """ "8.–10. juni 2027" for a pair of dates."""
    return dates.written_days(window[0], window[1], page_language())


def month(value: date) -> str:
    """ "juni 2027"."""
    return dates.written_month(value, page_language())


def clock(value: datetime) -> str:
    """ "10" or "11.30", at the venue."""
    return dates.written_time(value, page_language())


def times(starts_at: datetime, ends_at: datetime) -> str:
    """ "kl. 10–11.30", at the venue."""
    return dates.written_times(starts_at, ends_at, page_language())


def times_on(day: date, starts_at: datetime, ends_at: datetime) -> str:
    """ "kl. 18–24": what of that time lies on the day; empty where it is all of it."""
    return dates.written_times_on(day, starts_at, ends_at, page_language())


def moment(value: datetime | None) -> str:
    """ "tirsdag 8. juni kl. 10": when something happened or is due."""
    return "" if value is None else dates.written_moment(value, page_language())


def moment_in_city(value: datetime | None) -> str:
    """ "tirsdag 8. juni kl. 10, Bergen": for readers who may be in another time zone."""
    return "" if value is None else dates.written_moment(value, page_language(), city_name())


def when(starts_at: datetime, ends_at: datetime) -> str:
    """ "tirsdag 8. juni kl. 10–11.30, Bergen"."""
    return dates.written_when(starts_at, ends_at, page_language(), city_name())


def in_working_days(count: int) -> str:
    """ "in 3 working days", "today", "2 working days ago"."""
    if count == 0:
        return _("today")
    if count > 0:
        return ngettext("in %(num)d working day", "in %(num)d working days", count)
    return ngettext("%(num)d working day ago", "%(num)d working days ago", -count)


def country(code: str | None) -> str:
    """The country's name for an ISO 3166 alpha-2 code; anything else is shown as it was typed."""
    names = dates.locale_of(page_language()).territories
    return str(names.get((code or "").upper(), code or ""))


def language_name(code: str | None) -> str:
    """The language's name for its ISO 639 code; anything else is shown as it was typed."""
    names = dates.locale_of(page_language()).languages
    return str(names.get((code or "").lower().replace("-", "_"), code or ""))


def listed(items: Iterable[object]) -> str:
    """ "a, b and c" in the reader's language."""
    words = [str(item) for item in items]
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s", first=", ".join(words[:-1]), last=words[-1])


def _for_each_reader(function: Callable[..., str]) -> Callable[..., str]:
    """The filter worked out anew for each reader: Jinja folds filters on constants unless they ask for the context."""

    @pass_context
    @wraps(function)
    def written(_context: Context, *values: Any) -> str:
        return function(*values)

    return written


def init_app(app: Flask) -> None:
    """Give templates the filters, and times(), when() and city_name()."""
    filters: tuple[Callable[..., str], ...] = (
        day, full_day, headed_day, short_day, days, month, clock, moment, moment_in_city,
        in_working_days, country, language_name, listed,
    )  # fmt: skip
    for function in filters:
        app.add_template_filter(_for_each_reader(function), function.__name__)
    for name, function in (("times", times), ("when", when), ("city_name", city_name)):
        app.add_template_global(function, name)
