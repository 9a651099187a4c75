"""What a declined visitor could do instead, suggested per reason; the coordinator makes it better."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _l

from app.visits.models import Visit

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


def suggested_alternatives(visit: Visit, reason: str) -> str:
    """What to do instead, for that code and in the visitor's own language; empty for an unknown code."""
    with force_locale(visit.language):
        return str(ALTERNATIVES.get(reason, ""))


def is_suggested(text: str, language: str) -> bool:
    """Whether the text is one of the suggestions as they stand: then nobody has written it."""
    with force_locale(language):
        return text in map(str, ALTERNATIVES.values())
