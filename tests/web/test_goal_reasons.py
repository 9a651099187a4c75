"""Goals and flags with the evidence they rest on, wherever staff read a visit."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.languages import LANGUAGES
from app.strategy.edit_models import LearnedWeights
from app.visits.models import Visit
from app.web.evidence import reason_sentences
from tests import cast
from tests.factories import make_visit
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
