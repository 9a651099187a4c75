"""Hours as hosts have them become minutes by weekday."""

import pytest

from app.planning.scene import Span, week_hours

pytestmark = pytest.mark.one_engine


def test_week_hours_by_weekday():
    assert week_hours({"mon": ["09:00", "15:30"], "sun": ("10:00", "12:00")}) == {
        0: (Span(540, 930),),
        6: (Span(600, 720),),
    }


def test_hours_that_never_open_are_closed():
    assert week_hours({"tue": ["10:00", "10:00"]}) == {}
