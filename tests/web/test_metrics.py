"""Figures for Prometheus: closed by default, right, and the same from every worker."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import scheduler
from app.core.time import now
from app.extensions import db
from app.notifications.models import Notification
from app.notifications.queries import count_stuck
from app.upkeep import figures as upkeep_figures
from app.visits import lifecycle
from tests import factories
from tests.cast import OLA, bring
from tests.harness.web import CarefulClient, start_server

Store = Callable[[], AbstractContextManager[Session]]
Clock = time_machine.Traveller
TOKEN = {"Authorization": "Bearer a token for tests"}


def values(text: str) -> dict[str, float]:
    """Every sample: its name with its labels, and its value; unreadable text raises."""
    return {
        sample.name + "".join(f"|{value}" for _name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def read(app: Flask, client: CarefulClient) -> Callable[[], dict[str, float]]:
    app.config["METRICS_TOKEN"] = "a token for tests"

    def look() -> dict[str, float]:
        answer = client.get("/metrics", headers=TOKEN)
        assert answer.status_code == 200
        return values(answer.text)

    return look


@pytest.mark.parametrize(
    ("token", "allowed", "sent", "status"),
    [
        ("", (), {}, 404),
        ("", (), {"Authorization": "Bearer "}, 404),
        ("a token for tests", (), {}, 404),
        ("a token for tests", (), {"Authorization": "Bearer another"}, 404),
        ("a token for tests", (), {"Authorization": "Bearer å"}, 404),
        ("a token for tests", (), TOKEN, 200),
        ("", (ip_network("127.0.0.0/8"),), {}, 200),
        ("", (ip_network("10.0.0.0/8"),), {"X-Forwarded-For": "10.0.0.1"}, 404),
    ],
)
def test_closed_to_all_but_those_named(
    app: Flask, client: CarefulClient, token: str, allowed: tuple[object, ...], sent: dict[str, str], status: int
) -> None:
    app.config["METRICS_TOKEN"], app.config["METRICS_ALLOW"] = token, allowed
    answer = client.get("/metrics", headers=sent)
    assert answer.status_code == status
    assert ("vertskap_" in answer.text) is (status == 200)


def test_closed_door_looks_like_an_address_that_does_not_exist(client: CarefulClient) -> None:
    closed, missing = client.get("/metrics"), client.get("/no-such-page")
    assert (closed.status_code, closed.text) == (404, missing.text.replace("/no-such-page", "/metrics"))


def test_mails_and_activities_that_wait_are_counted_with_their_age(
    store: Store, clock: Clock, read: Callable[[], dict[str, float]]
) -> None:
    with store():
        lifecycle.submit(factories.WATER)
    clock.shift(timedelta(seconds=90))
    found = read()
    assert (found["vertskap_untold_activities"], found["vertskap_oldest_untold_activity_seconds"]) == (1, 90)
    assert (found["vertskap_mails|due"], found["vertskap_visits|submitted"]) == (0, 1)


def test_age_of_the_mail_that_waits_longest(
    app: Flask, store: Store, clock: Clock, read: Callable[[], dict[str, float]]
) -> None:
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"  # nobody there
    with store():
        lifecycle.submit(factories.WATER)
    with app.app_context():
        scheduler.tell()
    clock.shift(timedelta(minutes=3))
    found = read()
    assert (found["vertskap_mails|rendered"], found["vertskap_oldest_due_mail_seconds"]) == (1, 180)
    assert (found["vertskap_untold_activities"], found["vertskap_mails|sent"]) == (0, 0)


def test_mail_kept_for_the_morning_does_not_wait_for_the_server(
    app: Flask, store: Store, clock: Clock, read: Callable[[], dict[str, float]]
) -> None:
    """At night it is no alarm; in the morning the waiting begins with the first attempt, not the evening before."""
    with store():
        lifecycle.submit(factories.WATER)
    with app.app_context():
        scheduler.announce()
    with store() as session:
        morning = now() + timedelta(hours=8)
        session.execute(update(Notification).values(next_attempt_at=morning))
    clock.shift(timedelta(hours=7))
    assert read()["vertskap_oldest_due_mail_seconds"] == 0
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"  # nobody there
    clock.shift(timedelta(hours=1, seconds=30))
    assert read()["vertskap_oldest_due_mail_seconds"] == 30
    with app.app_context():
        scheduler.send()
        assert count_stuck(at=now() + timedelta(minutes=2, seconds=59)) == 0
    clock.shift(timedelta(minutes=6))
    assert read()["vertskap_oldest_due_mail_seconds"] == 360


def test_every_status_of_mails_is_a_figure(read: Callable[[], dict[str, float]]) -> None:
    statuses = {name.split("|")[1] for name in read() if name.startswith("vertskap_mails|")}
    waiting, done = {"due", "rendered", "gathered", "held"}, {"sent", "noted", "failed"}
    assert statuses == waiting | done | {"superseded", "missed", "dropped"}


def test_jobs_and_backup(
    app: Flask, clock: Clock, read: Callable[[], dict[str, float]], flask_command: Callable[..., str], tmp_path: Path
) -> None:
    with pytest.raises(AssertionError):
        flask_command("backup", "/nowhere/at/all/monday")
    found = read()
    assert (found["vertskap_job_alarm|backup"], "vertskap_job_last_success_timestamp_seconds|backup" in found) == (
        1,
        False,
    )


def test_requests_are_counted_by_route_never_by_address(
    store: Store, client: CarefulClient, read: Callable[[], dict[str, float]]
) -> None:
    with store():
        ref = factories.make_visit("claimed", user=bring(OLA)[0]).ref
    before = read()
    client.get(f"/visits/{ref}")
    client.get("/no/such/page")
    client.open("/sign-in", method="BREW")
    after = read()
    counted = {
        name: after[name] - before.get(name, 0) for name in after if name.startswith("vertskap_http_requests_total")
    }
    assert {name: number for name, number in counted.items() if number} == {
        "vertskap_http_requests_total|GET|/visits/<string:ref>|302": 1,
        "vertskap_http_requests_total|GET|-|404": 1,
        "vertskap_http_requests_total|other|-|405": 1,
        "vertskap_http_requests_total|GET|/metrics|200": 1,
    }
    assert ref not in repr(after)


def test_database_that_does_not_answer_is_a_figure_too(
    read: Callable[[], dict[str, float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(upkeep_figures, "runs", away)
    found = read()
    assert found["vertskap_database_up"] == 0
    assert "vertskap_mails|due" not in found


def test_asking_costs_few_queries(app: Flask, client: CarefulClient, read: Callable[[], dict[str, float]]) -> None:
    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    def listener(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", listener)
    read()
    event.remove(engine, "before_cursor_execute", listener)
    assert len([one for one in seen if one.startswith("SELECT")]) == 4


def test_every_worker_gives_the_sum_of_all(app: Flask, settings: dict[str, str], tmp_path: Path) -> None:
    size = {"WEB_CONCURRENCY": "2", "WEB_THREADS": "1", "METRICS_TOKEN": "a token for tests"}
    url, process = start_server(settings | size, tmp_path / "log")
    try:
        for _ in range(24):
            urllib.request.urlopen(f"{url}/sign-in").close()
        sums = set()
        for _ in range(8):
            with urllib.request.urlopen(urllib.request.Request(f"{url}/metrics", headers=TOKEN)) as answer:
                sums.add(values(answer.read().decode())["vertskap_http_requests_total|GET|/sign-in|200"])
    finally:
        process.terminate()
        process.wait(30)
    assert sums == {24}
