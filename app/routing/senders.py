"""What a sender is after besides a subject: to sell, to have a holiday, to get a letter for a visa."""

from __future__ import annotations

import re

from app.routing.evidence import Reading
from app.routing.flag_texts import LONGEST_SENTENCE, matches, quotes, spans
from app.routing.pitches import shown_for_sale
from app.routing.text import Passage
from app.routing.types import Enquiry, Flag, Reason

SELLING = 3.5
SELLING_OTHERS = 7.0
PART_OF_PITCH = 1.75
LEISURE = 3.0
LEISURE_SENDER = 1.0
LEISURE_FEAST = 3.0
LEISURE_KIND = 1.0  # of the different things of a pleasant day that are asked for
LEISURE_KINDS = ("eat", "sleep", "move", "play", "pose")
MANY_KINDS = 3  # so many, one fewer beside who travels so, say it without a word for a holiday …
NO_SUBJECT = 3.0  # … where no decisive word asks for anything else
PLEASANT = 2  # … and where one does, so much of such a day must be told of: in doubt a person decides
LEISURE_OF_OFFICES = 4.5
CLEAR_SUBJECT = 9.0
MOST_SENTENCES = 100
PRIVATE_TYPES = frozenset({"other", "ngo", "school", "business", "media", "university", "cultural-institution", ""})
_QUOTED = re.compile(r"[\"“”„«][^\"“”„«»\n]{1,80}[\"“”»]|(?<!\w)['‘][^'’\n]{1,80}['’](?!\w)")
_SELLER_TYPES = frozenset({"business", "other", ""})


def commercial_flag(enquiry: Enquiry, reading: Reading) -> Flag | None:
    """The sender wants to sell to the city or its hosts; investors and trade missions do not."""
    strong = spans(reading.purpose, "sells", 3)
    weak = spans(reading.purpose, "sells", 1)
    score = 2.5 * len(strong) + 0.5 * min(len(weak), 8)
    if strong and matches("sales_title", reading.fields["head_title"].folded):
        score += 2.0
    parts = _pitch(reading.purpose) if enquiry.organisation_type in _SELLER_TYPES else []
    score += PART_OF_PITCH * len(parts)
    if score < SELLING and enquiry.organisation_type in _SELLER_TYPES:
        seller = matches("sales_title", reading.fields["head_title"].folded)
        score, parts = max((score, parts), shown_for_sale(reading.purpose, by_seller=seller))
    score -= 2.5 * len(spans(reading.purpose, "buys_or_invests"))
    needed = SELLING if enquiry.organisation_type in _SELLER_TYPES else SELLING_OTHERS
    if score < needed:
        return None
    told = quotes(reading.purpose, strong or parts or weak)
    return Flag("commercial", (Reason("selling", "purpose", told, round(score, 2)),))


def _pitch(passage: Passage) -> list[tuple[int, int]]:
    """The parts of a sales pitch: goods or a show, with prices or those who buy, and what speaks for the goods."""
    found = {name: spans(passage, f"pitch_{name}")[:1] for name in ("goods", "shows", "terms", "buyers", "proof")}
    if not ((found["goods"] or found["shows"]) and (found["terms"] or found["buyers"])):
        return []
    return [place for places in found.values() for place in places]


def leisure_flag(enquiry: Enquiry, reading: Reading, subject: float) -> Flag | None:
    """A leisure or private trip: holiday words, who travels and what they ask for outweigh professional words."""
    told = reading.asked
    strong = _not_quoted(told, spans(told, "leisure", 2))
    feast = _not_quoted(told, spans(told, "leisure_feast"))
    kinds = [places[0] for kind in LEISURE_KINDS if (places := spans(told, f"leisure_{kind}"))]
    score = 2.0 * len(strong) + 0.5 * min(len(spans(told, "leisure", 1)), 5)
    score += LEISURE_FEAST * bool(feast) + LEISURE_KIND * max(len(kinds) - 1, 0)
    party = _travels_so(told, strong or kinds)
    if _by_name(reading) or party:
        score += LEISURE_SENDER
    score += 0.5 * min(len(spans(told, "leisure_asks")), 4)
    score -= 1.0 * len(spans(told, "professional")) + 2.0 * len(spans(told, "leisure_not"))
    needed = LEISURE if enquiry.organisation_type in PRIVATE_TYPES else LEISURE_OF_OFFICES
    many = len(kinds) + party >= MANY_KINDS and subject < NO_SUBJECT
    found = strong or feast or (kinds if many else [])
    if score < needed or not found or subject >= CLEAR_SUBJECT + score:
        return None
    pleasant = len(kinds) + party + _by_name(reading) * (PLEASANT if enquiry.organisation_type in ("other", "") else 1)
    words = {told.folded[start:end] for start, end in strong}
    if not feast and subject > NO_SUBJECT and pleasant < PLEASANT and len(words) < MANY_KINDS:
        return None
    return Flag("not-a-delegation", (Reason("leisure", "purpose", quotes(told, found), round(score, 2)),))


def _by_name(reading: Reading) -> bool:
    """Whether the sender calls itself a group for leisure."""
    return matches("leisure_sender", reading.fields["organisation"].folded)


def _travels_so(passage: Passage, strong: list[tuple[int, int]]) -> bool:
    """Whether a family, a couple or pensioners travel, told by other words than those of the holiday."""
    party = spans(passage, "leisure_party")
    return any(end <= first or last <= start for start, end in strong for first, last in party[:20])


def _not_quoted(passage: Passage, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that do not stand between quotation marks: the name of a song is no birthday."""
    quoted = [match.span() for match in _QUOTED.finditer(passage.folded)]
    return [(start, end) for start, end in places if not any(first <= start < last for first, last in quoted)]


def letter_flag(reading: Reading) -> Flag | None:
    """A visa or invitation letter is asked for, not only mentioned as unneeded."""
    places = letters_asked(reading.purpose)
    return (
        Flag("invitation-letter", (Reason("letter", "purpose", quotes(reading.purpose, places)),)) if places else None
    )


def letters_asked(passage: Passage) -> list[tuple[int, int]]:
    """Where a letter is asked for: by a turn of phrase, or a sentence with all parts of such a wish."""
    named = [
        (start, end)
        for start, end in spans(passage, "letter") + spans(passage, "letter_formal")
        if not matches("letter_not", _before(passage.folded, start, end))
    ]
    return named or [(start, end) for start, end in passage.sentences[:MOST_SENTENCES] if _asks(passage, start, end)]


def _asks(passage: Passage, start: int, end: int) -> bool:
    sentence = passage.folded[start : min(end, start + LONGEST_SENTENCE)]
    parts = all(matches(f"letter_{part}", sentence) for part in ("office", "paper", "from", "needed"))
    return parts and not matches("letter_not", sentence)


def _before(folded: str, start: int, end: int) -> str:
    """What leads up to the last word of a turn of phrase."""
    return re.sub(r"\s+", " ", folded[max(0, start - 60) : end]).rpartition(" ")[0]
