"""Norwegian public holidays and working days."""

from datetime import date

import pytest

from app.planning.holidays import (
    days_between,
    find_holiday,
    is_weekend,
    is_working_day,
    next_working_day,
    working_day_after,
)

pytestmark = pytest.mark.one_engine

PUBLIC_HOLIDAYS_2027 = [
    date(2027, 1, 1),
    date(2027, 3, 25),
    date(2027, 3, 26),
    date(2027, 3, 28),
    date(2027, 3, 29),
    date(2027, 5, 1),
    date(2027, 5, 6),
    date(2027, 5, 16),
    date(2027, 5, 17),
    date(2027, 12, 25),
    date(2027, 12, 26),
]


def test_find_holiday_over_a_year_names_exactly_the_public_holidays() -> None:
    found = [day for day in days_between(date(2027, 1, 1), date(2027, 12, 31)) if find_holiday(day)]
    assert found == PUBLIC_HOLIDAYS_2027


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Constitution Day"), ("nb", "Grunnlovsdag"), ("nn", "Grunnlovsdag")],
)
def test_find_holiday_on_17_may_is_named_in_the_reader_s_language(language: str, name: str) -> None:
    assert find_holiday(date(2028, 5, 17), language) == name


def test_find_holiday_on_an_ordinary_day_is_none() -> None:
    assert find_holiday(date(2027, 6, 8)) is None


def test_is_working_day_on_christmas_eve_is_true() -> None:
    assert is_working_day(date(2026, 12, 24))


@pytest.mark.parametrize("day", [date(2027, 5, 17), date(2027, 5, 15), date(2027, 12, 25), date(2027, 3, 25)])
def test_is_working_day_on_holidays_and_weekends_is_false(day: date) -> None:
    assert not is_working_day(day)


def test_is_weekend_tells_saturday_and_sunday_from_monday() -> None:
    assert [is_weekend(date(2027, 5, day)) for day in (14, 15, 16, 17)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2027, 3, 24), date(2027, 3, 30)),  # over Easter, Maundy Thursday to Easter Monday
        (date(2027, 5, 14), date(2027, 5, 18)),  # a weekend and then 17 May
        (date(2026, 12, 24), date(2026, 12, 28)),  # Christmas Day and Boxing Day, then a Sunday
        (date(2027, 12, 31), date(2028, 1, 3)),  # New Year
        (date(2027, 6, 8), date(2027, 6, 9)),
    ],
)
def test_next_working_day_steps_over_closed_days(day: date, following: date) -> None:
    assert next_working_day(day) == following


def test_working_day_after_counts_only_working_days() -> None:
    assert working_day_after(date(2027, 5, 14), 5) == date(2027, 5, 24)


@pytest.mark.parametrize("count", [0, -1])
def test_working_day_after_with_no_days_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        working_day_after(date(2027, 5, 14), count)


def test_days_between_a_reversed_pair_is_empty() -> None:
    assert list(days_between(date(2027, 5, 2), date(2027, 5, 1))) == []
