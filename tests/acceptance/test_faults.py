"""Rows DB-1, DB-2 and DB-3: processes that are killed, writers that crowd, a disk that fills up."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.harness.disks import disk_of
from tests.harness.site import Site, site_on

KILLS, WRITES = 50, 500
WRITERS, EACH, READERS = 16, 200, 16
WRITES_A_SECOND, READS_A_SECOND, STEADY_SECONDS = 10, 20, 60
DISK_MB, WELL_SECONDS = 16, 5
Report = Callable[..., None]


@pytest.fixture
def site(engine_name: str, tmp_path: Path) -> Iterator[Site]:
    with site_on(engine_name, tmp_path) as made:
        yield made


def test_db_1_workers_are_killed_while_people_write(site: Site, figures: Report) -> None:
    chosen, whole, kills = random.Random(20270302), 0, 0
    assert site.node.running is not None
    master = psutil.Process(site.node.running.pid)
    with site.traffic(per_second=25, write_every=1, people=8) as people:
        for number in range(KILLS):
            until = time.monotonic() + 60
            while len(people.acknowledged) < (number + 1) * WRITES / KILLS and time.monotonic() < until:
                time.sleep(0.01)
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
    assert len(people.acknowledged) >= WRITES
    assert site.is_whole()
    assert whole in (0, KILLS)


def test_db_2_many_writers_and_readers(site: Site, figures: Report) -> None:
    """On SQLite each waits its turn, however fast they press; nobody is told that the database is locked."""
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


def test_db_2_many_writers_and_readers_at_a_steady_rate(site: Site, figures: Report) -> None:
    """As many people, who write 36,000 times an hour: nobody waits a second."""
    if not site.database.startswith("sqlite"):
        pytest.skip("row DB-2 is about SQLite")
    with (
        site.traffic(per_second=WRITES_A_SECOND, write_every=1, people=WRITERS) as writers,
        site.traffic(per_second=READS_A_SECOND, write_every=10**9, people=READERS) as readers,
    ):
        time.sleep(STEADY_SECONDS)
    answers = (*writers.seen, *readers.seen)
    figures(
        "DB-2 steady", writes=len(writers.seen), reads=len(readers.seen), p50=writers.slowest(0.5),
        p99=writers.slowest(0.99), slowest=writers.slowest(), readers_p99=readers.slowest(0.99),
    )  # fmt: skip
    assert [(one.path, one.status, one.words[:100]) for one in answers if one.status >= 400 or not one.status] == []
    assert len(writers.seen) >= 0.95 * WRITES_A_SECOND * STEADY_SECONDS
    assert max(writers.slowest(0.99), readers.slowest(0.99)) < 1


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of a few megabytes of its own."""
    with disk_of(1024 * DISK_MB) as folder:
        yield folder


@pytest.mark.one_engine
def test_db_3_disk_fills_up_and_is_freed(small_disk: Path, tmp_path: Path, figures: Report) -> None:
    site = Site(small_disk, f"sqlite:///{small_disk / 'site.sqlite'}")
    site.node.log = tmp_path / "log"
    site.start()
    filler = small_disk / "filler"
    try:
        with site.traffic(per_second=8, write_every=2, people=8) as people:
            time.sleep(5)
            fill_up(filler)
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


def fill_up(path: Path) -> None:
    """Write until nothing more fits."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return
