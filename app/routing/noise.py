"""What nobody says to a person: words over and over, markup, and orders to the software; none is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from app.routing.cues import cue
from app.routing.hidden import unseen
from app.routing.repeats import repeated, shortened
from app.routing.text import fold

# The same word eight times or more in a row.
_OVER_AND_OVER = re.compile(r"\b(\w{1,40})(?:[^\w]{1,8}\1\b){7,}")
# A tag, and scripts with what stands in them.
_MARKUP = re.compile(r"<(script|style)\b[^<>]{0,300}>[^<]{0,1000}</\1\s*>|</?[a-z!][^<>]{0,300}>")
MOST_SQUEEZED = 20_000_000
LEAST_COMMAS = 2  # in a list of words
LEAST_TOLD = 10  # words besides it
# Tags in a row, signs, spaces and pictures in a row, numbers in a row, one letter over and over: what is kept of them.
_RUNS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(<[^<>]{1,300}>)(?:\s{0,8}<[^<>]{1,300}>){7,}"), r"\1 "),
    (re.compile(r"[^\w]{9,}"), lambda run: run.group()[:8] + ("\n" if "\n" in run.group() else " ")),
    (re.compile(r"\d{40,}|(?:\d{1,40}[^\w]{1,8}){40,}"), " "),
    (re.compile(r"([^\W\d])\1{39,}"), " "),
)
_SENTENCE = re.compile(r"(?:[^.!?\n]|(?<=\d)\.(?=\d))+[.!?\n]*")
_QUOTED = re.compile(r"[\"“”„«][^\"“”„«»\n]{1,200}[\"“”»]|(?<!\w)'[^'\n]{1,200}'(?!\w)")


def without_noise(text: str) -> str:
    """The text with blanks where noise stood: exactly as long, so that places in it stay true."""
    folded = fold(text)
    hidden = [match.span() for pattern in (_OVER_AND_OVER, _MARKUP) for match in pattern.finditer(folded)]
    text = _blanked(text, [*hidden, *unseen(text), *_word_lists(folded)])
    folded = fold(text)
    sentences = list(_SENTENCE.finditer(folded))
    if any(_is_order(match.group()) for match in sentences):
        spans = [match.span() for match in sentences if _is_order(match.group()) or _goes_on(match.group())]
        text = _blanked(text, spans)
        folded = fold(text)
    return _blanked(text, repeated(folded))


def without_orders(name: str) -> str:
    """A name or title, or nothing where it is an order."""
    return "" if order_for_name(name) else name


def order_for_name(name: str) -> str:
    """The order that stands where a name or title should; nothing where there is none."""
    match = cue("orders_in_names").search(fold(name))
    return name[match.start() :] if match else ""


def orders_in(text: str) -> list[str]:
    """The sentences of a text that tell the software what to do, as they stand there."""
    return [text[slice(*match.span())] for match in _SENTENCE.finditer(fold(text)) if _is_order(match.group())]


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            begin = max(start, at)
            pieces += [text[at:begin], re.sub(r"[^\n]", " ", text[begin:end])]
            at = end
    return "".join([*pieces, text[at:]])


def _is_order(sentence: str) -> bool:
    """An order such as nobody gives to a person, or the software is spoken to and told what to do or what is right."""
    sentence = _without_what_is_spoken_of(sentence)
    if cue("orders").search(sentence) or _in_turn(sentence, "software_called", "software_told"):
        return True
    if sentence.rstrip().endswith("?"):
        return False
    return _in_turn(sentence, "software_named", "software_bidden") and all(
        _in_turn(sentence, "software_bidden", after) for after in ("software_chooses", "host_named")
    )


def _without_what_is_spoken_of(sentence: str) -> str:
    """The sentence with blanks where it asks how the software works, and where it quotes beside that."""
    asked = cue("orders_spoken_of").search(sentence)
    if not asked:
        return sentence
    bounds = [0, *(match.end() for match in cue("next_clause").finditer(sentence)), len(sentence)]
    clauses = [span for span in pairwise(bounds) if _speaks_of(sentence, span, asked)]
    return _blanked(sentence, [*clauses, *(match.span() for match in _QUOTED.finditer(sentence))])


def _speaks_of(sentence: str, clause: tuple[int, int], asked: re.Match[str]) -> bool:
    """Whether a clause holds the question, or what it asks about, or an example; not one that calls the software."""
    begin, end = clause
    if cue("still_spoken_of").search(sentence[begin:end]):
        return True
    told_first = sentence[begin : asked.start("software")].strip()
    return begin <= asked.start() < end or (begin < asked.end() <= end and bool(told_first))


def _in_turn(sentence: str, first: str, then: str) -> bool:
    """Whether a turn of phrase of the second kind follows one of the first."""
    found = cue(first).search(sentence)
    return bool(found and cue(then).search(sentence, found.start()))


def _word_lists(folded: str) -> list[tuple[int, int]]:
    """Where lists of words with their label stand, unless they are all that is told."""
    found = [match for match in cue("word_list").finditer(folded) if _is_long(match["all"])]
    spans = [match.span("all") for match in found]
    left = len(re.findall(r"\w{2,}", folded)) - sum(len(re.findall(r"\w{2,}", folded[slice(*span)])) for span in spans)
    return spans if left >= LEAST_TOLD else []


def _is_long(words: str) -> bool:
    return len(re.findall(r"[,;|/·•#\n]", words.strip())) >= LEAST_COMMAS


def _goes_on(sentence: str) -> bool:
    return cue("orders_beside").search(sentence) is not None


def squeezed(text: str) -> str:
    """A text without what stands over and over, so that what follows it is not beyond what is read.

    Of tags, and of a run of signs, the beginning stays: it is not read, but flagged.
    """
    text = shortened(text[:MOST_SQUEEZED])
    for pattern, kept in _RUNS:
        text = pattern.sub(kept, text)
    return _OVER_AND_OVER.sub(_squeezed_word, text)


def _squeezed_word(match: re.Match[str]) -> str:
    """Nothing of a word over and over, but for the name of a tag."""
    return match.group(1) if match.string[max(0, match.start() - 1) : match.start()] in ("<", "/") else " "
