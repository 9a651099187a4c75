"""Appointments as iCalendar: one event's text, whole feeds, single files; the only importer of icalendar."""

from app.calendars.feed import download, feed
from app.calendars.fragment import fragment
from app.calendars.invitation import invitation
from app.calendars.types import Attendee, Event, EventStatus, Mailbox, Method

__all__ = ["Attendee", "Event", "EventStatus", "Mailbox", "Method", "download", "feed", "fragment", "invitation"]
