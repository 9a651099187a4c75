"""Sunrise and sunset in Bergen against almanac times, and where the sun never sets or rises."""

from datetime import date

import pytest

from app.planning.daylight import daylight
from app.planning.scene import MIDNIGHT, Span

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("day", "rises", "sets"),
    [
        (date(2027, 6, 21), 4 * 60 + 10, 23 * 60 + 10),
        (date(2027, 12, 21), 9 * 60 + 45, 15 * 60 + 28),
        (date(2027, 3, 20), 6 * 60 + 42, 18 * 60 + 52),
    ],
)
def test_daylight_in_bergen(day, rises, sets):
    light = daylight(day, 60.39, 5.32)
    assert abs(light.starts - rises) <= 5
    assert abs(light.ends - sets) <= 5


def test_midnight_sun_and_polar_night_in_tromso():
    assert daylight(date(2027, 6, 21), 69.65, 18.96) == Span(0, MIDNIGHT)
    assert daylight(date(2027, 12, 21), 69.65, 18.96) == Span(0, 0)
