"""When the sun is up at a place: the sunrise equation, right to a few minutes, which is what a walk outdoors needs.

Source: the "sunrise equation" with the sun's mean anomaly, ecliptic longitude and equation of time, and -0.833° for
refraction and the sun's radius (as used by the US Naval Observatory and NOAA). No weather, no mountains.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import acos, asin, cos, degrees, radians, sin

from app.core.time import in_venue
from app.planning.scene import MIDNIGHT, Span

_NOON_2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_HORIZON = radians(-0.833)
_TILT = radians(23.4397)


def daylight(day: date, latitude: float, longitude: float) -> Span:
    """From sunrise to sunset in the venue's minutes; the whole day at midnight sun, an empty span in polar night."""
    noon, declination = _noon(day, longitude)
    phi = radians(latitude)
    cosine = (sin(_HORIZON) - sin(phi) * sin(declination)) / (cos(phi) * cos(declination))
    if cosine <= -1:
        return Span(0, MIDNIGHT)
    if cosine >= 1:
        return Span(0, 0)
    half = timedelta(days=degrees(acos(cosine)) / 360)
    return Span(_minute(noon - half, day, up=True), _minute(noon + half, day, up=False))


def _noon(day: date, longitude: float) -> tuple[datetime, float]:
    """The moment the sun stands highest, and its declination then (radians)."""
    days = (datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - _NOON_2000).days - longitude / 360
    anomaly = radians((357.5291 + 0.98560028 * days) % 360)
    centre = 1.9148 * sin(anomaly) + 0.02 * sin(2 * anomaly) + 0.0003 * sin(3 * anomaly)
    ecliptic = radians((degrees(anomaly) + centre + 282.9372) % 360)
    transit = days + 0.0053 * sin(anomaly) - 0.0069 * sin(2 * ecliptic)
    return _NOON_2000 + timedelta(days=transit), asin(sin(ecliptic) * sin(_TILT))


def _minute(moment: datetime, day: date, *, up: bool) -> int:
    """Rounded so that the span is never longer than the light."""
    wall = in_venue(moment)
    if wall.date() != day:
        return 0 if wall.date() < day else MIDNIGHT
    return wall.hour * 60 + wall.minute + (1 if up and wall.second else 0)
