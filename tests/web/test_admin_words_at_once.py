"""Words taught at once or one after the other: each is checked with what is in force by then, and counts once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.city.labelled import OWN
from app.people.actors import SYSTEM
from app.routing.bench import bench
from app.routing.learning import Weights
from app.strategy.edit_models import Correction, LearnedWeights
from app.visits import word_check
from app.visits.learning import Check, keep_weights
from app.web.admin import bench as bench_page
from app.web.admin import word_checks
from tests import cast
from tests.web.office import Store, open_office, words_of
from tests.web.taught_words import TAUGHT, edited, label_city, labelled, put

BOTH = "We should like to hear about your water pipes, zorbling and quuxing."
# No goal is labelled that routing finds: only the lead can get worse.
LED = {"decision": "route", "lead": ["byutvikling"], "priorities": ["1.2"], "sdgs": [1]}


@pytest.fixture
def city(app: Flask, tmp_path: Path) -> Path:
    label_city(app, tmp_path)
    return tmp_path


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
