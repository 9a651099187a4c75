"""What mails say of stops changed shortly before, as lines in the reader's language, and of places called otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from app.core.languages import known_language
from app.extensions import db
from app.notifications import wording
from app.notifications.known_before import Known, facts_before_move, known_from, place_before
from app.notifications.matter import Matter
from app.notifications.parts import Listed
from app.notifications.stale_feeds import find_stops
from app.people.models import Place, User
from app.visits.models import Activity
from app.visits.places import CORRECTED
from app.visits.programme_models import Appointment


def changed_values(matter: Matter) -> dict[str, Any]:
    """The stops that `about` names, as they are now beside what they were; and when the reader's rooms are busy."""
    stops = find_stops(matter.about)
    return {
        "changed_stops": Listed(_changed_line(matter, one) for one in stops),
        "busy_places": wording.listed_places(_rooms(matter), matter.language),
        "busy_times": Listed(line for one in stops for line in _busy_lines(matter, one)),
        "zone": wording.zone_words(stops[0].starts_at, matter.city) if stops else "",
    }


def _changed_line(matter: Matter, stop: Appointment) -> str:
    line = wording.changed_line(stop, matter.language, matter.city, _changed_before(matter, stop))
    if matter.about.get("added"):
        return _("New: %(what)s", what=line)
    if not matter.about.get("with_contact") or matter.activity is None:
        return line
    was = db.session.get(User, (matter.activity.changes.get("contact") or [0])[0] or 0)
    return wording.with_contact(line, stop.contact, was)


def _changed_before(matter: Matter, stop: Appointment) -> Known | None:
    """The stop as it was before the one change that the mail tells of."""
    activity = matter.activity
    if activity is not None and activity.verb == CORRECTED:
        return place_as_told(matter, stop, activity)
    return known_from(stop, facts_before_move(stop, activity) if activity else {})


def place_as_told(matter: Matter, stop: Appointment, activity: Activity) -> Known | None:
    """The stop with the place as this reader was told it; None where that is how it is."""
    reader = None if matter.to_visitor else db.session.get(User, matter.reader_id or 0)
    return place_before(stop, activity, reader, known_language(matter.language))


def _rooms(matter: Matter) -> list[Place]:
    return [place for one in matter.about.get("rooms", ()) if (place := db.session.get(Place, one))]


def _busy_lines(matter: Matter, stop: Appointment) -> Iterator[str]:
    """Of each of the reader's rooms: when it is busy now, and when it was, as far as the stop is concerned."""
    known = None if matter.about.get("added") else _changed_before(matter, stop) or stop
    for room in _rooms(matter):
        is_there = stop.place_id == room.id and not stop.is_cancelled
        was_there = known is not None and known.place is not None and known.place.id == room.id
        before = known if was_there else None
        yield from wording.busy_lines(room, stop if is_there else None, before, matter.language, matter.city)
