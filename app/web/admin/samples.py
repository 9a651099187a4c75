"""What both previews of mails share: the visit asked for, and what is said once a sample was sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, request
from flask_babel import gettext as _
from flask_login import current_user

from app.core.errors import NotFound
from app.core.languages import known_language
from app.core.text import clean_line
from app.visits.models import Visit
from app.visits.queries import get_visit
from app.web.language import page_language

LONGEST_REF = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """The visit that a preview is about, by the reference looked for, and the language."""

    ref: str
    visit: Visit | None
    language: str


def asked(first: Callable[[], str]) -> Asked:
    """What the page's address asks for: a reference that was typed, else one that was chosen, else the first."""
    ref = clean_ref(request.args.get("other")) or clean_ref(request.args.get("visit")) or first()
    return Asked(ref, find_visit(ref), known_language(request.args.get("language") or page_language()))


def clean_ref(typed: str | None) -> str:
    """A visit's reference as it is looked for."""
    return clean_line(typed or "").upper()[:LONGEST_REF]


def find_visit(ref: str) -> Visit | None:
    """A visit that this person may see; others are as little there as missing ones."""
    try:
        return get_visit(ref, current_user) if ref else None
    except NotFound:
        return None


def tell_of_sample(made: int, address: str) -> None:
    """Whether anything is on its way, and to where."""
    if made:
        flash(_("The sample is on its way to %(address)s.", address=address), "success")
    else:
        flash(_("There was nothing to send."), "warning")
