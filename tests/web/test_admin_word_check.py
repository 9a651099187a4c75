"""A word that makes a labelled request come out worse is not put in force, and the page says what gets worse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.city.labelled import OWN
from app.strategy.edit_models import Correction, WordDraft
from tests import cast
from tests.web.office import Store, open_office, words_of
from tests.web.taught_words import TAUGHT, edited, label_city, needing_words, put


@pytest.fixture
def city(app: Flask, tmp_path: Path) -> Path:
    label_city(app, tmp_path)
    return tmp_path


WORSE = {
    "en": "Refused: on 2 labelled requests routing gets worse by it.",
    "nb": "Avvist: På 2 henvendelser med fasit blir fordelingen dårligere av det.",
    "nn": "Avvist: På 2 førespurnader med fasit blir fordelinga dårlegare av det.",
}


@pytest.mark.parametrize("language", WORSE)
def test_word_that_harms_a_labelled_request_is_refused_beside_its_field(
    app: Flask, store: Store, city: Path, language: str
) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    browser.set_cookie("lang", language)
    answer = browser.post("/admin/words/edit", data={**TAUGHT, "note": "From a call"})
    assert answer.status_code == 422
    assert WORSE[language] in words_of(answer.text)
    assert "Z1" in answer.text.partition('id="word-error"')[2].partition("</div>")[0]
    assert all(f'value="{typed}"' in answer.text for typed in ("zorbling", "From a call"))
    assert edited(store) == []
    with store() as session:
        assert session.scalars(select(Correction)).all() == []


def test_every_measure_that_falls_is_told_with_how_much(app: Flask, store: Store, city: Path) -> None:
    page = words_of(open_office(app, store).browser(cast.ADA).post("/admin/words/edit", data=TAUGHT).text)
    assert "The decision is right: Worse by 50 points." in page
    assert "This labelled request would come out wrong: Z1." in page


def test_word_that_harms_nothing_is_in_force_and_says_what_it_was_checked_against(
    app: Flask, store: Store, city: Path
) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    page = words_of(browser.post("/admin/words/edit", data={**TAUGHT, "word": "quuxing"}, follow_redirects=True).text)
    assert "“quuxing” means" in page
    assert "now. Checked against 2 labelled requests: nothing is worse." in page
    assert "Before an edit counts, it is checked against 2 labelled requests" in page
    assert edited(store) == [("quuxing", 3.0, False)]


def test_weighing_anew_is_checked_as_teaching_is(app: Flask, store: Store, city: Path) -> None:
    """Of a word that was taken out here, and stands in no file."""
    browser = open_office(app, store).browser(cast.ADA)
    assert browser.post("/admin/words/edit", data={**TAUGHT, "act": "take-out"}).status_code == 303
    assert browser.post("/admin/words/edit", data={**TAUGHT, "word": "ZORBLING"}).status_code == 422
    assert edited(store) == [("zorbling", 3.0, True)]


def test_taking_out_a_word_that_a_labelled_request_needs_is_refused(app: Flask, store: Store, city: Path) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    put(store, "zorbling")
    needing_words(city)
    answer = browser.post("/admin/words/edit", data={**TAUGHT, "act": "take-out"})
    assert answer.status_code == 422
    assert "routing gets worse by it" in words_of(answer.text)
    assert edited(store) == [("zorbling", 3.0, False)]


def test_undoing_what_a_labelled_request_needs_is_refused_and_else_done(app: Flask, store: Store, city: Path) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    needed, other = put(store, "zorbling"), put(store, "quuxing")
    needing_words(city)
    answer = browser.post(f"/admin/words/{needed}/undo")
    assert answer.status_code == 422
    assert "routing gets worse by it" in words_of(answer.text)
    assert 'value="zorbling"' in answer.text
    done = browser.post(f"/admin/words/{other}/undo", follow_redirects=True)
    assert "as the city's files have it again. Checked against 1 labelled request: nothing is worse." in words_of(
        done.text
    )
    assert edited(store) == [("zorbling", 3.0, False)]
    with store() as session:
        kept = session.scalars(select(Correction)).one()
        assert (kept.kind, kept.topic, kept.before, kept.after) == ("word", "climate/emissions", ["en/quuxing"], [])


def test_city_without_labelled_requests_is_told_that_nothing_was_checked(
    app: Flask, store: Store, tmp_path: Path
) -> None:
    app.config["CITY_DIR"] = str(tmp_path)
    browser = open_office(app, store).browser(cast.ADA)
    page = words_of(browser.post("/admin/words/edit", data=TAUGHT, follow_redirects=True).text)
    assert "The city has no labelled requests (cases.jsonl) to check it against." in page
    assert "so no edit can be checked before it counts." in page


def test_labelled_requests_that_cannot_be_read_refuse_every_edit(app: Flask, store: Store, city: Path) -> None:
    (city / OWN).write_text("{", "utf-8")
    answer = open_office(app, store).browser(cast.ADA).post("/admin/words/edit", data=TAUGHT)
    assert answer.status_code == 422
    assert "the labelled requests (cases.jsonl) cannot be read to check it. Line 1" in words_of(answer.text)
    assert edited(store) == []


def drafts(store: Store) -> list[tuple[str, float, bool, str]]:
    with store() as session:
        return [(one.word, one.weight, one.removed, one.note) for one in session.scalars(select(WordDraft))]


def test_refused_word_is_kept_as_a_draft_that_does_not_count_until_it_harms_nothing(
    app: Flask, store: Store, city: Path
) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    refused = browser.post("/admin/words/edit", data={**TAUGHT, "weight": "2", "note": "From a call"})
    assert (refused.status_code, drafts(store)) == (422, [])
    assert 'name="act" value="draft"' in refused.text
    sent = {**TAUGHT, "weight": "2", "note": "From a call", "act": "draft"}
    page = words_of(browser.post("/admin/words/edit", data=sent, follow_redirects=True).text)
    assert "“zorbling” is kept as a draft. It does not count." in page
    assert "These do not count." in page
    assert (drafts(store), edited(store)) == ([("zorbling", 2.0, False, "From a call")], [])
    form = browser.get("/admin/words/edit?topic=climate/emissions&language=en&word=zorbling").text
    assert "This is a draft and does not count. When you save it, it is checked again." in words_of(form)
    assert re.findall(r'checked[^>]*value="(\d)"', form) == ["2"]
    assert browser.post("/admin/words/edit", data={**TAUGHT, "weight": "2"}).status_code == 422
    needing_words(city)
    assert browser.post("/admin/words/edit", data={**TAUGHT, "word": "Zorbling", "weight": "2"}).status_code == 303
    assert (drafts(store), [one[0] for one in edited(store)]) == ([], ["Zorbling"])


def test_draft_is_kept_once_whatever_its_capitals_and_deleted(app: Flask, store: Store, city: Path) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    browser.post("/admin/words/edit", data={**TAUGHT, "act": "draft"})
    browser.post("/admin/words/edit", data={**TAUGHT, "word": "ZORBLING", "act": "draft-take-out"})
    assert drafts(store) == [("zorbling", 3.0, True, "")]
    assert "To be taken out" in words_of(browser.get("/admin/words").text)
    with store() as session:
        number = session.scalars(select(WordDraft.id)).one()
    assert open_office(app, store).browser(cast.KARI).post(f"/admin/words/drafts/{number}/delete").status_code == 403
    page = browser.post(f"/admin/words/drafts/{number}/delete", follow_redirects=True)
    assert "The draft “zorbling” is deleted." in words_of(page.text)
    assert drafts(store) == []
    assert browser.post(f"/admin/words/drafts/{number}/delete").status_code == 404


def test_word_that_labelled_requests_need_is_undone_with_a_reason_that_is_told(
    app: Flask, store: Store, city: Path
) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    number = put(store, "zorbling")
    needing_words(city)
    assert "Undo it all the same" in words_of(browser.post(f"/admin/words/{number}/undo").text)
    without = browser.post(f"/admin/words/{number}/undo", data={"reason": " "})
    assert without.status_code == 422
    assert "Write why it is undone all the same." in words_of(without.text)
    done = browser.post(f"/admin/words/{number}/undo", data={"reason": "The label is wrong."}, follow_redirects=True)
    page = words_of(done.text)
    assert "as the city's files have it again. Labelled requests come out worse than before." in page
    assert "Undone although labelled requests come out worse: The label is wrong." in page
    assert "Ada Administrator : “zorbling” is as the city's files have it again." in page
    assert edited(store) == []


def test_reason_is_not_kept_where_nothing_is_worse(app: Flask, store: Store, city: Path) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    number = put(store, "quuxing")
    done = browser.post(f"/admin/words/{number}/undo", data={"reason": "To see."}, follow_redirects=True)
    assert "nothing is worse" in words_of(done.text)
    with store() as session:
        kept = session.scalars(select(Correction)).one()
        assert (kept.undone, kept.reason) == (True, "")
