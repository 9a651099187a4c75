"""The life of a visit: one table of legal moves, the single source for gate, buttons and tests."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a visit stands; words a person would say."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    OFFERED = "offered"
    CLAIMED = "claimed"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    REPORTED = "reported"
    EXPIRED = "expired"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    NO_SHOW = "no-show"
    MERGED = "merged"


S = Status
OPEN = (S.RECEIVED, S.OFFERED, S.CLAIMED, S.PROPOSED, S.CONFIRMED)
PLANNING = (S.CLAIMED, S.PROPOSED, S.CONFIRMED)
EXITS = (S.EXPIRED, S.DECLINED, S.WITHDRAWN, S.CANCELLED, S.NO_SHOW, S.MERGED)
DONE = (S.COMPLETED, S.REPORTED)


@dataclass(frozen=True, slots=True)
class Move:
    """A verb's legal origins and its end; `to` None leaves the status as it is."""

    origins: tuple[Status, ...]
    to: Status | None


MOVES: dict[str, Move] = {
    "submit": Move((), S.SUBMITTED),
    "register": Move((), S.RECEIVED),
    "send-again": Move((S.SUBMITTED,), None),  # the mail that asks to confirm the address
    "receive": Move((S.SUBMITTED,), S.RECEIVED),
    "expire": Move((S.SUBMITTED,), S.EXPIRED),
    "offer": Move((S.RECEIVED, S.OFFERED), S.OFFERED),
    "invite": Move(PLANNING, None),  # offer a part after the claim
    "claim": Move((S.OFFERED,), S.CLAIMED),
    "join": Move((S.OFFERED, *PLANNING), None),
    "decline-offer": Move((S.OFFERED, *PLANNING), None),
    "lapse": Move((S.OFFERED, *PLANNING), None),
    "return": Move((S.RECEIVED, S.OFFERED), S.RECEIVED),  # nobody left to ask: back to triage with an alarm
    "release": Move(PLANNING, S.OFFERED),
    "reassign": Move(OPEN, S.CLAIMED),
    "add-appointment": Move(PLANNING, None),
    "move-appointment": Move(PLANNING, None),
    "remove-appointment": Move(PLANNING, None),
    "run-late": Move(PLANNING, None),
    "correct-place": Move(OPEN, None),  # where its stops are has another name or address, whoever says so
    "answer-invitation": Move((*PLANNING, S.COMPLETED), None),  # in one's own calendar program
    "keep-contact": Move(PLANNING, None),  # who has declined the invitation
    "look-at-contact-again": Move(PLANNING, None),
    "accept-part": Move(PLANNING, None),
    "decline-part": Move(PLANNING, None),
    "lapse-hold": Move(PLANNING, None),
    "propose": Move((S.CLAIMED, S.PROPOSED, S.CONFIRMED), S.PROPOSED),
    "accept": Move((S.PROPOSED,), S.CONFIRMED),
    "ask-for-change": Move((S.PROPOSED, S.CONFIRMED), S.CLAIMED),
    "complete": Move(PLANNING, S.COMPLETED),  # before a yes only where it surely took place, or a person says so
    "pass-by": Move((S.CLAIMED, S.PROPOSED), None),  # its days have passed, and nobody knows whether it took place
    "report": Move((S.COMPLETED, S.REPORTED), S.REPORTED),
    "ask-visitor": Move((S.RECEIVED, S.OFFERED, S.CLAIMED, S.PROPOSED), None),
    "answer": Move((S.RECEIVED, S.OFFERED, *PLANNING), None),
    "write": Move((*OPEN, *DONE), None),
    "edit-delegates": Move((*PLANNING, S.COMPLETED), None),
    "correct-goals": Move((*OPEN, *DONE), None),
    "decline": Move((S.RECEIVED, S.OFFERED), S.DECLINED),
    "withdraw": Move((S.SUBMITTED, *OPEN), S.WITHDRAWN),
    "cancel": Move(PLANNING, S.CANCELLED),
    "mark-no-show": Move((S.CONFIRMED, S.COMPLETED), S.NO_SHOW),
    "merge": Move((S.RECEIVED, S.OFFERED, S.CLAIMED), S.MERGED),
    "absorb": Move((*OPEN, *DONE), None),  # the other side of a merge
    "reopen": Move(EXITS, S.RECEIVED),
}


def is_legal(verb: str, status: str) -> bool:
    """Whether the verb fits a visit with this status."""
    return status in MOVES[verb].origins
