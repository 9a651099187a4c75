"""Hours as hosts have them become minutes by weekday."""

from datetime import datetime

import pytest

from app.planning.hours import is_within_hours
from app.planning.scene import Span, week_hours

pytestmark = pytest.mark.one_engine


def test_week_hours_by_weekday():
    assert week_hours({"mon": ["09:00", "15:30"], "sun": ("10:00", "12:00")}) == {
        0: (Span(540, 930),),
        6: (Span(600, 720),),
    }


def test_a_day_may_open_twice():
    assert week_hours({"mon": ["08:00", "11:00", "12:00", "15:00"]}) == {0: (Span(480, 660), Span(720, 900))}
    hours = {"mon": ["08:00", "11:00", "12:00", "15:00"]}
    monday = datetime(2027, 6, 7)
    assert is_within_hours(monday.replace(hour=12), monday.replace(hour=15), hours)
    assert not is_within_hours(monday.replace(hour=10), monday.replace(hour=13), hours)
    assert not is_within_hours(monday.replace(hour=11), monday.replace(hour=12), hours)


def test_without_any_hours_every_day_is_closed():
    monday = datetime(2027, 6, 7)
    assert week_hours({}) == {}
    assert not is_within_hours(monday.replace(hour=10), monday.replace(hour=11), {})


def test_hours_that_never_open_are_closed():
    assert week_hours({"tue": ["10:00", "10:00"]}) == {}
