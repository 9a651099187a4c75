"""One VEVENT as text, serialised once when its appointment changes and joined into feeds ever after."""

from datetime import UTC
from typing import Final
from urllib.parse import quote, urlsplit

from icalendar import Event as Component

from app.calendars.types import Event, EventStatus
from app.calendars.zone import on_the_wall
from app.core.text import clean_line, clean_text

# Outlook takes free or busy from its own property, not from STATUS.
_BUSY_STATUS: Final[dict[EventStatus, str]] = {"tentative": "TENTATIVE", "confirmed": "BUSY", "cancelled": "FREE"}
_URL_SAFE: Final = "%:/?#[]@!$&'()*+,;=-._~"


def fragment(event: Event) -> str:
    """The event's lines from BEGIN:VEVENT to END:VEVENT: CRLF, at most 75 octets each.

    Raises ValueError when it does not end after it starts, or when a time is naive.
    """
    serialised: bytes = component_of(event).to_ical()
    return serialised.decode()


def component_of(event: Event) -> Component:
    """The event as the library knows it; raises ValueError as `fragment` does."""
    if event.ends_at <= event.starts_at:
        raise ValueError("an event must end after it starts")
    component = Component()
    component.add("uid", clean_line(event.uid))
    component.add("dtstamp", event.changed_at.astimezone(UTC))
    component.add("created", event.created_at.astimezone(UTC))
    component.add("last-modified", event.changed_at.astimezone(UTC))
    component.add("sequence", event.sequence)
    component.add("status", event.status.upper())
    component.add("dtstart", on_the_wall(event.starts_at))
    component.add("dtend", on_the_wall(event.ends_at))
    component.add("transp", "TRANSPARENT" if event.status == "cancelled" else "OPAQUE")
    component.add("x-microsoft-cdo-busystatus", _BUSY_STATUS[event.status])
    _add_words(component, event)
    return component


def _add_words(component: Component, event: Event) -> None:
    component.add("summary", clean_line(event.summary))
    if location := clean_line(event.location):
        component.add("location", location)
    if event.coordinates is not None:
        component.add("geo", tuple(round(degrees, 6) for degrees in event.coordinates))
    if description := clean_text(event.description):
        component.add("description", description)
    if url := _web_address(event.url):
        component.add("url", url)
    if categories := [word for word in map(clean_line, event.categories) if word]:
        component.add("categories", categories)


def _web_address(url: str) -> str:
    """The address with everything that is not allowed in one percent-encoded; empty when it is not http(s)."""
    cleaned = quote(clean_line(url), safe=_URL_SAFE)
    return cleaned if urlsplit(cleaned).scheme in ("http", "https") else ""
