"""Rows FD-1 to FD-5, FD-9 and RC-6 in full: thousands of visits, every hour of twelve years, 500 edits, 20 at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import insert

from app import calendars, create_app
from app.core.time import now, week_of
from app.extensions import db
from app.feeds.models import ScopeKind
from app.visits.fragments import FORM, event_of
from app.visits.programme_models import Appointment, Fragment
from tests.feeds.conftest import Region, region  # noqa: F401 - a fixture
from tests.feeds.rotation import rotate_while_fetching
from tests.feeds.test_conformance import edit_at_random, random_feed, wrong_hours
from tests.harness.calendar_readers import as_seen, with_ical_js, with_icalendar, with_vobject
from tests.harness.ical_lines import faults
from tests.harness.random_visits import random_appointments

Figures = Callable[..., None]
SUBSCRIBERS, EVENTS, EACH = 20, 2_000, 20


@pytest.mark.one_engine
def test_lines_of_5000_random_visits(app: Flask, figures: Figures) -> None:
    found, events = [], 0
    for seed in range(10):
        body = random_feed(app, 500, seed=seed)
        found += faults(body)
        events += body.count(b"\r\nBEGIN:VEVENT\r\n")
    figures("FD-1", visits=events, faults=len(found))
    assert (found, events) == ([], 5_000)


@pytest.mark.one_engine
def test_parsers_agree_on_2000_random_visits(app: Flask, figures: Figures) -> None:
    differing = 0
    for seed in range(4):
        body = random_feed(app, 500, seed=100 + seed)
        read = with_icalendar(body)
        differing += (with_vobject(body) != read) + (as_seen(with_ical_js(body)) != read) + (len(read) != 500)
    figures("FD-2", visits=2_000, parsers=3, differing=differing)
    assert differing == 0


@pytest.mark.one_engine
def test_zone_every_hour_from_2024_to_2035(figures: Figures) -> None:
    wrong = wrong_hours(2024, 2035)
    figures("FD-3", hours=12 * 365 * 24 + 3 * 24, differing=len(wrong))
    assert wrong == []


def test_identity_over_500_edits(region: Region, figures: Figures) -> None:  # noqa: F811
    seen = edit_at_random(region, region.add("Tour", contact=region.ola), 500, seed=4)
    uids, sequences, stamps = zip(*seen, strict=True)
    figures("FD-4", edits=len(seen), uids=len(set(uids)), sequence_rises=len(set(sequences)))
    assert (len(set(uids)), list(sequences), list(stamps)) == (1, sorted(set(sequences)), sorted(stamps))


def test_100_fetches_over_two_nodes_and_a_day(region: Region, figures: Figures) -> None:  # noqa: F811
    stop = region.add("Tour", contact=region.ola)
    path = region.subscribe(region.ola)
    second = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False})
    nodes = [region.app.test_client(), second.test_client()]
    with time_machine.travel(now(), tick=False) as clock:
        answers = []
        for number in range(100):
            answers.append(nodes[number % 2].get(path, buffered=True))
            clock.shift(timedelta(minutes=14.4))
        tag = {"If-None-Match": answers[0].headers["ETag"]}
        unchanged = [node.get(path, headers=tag, buffered=True).status_code for node in nodes]
        region.move(stop, "Tour", hours=2, contact=region.ola)
        changed = [node.get(path, headers=tag, buffered=True).status_code for node in nodes]
    with second.app_context():
        db.engine.dispose()
    bodies = {one.data for one in answers}
    figures("FD-5", fetches=len(answers), different_bodies=len(bodies), unchanged=unchanged, after_an_edit=changed)
    assert (len(bodies), unchanged, changed) == (1, [304, 304], [200, 200])


def test_lines_zone_and_parsers_of_5000_visits_as_they_are_sent(region: Region, figures: Figures) -> None:  # noqa: F811
    """As the database keeps them and the server sends them, on each engine."""
    _fill(region, 5_000)
    body = region.app.test_client().get(region.subscribe(region.kari, kind=ScopeKind.ALL, scope_id=0)).data
    found, wrong, read = faults(body), wrong_hours(2024, 2035, body), with_icalendar(body)
    figures("FD-1", visits=len(read), faults=len(found), hours_differing=len(wrong))
    assert (found, wrong, len(read)) == ([], [], 5_000)
    assert with_vobject(body) == read


def test_20_subscribers_of_2000_events(region: Region, live_server: str, figures: Figures) -> None:  # noqa: F811
    path = region.subscribe(region.kari, kind=ScopeKind.ALL, scope_id=0)
    _fill(region, EVENTS)
    _, etag, _ = _fetch(live_server, path, {}, 1)[0]
    whole = _at_once(live_server, path, {})
    same = _at_once(live_server, path, {"If-None-Match": etag})
    p95_whole, p95_same = (sorted(took)[int(0.95 * len(took))] * 1000 for took in (whole, same))
    figures("FD-9", events=EVENTS, subscribers=SUBSCRIBERS, p95_ms=round(p95_whole, 1), p95_ms_304=round(p95_same, 1))
    assert p95_whole < 300
    assert p95_same < 50


def test_rotation_during_1000_fetches(region: Region, live_server: str, figures: Figures) -> None:  # noqa: F811
    seen = rotate_while_fetching(region, live_server, fetches=1_000)
    figures("RC-6", before=seen.before, after=seen.after, opened_after_the_reply=seen.opened_after)
    assert (seen.before > 0, seen.after > 0, seen.opened_after) == (True, True, 0)


def _fill(region: Region, count: int) -> None:  # noqa: F811
    """So many appointments of the visit, with their events, straight into the tables."""
    with region.app.app_context():
        made = list(random_appointments(count, seed=9))
        rows, fragments = [], []
        for number, one in enumerate(made, 1000):
            starts_at = now() + timedelta(hours=number)
            one.starts_at, one.ends_at, one.status = starts_at, starts_at + timedelta(hours=1), "confirmed"
            rows.append(
                {
                    "id": number, "uid": one.uid, "visit_id": region.visit, "host_id": region.byutvikling, "title": "x",
                    "starts_at": one.starts_at, "ends_at": one.ends_at, "status": "confirmed", "sequence": one.sequence,
                    "created_at": one.created_at, "changed_at": one.changed_at,
                }
            )  # fmt: skip
            body = calendars.fragment(event_of(one, "team", "en"))
            week = week_of(starts_at)
            keys = {"appointment_id": number, "level": "team", "language": "en"}
            fragments.append(keys | {"body": body, "week": week, "form": FORM})
        db.session.execute(insert(Appointment), rows)
        db.session.execute(insert(Fragment), fragments)
        db.session.commit()


def _at_once(server: str, path: str, headers: dict[str, str]) -> list[float]:
    """Seconds of every fetch, with all subscribers fetching at the same time."""
    with ThreadPoolExecutor(SUBSCRIBERS) as pool:
        runs = [pool.submit(_fetch, server, path, headers, EACH) for _ in range(SUBSCRIBERS)]
        return [took for run in runs for _status, _etag, took in run.result(300)]


def _fetch(server: str, path: str, headers: dict[str, str], count: int) -> list[tuple[int, str, float]]:
    connection, seen = HTTPConnection(urlsplit(server).netloc, timeout=60), []
    for _ in range(count):
        begun = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        seen.append((answer.status, answer.headers.get("ETag", ""), time.perf_counter() - begun))
    connection.close()
    return seen
