"""Whether a letter for a visa is all that is asked for, or an errand beside it, in the same sentence or another."""

from __future__ import annotations

from collections.abc import Iterator

from app.routing.evidence import Evidence, Reading, told_of_each_topic
from app.routing.flag_texts import LONGEST_SENTENCE, expression, spans
from app.routing.model import Guesses
from app.routing.senders import letters_asked
from app.routing.text import Passage

CLEAR_FOR_LETTER = 2.5
HINTED_BESIDE_LETTER = (1.5, 0.4)  # told beside the letter, and how likely somebody leads
CLEAR_IN_ITS_SENTENCE = 1.0  # told of a subject where it is asked for, beside the letter


def letter_only(reading: Reading, guesses: Guesses) -> bool:
    """Whether nothing but the letter is wanted: it is said so, or no subject is clear beside it, nor who would lead."""
    if spans(reading.purpose, "letter_only"):
        return True
    about = {reading.purpose.sentence_at(start) for start, _ in letters_asked(reading.purpose)}
    told = [one for one in reading.evidence if one.source == "purpose"]
    errands = [span for number in sorted(about) for span in _errands(reading.purpose, number)]
    if _most([one for one in told if _within(reading.purpose, one, errands)]) >= CLEAR_IN_ITS_SENTENCE:
        return False
    beside = _most([one for one in told if reading.purpose.words[one.at[0]].sentence not in about])
    hinted = beside >= HINTED_BESIDE_LETTER[0] and guesses.likeliest_lead() >= HINTED_BESIDE_LETTER[1]
    return beside < CLEAR_FOR_LETTER and not hinted


def _most(told: list[Evidence]) -> float:
    """What is told of the one subject told most of."""
    return max(told_of_each_topic(told).values(), default=0.0)


def _within(passage: Passage, one: Evidence, errands: list[tuple[int, int]]) -> bool:
    return any(start <= passage.words[one.at[0]].start < end for start, end in errands)


def _errands(passage: Passage, number: int) -> Iterator[tuple[int, int]]:
    """Where the sentence of a letter asks to meet, to see or to learn as well, joined to it and not what it is for."""
    begin, end = passage.sentences[number]
    end = min(end, begin + LONGEST_SENTENCE)
    joints = [match.start() for match in expression("letter_and").finditer(passage.folded, begin, end)]
    papers = [match.span() for match in expression("letter_word").finditer(passage.folded, begin, end)]
    for turn in expression("letter_beside").finditer(passage.folded, begin, end):
        before = max((last for _, last in papers if last <= turn.start()), default=None)
        after = min((first for first, _ in papers if first >= turn.end()), default=end)
        if before is None:
            if any(turn.end() <= joint < after for joint in joints):
                yield turn.start(), after
        elif any(before <= joint < turn.start() for joint in joints):
            yield turn.start(), after
