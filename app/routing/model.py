"""A small word model: which hosts, priorities and SDGs requests in such words had, learnt from our labelled texts.

One linear model per label over word beginnings, the inner letter groups of long words, the lexicon's topics, and the
sender's kind. It is learnt by `make routing-model` from the city's `training/*.jsonl` and shipped beside them as
`model.json.gz`, so starting costs the reading of one small file; what it learnt from can be read and learnt again.
"""

from __future__ import annotations

import base64
import gzip
import json
import math
import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from operator import mul
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.routing.everyday import everyday_words
from app.routing.languages import READ, small_words, spoken
from app.routing.stems import stem
from app.routing.text import Passage, first_things_first, fold, told_early
from app.routing.weighing import ANY_MISTAKE, LeadWeights, PartWeights

if TYPE_CHECKING:
    from app.routing.topics import TopicScore  # which is made of evidence, and evidence asks the model for known words

LONG, SHORT, GROUP = 7, 5, 5  # letters of a beginning, of a shorter one, of a letter group within a long word
GROUP_MARK = "~"
COMPOUND = 9  # letters of a word that may hold others
OFTEN = 4  # times a feature counts
LAST_OF_SEVERAL = 0.75  # how much of their weight words keep in the last sentence
SHOUTED = 20  # what stands so often, first words weighing more, says nothing of who leads
KIND_VALUE = 0.55  # how heavy the sender's kind is beside the text, whose features have length 1
TOPICS_VALUE = 0.7  # and how heavy all topics together
KINDS = ("lead", "host", "mistake", "priority", "sdg")
FILE = "model.json.gz"
WORDS_FILE = "model-words.txt"

WORD = re.compile(r"[^\W\d_]{3,40}")


@dataclass(frozen=True, slots=True)
class Guess:
    """A label, how surely (about 0 to 1), and the words of the text that spoke for it most."""

    label: str
    share: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guesses:
    """What a text's words tell: who leads, who is involved, who would be a mistake, what it serves; by label.

    `sender` is who leads what the words of the sender's own name and title stand for.
    """

    lead: Mapping[str, Guess] = field(default_factory=dict)
    host: Mapping[str, Guess] = field(default_factory=dict)
    mistake: Mapping[str, Guess] = field(default_factory=dict)
    priority: Mapping[str, Guess] = field(default_factory=dict)
    sdg: Mapping[str, Guess] = field(default_factory=dict)
    sender: Mapping[str, Guess] = field(default_factory=dict)

    def likeliest_lead(self) -> float:
        """How surely the likeliest host leads; 0 where nothing was guessed."""
        return max((guess.share for guess in self.lead.values()), default=0.0)


def of_word(word: str) -> list[str]:
    """The features of one folded word: two beginnings (stems for every language), and what may be inside it."""
    if len(word) <= SHORT:
        return [word]
    found = [word[:LONG], "<" + word[:SHORT]]
    if len(word) >= COMPOUND:
        found += [GROUP_MARK + word[at : at + GROUP] for at in range(3, len(word) - GROUP + 1)]
    return found


def features(passage: Passage) -> dict[str, float]:
    """All features of a text, damped by how often they occur; shouting a word does not make it more."""
    counted: dict[str, float] = defaultdict(float)
    for number, (start, end) in enumerate(passage.sentences):
        worth = first_things_first(number)
        for word in WORD.findall(passage.folded, start, end):
            for feature in of_word(word):
                counted[feature] += worth
    return {name: _damped(times) for name, times in counted.items()}


def early_features(passage: Passage) -> dict[str, float]:
    """The same for who leads: each word weighs by where it stands, more gently than the lexicon's words do.

    The last sentence weighs less: in it stand whom else to meet, thanks and practical things.
    """
    counted: dict[str, float] = defaultdict(float)
    for start, end in passage.sentences:
        last = LAST_OF_SEVERAL if start and end == passage.sentences[-1][1] else 1.0
        for word in WORD.finditer(passage.folded, start, end):
            worth = last * math.cbrt(told_early(word.start()))
            for feature in of_word(word.group()):
                counted[feature] += worth
    return {name: _damped(times) for name, times in counted.items() if times < SHOUTED}


def _damped(times: float) -> float:
    return times if times < 1 else 1 + math.log(min(times, OFTEN))


def topic_features(topics: Iterable[TopicScore]) -> dict[str, float]:
    """What the lexicon found in the text, by topic and theme: of length TOPICS_VALUE."""
    told = {f"#{topic.theme.slug}/{topic.topic.slug}": topic for topic in topics if topic.text > 0}
    best = max((topic.text for topic in told.values()), default=1.0)
    values = {name: topic.text / best * math.log1p(best) for name, topic in told.items()}
    themes: dict[str, float] = defaultdict(float)
    for topic in told.values():
        themes[f"#{topic.theme.slug}"] += topic.text
    values |= {name: math.log1p(text) for name, text in themes.items()}
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {name: TOPICS_VALUE * value / length for name, value in values.items()}


class TextModel:
    """Weights per feature and label in one block of small numbers; a model of nothing guesses nothing.

    `leading` is the model of its own for who leads: it weighs words by their place, and learnt from requests too.
    """

    def __init__(
        self, learnt: Mapping[str, Any] | None = None, *, whole: Iterable[str] = (), early: bool = False
    ) -> None:
        self.whole = frozenset(whole)  # words longer than their beginnings, learnt from as such
        self.leading = None if early else TextModel((learnt or {}).get("leading"), whole=self.whole, early=True)
        learnt = learnt or {"labels": [], "features": [], "rarity": [], "base": [], "scale": [], "weights": ""}
        self.labels: list[tuple[str, str]] = [(kind, label) for kind, label in learnt["labels"]]
        self.places = {name: at for at, name in enumerate(learnt["features"])}
        self.rarity: list[float] = learnt["rarity"]
        self.base: list[float] = learnt["base"]
        self.scale: list[float] = learnt["scale"]
        self.weights = array("b", base64.b64decode(learnt["weights"]))
        self.together: Mapping[str, Mapping[str, float]] = learnt.get("together", {})
        self.apart: Mapping[str, Mapping[str, float]] = learnt.get("apart", {})
        self.weigh(learnt.get("weighing", {}))

    def weigh(self, weights: Mapping[str, Mapping[str, float]]) -> None:
        """Take the weights of a file; those that it does not hold keep their defaults."""
        self.lead_weights = LeadWeights.of(weights.get("lead", {}))
        self.usual_weights = LeadWeights.of(weights.get("usual", {}))
        self.part_weights = PartWeights.of(weights.get("part", {}))
        self.mistake_weights = PartWeights.of(weights["mistake"]) if "mistake" in weights else ANY_MISTAKE

    def knows(self, word: str) -> bool:
        """Whether a folded word of at most so many letters as a beginning has stood in what was learnt from."""
        return word in self.places

    def read_for_lead(self, passage: Passage, topics: Sequence[TopicScore], kind: str, sender: Passage) -> Guesses:
        """Guesses of the model for who leads: from the purpose, and from the sender's name and title."""
        if self.leading is None:
            return Guesses()
        return replace(self.leading.read(passage, topics, kind), sender=self.leading.read(sender).lead)

    def read(self, passage: Passage, topics: Sequence[TopicScore] = (), kind_of_sender: str = "") -> Guesses:
        """Guesses for every label, with the telling words as they stand in the text."""
        known = self._known(passage, topics, kind_of_sender)
        if not known:
            return Guesses()
        width = len(self.labels)
        rows = array("b")
        for at in known:
            rows += self.weights[at * width : (at + 1) * width]
        values, telling = list(known.values()), self._written(passage, topics, known)
        found: dict[str, dict[str, Guess]] = {kind: {} for kind in KINDS}
        for at, (kind, label) in enumerate(self.labels):
            share = self.base[at] + self.scale[at] * sum(map(mul, values, rows[at::width]))
            shown = share > TOLD and kind != "mistake"  # it ranks, and is no reason to show
            found[kind][label] = Guess(label, share, self._telling(at, share, known, telling) if shown else ())
        return Guesses(**found)

    def _known(self, passage: Passage, topics: Sequence[TopicScore], kind_of_sender: str) -> dict[int, float]:
        """The places of the known features with their values: the words' of length 1, topics and sender beside."""
        places, rarity = self.places, self.rarity
        found = features(passage) if self.leading else early_features(passage)
        known = {places[name]: value * rarity[places[name]] for name, value in found.items() if name in places}
        length = math.sqrt(sum(value * value for value in known.values())) or 1.0
        known = {at: value / length for at, value in known.items()}
        known |= {places[name]: value for name, value in topic_features(topics).items() if name in places}
        if (at := places.get(f"={kind_of_sender}")) is not None:
            known[at] = KIND_VALUE
        return known

    def _telling(
        self, label: int, share: float, known: Mapping[int, float], telling: Mapping[str, list[int]]
    ) -> tuple[str, ...]:
        """The words that spoke for the label most; not those that say little."""
        width, scale = len(self.labels), self.scale[label]
        said = {
            word: scale * sum(known[at] * self.weights[at * width + label] for at in places)
            for word, places in telling.items()
        }
        least = max(TELLING * share, BESIDE_BEST * max(said.values(), default=0.0))
        return tuple(sorted((word for word in said if said[word] >= least), key=lambda word: -said[word])[:3])

    def _written(
        self, passage: Passage, topics: Sequence[TopicScore], known: Mapping[int, float]
    ) -> dict[str, list[int]]:
        """Words as they stand in the text, with what each is known by: those learnt whole, and the best of a topic.

        Of a word that goes on behind what was learnt only the beginning speaks: it may be another word altogether. So
        may one with the same letter groups.
        """
        languages = [language for language in spoken(passage) if language in READ] or READ
        plain = everyday_words(languages)
        features: dict[str, list[str]] = {}
        for word in {fold(word): word for word in reversed(WORD.findall(passage.text))}.values():
            if word.lower() not in small_words(READ) and fold(word) not in plain and self._is_learnt(word, languages):
                features[word] = [one for one in of_word(fold(word)) if one[0] != GROUP_MARK]
        for topic in topics:
            quoted = next((one.words[0] for one in topic.reasons if one.words and one.source == passage.source), "")
            if quoted:
                features.setdefault(quoted, []).append(f"#{topic.theme.slug}/{topic.topic.slug}")
        places = self.places
        return {word: [places[one] for one in found if places.get(one) in known] for word, found in features.items()}

    def _is_learnt(self, word: str, languages: Iterable[str]) -> bool:
        """Whether a word is known by its beginning, and that beginning stands for the word itself."""
        folded = fold(word)
        if folded[:LONG] not in self.places:
            return False
        return folded in self.whole or any(len(stem(language, word.lower())) <= LONG for language in languages)


TOLD = 0.1  # the least share for which words are looked for
TELLING, BESIDE_BEST = 0.15, 0.3  # of all, and of what the best word gives: what a word must give to be shown


def read_texts(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Labelled texts from JSON lines."""
    return [json.loads(line) for line in lines if line.strip()]


@cache
def model_of(path: str) -> TextModel:
    """The model in a file, read once; without the file it never guesses."""
    if not path or not Path(path).exists():
        return TextModel()
    words = Path(path).with_name(WORDS_FILE)
    whole = words.read_text(encoding="utf-8").split() if words.exists() else ()
    return TextModel(json.loads(gzip.decompress(Path(path).read_bytes())), whole=whole)
