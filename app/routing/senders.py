"""What a sender is after besides a subject: to sell, to have a holiday, to get a letter for a visa."""

from __future__ import annotations

import re

from app.routing.evidence import Reading
from app.routing.flag_texts import matches, quotes, spans
from app.routing.types import Enquiry, Flag, Reason

SELLING = 3.5
SELLING_OTHERS = 7.0
LEISURE = 3.0
LEISURE_SENDER = 1.0
CLEAR_SUBJECT = 9.0
PRIVATE_TYPES = frozenset({"other", "ngo", "school", "business", "media", "university", "cultural-institution", ""})
_SELLER_TYPES = frozenset({"business", "other", ""})


def commercial_flag(enquiry: Enquiry, reading: Reading) -> Flag | None:
    """The sender wants to sell to the city or its hosts; investors and trade missions do not."""
    strong = spans(reading.purpose, "sells", 3)
    weak = spans(reading.purpose, "sells", 1)
    score = 2.5 * len(strong) + 0.5 * min(len(weak), 8)
    if strong and matches("sales_title", reading.fields["head_title"].folded):
        score += 2.0
    score -= 2.5 * len(spans(reading.purpose, "buys_or_invests"))
    needed = SELLING if enquiry.organisation_type in _SELLER_TYPES else SELLING_OTHERS
    if score < needed:
        return None
    return Flag("commercial", (Reason("selling", "purpose", quotes(reading.purpose, strong or weak), round(score, 2)),))


def leisure_flag(enquiry: Enquiry, reading: Reading, subject: float) -> Flag | None:
    """A leisure or private trip: holiday words outweigh everything professional in the text."""
    if enquiry.organisation_type not in PRIVATE_TYPES:
        return None
    strong = spans(reading.purpose, "leisure", 2)
    weak = spans(reading.purpose, "leisure", 1)
    score = 2.0 * len(strong) + 0.5 * min(len(weak), 5)
    score -= 1.0 * len(spans(reading.purpose, "professional"))
    if matches("leisure_sender", reading.fields["organisation"].folded):
        score += LEISURE_SENDER
    if score < LEISURE or not strong or subject >= CLEAR_SUBJECT + score:
        return None
    return Flag("not-a-delegation", (Reason("leisure", "purpose", quotes(reading.purpose, strong), round(score, 2)),))


def letter_flag(reading: Reading) -> Flag | None:
    """A visa or invitation letter is asked for, not only mentioned as unneeded."""
    places = [
        (start, end)
        for start, end in spans(reading.purpose, "letter")
        if not matches("letter_not", _before(reading.purpose.folded, start, end))
    ]
    return (
        Flag("invitation-letter", (Reason("letter", "purpose", quotes(reading.purpose, places)),)) if places else None
    )


def _before(folded: str, start: int, end: int) -> str:
    """What leads up to the last word of a turn of phrase."""
    return re.sub(r"\s+", " ", folded[max(0, start - 60) : end]).rpartition(" ")[0]
