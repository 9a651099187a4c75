"""Goals and flags with the evidence they rest on, wherever staff read a visit."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.languages import LANGUAGES
from app.people.actors import by_user
from app.strategy.edit_models import LearnedWeights
from app.strategy.models import Goal
from app.visits import lifecycle
from app.visits.models import Visit, VisitGoal
from app.web.evidence import reason_sentences
from tests import cast
from tests.factories import make_request, make_visit
from tests.web.office import Store, open_office, user_called, words_of

SERVES = "Water and wastewater serves this goal. Words in the purpose:"
LEARNED = {
    "en": "It counts more than it did at first: learned from 6 visits.",
    "nb": "Det teller mer enn i begynnelsen: lært av 6 besøk.",
    "nn": "Det tel meir enn i byrjinga: lært av 6 besøk.",
}


def section(page: str, title: str) -> str:
    """The words of the part of the page under that heading."""
    return words_of("<main>" + re.split(r"<h2", page.partition(f">{title}</h2>")[2])[0] + "</main>")


def goals_of(store: Store, ref: str) -> dict[str, list[dict[str, object]]]:
    with store() as session:
        visit = session.scalars(select(Visit).where(Visit.ref == ref)).one()
        return {link.goal.slug: link.reasons for link in visit.goal_links}


def received(store: Store, **changes: object) -> str:
    with store() as session:
        return make_visit("received", user=user_called(session, cast.OLA), **changes).ref


def test_goals_are_stored_and_shown_with_subject_and_weight(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    ref = received(store)
    with store() as session:
        routing = session.scalars(select(Visit)).one().routing
        proposed = {one["code"]: list(one["reasons"]) for one in [*routing["priorities"], *routing["sdgs"]]}
    assert goals_of(store, ref) == proposed
    assert all({"subject", "weight"} <= reason.keys() for one in proposed.values() for reason in one)
    browser = office.browser()
    assert SERVES in section(browser.get(f"/visits/{ref}").text, "Goals it serves")
    assert SERVES in words_of(browser.get(f"/visits/{ref}/goals").text)


def test_goals_stored_without_subject_and_weight_are_told_by_what_the_proposal_said(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    ref = received(store)
    with store() as session:
        for link in session.scalars(select(Visit)).one().goal_links:
            link.reasons = [{name: one[name] for name in ("code", "source", "words")} for one in link.reasons]
    browser = office.browser()
    assert SERVES in section(browser.get(f"/visits/{ref}").text, "Goals it serves")
    assert SERVES in words_of(browser.get(f"/visits/{ref}/goals").text)


def test_learned_weight_of_a_goal_is_told_in_words(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    factor = {"topic": "water/pipes", "kind": "goal", "target": "sdg-6", "factor": 1.3, "visits": 6}
    with store() as session:
        session.add(
            LearnedWeights(
                version=1, made_at=cast.MONDAY, learned_from_visits=6, weights=[factor], measures={}, state="active"
            )
        )
    ref = received(store)
    said = section(office.browser().get(f"/visits/{ref}").text, "Goals it serves")
    assert "For Water and wastewater it counts more than it did at first: learned from 6 visits." in said
    assert "learned:" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_learned_weight_stored_without_its_subject_is_a_sentence(app: Flask, language: str) -> None:
    old = {"code": "learned-more", "source": "learned", "words": ["6"]}
    with app.test_request_context("/", headers={"Accept-Language": language}):
        assert reason_sentences([old]) == [LEARNED[language]]


def card_of(page: str, ref: str) -> str:
    """The words of the visit's card on the list, from its heading to the next one."""
    return words_of("<main>" + page.partition(f"/visits/{ref}")[2].partition("<h3")[0] + "</main>")


def test_triage_card_names_the_first_goals_and_tells_why(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        kari = by_user(user_called(session, cast.KARI))
        visit = lifecycle.register(make_request(group_size=45), by=kari, at=cast.MONDAY)
        linked = {one.goal.slug for one in visit.goal_links}
        others = session.scalars(select(Goal).where(Goal.slug.in_(("sdg-3", "sdg-4", "sdg-16"))))
        told = [{"code": "serves", "source": "purpose", "words": ["mains"], "weight": 0.1, "subject": "water/pipes"}]
        visit.goal_links += [VisitGoal(goal=one, score=0.1, reasons=told) for one in others if one.slug not in linked]
        session.flush()
        ref, links = visit.ref, sorted(visit.goal_links, key=lambda one: -one.score)
        names = [one.goal.name_en for one in links]
    card = card_of(office.browser().get("/triage").text, ref)
    line, _, fold = card.partition("What they want")
    assert "Goals it serves: " in line
    assert [name[:40] in line for name in names] == [True] * 3 + [False] * (len(names) - 3)
    assert f" · and {len(names) - 3} more" in line
    assert "SDG 6 Clean Water and Sanitation" in line
    assert SERVES in fold
    assert [name in fold for name in names] == [True] * len(names)
    assert "Large group: The number of people is 45." in fold


def test_inbox_entry_names_the_first_goals_and_the_flags_and_tells_why(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        kari, host = by_user(user_called(session, cast.KARI)), cast.host("byutvikling")
        visit = lifecycle.register(make_request(group_size=45), by=kari, at=cast.MONDAY)
        lifecycle.offer(visit, host, by=kari, at=cast.MONDAY)
        ref = visit.ref
    card = card_of(office.browser(cast.OLA).get("/inbox").text, ref)
    line, _, fold = card.partition("Why these goals and remarks?")
    assert "Goals it serves: " in line
    assert "SDG 6 Clean Water and Sanitation" in line
    assert "Large group" in line
    assert SERVES in fold
    assert "Large group: The number of people is 45." in fold


def test_goal_that_a_person_took_away_is_on_no_card(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        kari = by_user(user_called(session, cast.KARI))
        visit = lifecycle.register(make_request(group_size=45), by=kari, at=cast.MONDAY)
        ref, goals = visit.ref, [link.goal for link in visit.goal_links if link.goal.slug != "sdg-6"]
        lifecycle.correct_goals(visit, goals, by=kari, at=cast.MONDAY)
    card = card_of(office.browser().get("/triage").text, ref)
    assert "Goals it serves:" in card
    assert "SDG 6 " not in card
