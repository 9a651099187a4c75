"""What the page of replies calls answers, and what keeps one from counting by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.visits.invitation_answers import is_of_now
from app.visits.invitation_models import Invitation

ANSWERS: Mapping[str, LazyString] = {
    "NEEDS-ACTION": _l("has not answered the invitation"),
    "ACCEPTED": _l("accepts"),
    "TENTATIVE": _l("may come"),
    "DECLINED": _l("cannot come"),
    "COUNTER": _l("proposes another time"),
}
EARLIER: Mapping[str, LazyString] = {  # answers that were given before the appointment was moved
    "NEEDS-ACTION": _l("has not answered the invitation"),
    "ACCEPTED": _l("accepted it as it was before"),
    "TENTATIVE": _l("might have come as it was before"),
    "DECLINED": _l("could not come as it was before"),
    "COUNTER": _l("proposed another time before it was moved"),
}
WHY: Mapping[str, LazyString] = {
    "unknown-sender": _l("It does not come from the address that we wrote to."),
    "other-person": _l("It answers for somebody else than the person who was invited."),
    "no-match": _l("It belongs to no invitation of ours that can be recognised."),
    "no-answer": _l("It is a mail without an answer that a program can read."),
    "unreadable": _l("It could not be read."),
    "bounce": _l("A mail server says that one of our mails could not be delivered. Look whether the address is right."),
    "closed": _l("The visit is closed, or has too many messages already."),
    "lost-sight": _l("Whoever wrote it may not write on this visit any more."),
    "no-words": _l("There is nothing in it but what it quotes."),
    "too-many": _l("Many mails have come from this address within an hour: perhaps a program answers by itself."),
    "by-list": _l("It has passed a mailing list: look whether it is meant as an answer."),
    "pasted": _l("It was pasted: you decide whose answer it is."),
}


def invited_words(invitation: Invitation) -> LazyString:
    """What somebody who is invited has answered, and whether that was before the appointment was moved."""
    words = ANSWERS if is_of_now(invitation) else EARLIER
    return words["COUNTER" if invitation.is_countered else invitation.partstat]


def answer_of(data: Mapping[str, Any]) -> str:
    """The answer in words; empty where there is none."""
    code = "COUNTER" if data.get("method") == "COUNTER" else str(data.get("answer", ""))
    return str(ANSWERS.get(code, ""))
