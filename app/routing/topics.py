"""From evidence to scores per topic and theme: repeated words count less, a decisive topic absorbs its look-alikes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.routing.catalogue import Catalogue, ThemeProfile, TopicProfile
from app.routing.evidence import Evidence, Reading
from app.routing.types import Enquiry, Reason

REPEATED = 0.4
TICK_ALONE = 2.0
TICK_OF_TWO = 1.5
TICK_OF_MANY = 0.8
THROUGH_NETWORK = 1.5
TOLD = 1.0
DECISIVE = 2.4
ABSORBED = 0.75
ACADEMIC = "higher-education/"
ACADEMIC_ENOUGH = 2.5
STUDIED = 0.6
CLEARLY = 2.4
NEXT_TO_IT = 0.4
QUOTED = 3  # of the reasons of a field, the heaviest


@dataclass(frozen=True, slots=True)
class TopicScore:
    """A topic with its score and reasons; `text` is what words alone gave, `asked` those of the purpose only."""

    theme: ThemeProfile
    topic: TopicProfile
    score: float
    text: float
    asked: float
    reasons: tuple[Reason, ...]

    def standing(self, best: float) -> float:
        """The score as seen beside the best topic's: side subjects count less than in proportion."""
        return self.score * (self.score / best) ** 0.5 if best > 0 else 0.0


def clearly_about(topics: Sequence[TopicScore]) -> frozenset[str]:
    """The themes that the text itself tells of most; none where no word decides one."""
    best = max((topic.text for topic in topics), default=0.0)
    if best < CLEARLY:
        return frozenset()
    return frozenset(topic.theme.slug for topic in topics if topic.text >= best * NEXT_TO_IT)


def told_in(topic: TopicScore) -> str:
    """The field that told of the topic: where its words stand, before what was only ticked."""
    return next((reason.source for reason in topic.reasons if reason.words), topic.reasons[0].source)


def quoted_in(topic: TopicScore, source: str) -> tuple[str, ...]:
    """The words of the heaviest reasons that stand in one field."""
    found = [reason.words for reason in topic.reasons if reason.words and reason.source == source]
    return tuple(word for words in found[:QUOTED] for word in words)


def score_topics(
    enquiry: Enquiry, reading: Reading, catalogue: Catalogue, network_themes: tuple[str, ...] = ()
) -> list[TopicScore]:
    """All topics with any score, best first."""
    evidence = _by_topic(reading.evidence)
    totals = {topic: _total(items) for topic, items in evidence.items()}
    strongest = {
        topic: max((item.weight for item in items if item.source == "purpose"), default=0.0)
        for topic, items in evidence.items()
    }
    _absorb(catalogue, totals, strongest)
    _as_object_of_study(enquiry, totals)
    ticks = _ticks(enquiry, catalogue)
    told_of = {theme.slug: _told_of(theme, totals) for theme in catalogue.themes}
    scores = []
    for theme in catalogue.themes:
        for topic in _with_general(theme):
            name = f"{theme.slug}/{topic.slug}"
            text = totals.get(name, 0.0)
            told = topic.slug == told_of.get(theme.slug, "")
            tick = ticks.get(theme.slug, 0.0) if told else 0.0
            network = THROUGH_NETWORK if told and theme.slug in network_themes else 0.0
            if text + tick + network > 0:
                reasons = _reasons(name, evidence.get(name, []), tick, network)
                asked = _total([item for item in evidence.get(name, []) if item.source == "purpose"])
                scores.append(TopicScore(theme, topic, text + tick + network, text, min(asked, text), reasons))
    return sorted(scores, key=lambda score: (-score.score, score.theme.slug, score.topic.slug))


def _told_of(theme: ThemeProfile, totals: dict[str, float]) -> str:
    """The topic of the theme that the text tells most of: a tick means that one. Empty where it tells of none."""
    best = max(theme.topics, key=lambda topic: totals.get(f"{theme.slug}/{topic.slug}", 0.0), default=TopicProfile(""))
    return best.slug if totals.get(f"{theme.slug}/{best.slug}", 0.0) >= TOLD else ""


def _with_general(theme: ThemeProfile) -> list[TopicProfile]:
    return [*theme.topics, TopicProfile("")]


def _by_topic(evidence: tuple[Evidence, ...]) -> dict[str, list[Evidence]]:
    found: dict[str, list[Evidence]] = defaultdict(list)
    for item in evidence:
        found[item.topic].append(item)
    return found


def _total(items: list[Evidence]) -> float:
    """Sum of distinct words; the same word again adds a little; a word inside a counted phrase adds nothing."""
    spent: dict[str, set[int]] = defaultdict(set)
    times: dict[tuple[str, ...], int] = defaultdict(int)
    total = 0.0
    for item in sorted(items, key=lambda item: (-item.weight * (1 + 0.1 * len(item.at)), item.at)):
        if spent[item.source].intersection(item.at):
            continue
        spent[item.source].update(item.at)
        key = tuple(word.lower()[:6] for word in item.words)
        times[key] += 1
        total += item.weight if times[key] == 1 else item.weight * REPEATED if times[key] <= 3 else 0.0
    return total


def _absorb(catalogue: Catalogue, totals: dict[str, float], strongest: dict[str, float]) -> None:
    """A topic found by a decisive word takes over most of the evidence of topics it is easily mistaken for."""
    for theme in catalogue.themes:
        for topic in theme.topics:
            name = f"{theme.slug}/{topic.slug}"
            if not topic.absorbs or strongest.get(name, 0.0) < DECISIVE:
                continue
            for other in list(totals):
                if other != name and any(other == taken or other.startswith(f"{taken}/") for taken in topic.absorbs):
                    if totals[other] * 0.5 <= totals[name]:
                        moved = totals[other] * ABSORBED
                        totals[other] -= moved
                        totals[name] += moved * 0.5


def _as_object_of_study(enquiry: Enquiry, totals: dict[str, float]) -> None:
    """When a university writes of research or studies, other subjects are what it studies, not whom it will meet."""
    academic = sum(total for topic, total in totals.items() if topic.startswith(ACADEMIC))
    if enquiry.organisation_type == "university" and academic >= ACADEMIC_ENOUGH:
        for topic in totals:
            if not topic.startswith(ACADEMIC):
                totals[topic] *= STUDIED


def _ticks(enquiry: Enquiry, catalogue: Catalogue) -> dict[str, float]:
    known = [theme.slug for theme in catalogue.themes if theme.slug in enquiry.themes]
    each = TICK_ALONE if len(known) == 1 else TICK_OF_TWO if len(known) == 2 else TICK_OF_MANY
    return dict.fromkeys(known, each)


def _reasons(name: str, evidence: list[Evidence], tick: float, network: float) -> tuple[Reason, ...]:
    reasons: list[Reason] = []
    if tick:
        reasons.append(Reason("ticked", "themes", (), round(tick, 2), name.split("/")[0]))
    if network:
        reasons.append(Reason("through-network", "relation", (), network, name.split("/")[0]))
    best: dict[tuple[str, tuple[str, ...]], float] = {}
    for item in evidence:
        key = (item.source, item.words)
        best[key] = max(best.get(key, 0.0), item.weight)
    for (source, words), weight in sorted(best.items(), key=lambda pair: -pair[1])[:6]:
        reasons.append(Reason("words", source, words, round(weight, 2), name.rstrip("/")))
    return tuple(reasons)
