"""A calendar's days and its clock: whole weeks, stops on every day they touch, lanes, folding; all pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.visits.agenda import Entry
from app.visits.away import Away
from app.web.calendar.days import Day, busy_days, days_of, in_weeks, time_grid
from app.web.calendar.lanes import grid_of
from app.web.calendar.periods import after, before, period_of

pytestmark = pytest.mark.one_engine
JUNE = period_of("month", date(2027, 6, 15))
TUESDAY = date(2027, 6, 8)


def lasting(start: datetime, end: datetime, number: int = 1) -> Entry:
    return Entry(number, start, end, "hold")


def at(clock: str, minutes: int, number: int = 1) -> Entry:
    """On that Tuesday, Bergen's summer clock."""
    hours, quarters = clock.split(":")
    start = datetime(2027, 6, 8, int(hours), int(quarters), tzinfo=UTC) - timedelta(hours=2)
    return lasting(start, start + timedelta(minutes=minutes), number)


def moved(entry: Entry, days: int) -> Entry:
    """The same, days later."""
    return lasting(entry.starts_at + timedelta(days=days), entry.ends_at + timedelta(days=days), entry.id)


def test_month_is_whole_weeks_with_days_of_its_neighbours_marked() -> None:
    weeks = in_weeks(days_of(JUNE, [], [], "en"))
    assert (weeks[0][0].on, weeks[-1][-1].on) == (date(2027, 5, 31), date(2027, 7, 4))
    assert [len(week) for week in weeks] == [7] * 5
    assert [day.outside for day in weeks[0]] == [True] + [False] * 6


def test_stop_over_midnight_stands_on_both_days() -> None:
    night = lasting(datetime(2027, 6, 8, 20, 0, tzinfo=UTC), datetime(2027, 6, 8, 23, 0, tzinfo=UTC))
    assert [day.on.day for day in busy_days(days_of(JUNE, [night], [], "en"))] == [8, 9]


def test_stop_until_midnight_stands_on_its_own_day_only() -> None:
    evening = lasting(datetime(2027, 6, 8, 18, 0, tzinfo=UTC), datetime(2027, 6, 8, 22, 0, tzinfo=UTC))
    assert [day.on.day for day in busy_days(days_of(JUNE, [evening], [], "en"))] == [8]


def test_holidays_weekends_and_absences_stand_on_their_days() -> None:
    away = [Away("The Fire Service", date(2027, 4, 30), date(2027, 5, 3))]
    days = {day.on.day: day for day in days_of(period_of("list", date(2027, 5, 1)), [], away, "en")}
    assert ("Constitution Day" in days[17].holiday, days[17].is_free) == (True, True)
    assert [number for number, day in days.items() if day.away] == [1, 2, 3]
    assert (days[8].is_free, days[10].is_free) == (True, False)  # a Saturday and a Monday


@pytest.mark.parametrize(
    ("view", "first", "last", "written"),
    [
        ("month", date(2027, 6, 1), date(2027, 6, 30), "2027-06"),
        ("list", date(2027, 6, 1), date(2027, 6, 30), "2027-06"),
        ("week", date(2027, 6, 7), date(2027, 6, 13), "2027-06-07"),
        ("day", date(2027, 6, 8), date(2027, 6, 8), "2027-06-08"),
    ],
)
def test_period_holds_the_day_asked_for(view: str, first: date, last: date, written: str) -> None:
    period = period_of(view, TUESDAY)
    assert (period.on, period.last_on, period.written) == (first, last, written)
    earlier, later = before(period), after(period)
    assert earlier is not None
    assert earlier.last_on == first - timedelta(days=1)
    assert later is not None
    assert later.on == last + timedelta(days=1)


def test_periods_end_where_calendars_end() -> None:
    for view in ("month", "week", "day", "list"):
        assert before(period_of(view, date(2000, 1, 1))) is None
        assert after(period_of(view, date(2199, 12, 31))) is None


def test_full_day_folds_but_never_a_single_stop() -> None:
    entries = [at("09:00", 60, number) for number in range(9)]
    folded, whole = Day(TUESDAY, entries), Day(TUESDAY, entries[:5])
    assert (len(folded.shown), folded.more) == (4, 5)
    assert (len(whole.shown), whole.more) == (5, 0)


def test_stops_at_the_same_time_stand_beside_each_other_and_share_the_width() -> None:
    grid = grid_of([(TUESDAY, [at("09:00", 60, 1), at("09:30", 60, 2), at("10:30", 60, 3), at("11:00", 30, 4)])], 5)
    placed = {one.entry.id: one for one in grid.columns[0].placed}
    assert [(placed[n].column, placed[n].columns) for n in (1, 2, 3, 4)] == [(1, 30), (31, 30), (1, 30), (31, 30)]
    assert [(placed[n].row, placed[n].rows) for n in (1, 2, 3, 4)] == [(5, 4), (7, 4), (11, 4), (13, 2)]


def test_more_stops_at_once_than_lanes_are_counted_not_drawn() -> None:
    grid = grid_of([(TUESDAY, [at("09:00", 60, number) for number in range(7)])], 2)
    drawn = [one for one in grid.columns[0].placed if not one.is_folded]
    assert (len(drawn), len(grid.columns[0].folded)) == (2, 5)


def test_days_of_a_week_share_its_lanes_where_they_show_most() -> None:
    """Every day has one; the next goes where more would be folded, of equals where fewest are, never beyond `lanes`."""
    wednesday, friday = TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=3)
    crowd = [at("09:00", 60, number) for number in range(5)]
    pair = [moved(one, 1) for one in crowd[:2]]
    twos = [moved(at(f"{hour:02d}:00", 60, number), 3) for hour in (9, 11, 13) for number in (1, 2)]
    days = [(TUESDAY, crowd), (wednesday, pair), (friday, twos)]
    folded = {
        spare: [len(column.folded) for column in grid_of(days, 4, spare).columns] for spare in (0, 1, 2, 3, 4, 5, 9)
    }
    assert folded == {0: [4, 1, 3], 1: [4, 1, 0], 2: [3, 1, 0], 3: [3, 0, 0], 4: [2, 0, 0], 5: [1, 0, 0], 9: [1, 0, 0]}
    assert [column.lanes for column in grid_of(days, 4, 9).columns] == [4, 2, 2]


def test_empty_days_leave_their_width_to_the_others() -> None:
    """What a week is wide is ten lanes; a day with a stop, a holiday or somebody away needs a whole one."""
    week = period_of("week", TUESDAY)
    crowd = [at("09:00", 60, number) for number in range(9)]
    alone = time_grid(week, days_of(week, crowd, [], "en"))
    assert max(column.lanes for column in alone.columns) == 5
    full = [*crowd, *(moved(crowd[0], number) for number in (-1, 1, 2, 3, 4, 5))]
    assert max(column.lanes for column in time_grid(week, days_of(week, full, [], "en")).columns) == 4
    away = [Away("The Fire Service", week.on, week.last_on)]
    assert max(column.lanes for column in time_grid(week, days_of(week, crowd, away, "en")).columns) == 4
    day = period_of("day", TUESDAY)
    assert len(time_grid(day, days_of(day, crowd, [], "en")).columns[0].folded) == 4


def test_clock_reaches_as_far_as_the_stops_do() -> None:
    assert grid_of([(TUESDAY, [])], 2).hours == list(range(8, 16))
    early_and_late = grid_of([(TUESDAY, [at("06:30", 15, 1), at("19:00", 75, 2)])], 2)
    assert early_and_late.hours == list(range(6, 21))
    assert early_and_late.columns[0].placed[0].rows == 2  # a quarter of an hour is drawn as half an hour


def test_stop_over_midnight_fills_the_end_of_one_day_and_the_beginning_of_the_next() -> None:
    night = lasting(datetime(2027, 6, 8, 20, 0, tzinfo=UTC), datetime(2027, 6, 8, 23, 0, tzinfo=UTC))
    days = [(TUESDAY, [night]), (TUESDAY + timedelta(days=1), [night])]
    grid = grid_of(days, 2)
    assert grid.hours == list(range(24))
    assert [(one.row, one.rows) for column in grid.columns for one in column.placed] == [(89, 8), (1, 4)]


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_stops_stand_on_the_wall_clock_also_when_it_changes(day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 10 if day.month == 3 else 11, tzinfo=UTC)
    grid = grid_of([(day, [lasting(noon, noon + timedelta(hours=1))])], 2)
    assert [(one.row, one.rows) for one in grid.columns[0].placed] == [(17, 4)]
