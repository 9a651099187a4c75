"""Running late, in sentences: what stands in the way, who gets a mail, and why nothing was moved."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.errors import Invalid, Overlap
from app.visits.for_visitor import is_shown
from app.visits.programme_models import Appointment
from app.visits.rules import may_see_visit
from app.visits.running_late import Hit, Shift
from app.web.formats import when
from app.web.host.acting import reader
from app.web.host.clock_span import END_REFUSED
from app.web.host.overlap_words import NEEDS_REASON, overlap_words
from app.web.language import page_language

NO_REASON = "busy-needs-reason"


def mail_words(shifts: Sequence[Shift]) -> str:
    """Who will get a mail; the visitor none about stops that they have not been shown."""
    if not _is_visitor_shown(shifts):
        return _(
            "Everybody who receives at these stops gets a mail at once. The visitor has not been shown these stops and "
            "gets none."
        )
    if not _is_visitor_known(shifts):
        return _("Everybody who receives at these stops gets a mail at once. The visitor's address is not known.")
    return _("The visitor and everybody who receives at these stops get a mail at once.")


def moved_words(shifts: Sequence[Shift]) -> str:
    """How many were moved, and who is told of it."""
    moved = ngettext("%(num)d appointment is moved.", "%(num)d appointments are moved.", len(shifts))
    return f"{moved} {_told_words(shifts)}"


def _told_words(shifts: Sequence[Shift]) -> str:
    if not _is_visitor_shown(shifts):
        return _("Everybody who receives there is told now; the visitor, who has not been shown this yet, is not.")
    if not _is_visitor_known(shifts):
        return _("Everybody who receives there is told now; the visitor is not, as their address is not known.")
    return _("The visitor and everybody who receives there are told now.")


def _is_visitor_shown(shifts: Sequence[Shift]) -> bool:
    return any(is_shown(shift.stop) for shift in shifts)


def _is_visitor_known(shifts: Sequence[Shift]) -> bool:
    return any(shift.stop.visit.contact_email for shift in shifts)


def hit_words(hit: Hit) -> str:
    """What stands in the way; of a visit the reader may not see, only that it does."""
    other, seen = hit.other, may_see_visit(reader(), hit.other.visit)
    taken = (other.contact.name if other.contact else "") if hit.kind == "person" else _place_name(other)
    what = _("“%(title)s” (visit %(ref)s)", title=other.title, ref=other.visit.ref) if seen else _("busy")
    moved, span = hit.shift.stop.title, when(other.starts_at, other.ends_at)
    return _("“%(moved)s” would meet: %(name)s, %(what)s, %(when)s.", moved=moved, name=taken, what=what, when=span)


def _place_name(stop: Appointment) -> str:
    return stop.place.name_in(page_language()) if stop.place else ""


def refusal_words(refused: Overlap | Invalid) -> str:
    """Why nothing was moved."""
    if isinstance(refused, Overlap):
        return overlap_words(refused, reader())
    words = {
        NO_REASON: str(NEEDS_REASON),
        "choice": _("Choose how many minutes."),
        "not-today": _("This stop is not today. Move it on the visit's page."),
        "nothing-moves": _("No later stop of today can move."),
        "too-long": str(END_REFUSED),
    }
    return words.get(refused.code, _("Choose how many minutes."))
