"""Reading an enquiry: every field cut into words, each sentence weighed, each theme's words found and quoted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from app.routing.aside import words_in_passing
from app.routing.catalogue import Catalogue
from app.routing.cues import cue
from app.routing.languages import kinds_of_sender, of_short_field, spoken, to_read, unread
from app.routing.lexicon import lexicon_of
from app.routing.matching import Hit
from app.routing.model import model_of
from app.routing.other_places import heads_elsewhere
from app.routing.place_names import NAMING, without_places, words_of_places
from app.routing.ranks import bare_ranks, words_of_ranks
from app.routing.stated import words_of_turns
from app.routing.text import FIELD_CAP, Passage, Word, first_things_first, fold, read, told_early
from app.routing.types import Enquiry
from app.routing.unwanted import contrasted_in, unwanted_in, without

ASKED = 1.2
PLAIN = 1.0
SECONDARY = 0.75
IN_RETURN = 0.3
BACKGROUND = 0.15
NEGATED = 0.0
FIELD_WEIGHTS = {
    "organisation": 1.3,
    "head_title": 0.8,
    "relation": 0.6,
    "event": 0.3,
    "on_behalf_of": 0.5,
    "in_return": 0.15,
}
TOLD_BESIDE = 1.0  # by other words, of a subject that a bare rank tells too
GOVERNING = frozenset({"city", "region", "national-government", "embassy"})
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A theme's word as it stands in a field, and what it is worth there."""

    topic: str
    weight: float
    source: str
    words: tuple[str, ...]
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """An enquiry's fields as passages, the text's languages, and all evidence for topics."""

    purpose: Passage
    asked: Passage  # the purpose without what is denied in it
    fields: dict[str, Passage]
    languages: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    negated: tuple[str, ...]
    refused: tuple[Evidence, ...]  # for topics that the sender does not want to hear of
    unwanted: frozenset[int]  # the places of the words that say so
    told: tuple[Evidence, ...]  # by the purpose, as if nothing in it were denied
    elsewhere: frozenset[int]  # the places of the words that ask for the head of another place's institution
    unread: bool  # in a language that nobody here reads


def read_enquiry(enquiry: Enquiry, catalogue: Catalogue) -> Reading:
    """Read all fields; the work grows with the text (capped), not with the number of hosts."""
    purpose = read("purpose", enquiry.purpose)
    languages = spoken(purpose)
    fields = {name: read(name, getattr(enquiry, name), FIELD_CAP) for name in FIELD_WEIGHTS}
    weights = _sentence_weights(purpose)
    unwanted = unwanted_in(purpose)
    elsewhere = heads_elsewhere(purpose, catalogue)
    denied, said = contrasted_in(purpose) | unwanted, words_of_turns(purpose) | elsewhere
    city = frozenset(name.lower() for name in catalogue.rules.city_names)
    words_known = model_of(catalogue.model).places
    found = lexicon_of(catalogue.themes).find(purpose, to_read(purpose, enquiry.country), city, words_known)
    hits = [hit for hit in found if not said.issuperset(hit.at)]
    evidence = list(_in_purpose(purpose, hits, weights, denied))
    for name, passage in fields.items():
        if passage.words:
            evidence.extend(_in_field(name, passage, enquiry, catalogue, languages))
    evidence = without_bare_ranks(evidence)
    negated = tuple(purpose.words[at].folded for at in sorted(denied))
    asked = without(purpose, unwanted | said)
    told = tuple(Evidence(hit.topic, hit.weight, purpose.source, _quotes(purpose, hit.at), hit.at) for hit in hits)
    refused = tuple(one for one in told if unwanted.issuperset(one.at))
    return Reading(
        purpose=purpose,
        asked=asked,
        fields=fields,
        languages=languages,
        evidence=tuple(evidence),
        negated=negated,
        refused=refused,
        unwanted=unwanted,
        told=told,
        elsewhere=elsewhere,
        unread=unread(purpose),
    )


def told_of_each_topic(evidence: Iterable[Evidence]) -> dict[str, float]:
    """What the purpose tells of each topic."""
    totals: dict[str, float] = defaultdict(float)
    for one in evidence:
        if one.source == "purpose":
            totals[one.topic] += one.weight
    return totals


def without_bare_ranks(evidence: list[Evidence]) -> list[Evidence]:
    """Evidence without "director" and the like, but for a subject that other words of the request tell too."""
    bare = [one for one in evidence if len(one.words) == 1 and fold(one.words[0]) in bare_ranks()]
    told: dict[str, float] = {}
    for one in evidence if bare else ():
        theme = one.topic.split("/")[0]
        told[theme] = told.get(theme, 0.0) + (0.0 if one in bare else one.weight)
    return [one for one in evidence if one not in bare or told[one.topic.split("/")[0]] >= TOLD_BESIDE]


def _in_field(
    name: str, passage: Passage, enquiry: Enquiry, catalogue: Catalogue, languages: tuple[str, ...]
) -> list[Evidence]:
    """What a short field tells: a sender's place nothing, its rank or kind only what other words there tell as well."""
    city = frozenset(one.lower() for one in catalogue.rules.city_names)
    unsaying = city | kinds_of_sender() if name == "organisation" else city
    hits = lexicon_of(catalogue.themes).find(passage, of_short_field(enquiry.country, languages), unsaying)
    if name in NAMING:
        places, ranks = words_of_places(passage, enquiry, catalogue.themes), words_of_ranks(passage)
        hits = [hit for hit in hits if not places.issuperset(hit.at)]
        told = {hit.topic.split("/")[0] for hit in hits if not (places | ranks).issuperset(hit.at)}
        hits = [hit for hit in hits if hit.topic.split("/")[0] in told or not (places | ranks).issuperset(hit.at)]
    return [
        Evidence(hit.topic, hit.weight * FIELD_WEIGHTS[name], name, _quotes(passage, hit.at), hit.at)
        for hit in hits
        if not _is_office(name, hit.topic, enquiry)
    ]


def name_and_title(enquiry: Enquiry, catalogue: Catalogue) -> Passage:
    """The sender's name and the title of the delegation's head, without places, as one text for the word model."""
    texts = (enquiry.organisation, enquiry.head_title)
    name, title = (without_places(text, enquiry, catalogue.themes) for text in texts)
    return read("organisation", f"{name}. {title}")


def for_the_lead(reading: Reading) -> Reading:
    """The same reading with what stands first weighing more: whom the main errand concerns is who leads."""
    return _weighed(reading, lambda word: told_early(word.start))


def for_the_parts(reading: Reading) -> Reading:
    """The same reading with the first sentences weighing more, all of a sentence alike."""
    return _weighed(reading, lambda word: first_things_first(word.sentence))


def _weighed(reading: Reading, worth: Callable[[Word], float]) -> Reading:
    words = reading.purpose.words
    evidence = (
        replace(item, weight=item.weight * worth(words[item.at[0]])) if item.source == "purpose" else item
        for item in reading.evidence
    )
    return replace(reading, evidence=tuple(evidence))


def _is_office(field: str, topic: str, enquiry: Enquiry) -> bool:
    """That a city calls itself a city council, or its head a councillor, does not make that the subject."""
    about_government = topic.split("/")[0] in ("governance", "municipal-operations")
    return about_government and field in ("organisation", "head_title") and enquiry.organisation_type in GOVERNING


def _in_purpose(passage: Passage, hits: list[Hit], weights: list[float], denied: frozenset[int]) -> Iterator[Evidence]:
    passing = words_in_passing(passage)
    for hit in hits:
        factor = NEGATED if denied.intersection(hit.at) else weights[passage.words[hit.at[0]].sentence]
        if factor > IN_RETURN and passing.intersection(hit.at):
            factor *= SECONDARY
        if factor:
            yield Evidence(hit.topic, hit.weight * factor, passage.source, _quotes(passage, hit.at), hit.at)


def _quotes(passage: Passage, at: tuple[int, ...]) -> tuple[str, ...]:
    first, last = passage.words[at[0]], passage.words[at[-1]]
    if at[-1] - at[0] == len(at) - 1:
        return (passage.quote(first.start, last.end),)
    return tuple(passage.quote(passage.words[spot].start, passage.words[spot].end) for spot in at)


def _sentence_weights(passage: Passage) -> list[float]:
    starts = [0, *(match.end() for match in _PARAGRAPH.finditer(passage.folded))]
    backgrounds = [
        (start, end)
        for start, end in zip(starts, [*starts[1:], len(passage.folded)], strict=True)
        if cue("background").search(passage.folded[start : min(end, start + 300)])
    ]
    weights = []
    for start, end in passage.sentences:
        inside = any(first <= start < last for first, last in backgrounds)
        weights.append(BACKGROUND if inside else _weight(passage.folded[start : min(end, start + 1500)]))
    return weights


def _weight(sentence: str) -> float:
    if cue("in_return").search(sentence):
        return IN_RETURN
    return ASKED if cue("ask").search(sentence) else PLAIN
