"""Whole calendars: a header, the zone, the stored fragments joined, an end."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from icalendar import Calendar, vText

from app.calendars.zone import venue_vtimezone
from app.core.text import clean_line
from app.core.time import venue_zone

REFRESH: Final = timedelta(hours=1)
_PRODID: Final = "-//Vertskap//Vertskap//EN"
_END: Final = "END:VCALENDAR\r\n"


def feed(name: str, fragments: Iterable[str]) -> bytes:
    """A calendar to subscribe to, named `name`; the same input always gives the same bytes."""
    return "".join([feed_opening(name), *fragments, _END]).encode()


def feed_opening(name: str) -> str:
    """What stands before the events of a calendar to subscribe to: header and zone."""
    header = calendar_header("PUBLISH", name)
    header.add("x-wr-calname", vText(clean_line(name)))
    header.add("x-wr-timezone", venue_zone().key)
    # RFC 7986 demands VALUE=DURATION; Outlook reads only X-PUBLISHED-TTL.
    header.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    header.add("x-published-ttl", "PT1H")
    return _opening(header)


def download(name: str, fragments: Iterable[str]) -> bytes:
    """A calendar file to import once; without X-WR-CALNAME, which makes Outlook open a new calendar for it."""
    return join(calendar_header("PUBLISH", name), fragments)


def calendar_header(method: str, name: str | None = None) -> Calendar:
    """What stands before the zone and the events; an invitation has no name of its own."""
    # Not Calendar.new(): it adds a random UID, which some programs take for the UID of everything inside.
    header = Calendar()
    header.add("prodid", _PRODID)
    header.add("version", "2.0")
    header.add("calscale", "GREGORIAN")
    header.add("method", method)
    if name is not None:  # said to be text, or the library would leave commas and semicolons unescaped
        header.add("name", vText(clean_line(name)))
    return header


def join(header: Calendar, fragments: Iterable[str]) -> bytes:
    """The whole calendar: header, zone, events, end."""
    return "".join([_opening(header), *fragments, _END]).encode()


def _opening(header: Calendar) -> str:
    return header.to_ical().decode().removesuffix(_END) + venue_vtimezone()
