"""Taught words and learned weights reach routing at once, and are forgotten as quickly."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Invalid, NotAllowed
from app.people.actors import Actor, by_user
from app.people.models import User
from app.routing import Catalogue
from app.routing.edits import Factor
from app.routing.labelled import read_labelled
from app.routing.learning import Weights
from app.strategy.edit_models import Correction, LearnedWeights, WordEdit
from app.strategy.models import Goal, Theme
from app.strategy.words import edit_word, undo_edit, word_edits
from app.visits import lifecycle
from app.visits.corrections import teach_word
from app.visits.learning import activate, check, deactivate, keep_weights, learn_from_visits, stored, versions
from app.visits.models import Visit
from app.visits.reading import current_catalogue
from app.visits.routing import proposal_for
from app.visits.taught import weights_in_force
from app.visits.word_check import check_edit, taught_as
from tests import cast
from tests.factories import make_visit

CASES = Path(__file__).resolve().parents[1] / "cases" / "open.jsonl"
STRANGE = "We should like to hear how you look after your zorbling, and meet those who do it."


def files() -> Catalogue:
    base: Catalogue = current_app.extensions["city-catalogue"]
    return base


def people() -> tuple[Actor, User, User]:
    """The coordinator as an actor, and two members of the same host."""
    kari, ola, ulrik = cast.bring(cast.KARI, cast.OLA, cast.ULRIK)
    return by_user(kari), ola, ulrik


def few_cases() -> list[dict[str, Any]]:
    return read_labelled(CASES.read_text("utf-8").splitlines()[:12])


def theme_codes(visit: Visit) -> list[str]:
    return [theme.code for theme in proposal_for(visit).themes]


def quoted_words(visit: Visit) -> set[str]:
    return {word for theme in proposal_for(visit).themes for one in theme.reasons for word in one.words}


def corrections(session: Session, kind: str) -> list[Correction]:
    return list(session.scalars(select(Correction).where(Correction.kind == kind).order_by(Correction.id)))


def test_taught_word_is_understood_at_once_and_forgotten_when_undone(session: Session) -> None:
    kari, ola, _ulrik = people()
    visit = make_visit("received", user=ola, purpose=STRANGE, themes=[])
    assert "gastronomy" not in theme_codes(visit)
    topic = next(f"{t.slug}/{t.topics[0].slug}" for t in files().themes if t.slug == "gastronomy")
    checked = check_edit(taught_as(topic, "en", "zorbling", 3.0), few_cases()[:1], files())
    edit = teach_word(topic, "en", "zorbling", weight=3.0, checked=checked, visit=visit, by=kari)
    assert theme_codes(visit)[0] == "gastronomy"
    assert [(one.visit_id, one.topic, one.after) for one in corrections(session, "word")] == [
        (visit.id, topic, ["en/zorbling"])
    ]
    undo_edit(edit)
    assert "gastronomy" not in theme_codes(visit)


def test_removed_default_tells_of_nothing_any_more(session: Session) -> None:
    kari, ola, _ulrik = people()
    visit = make_visit("received", user=ola, purpose="Tell us about your sewers.", themes=[])
    assert "sewers" in quoted_words(visit)
    for theme in files().themes:
        for topic in theme.topics:
            for word in topic.words.get("en", {}):
                if "sewer" in word.lower():
                    edit_word(f"{theme.slug}/{topic.slug}", "en", word, weight=1.0, removed=True, by=kari)
    assert "sewers" not in quoted_words(visit)


def test_themes_are_the_very_same_objects_while_nothing_changes(session: Session) -> None:
    kari, *_others = people()
    assert current_catalogue().themes is files().themes
    edit_word("water/pipes", "en", "no-dig relining", weight=2.0, by=kari)
    edited = current_catalogue().themes
    assert edited is not files().themes
    assert current_catalogue().themes is edited
    session.scalars(select(Theme).where(Theme.slug == "gastronomy")).one().retired_at = cast.MONDAY
    assert current_catalogue().themes is current_catalogue().themes
    assert "gastronomy" not in {theme.slug for theme in current_catalogue().themes}


@pytest.mark.parametrize(
    "word", ["", "x", "a, b", "*", "ab*", "city pipe*", "<b>", "1*", "x" * 61, "a b c d e f g", "%"]
)
def test_word_that_cannot_be_found_is_refused(session: Session, word: str) -> None:
    kari, *_others = people()
    with pytest.raises(Invalid):
        edit_word("water/pipes", "en", word, weight=2.0, by=kari)


def test_same_word_edited_again_replaces_the_edit(session: Session) -> None:
    kari, *_others = people()
    edit_word("water/pipes", "en", "no-dig", weight=2.0, by=kari)
    edit_word("water/pipes", "en", " no-dig ", weight=3.0, note="asked often", by=kari)
    assert [(one.word, one.weight, one.note) for one in word_edits(topic="water/pipes")] == [
        ("no-dig", 3.0, "asked often")
    ]


def test_word_is_one_row_whatever_its_capitals(session: Session) -> None:
    kari, ola, _ulrik = people()
    visit = make_visit("received", user=ola, purpose=STRANGE, themes=[])
    topic = next(f"{t.slug}/{t.topics[0].slug}" for t in files().themes if t.slug == "gastronomy")
    edit_word(topic, "en", "Grønn zorbling", weight=2.0, by=kari)
    edit_word(topic, "en", "GRØNN Zorbling", weight=3.0, by=kari)
    edit_word(topic, "en", "zorbling", weight=3.0, by=kari)
    assert theme_codes(visit)[0] == "gastronomy"
    edit_word(topic, "en", "ZORBLING", weight=3.0, removed=True, by=kari)
    assert [(one.word, one.weight, one.removed) for one in word_edits(topic=topic)] == [
        ("Grønn zorbling", 3.0, False),
        ("zorbling", 3.0, True),
    ]
    assert "gastronomy" not in theme_codes(visit)


def test_rows_kept_for_two_spellings_count_as_the_later_one_and_become_one(session: Session) -> None:
    """As they were stored before spellings were seen as one word."""
    kari, ola, _ulrik = people()
    visit = make_visit("received", user=ola, purpose=STRANGE, themes=[])
    topic = next(f"{t.slug}/{t.topics[0].slug}" for t in files().themes if t.slug == "gastronomy")
    for hours, (word, removed) in enumerate((("zorbling", False), ("ZORBLING", True))):
        at = cast.MONDAY + timedelta(hours=hours)
        session.add(WordEdit(topic=topic, language="en", word=word, weight=3.0, removed=removed, at=at))
    session.flush()
    assert "gastronomy" not in theme_codes(visit)
    edit_word(topic, "en", "Zorbling", weight=3.0, by=kari)
    assert [(one.word, one.removed) for one in word_edits(topic=topic)] == [("ZORBLING", False)]
    assert theme_codes(visit)[0] == "gastronomy"
    session.add(WordEdit(topic=topic, language="en", word="zorbling", weight=3.0, at=cast.MONDAY))
    session.flush()
    undo_edit(word_edits(topic=topic)[0])
    assert word_edits(topic=topic) == []


def test_reassigning_and_correcting_goals_are_kept_to_learn_from(session: Session) -> None:
    kari, ola, _ulrik = people()
    visit = make_visit("claimed", user=ola)
    lifecycle.reassign(visit, cast.host("brannvesen"), reason="They asked for the pumps.", by=kari)
    goals = {goal.slug: goal for goal in session.scalars(select(Goal))}
    suggested = sorted(link.goal.slug for link in visit.goal_links)
    lifecycle.correct_goals(visit, [goals["2.3"], goals["sdg-4"]], by=kari)
    lead, goal = corrections(session, "lead"), corrections(session, "goal")
    assert [(one.topic, one.before, one.after) for one in lead] == [("water/pipes", ["byutvikling"], ["brannvesen"])]
    assert [(one.before, one.after) for one in goal] == [(suggested, ["2.3", "sdg-4"])]


def test_host_asked_for_a_part_that_routing_did_not_suggest_is_kept(session: Session) -> None:
    kari, ola, _ulrik = people()
    visit = make_visit("claimed", user=ola)
    lifecycle.offer(visit, cast.host("brannvesen"), part="part", by=kari)
    assert [one.after for one in corrections(session, "co-host")] == [["brannvesen"]]


def four_reassigned(kari: Actor, ola: User) -> list[Visit]:
    """Four visits about pipes, whose lead the coordinator gave to another host of that subject."""
    visits = [make_visit("claimed", user=ola, contact_email=f"m{n}@utrecht.example.org") for n in range(4)]
    for visit in visits:
        lifecycle.reassign(visit, cast.host("bymiljoetaten"), reason="They run it.", by=kari)
    return visits


def test_weights_are_learned_from_visits_reproducibly_and_reach_routing_with_a_reason(session: Session) -> None:
    kari, ola, ulrik = people()
    four_reassigned(kari, ola)
    weights = learn_from_visits(files())
    assert weights == learn_from_visits(files())
    assert weights.visits == 4
    assert ("water/pipes", "host", "byutvikling", 0.8, 4) in weights.factors
    elsewhere = [case for case in few_cases() if not set(case["expected"]["lead"]) & {"byutvikling", "bymiljoetaten"}]
    assert keep_weights(weights, check(weights, elsewhere[:2], files()), by=kari).state == "active"
    visit = make_visit("received", user=ulrik, contact_email="new@utrecht.example.org")
    reasons = [one for host in proposal_for(visit).ranked for one in host.reasons if one.code == "learned-less"]
    assert [(one.words, one.subject) for one in reasons] == [(("4",), "water/pipes")]


def test_weights_with_which_a_measure_falls_are_refused_and_change_nothing(session: Session) -> None:
    kari, *_others = people()
    harmful = Weights(
        tuple(
            Factor(f"{theme.slug}/{topic.slug}", "host", slug, 0.01, 9)
            for theme in files().themes
            for topic in theme.topics
            for slug, weight in topic.hosts.items()
            if weight == 1.0
        ),
        9,
    )
    checked = check(harmful, few_cases(), files())
    assert "lead_at_1" in checked.fallen
    row = keep_weights(harmful, checked, by=kari)
    assert (row.state, row.measures["fallen"]) == ("refused", list(checked.fallen))
    assert weights_in_force() == Weights()
    assert current_catalogue().themes is files().themes


def test_earlier_version_can_be_put_in_force_again_and_none_as_well(session: Session) -> None:
    kari, *_others = people()
    harmless = Weights((Factor("water/pipes", "host", "byutvikling", 1.1, 3),), 3)
    checked = check(harmless, few_cases()[:1], files())
    first = keep_weights(harmless, checked, by=kari)
    second = keep_weights(Weights((), 5), checked, by=kari)
    assert [(row.version, row.state) for row in versions()] == [(2, "active"), (1, "kept")]
    activate(first, checked)
    session.refresh(second)
    assert [row.state for row in versions()] == ["kept", "active"]
    assert weights_in_force() == stored(first) == harmless
    deactivate()
    session.expire_all()
    assert [row.state for row in versions()] == ["kept", "kept"]
    assert weights_in_force() == Weights()


def test_weights_that_nothing_can_check_are_refused(session: Session) -> None:
    kari, *_others = people()
    with pytest.raises(NotAllowed, match="no-labelled-cases"):
        keep_weights(Weights(), check(Weights(), [], files()), by=kari)


def test_learned_weights_are_stored_as_plain_data(session: Session) -> None:
    kari, *_others = people()
    weights = Weights((Factor("water/pipes", "host", "byutvikling", 1.1, 3),), 14)
    keep_weights(weights, check(weights, few_cases()[:1], files()), by=kari)
    row = session.scalars(select(LearnedWeights)).one()
    assert row.learned_from_visits == 14
    assert json.loads(json.dumps(row.weights)) == [
        {"topic": "water/pipes", "kind": "host", "target": "byutvikling", "factor": 1.1, "visits": 3}
    ]
