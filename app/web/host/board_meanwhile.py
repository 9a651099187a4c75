"""What somebody else did to a stop while the board was open: no drag, key or button carries on from an old state."""

from __future__ import annotations

from flask import request

from app.core.time import in_venue
from app.visits.edited import as_subject
from app.visits.programme_models import Appointment
from app.web.formats import when
from app.web.language import page_language
from app.web.meanwhile import SHOWN, changed_words, print_of, shown_in

KEPT_AS = {"on": "starts_at", "host": "host"}


def shown_of(stop: Appointment) -> str:
    """What the page shows of the stop, as its small forms carry it: when it is, and who receives them."""
    return ",".join(f"{part}:{print_of(_values(stop, part))}" for part in KEPT_AS)


def changed_meanwhile(stop: Appointment, part: str, field: str = SHOWN) -> str:
    """Who changed that part since the page was loaded, and what it is now; empty where nobody did."""
    before = shown_in(request.form.get(field, "")).get(part)
    if before is None or before == print_of(_values(stop, part)):
        return ""
    return changed_words(as_subject(stop), [KEPT_AS[part]], _words(stop, part))


def _values(stop: Appointment, part: str) -> list[object]:
    if part == "host":
        return [stop.host_id, stop.contact_id]
    starts, ends = in_venue(stop.starts_at), in_venue(stop.ends_at)
    return [starts.date(), starts.time(), ends.time()]


def _words(stop: Appointment, part: str) -> str:
    if part == "on":
        return when(stop.starts_at, stop.ends_at)
    contact = [stop.contact.name] if stop.contact else []
    return ", ".join([stop.host.name_in(page_language()), *contact])
