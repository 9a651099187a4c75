"""What notices say to whoever they concern, and what the groups of mails are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.notifications.groups import APP, DAILY, NOW
from app.notifications.kinds import KINDS
from app.notifications.models import Notification

WORDS: Mapping[str, LazyString] = {
    "offer": _l("You are asked: would you receive this visit?"),
    "offer-lapsing": _l("Last day to answer: would you receive this visit?"),
    "taken": _l("Another host has taken this visit"),
    "assigned": _l("A coordinator has given you the lead"),
    "reassigned": _l("A coordinator has given the lead to another host"),
    "joined": _l("Another host takes part in your visit"),
    "part-refused": _l("A host does not take the part it was asked for"),
    "part-asked": _l("You are asked for a part of the programme"),
    "part-accepted": _l("A host has accepted its part"),
    "part-declined": _l("A host has declined its part"),
    "accepted": _l("The visitor has accepted the programme"),
    "change-asked": _l("The visitor asks for a change"),
    "host-message": _l("There is a new message"),
    "host-moved": _l("An appointment has changed"),
    "contact-named": _l("You are the contact person of an appointment now"),
    "host-replaced": _l("An appointment of yours was given to another host"),
    "contact-replaced": _l("You are no longer the contact person of an appointment"),
    "host-removed": _l("An appointment has been taken out"),
    "host-running-late": _l("The visit is running late"),
    "answer-declined": _l("Somebody cannot come to an appointment"),
    "answer-counter": _l("Somebody proposes another time"),
    "hold-lapsing": _l("Appointments on hold end soon"),
    "hold-lapsed": _l("An appointment on hold has ended"),
    "host-released": _l("The lead host has given the visit back"),
    "host-withdrawn": _l("The visit will not take place"),
    "host-cancelled": _l("The visit has been cancelled"),
    "host-merged": _l("The request was a double of another one"),
    "briefing": _l("Briefing: the visit begins soon"),
    "host-day-before": _l("Coming up: your part of the programme"),
    "host-stop-soon": _l("Soon: your appointment"),
    "host-reminder": _l("A reminder of the visit"),
    "please-report": _l("What came of the visit? Please record it"),
    "follow-up": _l("You have been given something to follow up"),
    "follow-up-due": _l("Something to follow up is due now"),
    "stale-feed": _l("The programme has changed, and your calendar does not show it yet"),
    "released": _l("A host has given a visit back"),
    "days-passed": _l("The days of a visit have passed: did it take place?"),
    "nobody-left": _l("There is nobody left to ask"),
    "nobody-there": _l("A host that was asked has nobody who could answer"),
    "mail-failed": _l("A mail could not be sent"),
}
GROUPS: Mapping[str, LazyString] = {
    "offers": _l("Visits that you are asked to receive"),
    "parts": _l("Parts of the programme that hosts are asked for"),
    "programme": _l("Changes in the programme"),
    "messages": _l("Messages and answers"),
    "ends": _l("Visits that will not take place, or not with you"),
    "reminders": _l("Reminders, and what to follow up"),
    "office": _l("What is stuck, for coordinators"),
}
WAYS: Mapping[str, LazyString] = {
    NOW: _l("E-mail at once"),
    DAILY: _l("One e-mail a day"),
    APP: _l("Only here, under Notices"),
}
PAGES = {"inbox": "/inbox", "triage": "/triage", "mail": "/mail?state=failed"}


def notice_words(notice: Notification) -> str:
    """What happened, in one line, in the reader's language."""
    return str(WORDS.get(notice.kind, notice.kind))


def notice_url(notice: Notification) -> str:
    """Where the reader goes next; empty where the visit is out of sight by the same event."""
    page = KINDS[notice.kind].page
    if page in PAGES:
        return PAGES[page]
    if notice.visit is None or page != "visit":
        return ""
    return url_for("host.visit_page", ref=notice.visit.ref)
