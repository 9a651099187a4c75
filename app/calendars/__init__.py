"""Appointments as iCalendar: one event's text, whole feeds, single files; the only importer of icalendar."""

from app.calendars.busy import NotTaken
from app.calendars.feed import download, feed, feed_opening
from app.calendars.fragment import fragment
from app.calendars.invitation import invitation
from app.calendars.replies import Answer, read_answer
from app.calendars.types import OWN_UID, Attendee, Event, EventStatus, Mailbox, Method

__all__ = [
    "OWN_UID",
    "Answer",
    "Attendee",
    "Event",
    "EventStatus",
    "Mailbox",
    "Method",
    "NotTaken",
    "download",
    "feed",
    "feed_opening",
    "fragment",
    "invitation",
    "read_answer",
]
