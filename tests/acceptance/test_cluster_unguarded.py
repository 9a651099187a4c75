"""Rows DB-4, DB-5, DB-7, DB-9 and DB-10 of test_cluster.py without their guards, each short: every fault has to show.

What is taken away stands in tests/harness/unguarded.py; for DB-7 it is the limit in a copy of the migrations, for DB-10
the time to answer what was begun.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.test_cluster import (
    FEW,
    HELD_SECONDS,
    STALL_SECONDS,
    Probe,
    coordinator_of,
    next_version,
    reading,
    stored,
)
from tests.harness.cluster import Cluster, cluster_on, missing
from tests.harness.processes import Process, flask_command
from tests.harness.traffic import Traffic
from tests.harness.unguarded import NO_LIMITS

__all__ = ["next_version"]  # a fixture
Report = Callable[..., None]
RESTARTS = 6


@pytest.fixture(scope="module")
def bare(engine_name: str) -> Iterator[Cluster]:
    """Nodes that know no trouble and no limits."""
    web_app = "tests.harness.unguarded:answers()"
    with cluster_on(engine_name, missing(), workers=2, settings=NO_LIMITS, web_app=web_app) as made:
        yield made


@pytest.fixture
def whole(engine_name: str) -> Iterator[Cluster]:
    """The application as it is."""
    with cluster_on(engine_name, missing(), workers=2) as made:
        yield made


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


def test_db_10_nodes_that_are_not_let_finish_fail_what_they_had_in_hand(whole: Cluster, figures: Report) -> None:
    """The same people twice: nodes told to end answer what they have begun; killed ones do not, and people see it."""
    kari = coordinator_of(whole)
    failed = {}
    for way, end in (("told to end", Process.stop), ("killed", Process.kill)):
        # Forms: a page that broke is asked of the other node by the proxy, a form is carried out once.
        traffic = Traffic(whole.url, whole.settings["SECRET_KEY"], kari, per_second=15, people=100, write_every=1)
        with traffic as people:
            time.sleep(3)
            for number in range(RESTARTS):
                node = whole.nodes[number % 2]
                end(node)
                node.start()
                whole.wait_until_ready()
                time.sleep(2)
        failed[way] = len(people.failures())
        figures(
            "DB-10 unguarded", nodes=way, restarts=RESTARTS, answers=people.statuses(), failures=failed[way],
            lost=len(set(people.acknowledged) - stored(whole)), rate=people.rate(),
        )  # fmt: skip
        assert set(people.acknowledged) <= stored(whole)
    assert failed["told to end"] == 0
    assert failed["killed"] > 0
