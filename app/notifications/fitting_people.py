"""Of whom a mail would say what is not so, or whom a moment does not know: asked when a rule is saved, and each time.

A rule may have been saved before this was asked, or come from a city's files: its other people are told, these are not.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.notifications.activity_stops import BEFORE_ANY
from app.notifications.kinds import KINDS, SECRET_PAGES

VISITOR = "visitor"
# Words of the audience that make sense with some moments only.
ONLY_WITH = {
    "owner": ("follow-up-due",),
    "host": ("offer-due", "hold-lapse", "stop-start", "stop-end"),
    "contacts": ("visit-day", "visit-start", "visit-end", "stop-start", "stop-end", "hold-lapse", "activity"),
}
# Mails that say "you" of these people; to anybody else they would say what is not so.
SAID_TO = {"offer-lapsing": ("host", "backup"), "follow-up-due": ("owner",)}


def is_for_visitor(kind: str) -> bool:
    """Whether the mail goes to the visitor, with a secret link, and to nobody else."""
    return KINDS[kind].page in SECRET_PAGES


def spoken_past(kind: str, audience: Iterable[str]) -> list[str]:
    """Those to whom the mail would say "you" and mean others."""
    return [word for word in audience if kind in SAID_TO and word not in SAID_TO[kind]]


def unknown_there(anchor: str, verb: str, audience: Iterable[str]) -> list[str]:
    """Those of whom there is nobody with this moment."""
    return [
        word
        for word in audience
        if word in ONLY_WITH and (anchor not in ONLY_WITH[word] or (word == "contacts" and verb in BEFORE_ANY))
    ]


def unfit_people(kind: str, anchor: str, verb: str, audience: Iterable[str]) -> list[str]:
    """The words of the audience that get no mail, however the rule came by them."""
    named = list(audience)
    wrong = {word for word in named if kind in KINDS and (word == VISITOR) != is_for_visitor(kind)}
    return [word for word in named if word in {*wrong, *spoken_past(kind, named), *unknown_there(anchor, verb, named)}]
