"""Which days the city works: all but its weekend and the public holidays where it lies."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.core.holidays import find_public_holiday, is_weekend

_ONE_DAY = timedelta(days=1)


def find_holiday(day: date, language: str = "nb") -> str | None:
    """The name of the city's public holiday for a reader of "en", "nb" or "nn", or None."""
    return find_public_holiday(day, language)


def is_working_day(day: date) -> bool:
    """A weekday that is no public holiday; in Norway 24 and 31 December count, as the law has it."""
    return not is_weekend(day) and find_holiday(day) is None


def next_working_day(day: date) -> date:
    """The first working day strictly after `day`."""
    following = day + _ONE_DAY
    while not is_working_day(following):
        following += _ONE_DAY
    return following


def working_day_after(day: date, count: int) -> date:
    """The `count`-th working day strictly after `day`; raises ValueError for a count below 1."""
    if count < 1:
        raise ValueError("count must be at least 1 working day")
    for _ in range(count):
        day = next_working_day(day)
    return day


def working_day_before(day: date, count: int) -> date:
    """The `count`-th working day strictly before `day`; raises ValueError for a count below 1."""
    if count < 1:
        raise ValueError("count must be at least 1 working day")
    for _ in range(count):
        day -= _ONE_DAY
        while not is_working_day(day):
            day -= _ONE_DAY
    return day


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included; nothing when `last` is earlier."""
    while first <= last:
        yield first
        first += _ONE_DAY
