"""The flag for those who have been here before, told by the field, a turn of phrase or the parts of a sentence."""

from __future__ import annotations

import re

from app.routing.catalogue import Catalogue
from app.routing.event_flags import is_elsewhere
from app.routing.evidence import Reading
from app.routing.flag_texts import LONGEST_SENTENCE, expression, matches, quotes, spans
from app.routing.nothing import says_nothing
from app.routing.text import Passage, fold, read
from app.routing.types import Enquiry, Flag, Reason

MOST_SENTENCES = 100
TO_HERE = 90  # characters between who went and where
NEAR = 40  # characters between a visit and when it was
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_STOP = re.compile(r"[;:()?!]|\. ")


def returning_flag(enquiry: Enquiry, reading: Reading, catalogue: Catalogue) -> Flag | None:
    """The field or the text tells of an earlier visit by them here; ours to them does not count."""
    field = read("previous_visit", enquiry.previous_visit, 400)
    if not says_nothing(field.folded, denies=True) and not matches("returned_not", field.folded):
        return Flag("returning-visitor", (Reason("field", "previous_visit", (enquiry.previous_visit[:80],)),))
    told = [place for place in spans(reading.purpose, "returned") if _is_theirs(enquiry, reading.purpose, *place)]
    places = [place for place in told if not is_elsewhere(reading.purpose.quote(*place), catalogue)]
    places = places or _told_in_parts(enquiry, reading.purpose, catalogue)
    if not places:
        return None
    return Flag("returning-visitor", (Reason("words", "purpose", quotes(reading.purpose, places)),))


def _is_theirs(enquiry: Enquiry, passage: Passage, start: int, end: int) -> bool:
    """Whether the visit told of is one of the sender's, is over, and was made here."""
    sentence = _sentence_around(passage, start)
    if any(matches(name, sentence) for name in ("returned_not", "visit_called_off")):
        return False
    if matches("returned_later", passage.folded[start:end]):
        return False
    years = [int(year) for year in _YEAR.findall(sentence)]
    if years and min(years) > enquiry.submitted_on.year:
        return False
    return not matches("returned_others", sentence) or _names_sender(enquiry, sentence)


def _names_sender(enquiry: Enquiry, sentence: str) -> bool:
    own = (fold(re.split(r"[,(/]", name)[0]).strip() for name in (enquiry.city, enquiry.organisation))
    return any(len(name) > 2 and name in sentence for name in own)


def _sentence_around(passage: Passage, at: int) -> str:
    found = ((start, end) for start, end in passage.sentences if start <= at < end)
    return next((passage.folded[start : min(end, start + LONGEST_SENTENCE)] for start, end in found), "")


def _told_in_parts(enquiry: Enquiry, passage: Passage, catalogue: Catalogue) -> list[tuple[int, int]]:
    """Where a sentence says, in whatever order, that some of theirs came, to whom here, and when that was."""
    found = []
    for begin, end in passage.sentences[:MOST_SENTENCES]:
        sentence = passage.folded[begin : min(end, begin + LONGEST_SENTENCE)]
        place = _visit_in(enquiry, sentence)
        if place is None or is_elsewhere(passage.quote(begin + place[0], begin + place[1]), catalogue):
            continue
        if _is_theirs(enquiry, passage, begin + place[0], begin + place[1]):
            found.append((begin + place[0], begin + place[1]))
    return found


def _visit_in(enquiry: Enquiry, sentence: str) -> tuple[int, int] | None:
    """A visit or a journey of theirs with the place and the time beside it."""
    times = _times(enquiry, sentence)
    if not times or matches("visit_never_made", sentence):
        return None
    for visit in expression("own_visit").finditer(sentence):
        here = expression("visit_here").search(sentence, visit.end(), visit.end() + NEAR)
        if here and any(visit.start() - NEAR <= at < here.end() + NEAR / 2 for at in times):
            return visit.start(), here.end()
    for trip in expression("own_trip").finditer(sentence):
        place = _journey(sentence, trip, by_name=_names_sender(enquiry, sentence))
        if place:
            return place
    return None


def _journey(sentence: str, trip: re.Match[str], *, by_name: bool) -> tuple[int, int] | None:
    """Who went and to whom here, before the word for going or behind it; no wish and no new clause between them."""
    first = max((stop.end() for stop in _STOP.finditer(sentence, 0, trip.start())), default=0)
    after = _STOP.search(sentence, trip.end())
    last = after.start() if after else len(sentence)
    begin, end = max(first, trip.start() - TO_HERE), min(last, trip.end() + TO_HERE)
    if not (by_name or expression("own_people").search(sentence, begin, end)):
        return None
    for here in expression("visit_here").finditer(sentence, begin, end):
        span = min(here.start(), trip.start()), max(here.end(), trip.end())
        if not expression("visit_wished").search(sentence, *span):
            return span
    return None


def _times(enquiry: Enquiry, sentence: str) -> list[int]:
    """Where a year before this one stands, or "three years ago"."""
    years = [year.start() for year in _YEAR.finditer(sentence) if int(year.group()) < enquiry.submitted_on.year]
    return years + [one.start() for one in expression("time_past").finditer(sentence)]
