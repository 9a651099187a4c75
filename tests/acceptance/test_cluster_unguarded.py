"""The rows of test_cluster.py and test_cluster_mail.py without their guards, each short: every fault has to show.

What is taken away stands in tests/harness/unguarded.py; for DB-7 it is the limit in a copy of the migrations, for DB-10
the time to end what was begun.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from app.extensions import db
from app.notifications.reminder_models import ReminderRule
from tests import cast
from tests.acceptance.test_cluster import (
    FEW,
    HELD_SECONDS,
    STALL_SECONDS,
    Probe,
    coordinator_of,
    next_version,
    reading,
)
from tests.acceptance.test_cluster_mail import (
    ASKED_AFTER,
    OUTAGE,
    START,
    addresses,
    confirmed_stop,
    lacking,
    nobody_is_told_of_the_past,
    unconfirmed,
    wait_until,
    world,
)
from tests.harness.cluster import Cluster, missing
from tests.harness.processes import flask_command
from tests.harness.traffic import Traffic
from tests.harness.unguarded import NO_LIMITS

__all__ = ["next_version", "world"]  # fixtures
Report = Callable[..., None]
AT_ONCE, KILLS = 400, 6


def started(engine_name: str, lacks: list[str], **how: object) -> Iterator[Cluster]:
    if engine_name == "sqlite":
        pytest.skip("several nodes share PostgreSQL")
    if lacks:
        pytest.skip("missing: " + "; ".join(lacks))
    made = Cluster(Path(tempfile.mkdtemp(prefix="vertskap-cluster-")), **how)  # type: ignore[arg-type]
    try:
        if made.clock:
            made.set_clock(START)
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(made.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def bare(engine_name: str) -> Iterator[Cluster]:
    """Nodes that know no trouble and no limits."""
    yield from started(
        engine_name, missing(), workers=2, settings=NO_LIMITS, web_app="tests.harness.unguarded:answers()"
    )


@pytest.fixture(scope="module")
def people_at(bare: Cluster) -> Callable[..., Traffic]:
    kari = coordinator_of(bare)

    def make(**more: float) -> Traffic:
        return Traffic(bare.url, bare.settings["SECRET_KEY"], kari, **more)  # type: ignore[arg-type]

    return make


def test_db_4_a_crash_is_seen_without_answers_for_it(
    bare: Cluster, people_at: Callable[..., Traffic], figures: Report
) -> None:
    with people_at(per_second=15) as people:
        time.sleep(2)
        bare.postgres.stop("immediate")
        time.sleep(3)
        bare.postgres.start()
        time.sleep(8)
    figures("DB-4 unguarded", answers=people.statuses(), failures=len(people.failures()))
    assert people.failures()


def test_db_5_too_few_connections_are_seen_without_answers_for_them(
    bare: Cluster, people_at: Callable[..., Traffic], figures: Report
) -> None:
    bare.postgres.set(max_connections=FEW)
    bare.postgres.stop("fast")
    bare.postgres.start()
    try:
        with people_at(per_second=10_000, people=64) as people:
            time.sleep(15)
    finally:
        bare.postgres.set(max_connections=100)
        bare.postgres.stop("fast")
        bare.postgres.start()
    figures("DB-5 unguarded", connections=FEW, answers=people.statuses(), failures=len(people.failures()))
    assert people.failures()


def test_db_7_everybody_stalls_behind_a_migration_that_waits_without_limit(
    bare: Cluster, people_at: Callable[..., Traffic], next_version: Path, figures: Report
) -> None:
    env = next_version / "env.py"
    env.write_text(env.read_text().replace("LOCK_MS = 1000", "LOCK_MS = 0"))
    bare.wait_until_ready()
    with Probe(bare) as probe, people_at(per_second=20, people=200):
        time.sleep(2)
        with reading(bare, HELD_SECONDS):
            done = flask_command(bare.settings, "db", "upgrade", "-d", str(next_version))
        assert done.returncode == 0, done.stderr[-2000:]
    flask_command(bare.settings, "db", "downgrade", "-d", str(next_version))
    figures("DB-7 unguarded", longest_stall=round(max(probe.took), 2), held_seconds=HELD_SECONDS)
    assert max(probe.took) > STALL_SECONDS


def test_db_9_everybody_waits_for_a_lock_without_limits(
    bare: Cluster, people_at: Callable[..., Traffic], figures: Report
) -> None:
    bare.wait_until_ready()
    with bare.postgres.connect("vertskap") as connection, people_at(per_second=10, people=24) as people:
        time.sleep(1)
        with connection.transaction():
            connection.execute('LOCK TABLE visit, "user" IN ACCESS EXCLUSIVE MODE')
            time.sleep(20)
        time.sleep(3)
    figures("DB-9 unguarded", locked_seconds=20, slowest=people.slowest(), told_to_return=people.told_to_return())
    assert people.slowest() > 10


def test_db_10_a_node_that_ends_at_once_is_seen(
    bare: Cluster, people_at: Callable[..., Traffic], figures: Report
) -> None:
    """A form that a node had begun to read is never sent twice, so somebody loses it."""
    bare.wait_until_ready()
    with people_at(per_second=30, people=200, write_every=2) as people:
        time.sleep(2)
        for number in range(KILLS):
            part = bare.nodes[number % 2]
            part.kill()
            part.start()
            bare.wait_until_ready()
    figures(
        "DB-10 unguarded", kills=KILLS, answers=people.statuses(), failures=len(people.failures()), rate=people.rate()
    )
    assert people.failures()


@pytest.fixture
def cluster(engine_name: str, request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """Schedulers without the guard that the test names; a clock that stands at START when they begin."""
    app = f"tests.harness.unguarded:{request.param}"
    yield from started(engine_name, lacking(), workers=1, clock=True, scheduler_app=app)


@pytest.mark.parametrize("cluster", ["claims"], indirect=True)
def test_rm_1_mails_come_twice_when_nobody_claims_them(cluster: Cluster, world: Flask, figures: Report) -> None:
    for number in range(AT_ONCE):
        unconfirmed(number, at=START - ASKED_AFTER - timedelta(minutes=1))
    nobody_is_told_of_the_past(START)
    wait_until(lambda: len(addresses(cluster)) >= AT_ONCE, 180)
    time.sleep(5)
    counted = addresses(cluster)
    doubled = sum(number - 1 for number in counted.values())
    figures("RM-1 unguarded", due=AT_ONCE, recipients=len(counted), doubled=doubled)
    assert doubled > 0


@pytest.mark.parametrize("cluster", ["too_late"], indirect=True)
def test_rm_10_people_are_reminded_of_what_has_begun(cluster: Cluster, world: Flask, figures: Report) -> None:
    db.session.execute(update(ReminderRule).values(is_on=ReminderRule.slug == "two-hours-before"))
    ola = cast.bring(cast.OLA)[0]
    begun = [confirmed_stop(ola, number) for number in range(10)]
    nobody_is_told_of_the_past(START)
    for part in cluster.schedulers:
        part.stop()
    cluster.set_clock(START + OUTAGE)
    for part in cluster.schedulers:
        part.start()
    too_late = {f"host{number}@example.org" for number, at in enumerate(begun) if at <= START + OUTAGE}
    wait_until(lambda: bool(too_late & set(addresses(cluster))), 120)
    sent = too_late & set(addresses(cluster))
    figures("RM-10 unguarded", begun=len(too_late), sent_though_begun=len(sent))
    assert sent
