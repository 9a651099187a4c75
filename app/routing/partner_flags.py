"""Flags about the sender's ties to the city: twin, network, earlier guest, or astray."""

from __future__ import annotations

import re

from app.routing.catalogue import Catalogue
from app.routing.event_flags import is_elsewhere
from app.routing.evidence import Reading
from app.routing.flag_texts import matches, quotes, spans
from app.routing.partners import Partners
from app.routing.text import Passage, fold, read
from app.routing.types import Enquiry, Flag, Reason


def twin_flag(partners: Partners) -> Flag | None:
    """The sender is a twin city or a civic institution of one."""
    if partners.twin is None:
        return None
    return Flag("twin-city", (Reason("twin", "city", subject=partners.twin.slug),))


def network_flag(partners: Partners) -> Flag | None:
    """The sender comes through, or appeals to, a network the city belongs to."""
    reasons = tuple(
        Reason("network", mention.source, (mention.quote,), 1.0, network.slug) for network, mention in partners.networks
    )
    return Flag("network", reasons) if reasons else None


def returning_flag(enquiry: Enquiry, reading: Reading, catalogue: Catalogue) -> Flag | None:
    """The field or the text tells of an earlier visit by them here; ours to them does not count."""
    field = read("previous_visit", enquiry.previous_visit, 400)
    if field.folded.strip() and not matches("nothing", field.folded) and not matches("returned_not", field.folded):
        return Flag("returning-visitor", (Reason("field", "previous_visit", (enquiry.previous_visit[:80],)),))
    told = spans(reading.purpose, "returned")
    places = [
        place
        for place in told
        if _is_theirs(enquiry, reading.purpose, *place) and not is_elsewhere(reading.purpose.quote(*place), catalogue)
    ]
    if not places:
        return None
    return Flag("returning-visitor", (Reason("words", "purpose", quotes(reading.purpose, places)),))


def _is_theirs(enquiry: Enquiry, passage: Passage, start: int, end: int) -> bool:
    """Whether the visit told of is one of the sender's, is over, and was made here."""
    sentence = _sentence_around(passage, start)
    if matches("returned_not", sentence) or matches("returned_later", passage.folded[start:end]):
        return False
    years = [int(year) for year in re.findall(r"\b20\d\d\b", sentence)]
    if years and min(years) > enquiry.submitted_on.year:
        return False
    return not matches("returned_others", sentence) or _names_sender(enquiry, sentence)


def _names_sender(enquiry: Enquiry, sentence: str) -> bool:
    own = (fold(re.split(r"[,(/]", name)[0]).strip() for name in (enquiry.city, enquiry.organisation))
    return any(len(name) > 2 and name in sentence for name in own)


def _sentence_around(passage: Passage, at: int) -> str:
    found = ((start, end) for start, end in passage.sentences if start <= at < end)
    return next((passage.folded[start : min(end, start + 700)] for start, end in found), "")
