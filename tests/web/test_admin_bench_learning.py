"""Learning on the administrator's bench: put in force and taken back, refused, and what is left out and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.city.labelled import OWN
from app.routing.edits import Factor
from app.routing.learning import Teaching, Weights
from app.strategy.edit_models import Correction, LearnedWeights
from app.visits.learning import Check, LeftOut
from app.visits.taught import weights_in_force
from app.visits.trying import Tried
from app.web.admin import bench
from tests import cast
from tests.factories import make_visit
from tests.test_cli_routing import SERVICE
from tests.web.office import Office, Store, open_office, user_called, words_of


def moved_away(
    office: Office,
    store: Store,
    count: int,
    topic: str = "municipal-operations/citizen-service",
    hosts: tuple[str, str] = ("finans-innovasjon-eierskap", "byradsleder"),
) -> None:
    """So many visits, about citizens' service if nothing is said, whose lead a coordinator gave to another host."""
    with store() as session:
        ola, kari = user_called(session, cast.OLA), user_called(session, cast.KARI)
        for number in range(count):
            visit = make_visit("received", user=ola, contact_email=f"m{number}@utrecht.example.org")
            moved: dict[str, Any] = {"before": [hosts[0]], "after": [hosts[1]]}
            session.add(Correction(visit_id=visit.id, kind="lead", topic=topic, by_id=kari.id, at=cast.MONDAY, **moved))


def test_learning_is_shown_put_in_force_and_taken_back(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    moved_away(office, store, 3)
    browser = office.browser(cast.ADA)
    page = words_of(browser.post("/admin/routing/learn", follow_redirects=True).text)
    assert "Version 1 is in force." in page
    assert "In force: learned from 3 visits." in page
    assert "2 weights" in page
    with store():
        name = cast.host("byradsleder").name_en
    assert f"Running the municipality: citizen service: {name} counts 1.1 times as much (3 visits)" in page
    assert "Ada Administrator" in page
    off = words_of(browser.post("/admin/routing/no-weights", follow_redirects=True).text)
    assert "Nothing learned counts any more." in off
    assert "In force: learned" not in off
    again = words_of(browser.post("/admin/routing/versions/1/activate", follow_redirects=True).text)
    assert "Version 1 is in force." in again
    assert browser.post("/admin/routing/versions/7/activate").status_code == 404


def test_weights_that_make_a_labelled_measure_fall_are_refused_and_the_page_says_so(
    app: Flask, store: Store, tmp_path: Path
) -> None:
    office = open_office(app, store)
    moved_away(office, store, 8)
    (tmp_path / OWN).write_text(json.dumps(SERVICE), "utf-8")
    app.config["CITY_DIR"] = str(tmp_path)
    page = words_of(office.browser(cast.ADA).post("/admin/routing/learn", follow_redirects=True).text)
    assert "Version 1 is refused. Worse on labelled requests: The right lead host comes first" in page
    assert "Refused" in page
    with store() as session:
        assert [row.state for row in session.scalars(select(LearnedWeights))] == ["refused"]
        assert weights_in_force().visits == 0


def test_without_labelled_requests_nothing_is_put_in_force(app: Flask, store: Store, tmp_path: Path) -> None:
    office = open_office(app, store)
    app.config["CITY_DIR"] = str(tmp_path)
    page = words_of(office.browser(cast.ADA).post("/admin/routing/learn", follow_redirects=True).text)
    assert "so nothing learned is put in force." in page
    with store() as session:
        assert session.scalars(select(LearnedWeights)).all() == []


def test_what_is_not_learned_is_named_beside_what_is(app: Flask, store: Store, tmp_path: Path) -> None:
    office = open_office(app, store)
    moved_away(office, store, 8)
    moved_away(office, store, 6, "water/stormwater", ("byutvikling", "bymiljoetaten"))
    (tmp_path / OWN).write_text(json.dumps(SERVICE), "utf-8")
    app.config["CITY_DIR"] = str(tmp_path)
    page = words_of(office.browser(cast.ADA).post("/admin/routing/learn", follow_redirects=True).text)
    assert "Version 1 is in force." in page
    assert "In force: learned from 6 visits." in page
    said = "Not learned: Running the municipality: citizen service: "
    assert page.count(said) == 2  # told at once, and beside the version
    left = page.partition(said)[2]
    assert "(8 visits), because labelled requests come out worse with it. " in left
    assert "The right lead host comes first: Worse by 100 points" in left


def test_much_that_is_not_learned_is_counted_on_top_and_named_beside_the_version(
    app: Flask, store: Store, tmp_path: Path
) -> None:
    """What is told on top travels in a cookie, which holds only so much."""
    office = open_office(app, store)
    browser = office.browser(cast.ADA)
    factor = Factor("water/pipes", "host", "byutvikling", 0.7, 6)
    one = LeftOut(Teaching("water/pipes", "lead", (factor,)), {"lead_at_1": (1.0, 0.5)})
    tried = Tried(Weights(), Check(1, {}, {}, ()), (one,) * 5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench, "learn_what_helps", lambda *_given: tried)
        page = words_of(browser.post("/admin/routing/learn", follow_redirects=True).text)
    assert page.count("Not learned: ") == 2 + 5
    assert "3 more are not learned; they are named beside the version." in page
