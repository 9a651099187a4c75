"""The known world: what is in it, that its links let in whom they should, and that nobody gets mail about it."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import click
import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.feeds.models import Level, ScopeKind
from app.notifications.models import Notification
from app.visits.models import Activity, Visit
from tests.harness.web import CarefulClient

CANARY = re.compile(r"(CNRY|cnry)-\w+-\w+-[0-9a-f]{8}")


@pytest.fixture
def world(flask_command: Any, clock: time_machine.Traveller) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(flask_command("seed-acceptance", "--json"))
    return made


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def test_world_has_the_people_visits_and_delegates_each_field_a_canary(world: dict[str, Any]) -> None:
    assert Counter((one["role"], one["active"]) for one in world["people"].values()) == {
        ("host", True): 6, ("host", False): 1, ("coordinator", True): 2, ("administrator", True): 1,
    }  # fmt: skip
    assert [one["status"] for one in world["visits"].values()] == [
        "submitted", "offered", "claimed", "proposed", "confirmed", "reported",
    ]  # fmt: skip
    assert len(world["delegates"]) == 12
    stops = [stop for visit in world["visits"].values() for stop in visit["appointments"]]
    assert (sum(stop["moved"] for stop in stops), sum(stop["status"] == "cancelled" for stop in stops)) == (4, 3)
    shown = [text.upper() for text in world["canaries"] if text.startswith("CNRY")]
    assert all(CANARY.fullmatch(text) for text in world["canaries"])
    assert len(shown) == len(set(shown)) > 150


def test_there_is_a_feed_of_every_scope_and_level(world: dict[str, Any], client: CarefulClient) -> None:
    kinds = {(feed["kind"], feed["level"]) for feed in world["feeds"]}
    assert kinds == {(kind.value, level.value) for kind in ScopeKind for level in Level}
    answers = {feed["url"]: client.get(path(feed["url"])) for feed in world["feeds"][::5]}
    assert {answer.status_code for answer in answers.values()} == {200}


def test_links_let_in_whom_they_should_for_a_day(
    world: dict[str, Any], app: Flask, clock: time_machine.Traveller
) -> None:
    late = world["people"].pop("h1b")
    clock.shift(timedelta(hours=23))
    entered = {}
    for word, person in world["people"].items():
        browser = app.test_client()
        browser.post(path(person["sign_in"]))
        entered[word] = browser.get("/account").status_code == 200
    assert entered == {word: person["active"] for word, person in world["people"].items()}
    assert {app.test_client().get(path(visit["url"])).status_code for visit in world["visits"].values()} == {200}
    clock.shift(timedelta(hours=2))
    assert app.test_client().post(path(late["sign_in"])).status_code not in (302, 303)


def test_nobody_gets_mail_and_a_second_world_is_refused(
    world: dict[str, Any], app: Flask, flask_command: Any, store: Any
) -> None:
    flask_command("outbox-run")
    with store() as session:
        unsent = session.scalar(select(func.count()).where(Notification.status.in_(("due", "sent"))))
        unheard = session.scalar(select(func.count()).where(Activity.announced_at.is_(None)))
    assert (unsent, unheard) == (0, 0)
    with pytest.raises((AssertionError, click.ClickException), match="already"):
        flask_command("seed-acceptance", "--json")
    with store() as session:
        assert session.scalar(select(func.count(Visit.id))) == 6
