"""The response clock in local working days."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.planning.clock import Pause, Step, due_after, elapsed
from tests.harness.zones import venue_in

pytestmark = pytest.mark.one_engine

OSLO = ZoneInfo("Europe/Oslo")


def oslo(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2027) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=OSLO).astimezone(UTC)


@pytest.mark.parametrize(
    ("start_at", "due_at"),
    [
        (oslo(6, 8, 10), oslo(6, 15, 16)),  # an ordinary Tuesday
        (oslo(6, 8, 23, 59), oslo(6, 15, 16)),  # late the same day counts as the same day
        (oslo(6, 12, 12), oslo(6, 18, 16)),  # a Saturday: Monday is the first day
        (oslo(3, 23, 9), oslo(4, 2, 16)),  # over Easter and the change to summer time
        (oslo(5, 14, 9), oslo(5, 24, 16)),  # over 17 May
        (oslo(12, 22, 9), oslo(12, 29, 16)),  # Christmas falls on a weekend in 2027
        (oslo(12, 21, 9, year=2026), oslo(12, 29, 16, year=2026)),  # Christmas Day on a Friday
        (oslo(10, 28, 9), oslo(11, 4, 16)),  # over the change to winter time
    ],
)
def test_due_after_five_working_days_is_the_end_of_the_fifth(start_at: datetime, due_at: datetime) -> None:
    assert due_after(start_at, 5) == due_at


def test_due_after_is_given_in_utc_on_both_sides_of_the_change_to_summer_time() -> None:
    assert due_after(oslo(3, 19, 9), 1) == datetime(2027, 3, 22, 15, tzinfo=UTC)
    assert due_after(oslo(3, 24, 9), 1) == datetime(2027, 3, 30, 14, tzinfo=UTC)


def test_due_after_in_another_zone_uses_that_zone_s_day() -> None:
    start_at = datetime(2027, 6, 8, 22, 30, tzinfo=UTC)  # already 9 June in Oslo, still the 8th in Reykjavik
    assert due_after(start_at, 1) == datetime(2027, 6, 10, 14, tzinfo=UTC)
    with venue_in("Atlantic/Reykjavik"):
        assert due_after(start_at, 1) == datetime(2027, 6, 9, 16, tzinfo=UTC)


def test_due_after_no_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        due_after(oslo(6, 8), 0)


def test_elapsed_shows_each_day_of_the_arithmetic() -> None:
    reading = elapsed(oslo(5, 13, 11), oslo(5, 18, 12))
    assert reading.arithmetic == (
        Step(date(2027, 5, 13), "arrived", 0.0, 0.0),
        Step(date(2027, 5, 14), "counted", 1.0, 1.0),
        Step(date(2027, 5, 15), "weekend", 0.0, 1.0),
        Step(date(2027, 5, 16), "weekend", 0.0, 1.0, holiday="Første pinsedag"),
        Step(date(2027, 5, 17), "holiday", 0.0, 1.0, holiday="Andre pinsedag; Grunnlovsdag"),
        Step(date(2027, 5, 18), "counted", 0.5, 1.5),
    )
    assert (reading.working_days_used, reading.due_at, reading.paused, reading.late) == (
        1.5,
        oslo(5, 21, 16),
        False,
        False,
    )


def test_elapsed_while_the_visitor_is_asked_stands_still_and_moves_the_deadline() -> None:
    pauses: list[Pause] = [(oslo(6, 9, 12), oslo(6, 11, 12))]
    reading = elapsed(oslo(6, 8, 9), oslo(6, 14, 16), pauses)
    assert [(step.kind, step.share, step.paused) for step in reading.arithmetic] == [
        ("arrived", 0.0, 0.0),
        ("counted", 0.5, 0.5),
        ("paused", 0.0, 1.0),
        ("counted", 0.5, 0.5),
        ("weekend", 0.0, 0.0),
        ("weekend", 0.0, 0.0),
        ("counted", 1.0, 0.0),
    ]
    assert (reading.working_days_used, reading.due_at, reading.paused) == (2.0, oslo(6, 17, 16), False)


def test_elapsed_during_an_open_pause_says_so() -> None:
    reading = elapsed(oslo(6, 8, 9), oslo(6, 21, 9), [(oslo(6, 10, 8), None)])
    assert (reading.working_days_used, reading.paused, reading.late) == (1.0, True, False)
    assert reading.due_at == oslo(6, 25, 16)  # Monday's eight o'clock hour is lost, so the fifth day ends on Friday


def test_elapsed_with_overlapping_pauses_counts_the_time_once() -> None:
    once = elapsed(oslo(6, 8, 9), oslo(6, 18, 9), [(oslo(6, 9, 8), oslo(6, 10, 16))])
    twice = elapsed(
        oslo(6, 8, 9),
        oslo(6, 18, 9),
        [(oslo(6, 9, 8), oslo(6, 10, 12)), (oslo(6, 9, 14), oslo(6, 10, 16)), (oslo(6, 9, 9), oslo(6, 9, 10))],
    )
    assert twice == once


def test_elapsed_past_the_deadline_is_late() -> None:
    reading = elapsed(oslo(6, 8, 9), oslo(6, 15, 16, 1))
    assert (reading.late, reading.working_days_used) == (True, 5.0)


def test_elapsed_exactly_at_the_deadline_is_not_late() -> None:
    assert not elapsed(oslo(6, 8, 9), oslo(6, 15, 16)).late


def test_elapsed_before_the_first_counted_hour_has_used_nothing() -> None:
    assert elapsed(oslo(6, 8, 9), oslo(6, 9, 7)).working_days_used == 0.0


moments = st.datetimes(datetime(2024, 1, 1), datetime(2035, 12, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


@given(moments, st.integers(1, 15))
def test_elapsed_without_pauses_has_used_all_days_when_due(start_at: datetime, working_days: int) -> None:
    due_at = due_after(start_at, working_days)
    reading = elapsed(start_at, due_at, working_days=working_days)
    assert (reading.due_at, reading.working_days_used) == (due_at, float(working_days))
    assert (due_at.astimezone(OSLO).hour, due_at.astimezone(OSLO).minute) == (16, 0)


@given(moments, st.lists(st.tuples(st.integers(0, 400), st.integers(0, 90)), max_size=4), st.integers(0, 600))
def test_elapsed_with_pauses_never_makes_the_deadline_earlier(
    start_at: datetime, offsets: list[tuple[int, int]], hours: int
) -> None:
    from_hours = [(start_at.timestamp() + 3600 * begin, 3600 * length) for begin, length in offsets]
    pauses: list[Pause] = [
        (datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(begin + length, UTC))
        for begin, length in from_hours
    ]
    until_at = datetime.fromtimestamp(start_at.timestamp() + 3600 * hours, UTC)
    reading, free = elapsed(start_at, until_at, pauses), elapsed(start_at, until_at)
    assert reading.due_at >= free.due_at
    assert reading.working_days_used <= free.working_days_used
