"""A word that makes a labelled request come out worse is not put in force, and the page says what gets worse."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.city.labelled import OWN
from app.people.actors import SYSTEM, by_user
from app.routing.bench import bench
from app.routing.learning import Weights
from app.strategy.edit_models import Correction, LearnedWeights, WordDraft, WordEdit
from app.strategy.words import edit_word
from app.visits import word_check
from app.visits.learning import Check, keep_weights
from app.web.admin import bench as bench_page
from app.web.admin import word_checks
from tests import cast
from tests.test_cli_routing import SERVICE
from tests.web.office import Store, open_office, user_called, words_of

UNCLEAR = "We should like to hear how you look after your zorbling, and meet those who do it."
BOTH = "We should like to hear about your sewer pipes and water mains, zorbling and quuxing."
# No goal is labelled that routing finds: only the lead can get worse.
LED = {"decision": "route", "lead": ["byutvikling"], "priorities": ["1.2"], "sdgs": [1]}
TAUGHT: dict[str, Any] = {"word": "zorbling", "language": "en", "topic": "climate/emissions", "weight": "3"}


def labelled(identity: str, purpose: str, **expected: object) -> str:
    """One labelled request, as a line of a file."""
    request = {**SERVICE["request"], "purpose": purpose}  # type: ignore[dict-item]
    return json.dumps({"id": identity, "request": request, "expected": expected})


@pytest.fixture
def city(app: Flask, tmp_path: Path) -> Path:
    """A city whose labelled requests say that nobody can know what zorbling is about."""
    unclear = labelled("Z1", UNCLEAR, decision="coordinator-review", flags=["unclear-purpose"])
    (tmp_path / OWN).write_text(f"{json.dumps(SERVICE)}\n{unclear}\n", "utf-8")
    app.config["CITY_DIR"] = str(tmp_path)
    return tmp_path


def edited(store: Store) -> list[tuple[str, float, bool]]:
    with store() as session:
        return [(one.word, one.weight, one.removed) for one in session.scalars(select(WordEdit).order_by(WordEdit.id))]


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


def put(
    store: Store, word: str, topic: str = "climate/emissions", *, weight: float = 3.0, removed: bool = False
) -> int:
    """A word in force that nobody checked, as words of earlier versions are."""
    with store() as session:
        ada = by_user(user_called(session, cast.ADA))
        return edit_word(topic, "en", word, weight=weight, removed=removed, by=ada).id


def needing_words(city: Path) -> None:
    """The labelled request is right only with what is taught of zorbling."""
    (city / OWN).write_text(labelled("Z1", UNCLEAR, decision="route", lead=["klimaetaten"]), "utf-8")


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


def together_harmful(city: Path) -> None:
    """Either word may mean emissions; with both, emissions outweigh the pipes."""
    (city / OWN).write_text(labelled("B1", BOTH, **LED), "utf-8")


@pytest.mark.parametrize("first", ["zorbling", "quuxing"])
def test_two_words_that_harm_only_together_are_not_both_put_in_force(
    app: Flask, store: Store, city: Path, first: str
) -> None:
    together_harmful(city)
    browser = open_office(app, store).browser(cast.ADA)
    second = {"zorbling": "quuxing", "quuxing": "zorbling"}[first]
    assert browser.post("/admin/words/edit", data={**TAUGHT, "word": first}).status_code == 303
    assert browser.post("/admin/words/edit", data={**TAUGHT, "word": second}).status_code == 422
    assert [one[0] for one in edited(store)] == [first]


def meanwhile(monkeypatch: pytest.MonkeyPatch, *does: Callable[[], object]) -> None:
    """After each check somebody else is faster, one thing after the other."""
    left = list(does)

    def checked(*given: Any) -> Any:
        found = word_check.check_edit(*given)
        if left:
            left.pop(0)()
        return found

    monkeypatch.setattr(word_checks, "check_edit", checked)


def test_word_taught_while_another_is_checked_counts_in_its_check(
    app: Flask, store: Store, city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together_harmful(city)
    browser = open_office(app, store).browser(cast.ADA)
    meanwhile(monkeypatch, lambda: put(store, "quuxing"))
    answer = browser.post("/admin/words/edit", data=TAUGHT)
    assert (answer.status_code, [one[0] for one in edited(store)]) == (422, ["quuxing"])
    assert "The right lead host comes first: Worse by 100 points" in words_of(answer.text)


def test_two_administrators_at_once_do_not_together_get_by(
    app: Flask, store: Store, city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have checked their word, and found it harmless, before either is written."""
    together_harmful(city)
    office = open_office(app, store)
    both = Barrier(2, timeout=20)
    waits = [True, True]

    def checked(*given: Any) -> Any:
        found = word_check.check_edit(*given)
        if waits:
            waits.pop()
            both.wait()
        return found

    monkeypatch.setattr(word_checks, "check_edit", checked)
    browsers = {word: office.browser(cast.ADA) for word in ("zorbling", "quuxing")}

    def save(word: str) -> int:
        return int(browsers[word].post("/admin/words/edit", data={**TAUGHT, "word": word}).status_code)

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(save, browsers)) == [303, 422]
    assert len(edited(store)) == 1


def test_who_is_overtaken_again_and_again_is_asked_to_save_once_more(
    app: Flask, store: Store, city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    meanwhile(monkeypatch, *(lambda word=word: put(store, word) for word in ("quuxing", "frobbing", "wumpling")))
    answer = browser.post("/admin/words/edit", data={**TAUGHT, "word": "bazzling"})
    assert answer.status_code == 422
    assert "Somebody else is changing words at this moment" in words_of(answer.text)
    assert browser.post("/admin/words/edit", data={**TAUGHT, "word": "bazzling"}).status_code == 303


def test_what_is_in_force_is_measured_once_for_many_edits(
    app: Flask, store: Store, city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (city / OWN).write_text(labelled("M1", BOTH, **LED), "utf-8")  # that no other test has measured
    counted: list[int] = []

    def routed(*given: Any) -> Any:
        counted.append(1)
        return bench(*given)

    monkeypatch.setattr(word_check, "bench", routed)
    browser = open_office(app, store).browser(cast.ADA)
    for word in ("bazzling", "frobbing", "wumpling"):
        assert browser.post("/admin/words/edit", data={**TAUGHT, "word": word}).status_code == 303
    assert len(counted) == 4


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


def test_same_form_sent_twice_is_carried_out_once(app: Flask, store: Store, city: Path) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    sent = {**TAUGHT, "word": "quuxing", "once": "a" * 30}
    assert browser.post("/admin/words/edit", data=sent).status_code == 303
    again = browser.post("/admin/words/edit", data=sent, follow_redirects=True)
    assert "This was saved already." in words_of(again.text)
    with store() as session:
        assert len(session.scalars(select(Correction)).all()) == 1


@pytest.mark.parametrize("path", ["/admin/routing/learn", "/admin/routing/versions/1/activate"])
def test_weights_checked_before_words_were_edited_are_not_put_in_force(
    app: Flask, store: Store, city: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    with store():
        keep_weights(Weights(), Check(1, {}, {}, ("lead_at_1",)), by=SYSTEM)
    for name in ("check", "learn_what_helps"):
        monkeypatch.setattr(bench_page, name, faster(getattr(bench_page, name), lambda: put(store, "quuxing")))
    page = words_of(browser.post(path, follow_redirects=True).text)
    assert "Words were changed meanwhile, so nothing was put in force." in page
    with store() as session:
        assert [row.state for row in session.scalars(select(LearnedWeights))] == ["refused"]


def faster(check: Callable[..., Any], does: Callable[[], object]) -> Callable[..., Any]:
    """The check, and somebody who does something before its result is used."""

    def checked(*given: Any) -> Any:
        found = check(*given)
        does()
        return found

    return checked
