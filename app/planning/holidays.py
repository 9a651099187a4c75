"""Which days the city works: Monday to Friday, except Norwegian public holidays."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

_LIBRARY_LANGUAGE = {"en": "en_US", "nb": "no", "nn": "no"}
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=256)
def _holidays_in(year: int, language: str) -> Mapping[date, str]:
    # A fresh object per year: the library fills its own dictionary lazily, which is not safe between threads.
    return dict(country_holidays("NO", years=year, language=language))


def find_holiday(day: date, language: str = "nb") -> str | None:
    """The public holiday's name in "en" or "nb" ("nn" gives the bokmål name, the library has no nynorsk), or None."""
    return _holidays_in(day.year, _LIBRARY_LANGUAGE[language]).get(day)


def is_weekend(day: date) -> bool:
    """Saturday or Sunday."""
    return day.weekday() >= _SATURDAY


def is_working_day(day: date) -> bool:
    """A weekday that is no public holiday; 24 and 31 December count as working days, as the law has it."""
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
