"""Appointments as iCalendar: one event's text, whole feeds, single files; the only importer of icalendar."""

from app.calendars.feed import download, feed
from app.calendars.fragment import fragment
from app.calendars.types import Event, EventStatus

__all__ = ["Event", "EventStatus", "download", "feed", "fragment"]
