"""A city's words and learned weights over its files' defaults."""

from __future__ import annotations

from app.routing.catalogue import ThemeProfile, TopicProfile
from app.routing.edits import Factor, WordChange, in_force, with_factors, with_words

PIPES = TopicProfile("pipes", hosts={"water-board": 1.0, "planning": 0.5}, words={"en": {"sewer": 3, "pipe": 1}})
RAIN = TopicProfile("rain", words={"en": {"rain": 2}})
WATER = ThemeProfile(
    "water", hosts={"climate": 0.8}, goals={"1.3": 1.0, "3.3": 0.5}, sdgs={6: 1.0, 11: 0.5}, topics=(PIPES, RAIN)
)
SPORT = ThemeProfile("sport", hosts={"clubs": 1.0})
THEMES = (WATER, SPORT)


def words(themes: tuple[ThemeProfile, ...], theme: int, topic: int) -> object:
    return themes[theme].topics[topic].words


def test_word_is_added_weighed_anew_and_taken_out() -> None:
    edited = with_words(
        THEMES,
        [
            WordChange("water/pipes", "en", "no-dig", 3),
            WordChange("water/pipes", "en", "pipe", 2),
            WordChange("water/pipes", "en", "sewer", 0),
            WordChange("water/pipes", "de", "Kanal", 2),
        ],
    )
    assert words(edited, 0, 0) == {"en": {"pipe": 2, "no-dig": 3}, "de": {"Kanal": 2}}
    assert words(edited, 0, 1) == {"en": {"rain": 2}}
    assert words(THEMES, 0, 0) == {"en": {"sewer": 3, "pipe": 1}}


def test_theme_without_topics_gets_one_for_its_first_word() -> None:
    edited = with_words(THEMES, [WordChange("sport/general", "en", "handball", 3)])
    assert edited[1].topics == (TopicProfile("general", words={"en": {"handball": 3}}),)


def test_word_for_an_unknown_topic_changes_nothing() -> None:
    assert with_words(THEMES, [WordChange("water/ice", "en", "ice", 3), WordChange("moon/x", "en", "y", 3)]) == THEMES


def test_factor_weighs_a_topics_own_edges_or_those_it_has_from_its_theme() -> None:
    edited = with_factors(
        THEMES,
        [
            Factor("water/pipes", "host", "planning", 1.4, 6),
            Factor("water/rain", "host", "climate", 0.7, 5),
            Factor("water/rain", "goal", "3.3", 1.2, 4),
            Factor("water/rain", "goal", "sdg-11", 1.1, 3),
        ],
    )
    pipes, rain = edited[0].topics
    assert (pipes.hosts, pipes.goals) == ({"water-board": 1.0, "planning": 0.7}, {"1.3": 1.0, "3.3": 0.5})
    assert {slug: round(weight, 3) for slug, weight in rain.hosts.items()} == {"climate": 0.56}
    assert (rain.goals, rain.sdgs) == ({"1.3": 1.0, "3.3": 0.6}, {6: 1.0, 11: 0.55})
    assert edited[0].hosts == {"climate": 0.8}


def test_factor_makes_no_edge() -> None:
    assert with_factors(THEMES, [Factor("sport", "host", "mayor", 1.4, 6)])[1].hosts == {"clubs": 1.0}


def test_themes_stay_the_very_same_while_nothing_changes() -> None:
    known = frozenset({"water", "sport"})
    change = WordChange("water/pipes", "en", "no-dig", 3)
    assert in_force(THEMES, known) is THEMES
    assert in_force(THEMES, known, (change,)) is in_force(THEMES, known, (WordChange(*change),))
    assert in_force(THEMES, known, (change,)) is not in_force(THEMES, known, (change._replace(weight=2),))
    left = in_force(THEMES, frozenset({"water"}))
    assert left == (WATER,)
    assert in_force(THEMES, frozenset({"water"})) is left
