"""Rows DB-1, DB-2 and DB-3: processes that are killed, writers that crowd, a disk that fills up."""

from __future__ import annotations

import os
import random
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import make_url

from tests.harness.engines import PostgresDatabase, plain_url, postgres_server
from tests.harness.processes import Process, flask_command, held_port, web_node
from tests.harness.traffic import Traffic
from tests.harness.web import wait_for

KILLS, WRITES = 50, 500
WRITERS, EACH, READERS = 16, 200, 16
DISK_MB, WELL_SECONDS = 16, 5
KARI = "kari@bergen.example.org"
Report = Callable[..., None]
WHOLE = (
    "SELECT organisation FROM visit v WHERE EXISTS (SELECT 1 FROM activity a WHERE a.visit_id = v.id) "
    "AND EXISTS (SELECT 1 FROM visit_window w WHERE w.visit_id = v.id)"
)


class Site:
    """One web node on a database of its own."""

    def __init__(self, folder: Path, url: str, *, workers: int = 2) -> None:
        self.settings = {
            "DATABASE_URL": url,
            "SECRET_KEY": "a key for tests only",
            "MAIL_DIR": str(folder / "mail"),
            "TRUSTED_HOSTS": "127.0.0.1",
            "LOG_FORMAT": "json",
        }
        self.database = url
        done = flask_command(self.settings, "setup", "--quiet")
        assert done.returncode == 0, done.stderr
        done = flask_command(self.settings, "create-user", KARI, "--coordinator", "--language", "en")
        assert done.returncode == 0, done.stderr
        number, version = self.rows(f"SELECT id, session_version FROM \"user\" WHERE email = '{KARI}'")[0]
        self.kari = f"{number}.{version}"
        self.held: socket.socket = held_port()
        self.url = f"http://127.0.0.1:{self.held.getsockname()[1]}"
        self.node: Process = web_node("web", self.held, self.settings | {"BASE_URL": self.url}, folder, workers=workers)

    def start(self) -> None:
        self.node.start()
        assert self.node.running is not None
        wait_for(f"{self.url}/healthz", self.node.running, self.node.log)

    def stop(self) -> None:
        self.node.stop()
        self.held.close()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        if self.database.startswith("sqlite"):
            with closing(sqlite3.connect(self.database.removeprefix("sqlite:///"), timeout=30)) as connection:
                return list(connection.execute(query))
        with psycopg.connect(plain_url(self.database)) as connection:
            return connection.execute(query).fetchall()  # type: ignore[arg-type]

    def organisations(self) -> set[object]:
        """Of all visits; each of them whole."""
        whole = [row[0] for row in self.rows(WHOLE)]
        assert len(whole) == self.rows("SELECT count(*) FROM visit")[0][0], "half a visit"
        return set(whole)

    def is_whole(self) -> bool:
        return flask_command(self.settings, "check").stdout == "All is well.\n"

    def traffic(self, **more: float) -> Traffic:
        return Traffic(self.url, self.settings["SECRET_KEY"], self.kari, **more)  # type: ignore[arg-type]


@pytest.fixture
def site(engine_name: str, tmp_path: Path) -> Iterator[Site]:
    if engine_name == "sqlite":
        made = Site(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite'}")
        database = None
    else:
        database = PostgresDatabase(postgres_server(), f"vertskap_{os.getpid()}_site")
        database.create()
        made = Site(tmp_path, make_url(database.url).set(drivername="postgresql").render_as_string(hide_password=False))
    made.start()
    yield made
    made.stop()
    if database is not None:
        database.drop()


def test_db_1_workers_are_killed_while_people_write(site: Site, figures: Report) -> None:
    chosen, whole, kills = random.Random(20270302), 0, 0
    assert site.node.running is not None
    master = psutil.Process(site.node.running.pid)
    with site.traffic(per_second=WRITES / 90, write_every=1, people=8) as people:
        for _ in range(KILLS):
            time.sleep(1.6)
            workers = master.children()
            if workers:
                chosen.choice(workers).kill()
                kills += 1
            if site.database.startswith("sqlite"):
                whole += site.rows("PRAGMA quick_check") == [("ok",)]
    lost = set(people.acknowledged) - site.organisations()
    figures(
        "DB-1", kills=kills, writes=len(people.seen), acknowledged=len(people.acknowledged), lost=len(lost),
        whole_after_kill=whole or "-", answers=people.statuses(),
    )  # fmt: skip
    assert lost == set()
    assert people.acknowledged
    assert site.is_whole()
    assert whole in (0, KILLS)


def test_db_2_many_writers_and_readers(site: Site, figures: Report) -> None:
    """On SQLite each waits its turn; nobody is told that the database is locked."""
    if not site.database.startswith("sqlite"):
        pytest.skip("row DB-2 is about SQLite")
    with (
        site.traffic(per_second=10_000, write_every=1, people=WRITERS) as writers,
        site.traffic(per_second=10_000, write_every=10**9, people=READERS) as readers,
    ):
        until = time.monotonic() + 600
        while len(writers.seen) < WRITERS * EACH and time.monotonic() < until:
            time.sleep(0.2)
    lost = set(writers.acknowledged) - site.organisations()
    bad = [one for one in (*writers.seen, *readers.seen) if one.status >= 500 or not one.status]
    figures(
        "DB-2", writers=WRITERS, writes=len(writers.seen), reads=len(readers.seen), locked=len(bad), lost=len(lost),
        p50=writers.slowest(0.5), p99=writers.slowest(0.99), rate=writers.rate(),
    )  # fmt: skip
    assert [(one.path, one.status, one.words[:100]) for one in bad[:5]] == []
    assert lost == set()
    assert len(writers.seen) >= WRITERS * EACH


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of a few megabytes of its own."""
    folder = Path(tempfile.mkdtemp(prefix="vertskap-disk-"))
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0755", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        folder.rmdir()
        pytest.skip("a small disk cannot be made here (mount: " + made.stderr.decode().strip() + ")")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
    folder.rmdir()


@pytest.mark.one_engine
def test_db_3_disk_fills_up_and_is_freed(small_disk: Path, tmp_path: Path, figures: Report) -> None:
    site = Site(small_disk, f"sqlite:///{small_disk / 'site.sqlite'}")
    site.node.log = tmp_path / "log"
    site.start()
    filler = small_disk / "filler"
    try:
        with site.traffic(per_second=8, write_every=2, people=8) as people:
            time.sleep(5)
            with filler.open("wb") as file:
                full = False
                while not full:
                    try:
                        file.write(b"x" * 4096)
                        file.flush()
                    except OSError:
                        full = True
            filled = time.monotonic()
            time.sleep(15)
            alarm = site.node.said().count("the database or the disk did not answer")
            filler.unlink(missing_ok=True)
            freed = time.monotonic()
            time.sleep(12)
        refused = [one for one in people.seen if one.method == "POST" and filled < one.at < freed and one.status == 503]
        again = [one.at for one in people.seen if one.method == "POST" and one.at > freed and one.status == 303]
        lost = set(people.acknowledged) - site.organisations()
        figures(
            "DB-3", disk_mb=DISK_MB, answers=people.statuses(), told_to_return=len(refused),
            failures=len(people.failures()), lost=len(lost),
            writing_again_after=round(again[0] - freed, 1) if again else "never", logged=alarm,
        )  # fmt: skip
        assert [(one.path, one.status, one.words[:200]) for one in people.failures()[:5]] == []
        assert refused
        assert alarm
        assert again
        assert again[0] - freed <= WELL_SECONDS
        assert lost == set()
        assert site.is_whole()
    finally:
        site.stop()
        shutil.rmtree(small_disk, ignore_errors=True)
