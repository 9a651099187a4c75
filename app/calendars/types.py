"""What the rest of the house says about an event; no iCalendar in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

# How every UID of ours ends: in somebody's own calendar such an event is our own invitation, come back to us.
OWN_UID: Final = "@vertskap"

EventStatus = Literal["tentative", "confirmed", "cancelled"]
Method = Literal["REQUEST", "CANCEL"]


@dataclass(frozen=True, slots=True)
class Event:
    """One appointment as a reader may see it. Times are aware; `uid` never changes, `sequence` only rises.

    `changed_at` is the row's change time, never the present moment: the same row always gives the same bytes.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    status: EventStatus
    sequence: int
    changed_at: datetime
    created_at: datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    coordinates: tuple[float, float] | None = None  # latitude and longitude in degrees


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A person with an address, as ORGANIZER and ATTENDEE name one."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attendee(Mailbox):
    """Who is invited, what they answered so far, and whether an answer is wished."""

    answer: str = "NEEDS-ACTION"
    asks_answer: bool = True
