"""Where the other half of the group is, in one line: for calendars, pages and paper."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from app.visits.halves import others_of
from app.visits.known_stop import ShownStop


def half_line(stop: ShownStop, stops: Sequence[ShownStop]) -> str:
    """That half the group is here and where the other half is, among these stops; empty where everybody is here."""
    titles = other_titles(stop, stops)
    return gettext("Half the group; the other half: %(stop)s", stop=titles) if titles else ""


def other_titles(stop: ShownStop, stops: Sequence[ShownStop]) -> str:
    """What the other half of the group does meanwhile; empty where everybody is here."""
    return ", ".join(other.title for other in others_of(stop, stops))
