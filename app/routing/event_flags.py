"""The flag for a larger event in the city, and what places an event elsewhere."""

from __future__ import annotations

import re

from app.routing.catalogue import Catalogue
from app.routing.data import table
from app.routing.dates import is_public_holiday
from app.routing.evidence import Reading
from app.routing.flag_texts import expression, is_denied, matches
from app.routing.nothing import says_nothing
from app.routing.partners import Partners, is_known_elsewhere
from app.routing.text import Passage, fold
from app.routing.types import Enquiry, Flag, Reason

_PLACE = re.compile(r"\b(?:in|i|en|à|at|w|te|em|a)\s+(?:the\s+)?([A-ZÅÄÖØÆÜÉ][\w’'-]+)")
_TAIL = re.compile(r"[,(]\s*([^\W\d_]{4,}(?:\s[^\W\d_]{3,})?)\s*\)?\s*$")
_CAPITAL = re.compile(r"[A-ZÅÄÖØÆÜÉ]")
_DAY_OF_MAY = re.compile(
    r"\b(17|seventeenth|syttende|sjuande|siebzehnte\w*)\b.{0,4}\b(of )?(may|mai|maj|mayo|maggio|maja|mei)\b"
)


def event_flag(enquiry: Enquiry, reading: Reading, partners: Partners, catalogue: Catalogue) -> Flag | None:
    """A larger event in the city is named, in the field or in the text."""
    if partners.occasion:
        reason = Reason("occasion", "event", (partners.occasion_quote,), 1.0, partners.occasion)
        return Flag("linked-event", (reason,))
    event = enquiry.event.strip()
    if event and _is_larger(event, catalogue) and _is_here(event, reading, catalogue):
        return Flag("linked-event", (Reason("field", "event", (event[:80],)),))
    quote = _named_event(reading.purpose, catalogue)
    return Flag("linked-event", (Reason("words", "purpose", (quote,)),)) if quote else None


def _is_larger(event: str, catalogue: Catalogue) -> bool:
    """Whether a field names an event at all: not "none", not the sender's own, not a public holiday."""
    folded = fold(event)
    if says_nothing(folded) or matches("own_event", folded) or _DAY_OF_MAY.search(folded):
        return False
    return not _is_holiday_name(event, catalogue)


def _is_holiday_name(event: str, catalogue: Catalogue) -> bool:
    words = set(fold(event).split())
    return any(
        occasion.starts_on is not None
        and is_public_holiday(occasion.starts_on, catalogue.holiday_calendar)
        and any(set(fold(name).split()) <= words for name in occasion.names)
        for occasion in catalogue.occasions
    )


def _is_here(event: str, reading: Reading, catalogue: Catalogue) -> bool:
    """Whether nothing places the event in another city, in the field itself or where the text names it."""
    if matches("in_another_place", fold(event)):
        return False
    head = fold(re.split(r"[\d,(]", event)[0]).strip()
    around = reading.purpose.folded.find(head) if len(head) > 4 else -1
    pieces = [event]
    if around >= 0:
        pieces.append(reading.purpose.text[around : around + len(head) + 40])
    if any(fold(name) in fold(event).split() for name in catalogue.rules.city_names):
        return True
    if any(is_elsewhere(piece, catalogue) or is_known_elsewhere(piece, catalogue) for piece in pieces):
        return False
    return not _ends_in_a_place(event, catalogue)


def _ends_in_a_place(event: str, catalogue: Catalogue) -> bool:
    """Whether a name that is none of ours stands behind the last comma or in brackets ("World Congress, Lima")."""
    tail = _TAIL.search(event)
    if tail is None or any(matches("no_place", word) for word in fold(tail.group(1)).split()):
        return False
    rules = catalogue.rules
    houses = (name for words in rules.host_words.values() for names in words.values() for name in names)
    ours = [fold(name) for name in (*rules.city_names, *rules.landmarks, *houses)]
    return not any(name[:5] in fold(tail.group(1)) for name in ours if len(name) >= 5)


def is_elsewhere(piece: str, catalogue: Catalogue) -> bool:
    """Whether a piece of text names a place, and only places that are not this city or its country."""
    ours = {fold(name) for name in (*catalogue.rules.city_names, *catalogue.rules.landmarks)}
    named = (fold(match.group(1)) for match in _PLACE.finditer(piece))
    places = [place for place in named if not matches("no_place", place)]
    return bool(places) and not any(place in ours for place in places)


def _named_event(passage: Passage, catalogue: Catalogue) -> str:
    """An event with a name of its own that the sender attends in this city, as told in one sentence."""
    city = re.compile(
        r"\b(?:" + "|".join(fold(name) for name in catalogue.rules.city_names) + r"|your (?:city|town)|in town)\b"
    )
    for start, end in passage.sentences[:60]:
        sentence = passage.folded[start : min(end, start + 700)]
        if not city.search(sentence) or not expression("attending").search(sentence):
            continue
        if expression("own_plan").search(sentence) or expression("told_there").search(sentence):
            continue
        if is_elsewhere(passage.text[start : min(end, start + 700)], catalogue):
            continue
        quote = _proper_event(passage, start, min(end, start + 700))
        if quote and not is_known_elsewhere(passage.text[start : min(end, start + 700)], catalogue):
            return quote
    return ""


def _proper_event(passage: Passage, start: int, end: int) -> str:
    """A run of capitalised words that holds a word such as "Conference" or "Festival"."""
    event_words = {fold(str(word)) for word in table("flags")["event_word"]}
    words = [word for word in passage.words if start <= word.start < end]
    for at, word in enumerate(words):
        if word.folded not in event_words:
            continue
        first = at
        while first > 0 and _CAPITAL.match(passage.text[words[first - 1].start]) and at - first < 7:
            first -= 1
        proper = _CAPITAL.match(passage.text[word.start]) is not None and (first < at or at + 1 < len(words))
        if proper and first < at and not is_denied(passage, words[first].start, word.end):
            return passage.quote(words[first].start, word.end)
    return ""
