"""Flags about the sender's ties to the city: twin, network, earlier guest, guest of an event, or astray."""

from __future__ import annotations

import re

from app.routing.catalogue import Catalogue
from app.routing.data import table
from app.routing.dates import is_public_holiday
from app.routing.evidence import Reading
from app.routing.flag_texts import expression, matches, quotes, spans
from app.routing.partners import Partners
from app.routing.text import Passage, fold, read
from app.routing.types import Enquiry, Flag, Reason

ASTRAY = 2
_PLACE = re.compile(r"\b(?:in|i|en|à|at|w|te|em|a)\s+(?:the\s+)?([A-ZÅÄÖØÆÜÉ][\w’'-]+)")
_CAPITAL = re.compile(r"[A-ZÅÄÖØÆÜÉ]")
_DAY_OF_MAY = re.compile(r"\b(17|seventeenth|syttende|sjuande|siebzehnte\w*)\b.{0,4}\b(of )?(may|mai|maj|mayo|maggio|maja|mei)\b")


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
        if _is_theirs(enquiry, reading.purpose, *place) and not _elsewhere(reading.purpose.quote(*place), catalogue)
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


def event_flag(enquiry: Enquiry, reading: Reading, partners: Partners, catalogue: Catalogue) -> Flag | None:
    """A larger event in the city is named, in the field or in the text."""
    if partners.occasion:
        reason = Reason("occasion", "event", (partners.occasion_quote,), 1.0, partners.occasion)
        return Flag("linked-event", (reason,))
    event = enquiry.event.strip()
    if event and not matches("nothing", fold(event)) and not _DAY_OF_MAY.search(fold(event)):
        if _is_here(event, reading, catalogue) and not _is_holiday_name(event, catalogue):
            return Flag("linked-event", (Reason("field", "event", (event[:80],)),))
    quote = _named_event(reading.purpose, catalogue)
    return Flag("linked-event", (Reason("words", "purpose", (quote,)),)) if quote else None


def _is_holiday_name(event: str, catalogue: Catalogue) -> bool:
    words = set(fold(event).split())
    return any(
        occasion.starts_on is not None
        and is_public_holiday(occasion.starts_on, catalogue.holiday_country)
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
    if any(_elsewhere(piece, catalogue) for piece in pieces):
        return False
    known = (fold(name) for name in catalogue.rules.elsewhere)
    return not any(name in fold(event) for name in known)


def _elsewhere(piece: str, catalogue: Catalogue) -> bool:
    """Whether a piece of text names a place, and only places that are not this city or its country."""
    ours = {fold(name) for name in (*catalogue.rules.city_names, *catalogue.rules.landmarks)}
    named = (fold(match.group(1)) for match in _PLACE.finditer(piece))
    places = [place for place in named if not matches("no_place", place)]
    return bool(places) and not any(place in ours for place in places)


def _named_event(passage: Passage, catalogue: Catalogue) -> str:
    """An event with a name of its own that the sender attends in this city, as told in one sentence."""
    city = re.compile(r"\b(?:" + "|".join(fold(name) for name in catalogue.rules.city_names) + r"|your (?:city|town)|in town)\b")
    for start, end in passage.sentences[:60]:
        sentence = passage.folded[start : min(end, start + 700)]
        if not city.search(sentence) or not expression("attending").search(sentence):
            continue
        if expression("own_plan").search(sentence) or expression("told_there").search(sentence):
            continue
        if _elsewhere(passage.text[start : min(end, start + 700)], catalogue):
            continue
        quote = _proper_event(passage, start, min(end, start + 700))
        if quote and not any(fold(name) in fold(quote) for name in catalogue.rules.elsewhere):
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
        if proper and first < at:
            return passage.quote(words[first].start, word.end)
    return ""


def wrong_city_flag(reading: Reading, partners: Partners, catalogue: Catalogue) -> Flag | None:
    """Meant for another place of the same name: words around that place, and nothing that speaks for this one."""
    if partners.at_home or not partners.namesakes:
        return None
    own = fold(" ".join(passage.folded for passage in reading.fields.values()))
    by_place: dict[str, set[str]] = {}
    direct = False
    cities = {fold(name) for name in catalogue.rules.city_names}
    for mention in partners.namesakes:
        joined = " ".join(mention.name.words)
        if any(city in joined for city in cities):
            direct = True
        elif joined in own:
            continue
        by_place.setdefault(mention.name.slug, set()).add(joined)
    place, words = max(by_place.items(), key=lambda item: len(item[1]), default=("", set()))
    if not place or (len(words) < ASTRAY and not direct):
        return None
    found = tuple(mention.quote for mention in partners.namesakes if mention.name.slug == place)
    return Flag("wrong-city", (Reason("namesake", "purpose", tuple(dict.fromkeys(found))[:5], float(len(words)), place),))
