"""Rows DB-4, DB-5, DB-7, DB-9 and DB-10 on two web nodes behind nginx, two schedulers and a PostgreSQL of their own."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from alembic.script import ScriptDirectory

from tests.harness.cluster import Cluster, cluster_on, missing
from tests.harness.processes import ROOT, flask_command
from tests.harness.traffic import Seen, Traffic

CRASHES, DOWN_SECONDS, USABLE_SECONDS = 2, 5, 10
RESTARTS, SETTLE_SECONDS = 5, 5
RATE = 50  # requests a second, as far as the machine makes them: the figures say how many
LOCK_SECONDS = 60
FEW = 20
HELD_SECONDS, TOGETHER_SECONDS, STALL_SECONDS = 8, 120, 2
TO_COME = '''"""Columns and an index of a version to come."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("visit", sa.Column("to_come", sa.String(), nullable=True))
    op.add_column("activity", sa.Column("to_come", sa.String(), server_default="", nullable=False))
    op.create_index("ix_visit_to_come", "visit", ["to_come"])


def downgrade() -> None:
    op.drop_index("ix_visit_to_come", "visit")
    op.drop_column("activity", "to_come")
    op.drop_column("visit", "to_come")
'''
Report = Callable[..., None]


@pytest.fixture(scope="module")
def cluster(engine_name: str) -> Iterator[Cluster]:
    """One cluster for this file; every test leaves it whole."""
    with cluster_on(engine_name, missing(), workers=2) as made:
        yield made


@pytest.fixture(scope="module")
def kari(cluster: Cluster) -> str:
    """A coordinator's session."""
    return coordinator_of(cluster)


def coordinator_of(cluster: Cluster) -> str:
    done = flask_command(
        cluster.settings, "create-user", "kari@bergen.example.org", "--coordinator", "--language", "en"
    )
    assert done.returncode == 0, done.stderr
    with cluster.postgres.connect("vertskap") as connection:
        found = connection.execute(
            "SELECT id, session_version FROM \"user\" WHERE email = 'kari@bergen.example.org'"
        ).fetchone()
    assert found is not None
    return f"{found[0]}.{found[1]}"


@pytest.fixture
def traffic(cluster: Cluster, kari: str) -> Callable[..., Traffic]:
    def make(**more: float) -> Traffic:
        return Traffic(cluster.url, cluster.settings["SECRET_KEY"], kari, **more)  # type: ignore[arg-type]

    return make


def stored(cluster: Cluster) -> set[str]:
    """The organisations of all visits that are in the database, each with what a whole registration brings."""
    with cluster.postgres.connect("vertskap") as connection:
        rows = connection.execute(
            "SELECT organisation FROM visit v WHERE EXISTS (SELECT 1 FROM activity a WHERE a.visit_id = v.id) "
            "AND EXISTS (SELECT 1 FROM visit_window w WHERE w.visit_id = v.id)"
        ).fetchall()
        whole = connection.execute("SELECT count(*) FROM visit").fetchone()
    assert whole is not None
    assert len(rows) == whole[0], "half a visit"
    return {row[0] for row in rows}


def checked(cluster: Cluster) -> str:
    """What `flask check` says of the data."""
    done = flask_command(cluster.settings, "check")
    return done.stdout or done.stderr[-2000:]


def told(failures: list[Seen]) -> list[tuple[str, str, int, str]]:
    return [(one.method, one.path, one.status, one.words[:200]) for one in failures[:10]]


def test_db_4_postgres_crashes_and_comes_back(
    cluster: Cluster, traffic: Callable[..., Traffic], figures: Report
) -> None:
    masters = [node.running.pid for node in cluster.nodes if node.running]
    failed: list[Seen] = []
    with traffic(per_second=15) as people:
        time.sleep(3)
        for _ in range(CRASHES):
            cluster.postgres.stop("immediate")
            time.sleep(DOWN_SECONDS)
            cluster.postgres.start()
            up = time.monotonic()
            time.sleep(USABLE_SECONDS + 4)
            late = [
                one for one in people.seen if one.at > up + USABLE_SECONDS and one.status in (0, 500, 502, 503, 504)
            ]
            failed += late
    lost = set(people.acknowledged) - stored(cluster)
    figures(
        "DB-4", crashes=CRASHES, answers=people.statuses(), acknowledged=len(people.acknowledged), lost=len(lost),
        failures=len(people.failures()), not_usable_after_10_s=len(failed), slowest=people.slowest(),
    )  # fmt: skip
    assert told(people.failures()) == []
    assert told(failed) == []
    assert lost == set()
    assert people.told_to_return() > 0
    assert [node.running.pid for node in cluster.nodes if node.running] == masters
    assert checked(cluster) == "All is well.\n"


def test_db_5_fewer_connections_than_people(cluster: Cluster, traffic: Callable[..., Traffic], figures: Report) -> None:
    """The server takes 20 connections, 64 people come: each gets a page or is told to return, and soon all is well."""
    cluster.postgres.set(max_connections=FEW)
    cluster.postgres.stop("fast")
    cluster.postgres.start()
    try:
        with traffic(per_second=10_000, people=64) as people:
            time.sleep(45)
        time.sleep(USABLE_SECONDS)
        with traffic(per_second=3, people=4) as calm:
            time.sleep(10)
    finally:
        cluster.postgres.set(max_connections=100)
        cluster.postgres.stop("fast")
        cluster.postgres.start()
    pages = sorted(one.seconds for one in people.seen if one.status < 500)
    after = [one for one in calm.seen if not 0 < one.status < 500]
    figures(
        "DB-5", connections=FEW, people=64, answers=people.statuses(), failures=len(people.failures()),
        told_to_return=people.told_to_return(), pages_p99=round(pages[int(0.99 * len(pages))], 2),
        all_p99=people.slowest(0.99), rate=people.rate(), after=len(calm.seen), after_not_ok=len(after),
    )  # fmt: skip
    assert told(people.failures()) == []
    assert told(after) == []
    assert set(people.acknowledged) - stored(cluster) == set()


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """The migrations of a version to come: columns and an index on tables that everybody uses."""
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = ScriptDirectory(str(folder)).get_current_head()
    (folder / "versions" / "9999_to_come.py").write_text(TO_COME.format(head=head))
    return folder


def test_db_7_migration_under_load(
    cluster: Cluster, traffic: Callable[..., Traffic], next_version: Path, figures: Report
) -> None:
    """Up while a long reading transaction holds the tables, old and new together for two minutes, and down again."""
    with Probe(cluster) as probe, traffic(per_second=RATE, people=200) as people:
        time.sleep(2)
        for verb in ("upgrade", "downgrade"):
            with reading(cluster, HELD_SECONDS):
                done = flask_command(cluster.settings, "db", verb, "-d", str(next_version))
                assert done.returncode == 0, done.stderr[-2000:]
            time.sleep(TOGETHER_SECONDS if verb == "upgrade" else 2)
    figures(
        "DB-7", answers=people.statuses(), failures=len(people.failures()), told_to_return=people.told_to_return(),
        longest_stall=round(max(probe.took), 2), probes=len(probe.took), held_seconds=HELD_SECONDS, rate=people.rate(),
    )  # fmt: skip
    assert told(people.failures()) == []
    assert max(probe.took) <= STALL_SECONDS


class Probe(Thread):
    """Reads and writes a table by itself, all the time: how long the database makes everybody wait."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(daemon=True)
        self.cluster, self.over, self.took = cluster, Event(), [0.0]

    def __enter__(self) -> Probe:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self.join()

    def run(self) -> None:
        with self.cluster.postgres.connect("vertskap") as connection:
            while not self.over.wait(0.05):
                began = time.monotonic()
                connection.execute("UPDATE visit SET city = city WHERE id = (SELECT min(id) FROM visit)")
                connection.execute("SELECT count(*) FROM activity WHERE id = 1")
                self.took.append(time.monotonic() - began)


@contextmanager
def reading(cluster: Cluster, seconds: float) -> Iterator[None]:
    """Somebody's long reading transaction, as a backup is one: it holds the tables that the migration wants."""

    def read() -> None:
        with cluster.postgres.connect("vertskap") as connection, connection.transaction():
            connection.execute("SELECT (SELECT count(*) FROM visit), (SELECT count(*) FROM activity)")
            begun.set()
            time.sleep(seconds)

    begun = Event()
    reader = Thread(target=read)
    reader.start()
    begun.wait(30)
    yield
    reader.join()


def test_db_9_stuck_lock(cluster: Cluster, traffic: Callable[..., Traffic], figures: Report) -> None:
    """Tables that every page reads are locked for a minute: told to return within 10 s, all well as soon as it ends."""
    with cluster.postgres.connect("vertskap") as connection, traffic(per_second=10, people=24) as people:
        time.sleep(2)
        with connection.transaction():
            connection.execute('LOCK TABLE visit, "user" IN ACCESS EXCLUSIVE MODE')
            locked = time.monotonic()
            time.sleep(LOCK_SECONDS)
        free = time.monotonic()
        time.sleep(12)
    waited = [one for one in people.seen if locked < one.at < free + 10 and one.status == 503]
    after = [one for one in people.seen if one.at > free + 10]
    figures(
        "DB-9", locked_seconds=LOCK_SECONDS, told_to_return=len(waited), failures=len(people.failures()),
        slowest_told=max(round(one.seconds, 2) for one in waited), after=len(after),
        after_not_ok=sum(one.status >= 500 or not one.status for one in after), answers=people.statuses(),
    )  # fmt: skip
    assert told(people.failures()) == []
    assert waited
    assert max(one.seconds for one in waited) <= 10
    assert after
    assert [one for one in after if one.status >= 500 or not one.status] == []


def test_db_10_rolling_restart(cluster: Cluster, traffic: Callable[..., Traffic], figures: Report) -> None:
    """Each node and each scheduler is told to end and started again, one after the other, and nobody notices."""
    took: list[float] = []
    with traffic(per_second=RATE, people=400) as people:
        time.sleep(3)
        for number in range(RESTARTS):
            for part in (cluster.nodes[number % 2], cluster.schedulers[number % 2]):
                took.append(part.stop())
                assert part.running is not None
                assert part.running.returncode == 0
                part.start()
            cluster.wait_until_ready()
            time.sleep(SETTLE_SECONDS)
    lost = set(people.acknowledged) - stored(cluster)
    figures(
        "DB-10", restarts=2 * RESTARTS, answers=people.statuses(), failures=len(people.failures()), lost=len(lost),
        longest_stop=round(max(took), 1), rate=people.rate(), p99=people.slowest(0.99), slowest=people.slowest(),
    )  # fmt: skip
    assert told(people.failures()) == []
    assert people.told_to_return() == 0
    assert lost == set()
    assert max(took) <= 30
