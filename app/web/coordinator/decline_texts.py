"""What a declined visitor is told unless the coordinator writes better: a reason, and what they could do instead."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _l

from app.visits.models import Visit

TEXTS: Mapping[str, LazyString] = {
    "no-capacity": _l("The people who could receive you have no room in that period, and we would not do you justice."),
    "dates": _l("Nobody who could receive you is available on the dates you gave."),
    "not-our-field": _l("What you want to see is not something our region can show you well."),
    "too-large": _l("Your group is larger than our hosts can receive in one visit."),
    "too-late": _l("There is too little time left to prepare a visit that would be worth your journey."),
    "repeat": _l(
        "We have received your organisation on the same subject recently, and want to leave room for others."
    ),
    "no-purpose": _l("From what you wrote we could not see what the visit should lead to, and for whom."),
    "commercial": _l("We receive delegations for exchange of knowledge, and cannot arrange sales meetings."),
    "leisure": _l("We receive professional delegations, and cannot arrange private trips or sightseeing."),
    "wrong-city": _l("Your request seems to be meant for another city with a similar name."),
    "invitation-letter": _l("We write invitation letters only for visits that we arrange ourselves."),
    "other": _l("We cannot receive you this time."),
}
ALTERNATIVES: Mapping[str, LazyString] = {
    "no-capacity": _l("A video meeting with the same people is often possible. Write to us if that would help you."),
    "dates": _l("Send us other dates, if you can, at least a month ahead. We will look at them at once."),
    "not-our-field": _l("The Norwegian embassy in your country knows which cities and institutions can."),
    "too-large": _l("A smaller group, or two groups on different days, may be possible. Tell us what suits you."),
    "too-late": _l("Send us new dates at least a month ahead, or ask for a video meeting instead."),
    "repeat": _l("The people you met last time will gladly answer questions by e-mail or in a video meeting."),
    "no-purpose": _l(
        "Write to us again with what you want to learn, who will come, and what you can share. We will look anew."
    ),
    "commercial": _l("The chamber of commerce and Innovation Norway arrange meetings between companies."),
    "leisure": _l("The tourist office helps private groups, with guides and opening hours."),
    "wrong-city": _l("If you did mean us, send the request again and say so."),
    "invitation-letter": _l("The Norwegian Directorate of Immigration says who may invite, and how."),
}


def suggested_texts(visit: Visit, reason: str) -> tuple[str, str]:
    """Reason and alternatives for that code in the visitor's own language; empty for an unknown code."""
    with force_locale(visit.language):
        return str(TEXTS.get(reason, "")), str(ALTERNATIVES.get(reason, ""))
