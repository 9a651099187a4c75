"""What the pages say about mails that something happening sends: who gets them, and what would be missing."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.notifications.event_lines import LINES, Line
from app.notifications.kinds import KINDS
from app.notifications.own_words import PLACEHOLDERS
from app.web.happened import HAPPENED
from app.web.mail.words import kind_words

AUDIENCES: Mapping[str, LazyString] = {
    "visitor": _l("The visitor"),
    "visitor-if-shown": _l("The visitor, if it had been shown to them"),
    "visitor-of-merged": _l("The visitor of the request that was merged"),
    "asked": _l("The people of the host that is asked"),
    "asked-again": _l("The people of hosts whose offers are open again"),
    "more-time": _l("The people of hosts whose offers got more time"),
    "others-asked": _l("The people of the other hosts that were asked for the lead"),
    "lead": _l("The people of the lead host"),
    "former-lead": _l("The people of the former lead host"),
    "stop-host": _l("The people of the host that is asked for the appointment"),
    "stop-host-alone": _l("The people of the appointment's host who see nothing else of the visit"),
    "new-contact": _l("Whoever is the contact person now"),
    "former-host": _l("The people of the host that had the appointment before"),
    "visitor-unasked": _l("The visitor, if nobody has asked them anew within an hour"),
    "former-contact": _l("Whoever was the contact person before"),
    "stop-and-lead": _l("The people of the appointment's host and of the lead host, and its contact person"),
    "moved-and-lead": _l("The people of the hosts of the moved appointments, their contact persons and the lead host"),
    "receiving": _l("The people of every host that takes part"),
    "involved": _l("The people of every host that had to do with the visit"),
    "involved-in-merged": _l("The people of the hosts of the request that was merged"),
    "asker-and-lead": _l("Whoever asked and the people of the lead host, else the coordinators"),
    "in-hand": _l("The people of the lead host, else the coordinators; notes among hosts go to every host"),
    "owners": _l("Whoever is to follow it up"),
    "coordinators": _l("The coordinators"),
    "lead-and-coordinators": _l("The people of the lead host, and the coordinators"),
}
LOCKED: Mapping[str, LazyString] = {
    "address": _l("Always on: without it no address is confirmed."),
    "receipt": _l("Always on: it is the visitor's receipt, with the link to their page."),
    "late": _l("Always on: people would come at the wrong time."),
    "alarm": _l("Always on: it is an alarm."),
}


# What can happen, in the order of a visit's life: heading, its name in addresses, verbs.
_GROUPS: tuple[tuple[LazyString, str, tuple[str, ...]], ...] = (
    (_l("The request"), "request", ("submit", "send-again", "receive", "register")),
    (
        _l("Who receives the visit"), "hosts",
        ("offer", "invite", "claim", "join", "decline-offer", "lapse", "return", "release", "reassign"),
    ),
    (
        _l("The programme"), "programme",
        (
            "add-appointment", "move-appointment", "remove-appointment", "run-late", "answer-invitation", "accept-part",
            "decline-part", "lapse-hold", "propose", "accept", "ask-for-change",
        ),
    ),
    (_l("Questions and messages"), "messages", ("ask-visitor", "answer", "write")),
    (_l("The end of a visit"), "ends", ("pass-by", "report", "decline", "withdraw", "cancel", "absorb", "reopen")),
)  # fmt: skip


def groups() -> list[tuple[str, str, list[Line]]]:
    """The catalogue's lines in groups: heading, name, lines."""
    return [(str(words), name, [line for line in LINES if line.verb in verbs]) for words, name, verbs in _GROUPS]


def verb_words(line: Line) -> str:
    """What has happened."""
    return str(HAPPENED[line.verb])


def people_words(line: Line) -> str:
    """Who is told."""
    return str(AUDIENCES[line.audience])


def mail_words(line: Line) -> str:
    """Which mail it is."""
    return kind_words(line.kind)


def locked_words(line: Line) -> str:
    """Why it may never be switched off; empty where it may."""
    return str(LOCKED[line.locked]) if line.locked else ""


def missing_words(line: Line) -> list[str]:
    """What switching it off means, sentence by sentence."""
    if line.to_visitor:
        found = [_("The visitor gets no mail about this. It stands on their page only, and nobody tells them to look.")]
    else:
        found = [_("Those concerned get no mail about this. They find it under Notices, once they sign in.")]
    if line.goes_when_soon:
        found.append(_("Within 48 hours of the start the mail is sent all the same."))
    if KINDS[line.kind].brings_calendar:
        found.append(_("Invitations and cancellations still reach their calendars, as mails of their own."))
    if line.kind == "offer":
        found.append(_("The time to answer runs all the same, and the reminder on the last day is a rule of its own."))
    found.append(_("Mails of this kind that wait to be sent are kept back too."))
    return found


def placeholder_list() -> list[str]:
    """The placeholders of own words, as they are typed."""
    return ["{" + name + "}" for name in PLACEHOLDERS]
