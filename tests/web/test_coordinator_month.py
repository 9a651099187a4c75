"""A month as weeks of days: whole weeks from Monday, appointments on every day they touch."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.visits.programme_models import Appointment
from app.web.coordinator.month import busy_days, next_month, previous_month, weeks_of

pytestmark = pytest.mark.one_engine
JUNE = date(2027, 6, 1)


def lasting(start: datetime, end: datetime) -> Appointment:
    return Appointment(starts_at=start, ends_at=end, status="hold")


def test_month_is_whole_weeks_with_days_of_its_neighbours_marked() -> None:
    weeks = weeks_of(JUNE, [], "en")
    assert (weeks[0][0].on, weeks[-1][-1].on) == (date(2027, 5, 31), date(2027, 7, 4))
    assert [len(week) for week in weeks] == [7] * 5
    assert [day.outside for day in weeks[0]] == [True] + [False] * 6


def test_appointment_over_midnight_stands_on_both_days() -> None:
    night = lasting(datetime(2027, 6, 8, 20, 0, tzinfo=UTC), datetime(2027, 6, 8, 23, 0, tzinfo=UTC))
    assert [day.on.day for day in busy_days(weeks_of(JUNE, [night], "en"))] == [8, 9]


def test_appointment_until_midnight_stands_on_its_own_day_only() -> None:
    evening = lasting(datetime(2027, 6, 8, 18, 0, tzinfo=UTC), datetime(2027, 6, 8, 22, 0, tzinfo=UTC))
    assert [day.on.day for day in busy_days(weeks_of(JUNE, [evening], "en"))] == [8]


def test_holidays_carry_their_names() -> None:
    may = weeks_of(date(2027, 5, 1), [], "en")
    assert {day.on.day: day.holiday for week in may for day in week if day.holiday and not day.outside}[17] != ""


def test_months_end_where_calendars_end() -> None:
    assert (previous_month(JUNE), next_month(JUNE)) == (date(2027, 5, 1), date(2027, 7, 1))
    assert previous_month(date(2000, 1, 1)) is None
    assert next_month(date(2199, 12, 1)) is None
    assert next_month(date(2027, 12, 1)) == date(2028, 1, 1)
