"""A city's own changes over its files: words taught, weighed anew or taken out, and learned weights; pure."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from app.routing.catalogue import ThemeProfile, TopicProfile

GENERAL = "general"  # the topic that a theme without topics gets when a word is taught for it
# Log odds of leading and of taking part for a factor of 2; what is learned lies between 0.7 and 1.4.
LEAD_ODDS, PART_ODDS = 8.0, 5.0
MOST_ON_EDGE = 1.4  # of the default, however often a host was chosen
MOST_KEPT = 4  # themes as edited, kept in memory; the lexicon keeps as many

Themes = tuple[ThemeProfile, ...]


class WordChange(NamedTuple):
    """A word of a topic ("theme/topic") in one language with the weight it has here; weight 0 takes it out."""

    topic: str
    language: str
    word: str
    weight: float


class Factor(NamedTuple):
    """How much more (above 1) or less an edge from a topic to a host or goal counts, learned from so many visits.

    Of kind "part" it is how much more a host is asked to take part where this is the main subject; of kind "lead", how
    much more it leads there, whatever edges the subject has.
    """

    topic: str
    kind: str  # host | goal | part | lead
    target: str  # a host's slug, "1.3", "sdg-11"
    factor: float
    visits: int


def with_words(themes: Themes, changes: Iterable[WordChange]) -> Themes:
    """The themes with these changes over their words; a change for a topic that does not exist changes nothing."""
    by_theme: dict[str, dict[str, list[WordChange]]] = defaultdict(lambda: defaultdict(list))
    for change in changes:
        theme, _slash, topic = change.topic.partition("/")
        by_theme[theme][topic].append(change)
    return tuple(
        _theme_with_words(theme, by_theme[theme.slug]) if theme.slug in by_theme else theme for theme in themes
    )


def topics_of(theme: ThemeProfile) -> tuple[TopicProfile, ...]:
    """The topics that words can be taught for; a theme without topics has one, for the theme as a whole."""
    return theme.topics or (TopicProfile(GENERAL),)


def _theme_with_words(theme: ThemeProfile, changes: Mapping[str, list[WordChange]]) -> ThemeProfile:
    topics = (
        replace(topic, words=_words(topic.words, changes[topic.slug])) if topic.slug in changes else topic
        for topic in topics_of(theme)
    )
    return replace(theme, topics=tuple(topics))


def _words(words: Mapping[str, Mapping[str, float]], changes: list[WordChange]) -> dict[str, dict[str, float]]:
    edited = {language: dict(weights) for language, weights in words.items()}
    for change in changes:
        weights = edited.setdefault(change.language, {})
        spelled = change.word.casefold()
        for other in [word for word in weights if word.casefold() == spelled and word != change.word]:
            del weights[other]
        if change.weight > 0:
            weights[change.word] = change.weight
        else:
            weights.pop(change.word, None)
    return {language: weights for language, weights in edited.items() if weights}


def with_factors(themes: Themes, factors: Iterable[Factor]) -> Themes:
    """The themes with these factors on their edges; where there is no edge, none is made."""
    by_topic: dict[str, list[Factor]] = defaultdict(list)
    for factor in factors:
        by_topic[factor.topic].append(factor)
    return tuple(_theme_with_factors(theme, by_topic) for theme in themes) if by_topic else themes


def _theme_with_factors(theme: ThemeProfile, by_topic: Mapping[str, list[Factor]]) -> ThemeProfile:
    topics = []
    for topic in theme.topics:
        if factors := by_topic.get(f"{theme.slug}/{topic.slug}"):
            hosts, goals, sdgs = _weighed(topic, theme, factors)
            leads, parts = _odds(factors, ("host", "lead"), LEAD_ODDS), _odds(factors, ("part",), PART_ODDS)
            topic = replace(topic, hosts=hosts, goals=goals, sdgs=sdgs, learned_leads=leads, learned_parts=parts)
        topics.append(topic)
    theme = replace(theme, topics=tuple(topics))
    if own := by_topic.get(theme.slug):
        hosts, goals, sdgs = _weighed(theme, theme, own)
        leads, parts = _odds(own, ("host", "lead"), LEAD_ODDS), _odds(own, ("part",), PART_ODDS)
        theme = replace(theme, hosts=hosts, goals=goals, sdgs=sdgs, learned_leads=leads, learned_parts=parts)
    return theme


def _odds(factors: list[Factor], kinds: tuple[str, ...], most: float) -> dict[str, float]:
    return {one.target: round(most * (one.factor - 1), 3) for one in factors if one.kind in kinds}


def _weighed(
    subject: ThemeProfile | TopicProfile, theme: ThemeProfile, factors: list[Factor]
) -> tuple[dict[str, float], dict[str, float], dict[int, float]]:
    """The subject's maps of hosts, goals and SDGs, its theme's where it has none, with the factors on them."""
    hosts, goals = dict(subject.hosts or theme.hosts), dict(subject.goals or theme.goals)
    sdgs = dict(subject.sdgs or theme.sdgs)
    for factor in (one for one in factors if one.kind != "part"):
        number = factor.target.removeprefix("sdg-")
        if factor.kind in ("host", "lead") and factor.target in hosts:
            hosts[factor.target] *= min(factor.factor, MOST_ON_EDGE)
        elif factor.target in goals:
            goals[factor.target] *= factor.factor
        elif number.isdecimal() and int(number) in sdgs:
            sdgs[int(number)] *= factor.factor
    return hosts, goals, sdgs


_Key = tuple[int, frozenset[str], tuple[WordChange, ...], tuple[Factor, ...]]
_KEPT: OrderedDict[_Key, tuple[Themes, Themes]] = OrderedDict()


def in_force(
    themes: Themes, known: frozenset[str], changes: tuple[WordChange, ...] = (), factors: tuple[Factor, ...] = ()
) -> Themes:
    """The themes of which `known` holds the slug, edited; the very same tuple while nothing changes.

    Routing keeps what it has read from a tuple of themes, so a new tuple for every request would cost it every time.
    """
    key = (id(themes), known, changes, factors)
    kept = _KEPT.get(key)
    if kept is None or kept[0] is not themes:
        left = themes if all(theme.slug in known for theme in themes) else _only(themes, known)
        edited = with_factors(with_words(left, changes), factors) if changes or factors else left
        _KEPT[key] = kept = (themes, edited)
        while len(_KEPT) > MOST_KEPT:
            _KEPT.popitem(last=False)
    return kept[1]


def _only(themes: Themes, known: frozenset[str]) -> Themes:
    return tuple(theme for theme in themes if theme.slug in known)
