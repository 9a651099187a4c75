"""Whole calendars."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars import Event, download, feed, fragment
from app.calendars.zone import venue_vtimezone

pytestmark = pytest.mark.one_engine

FIRST = Event(
    uid="appointment-1@bergen.example.org",
    starts_at=datetime(2027, 10, 24, 7, tzinfo=UTC),
    ends_at=datetime(2027, 10, 24, 8, tzinfo=UTC),
    status="confirmed",
    sequence=0,
    changed_at=datetime(2027, 5, 3, tzinfo=UTC),
    created_at=datetime(2027, 5, 3, tzinfo=UTC),
    summary="Omvisning på Bryggen",
)
SECOND = replace(FIRST, uid="appointment-2@bergen.example.org", summary="Lunsj")

HEADER = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Vertskap//Vertskap//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME:Mine besøk\\, Bergen
X-WR-CALNAME:Mine besøk\\, Bergen
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
X-WR-TIMEZONE:Europe/Oslo
"""


def test_feed_is_header_zone_fragments_and_end() -> None:
    fragments = [fragment(FIRST), fragment(SECOND)]
    expected = HEADER.replace("\n", "\r\n") + venue_vtimezone() + "".join(fragments) + "END:VCALENDAR\r\n"
    assert feed("Mine besøk, Bergen", fragments).decode() == expected


def test_feed_without_events_is_a_calendar_all_the_same() -> None:
    calendar = icalendar.Calendar.from_ical(feed("Tomt", []))
    assert ([str(zone["TZID"]) for zone in calendar.timezones], calendar.events) == (["Europe/Oslo"], [])


def test_feed_has_no_uid_of_its_own() -> None:
    calendar = icalendar.Calendar.from_ical(feed("Mine besøk", [fragment(FIRST), fragment(SECOND)]))
    assert "UID" not in calendar
    assert [str(event["UID"]) for event in calendar.events] == [FIRST.uid, SECOND.uid]


def test_feed_of_the_same_fragments_is_the_same_bytes() -> None:
    assert feed("Mine besøk", [fragment(FIRST)]) == feed("Mine besøk", [fragment(FIRST)])


def test_feed_tells_the_moment_that_was_meant_on_a_day_of_change() -> None:
    calendar = icalendar.Calendar.from_ical(feed("Mine besøk", [fragment(FIRST)]))
    assert calendar.events[0].start.astimezone(UTC) == FIRST.starts_at


@given(st.text(max_size=200))
def test_feed_with_any_name_has_the_same_lines(name: str) -> None:
    def line_names(octets: bytes) -> list[str]:
        return [line.split(":")[0].split(";")[0] for line in octets.decode().replace("\r\n ", "").split("\r\n")]

    octets = feed(name, [fragment(FIRST)])
    assert line_names(octets) == line_names(feed("x", [fragment(FIRST)]))
    assert max(map(len, octets.split(b"\r\n"))) <= 75


def test_feed_asks_to_be_fetched_every_hour() -> None:
    calendar = icalendar.Calendar.from_ical(feed("Mine besøk", []))
    assert (calendar["REFRESH-INTERVAL"].dt, calendar["X-PUBLISHED-TTL"]) == (timedelta(hours=1), "PT1H")


def test_download_has_the_zone_and_the_event_but_no_hints_for_subscribers() -> None:
    octets = download("Besøk K7M-4QX", [fragment(FIRST)])
    expected = "".join(
        [
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Vertskap//Vertskap//EN\r\nCALSCALE:GREGORIAN\r\n",
            "METHOD:PUBLISH\r\nNAME:Besøk K7M-4QX\r\n",
            venue_vtimezone(),
            fragment(FIRST),
            "END:VCALENDAR\r\n",
        ]
    )
    assert octets.decode() == expected
