"""An appointment as an invitation by mail (iTIP, RFC 5546): one event, its organiser, the one person it is sent to."""

from __future__ import annotations

from icalendar import vCalAddress

from app.calendars.feed import calendar_header, join
from app.calendars.fragment import component_of
from app.calendars.types import Attendee, Event, Mailbox, Method
from app.core.text import clean_line


def invitation(method: Method, event: Event, *, organizer: Mailbox, attendee: Attendee) -> bytes:
    """A whole calendar with METHOD, zone and one event; the same input always gives the same bytes.

    A CANCEL holds the zone too: Exchange drops one without. Raises ValueError for an address that is none, and where
    `fragment` does.
    """
    component = component_of(event)
    component.add("organizer", _address(organizer))
    person = _address(attendee)
    person.params["CUTYPE"] = "INDIVIDUAL"
    person.params["ROLE"] = "REQ-PARTICIPANT"
    if method == "REQUEST":
        person.params["PARTSTAT"] = attendee.answer
        person.params["RSVP"] = "TRUE" if attendee.asks_answer else "FALSE"
    component.add("attendee", person)
    serialised: bytes = component.to_ical()
    return join(calendar_header(method), [serialised.decode()])


def _address(mailbox: Mailbox) -> vCalAddress:
    address = mailbox.address
    if not address.isascii() or address != clean_line(address) or "@" not in address or set(address) & set(' "<>,;:'):
        raise ValueError("not an address that a calendar can carry")
    found = vCalAddress(f"mailto:{address}")
    # A double quote cannot stand in a parameter, however it is escaped (RFC 5545, 3.2).
    if name := clean_line(mailbox.name).replace('"', "'"):
        found.params["CN"] = name
    return found
