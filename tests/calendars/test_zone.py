"""The venue's VTIMEZONE against the system's time zone data."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.rrule import rrulestr

from app.calendars.zone import on_the_wall, vtimezone

pytestmark = pytest.mark.one_engine

OSLO = ZoneInfo("Europe/Oslo")
TEXT = vtimezone("Europe/Oslo")
ZONE = icalendar.Timezone.from_ical(TEXT)


def rule(name: str) -> icalendar.TimezoneDaylight | icalendar.TimezoneStandard:
    return next(part for part in ZONE.subcomponents if part.name == name)


def offset_by_the_rules(moment: datetime, zone: icalendar.Timezone = ZONE) -> timedelta:
    """RFC 5545, 3.6.5, read by hand: the onset nearest before the moment decides."""
    onsets = []
    for part in zone.subcomponents:
        before = timedelta(seconds=part.TZOFFSETFROM.total_seconds())
        wall = (moment + before).replace(tzinfo=None)
        rule = part["RRULE"].to_ical().decode() if "RRULE" in part else "FREQ=YEARLY;COUNT=1"
        onset = rrulestr(rule, dtstart=part.DTSTART).before(wall, inc=True)
        if onset is not None:
            onsets.append((onset - before, part.TZOFFSETTO))
    return max(onsets)[1]


def changeover_days(year: int) -> list[datetime]:
    days = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=number) for number in range(366)]
    return [
        day
        for day in days
        if day.astimezone(OSLO).utcoffset() != (day + timedelta(days=1)).astimezone(OSLO).utcoffset()
    ]


@pytest.mark.parametrize("year", range(2024, 2036))
def test_zone_on_the_days_of_change_agrees_with_zoneinfo_every_hour(year: int) -> None:
    days = changeover_days(year)
    assert [day.month for day in days] == [3, 10]
    hours = [day + timedelta(hours=hour) for day in days for hour in range(-24, 48)]
    differing = [hour for hour in hours if offset_by_the_rules(hour) != hour.astimezone(OSLO).utcoffset()]
    assert differing == []


def test_zone_between_the_changes_agrees_with_zoneinfo() -> None:
    first = datetime(2024, 1, 1, 12, tzinfo=UTC)
    days = [first + timedelta(days=number) for number in range(0, 12 * 365, 5)]
    assert [day for day in days if offset_by_the_rules(day) != day.astimezone(OSLO).utcoffset()] == []


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("America/New_York", ["BYDAY=2SU;BYMONTH=3", "BYDAY=1SU;BYMONTH=11"]),
        ("Pacific/Auckland", ["BYDAY=1SU;BYMONTH=4", "BYDAY=-1SU;BYMONTH=9"]),
        ("Atlantic/Azores", ["BYDAY=-1SU;BYMONTH=3", "BYDAY=-1SU;BYMONTH=10"]),
        ("Asia/Kolkata", []),
    ],
)
def test_another_city_s_zone_agrees_with_zoneinfo(name: str, rules: list[str]) -> None:
    zone, local = icalendar.Timezone.from_ical(vtimezone(name)), ZoneInfo(name)
    found = [part["RRULE"].to_ical().decode().removeprefix("FREQ=YEARLY;") for part in zone.subcomponents if rules]
    assert sorted(found) == sorted(rules)
    first = datetime(2026, 1, 1, tzinfo=UTC)
    hours = [first + timedelta(hours=number) for number in range(0, 10 * 366 * 24, 31)]
    assert [hour for hour in hours if offset_by_the_rules(hour, zone) != hour.astimezone(local).utcoffset()] == []


@pytest.mark.parametrize("name", ["Africa/Casablanca", "America/Santiago"])
def test_zone_whose_changes_follow_no_yearly_rule_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no yearly rules"):
        vtimezone(name)


def test_zone_has_yearly_rules_and_no_dates_or_uid() -> None:
    assert [line for line in TEXT.split("\r\n") if line.startswith(("RRULE", "RDATE", "COMMENT", "UID"))] == [
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    ]


@pytest.mark.parametrize(
    ("name", "starts", "before", "after"),
    [("DAYLIGHT", datetime(1996, 3, 31, 2), 1, 2), ("STANDARD", datetime(1996, 10, 27, 3), 2, 1)],
)
def test_zone_starts_on_the_wall_clock_before_the_change(name: str, starts: datetime, before: int, after: int) -> None:
    part = rule(name)
    told = (part.DTSTART, part.TZOFFSETFROM, part.TZOFFSETTO)
    assert told == (starts, timedelta(hours=before), timedelta(hours=after))


def test_on_the_wall_keeps_the_moment() -> None:
    hours = [datetime(2026, 10, 24, 20, tzinfo=UTC) + timedelta(minutes=30 * number) for number in range(24)]
    assert [on_the_wall(hour).astimezone(UTC) for hour in hours] == hours
    assert [on_the_wall(hour).tzinfo for hour in hours].count(UTC) == 4  # the hour that comes twice
