"""Dates written out: in three languages, on Bergen's clock, whatever the reader's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.core import dates

pytestmark = pytest.mark.one_engine
# 08:00 UTC is 10:00 in Bergen in summer.
START = datetime(2027, 6, 8, 8, 0, tzinfo=UTC)
END = datetime(2027, 6, 8, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Tuesday 8 June, 10:00–11:30, Bergen"),
        ("nb", "tirsdag 8. juni kl. 10–11.30, Bergen"),
        ("nn", "tysdag 8. juni kl. 10–11.30, Bergen"),
    ],
)
@time_machine.travel(datetime(2027, 1, 4, 12, tzinfo=UTC))
def test_when_of_this_year_is_written_without_the_year(language: str, written: str) -> None:
    assert dates.written_when(START, END, language, "Bergen") == written


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "Tuesday 8 June 2027, 10:00"), ("nb", "tirsdag 8. juni 2027 kl. 10"), ("nn", "tysdag 8. juni 2027 kl. 10")],
)
@time_machine.travel(datetime(2026, 12, 31, 12, tzinfo=UTC))
def test_moment_of_another_year_is_written_with_it(language: str, written: str) -> None:
    assert dates.written_moment(START, language) == written


@time_machine.travel(datetime(2027, 12, 31, 23, 30, tzinfo=UTC))
def test_this_year_is_the_venues_year() -> None:
    assert dates.written_day(date(2028, 1, 1), "nb") == "lørdag 1. januar"


def test_night_over_two_days_names_both() -> None:
    start, end = datetime(2027, 6, 8, 20, tzinfo=UTC), datetime(2027, 6, 8, 23, 15, tzinfo=UTC)
    with time_machine.travel(START):
        written = dates.written_when(start, end, "nb", "Bergen")
    assert written == "tirsdag 8. juni kl. 22 – onsdag 9. juni kl. 1.15, Bergen"


def test_hour_that_comes_twice_is_the_venues_hour() -> None:
    first, second = datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert [dates.written_time(moment, "nb") for moment in (first, second)] == ["2.30", "2.30"]


@pytest.mark.parametrize(
    ("first", "last", "english", "norwegian"),
    [
        (date(2027, 6, 8), date(2027, 6, 8), "Tuesday 8 June 2027", "tirsdag 8. juni 2027"),
        (date(2027, 6, 8), date(2027, 6, 10), "8–10 June 2027", "8.–10. juni 2027"),
        (date(2027, 6, 28), date(2027, 7, 2), "28 June – 2 July 2027", "28. juni – 2. juli 2027"),
        (date(2027, 5, 30), date(2028, 6, 2), "30 May 2027 – 2 June 2028", "30. mai 2027 – 2. juni 2028"),
    ],
)
def test_days_are_written_once_each(first: date, last: date, english: str, norwegian: str) -> None:
    assert dates.written_days(first, last, "en") == english
    assert dates.written_days(first, last, "nb") == norwegian


def test_unknown_language_is_english() -> None:
    assert dates.written_month(date(2027, 6, 8), "fi") == "June 2027"


@pytest.mark.parametrize(("language", "written"), [("en", "18:00–24:00"), ("nb", "kl. 18–24"), ("nn", "kl. 18–24")])
def test_hours_of_a_day_that_last_until_midnight_end_at_24(language: str, written: str) -> None:
    start, midnight = datetime(2027, 1, 20, 17, tzinfo=UTC), datetime(2027, 1, 20, 23, tzinfo=UTC)
    assert dates.written_times_on(date(2027, 1, 20), start, midnight, language) == written
    assert dates.written_times_on(date(2027, 1, 20), start, END, language) == written


def test_hours_of_a_day_that_are_all_of_it_are_none() -> None:
    day, night = timedelta(days=1), datetime(2027, 10, 30, 22, tzinfo=UTC)  # 25 hours, as the clock goes back
    assert dates.written_times_on(date(2027, 10, 31), night, night + day + timedelta(hours=1), "nb") == ""
    assert dates.written_times_on(date(2027, 10, 31), night, night + day, "nb") == "kl. 0–23"
