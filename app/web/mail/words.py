"""What the page of mails calls their kinds and states."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

STATES: Mapping[str, LazyString] = {
    "waiting": _l("Waiting"),
    "held": _l("Held"),
    "sent": _l("Sent"),
    "noted": _l("In the application only"),
    "failed": _l("Failed"),
    "dropped": _l("Not sent"),
}
COLORS = {
    "waiting": "warning", "held": "danger", "sent": "success", "noted": "info", "failed": "danger",
    "dropped": "neutral",
}  # fmt: skip
WHY_DROPPED: Mapping[str, LazyString] = {
    "superseded": _l("It was no longer true when it should have been sent."),
    "missed": _l("What it was about had begun already."),
    "dropped": _l("A coordinator decided that it should not be sent."),
}
KINDS: Mapping[str, LazyString] = {
    "confirm-address": _l("Please confirm your address"),
    "confirm-reminder": _l("Reminder to confirm the address"),
    "received": _l("Request received"),
    "claimed": _l("A host has taken the visit"),
    "given-back": _l("Another host is being found"),
    "question": _l("Question to the visitor"),
    "message": _l("Message to the visitor"),
    "proposed": _l("Programme proposed"),
    "confirmed": _l("Visit confirmed, to the visitor"),
    "moved": _l("Appointment changed"),
    "running-late": _l("Running late"),
    "changing": _l("Appointment changed greatly, and the visitor not asked yet"),
    "removed": _l("Appointment taken out"),
    "declined": _l("Request declined"),
    "cancelled": _l("Visit cancelled"),
    "merged": _l("Requests merged"),
    "reopened": _l("Request reopened"),
    "invitation": _l("Calendar invitation to the visitor"),
    "invitation-cancelled": _l("Calendar cancellation to the visitor"),
    "stop-soon": _l("Reminder to the visitor, hours before"),
    "thanks": _l("Thanks to the visitor"),
    "reminder": _l("Reminder in own words, to the visitor"),
    "day-before": _l("Reminder to the visitor the day before"),
    "offer": _l("Offer to a host"),
    "offer-lapsing": _l("Last day to answer an offer"),
    "taken": _l("Another host has taken the visit"),
    "assigned": _l("Lead given by a coordinator"),
    "reassigned": _l("Lead taken away by a coordinator"),
    "joined": _l("A co-host has joined"),
    "part-refused": _l("A host does not take part"),
    "part-asked": _l("A host is asked for a part"),
    "part-accepted": _l("Part accepted"),
    "part-declined": _l("Part declined"),
    "accepted": _l("Programme accepted"),
    "change-asked": _l("Change asked for"),
    "host-message": _l("Message to hosts"),
    "host-moved": _l("Appointment changed, to its host"),
    "contact-named": _l("Named as contact person"),
    "host-replaced": _l("Appointment given to another host"),
    "contact-replaced": _l("Contact person no longer"),
    "host-removed": _l("Appointment taken out, to its host"),
    "host-invitation": _l("Calendar invitation to a contact person"),
    "host-invitation-cancelled": _l("Calendar cancellation to a contact person"),
    "host-running-late": _l("Running late, to hosts"),
    "stale-feed": _l("Change that a calendar program has not fetched"),
    "stale-busy": _l("The same for a room's owner: times alone"),
    "answer-declined": _l("An invitation was declined"),
    "answer-counter": _l("Another time is proposed"),
    "hold-lapsing": _l("Hold about to end"),
    "hold-lapsed": _l("Hold ended"),
    "host-released": _l("Lead given back, to co-hosts"),
    "host-withdrawn": _l("Visit will not take place, to hosts"),
    "host-cancelled": _l("Visit cancelled, to hosts"),
    "host-merged": _l("Requests merged, to hosts"),
    "briefing": _l("Briefing before the visit"),
    "host-day-before": _l("Reminder to hosts the day before"),
    "host-stop-soon": _l("Reminder to hosts, hours before"),
    "host-reminder": _l("Reminder in own words, to hosts"),
    "please-report": _l("Please report"),
    "follow-up": _l("Follow-up given"),
    "follow-up-due": _l("Follow-up due"),
    "released": _l("Visit given back, to coordinators"),
    "days-passed": _l("Days passed, and not settled"),
    "nobody-left": _l("Nobody left to ask"),
    "nobody-there": _l("A host without people"),
    "mail-failed": _l("A mail could not be sent"),
    "digest": _l("Several things in one mail, to the visitor"),
    "host-digest": _l("Several things in one mail"),
    "sample": _l("Sample of a reminder, to oneself"),
    "sign-in": _l("Sign-in link"),
}


def kind_words(kind: str) -> str:
    """The kind of mail in the reader's language."""
    return str(KINDS.get(kind, kind))
