"""Honest advice about a wished visit, given at once and never a refusal: codes with data, worded by the pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from app.core.holidays import is_weekend
from app.planning.holidays import days_between, is_working_day, next_working_day

AdviceCode = Literal["window-past", "window-reversed", "short-notice", "weekend-only", "holiday-only", "large-group"]
Window = tuple[date, date]

_LONGEST_LOOK = 31  # days of a window looked at for a working day; there are never so many holidays in a row


@dataclass(frozen=True, slots=True)
class Limits:
    """What the city asks for. Sources: 30 days Oslo, 14 for a courtesy call San Diego; group size is the city's own."""

    notice_days: int = 30
    courtesy_notice_days: int = 14
    largest_group: int = 40


@dataclass(frozen=True, slots=True)
class Advice:
    """One remark. `window` is the place in the list of windows (from 0), None when it speaks of the whole wish.

    `data` holds int and date values under the names that the code's wording uses.
    """

    code: AdviceCode
    window: int | None = None
    data: dict[str, int | date] = field(default_factory=dict)


def advise(
    windows: Sequence[Window],
    *,
    today: date,
    group_size: int | None = None,
    courtesy_call: bool = False,
    limits: Limits | None = None,
) -> list[Advice]:
    """Remarks on a wish seen from `today` (the venue's date): first on each window in order, then on the group."""
    limits = limits or Limits()
    notice = limits.courtesy_notice_days if courtesy_call else limits.notice_days
    found = [remark for number, window in enumerate(windows) for remark in _on_window(number, window, today, notice)]
    if group_size is not None and group_size > limits.largest_group:
        data: dict[str, int | date] = {"group_size": group_size, "largest_group": limits.largest_group}
        found.append(Advice("large-group", None, data))
    return found


def _on_window(number: int, window: Window, today: date, notice: int) -> Iterator[Advice]:
    first, last = window
    if last < first:
        yield Advice("window-reversed", number, {"first_on": first, "last_on": last})
        return
    if last < today:
        yield Advice("window-past", number, {"first_on": first, "last_on": last, "today": today})
        return
    earliest_on = today + timedelta(days=notice)
    if first < earliest_on:
        days = max((first - today).days, 0)
        yield Advice("short-notice", number, {"notice_days": notice, "days": days, "earliest_on": earliest_on})
    yield from _on_closed_days(number, max(first, today), last)


def _on_closed_days(number: int, first: date, last: date) -> Iterator[Advice]:
    days = list(days_between(first, min(last, first + timedelta(days=_LONGEST_LOOK))))
    if any(is_working_day(day) for day in days):
        return
    code: AdviceCode = "weekend-only" if all(is_weekend(day) for day in days) else "holiday-only"
    yield Advice(code, number, {"first_on": first, "last_on": last, "next_working_on": next_working_day(last)})
