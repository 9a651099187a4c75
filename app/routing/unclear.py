"""Whether a request names a subject to route on: by its words, its courtesies, and what the word model makes of it."""

from __future__ import annotations

from collections.abc import Collection

from app.routing.evidence import Reading
from app.routing.flag_texts import spans
from app.routing.languages import READ
from app.routing.model import Guesses
from app.routing.topics import TopicScore
from app.routing.types import Enquiry, Flag, Reason

CLEAR = 1.3
CLEAR_IN_FEW_WORDS = 2.45  # a decisive word, though within a compound or mistyped
CLEAR_THOUGH_OPEN = 4.0  # beside a sentence that leaves the subject to the city
CLEAR_THOUGH_VAGUE = 5.5
HINTED = 0.3
FAMILIAR = (1.0, 0.46)  # told of a topic, and how likely somebody leads: few words that are such as others asked in
FEW_WORDS = 9
SHORT_TEXT = 26
LETTER_LENGTH = 45
MANY_COURTESIES = 2
DOUBTED = ((1.5, 0.6), (2.5, 0.46))  # told less than this of any topic: the likeliest lead must be as likely as that
TOLD_PER_WORD = 0.22  # so much of all topics together is told by a text of many things, none of them told clearly
NOT_ASKED = frozenset({"not-a-delegation", "commercial", "wrong-city", "invitation-letter"})


def unclear_flag(
    enquiry: Enquiry,
    reading: Reading,
    topics: list[TopicScore],
    raised: Collection[str],
    guesses: Guesses,
    *,
    wished: bool,
    network: bool,
) -> Flag | None:
    """No subject to route on: the words name none, or a text nobody here can read comes with no tick.

    `guesses` are those for the lead; `wished` says that the form names a host, `network` that one is asked about.
    """
    if NOT_ASKED.intersection(raised):
        return None
    asked = max((topic.asked for topic in topics), default=0.0)
    if reading.unread:
        clear = bool(topics or wished)  # the fields and names must say what the text cannot
    elif (needed := _needed(reading)) is not None:
        clear = asked >= needed or (needed == CLEAR_IN_FEW_WORDS and _is_familiar(reading, asked, guesses))
    elif not set(reading.languages) & set(READ):
        clear = bool(topics or enquiry.wanted_hosts)
    else:
        named = _names_subject(enquiry, topics) or _is_familiar(reading, asked, guesses)
        clear = network or (named and not _is_doubted(reading, topics, guesses))
    if clear:
        return None
    return Flag("unclear-purpose", (Reason("no-subject", "purpose", (enquiry.purpose[:80],), round(asked, 2)),))


def _needed(reading: Reading) -> float | None:
    """What must be told of one topic where the text is mostly courtesy, leaves the subject open, or says little."""
    if len(spans(reading.purpose, "vague")) >= MANY_COURTESIES:
        return CLEAR_THOUGH_VAGUE
    if spans(reading.purpose, "left_open"):
        return CLEAR_THOUGH_OPEN
    return CLEAR_IN_FEW_WORDS if _says_little(reading) else None


def _says_little(reading: Reading) -> bool:
    """A handful of words, or a short text that points to something agreed or sent elsewhere, or is half courtesy."""
    length = len(reading.purpose.words)
    if length < FEW_WORDS or (length < SHORT_TEXT and spans(reading.purpose, "vague")):
        return True
    return length < LETTER_LENGTH and bool(spans(reading.purpose, "agreed"))


def _names_subject(enquiry: Enquiry, topics: list[TopicScore]) -> bool:
    """Whether words tell of a topic, or at least hint at one that is ticked."""
    asked = max((topic.asked for topic in topics), default=0.0)
    text = max((topic.text for topic in topics), default=0.0)
    agreed = any(topic.asked > 0 and topic.theme.slug in enquiry.themes for topic in topics)
    return asked >= HINTED and (text >= CLEAR or agreed)


def _is_familiar(reading: Reading, asked: float, guesses: Guesses) -> bool:
    """Whether a short text hints at a topic, and the word model is sure enough who leads; nothing agreed is meant."""
    told, likely = FAMILIAR
    return asked >= told and guesses.likeliest_lead() >= likely and not spans(reading.purpose, "agreed")


def _is_doubted(reading: Reading, topics: list[TopicScore], guesses: Guesses) -> bool:
    """Whether a longer text tells little of any topic, and the word model, where there is one, knows nobody to lead."""
    length = len(reading.purpose.words)
    told = [topic.asked for topic in topics]
    if not guesses.lead or length < SHORT_TEXT or sum(told) >= TOLD_PER_WORD * length:
        return False
    return any(max(told, default=0.0) < little and guesses.likeliest_lead() < share for little, share in DOUBTED)
