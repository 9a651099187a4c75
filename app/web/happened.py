"""What happened to a visit, as a line of its history, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

HAPPENED: Mapping[str, LazyString] = {
    "submit": _l("The request was sent"),
    "register": _l("The request was registered by a coordinator"),
    "send-again": _l("The visitor asked for the confirmation mail again"),
    "receive": _l("The address was confirmed and the request received"),
    "expire": _l("The address was never confirmed"),
    "offer": _l("Offered to a host"),
    "invite": _l("A host was asked to join"),
    "claim": _l("A host took the visit"),
    "join": _l("A host joined with a part"),
    "decline-offer": _l("A host said no"),
    "lapse": _l("An offer ran out of time"),
    "return": _l("Nobody left to ask: back to the coordinator"),
    "release": _l("The lead host gave the visit back"),
    "reassign": _l("The coordinator gave the lead to another host"),
    "add-appointment": _l("An appointment was added"),
    "move-appointment": _l("An appointment was changed"),
    "remove-appointment": _l("An appointment was removed"),
    "accept-part": _l("A host accepted its part"),
    "decline-part": _l("A host said no to its part"),
    "lapse-hold": _l("A hold ran out"),
    "answer-invitation": _l("An invitation was answered"),
    "keep-contact": _l("A contact person who had said no was kept"),
    "look-at-contact-again": _l("Keeping a contact person who had said no was taken back"),
    "run-late": _l("The visit ran late: later stops were moved"),
    "correct-place": _l("A place got another name or address"),
    "propose": _l("The programme was proposed to the visitor"),
    "accept": _l("The visitor accepted the programme"),
    "ask-for-change": _l("The visitor asked for a change"),
    "complete": _l("The visit was carried out"),
    "pass-by": _l("The days passed without the visitor's last yes"),
    "report": _l("The outcome was recorded"),
    "ask-visitor": _l("The visitor was asked a question"),
    "answer": _l("The visitor answered"),
    "write": _l("A message was written"),
    "edit-delegates": _l("The list of delegates was changed"),
    "correct-goals": _l("The goals were corrected"),
    "decline": _l("The request was declined"),
    "withdraw": _l("The visitor withdrew"),
    "cancel": _l("The visit was cancelled"),
    "mark-no-show": _l("The delegation did not come"),
    "merge": _l("Merged into another visit"),
    "absorb": _l("Another request was merged into this one"),
    "reopen": _l("Reopened"),
}
