"""The catalogue as a list: what happened, which mail, to whom; and which of these mails may be switched off.

Who exactly is told is decided by the catalogue's functions; a test keeps this list and them together.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.notifications.groups import ALWAYS
from app.notifications.kinds import KINDS, SECRET_PAGES


@dataclass(frozen=True, slots=True)
class Line:
    """One mail that one verb sends; `audience` is a word of ours, worded by the pages."""

    verb: str
    kind: str
    audience: str

    @property
    def to_visitor(self) -> bool:
        """Whether the visitor gets it, with a secret link."""
        return KINDS[self.kind].page in SECRET_PAGES

    @property
    def locked(self) -> str:
        """Why it may never be switched off: address, receipt, change or alarm; empty where it may."""
        return next((why for why, kinds in LOCKED.items() if self.kind in kinds), "")

    @property
    def goes_when_soon(self) -> bool:
        """Whether it is sent within 48 hours of the start even when it is switched off."""
        return self.kind in CHANGES


# Who answers for the address, what the visitor was promised, what sends people to the wrong place, what is stuck.
LOCKED = {
    "address": tuple(ALWAYS),
    "receipt": ("received", "confirmed"),
    "late": ("running-late", "host-running-late"),
    "alarm": ("nobody-left", "nobody-there", "days-passed"),
}
CHANGES = frozenset({
    "moved", "changing", "removed", "cancelled", "merged", "proposed", "host-moved", "contact-named", "host-replaced",
    "contact-replaced", "host-removed", "host-cancelled", "host-withdrawn", "host-merged", "part-declined",
    "part-asked",
})  # fmt: skip
_TABLE: dict[str, tuple[tuple[str, str], ...]] = {
    "submit": (("confirm-address", "visitor"),),
    "send-again": (("confirm-address", "visitor"),),
    "receive": (("received", "visitor"),),
    "register": (("received", "visitor"),),
    "offer": (("offer", "asked"), ("nobody-there", "coordinators")),
    "invite": (("offer", "asked"), ("nobody-there", "coordinators")),
    "claim": (("claimed", "visitor"), ("taken", "others-asked")),
    "join": (("joined", "lead"),),
    "decline-offer": (("part-refused", "lead"),),
    "lapse": (("part-refused", "lead"),),
    "return": (("nobody-left", "coordinators"),),
    "release": (
        ("offer", "asked-again"), ("released", "coordinators"), ("host-released", "receiving"),
        ("given-back", "visitor"),
    ),
    "reassign": (
        ("assigned", "lead"), ("reassigned", "former-lead"), ("taken", "others-asked"), ("claimed", "visitor"),
    ),
    "add-appointment": (("part-asked", "stop-host"),),
    "move-appointment": (
        ("part-asked", "stop-host"), ("contact-named", "new-contact"), ("host-replaced", "former-host"),
        ("contact-replaced", "former-contact"), ("host-moved", "stop-and-lead"), ("proposed", "visitor"),
        ("moved", "visitor"), ("changing", "visitor-unasked"), ("part-accepted", "lead"),
    ),
    "remove-appointment": (("host-removed", "stop-and-lead"), ("removed", "visitor-if-shown")),
    "run-late": (("host-running-late", "moved-and-lead"), ("running-late", "visitor-if-shown")),
    "answer-invitation": (("answer-declined", "lead"), ("answer-counter", "lead")),
    "accept-part": (("part-accepted", "lead"),),
    "decline-part": (("part-declined", "lead"), ("removed", "visitor-if-shown")),
    "lapse-hold": (("hold-lapsed", "stop-and-lead"), ("host-removed", "stop-host-alone")),
    "propose": (("proposed", "visitor"),),
    "accept": (("accepted", "receiving"), ("confirmed", "visitor")),
    "ask-for-change": (("change-asked", "lead"),),
    "ask-visitor": (("question", "visitor"),),
    "answer": (("host-message", "asker-and-lead"), ("offer", "more-time")),
    "write": (("host-message", "in-hand"), ("message", "visitor")),
    "pass-by": (("days-passed", "lead-and-coordinators"),),
    "report": (("follow-up", "owners"),),
    "decline": (("declined", "visitor"), ("host-withdrawn", "involved")),
    "withdraw": (("host-withdrawn", "involved"),),
    "cancel": (("cancelled", "visitor"), ("host-cancelled", "involved")),
    "absorb": (("merged", "visitor-of-merged"), ("host-merged", "involved-in-merged")),
    "reopen": (("reopened", "visitor"),),
}  # fmt: skip
LINES = tuple(Line(verb, kind, audience) for verb, lines in _TABLE.items() for kind, audience in lines)
_BY_NAME = {(line.verb, line.kind): line for line in LINES}


def find_line(verb: str, kind: str) -> Line | None:
    """That line of the catalogue."""
    return _BY_NAME.get((verb, kind))
