"""Flask commands for whoever looks after the installation: backup, restore, check."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade

from app.core.time import now
from app.extensions import db
from app.jobs import mailbox
from app.notifications import derive, outbox, reminders
from app.notifications.events import names_off
from app.notifications.restoration import note_restoration
from app.upkeep.backup import Made, make_backup, restore_backup
from app.upkeep.check import find_faults
from app.upkeep.container import BackupError
from app.upkeep.jobs import BACKUP, Done, note_run

FOUND_AT_ONCE = 2_000
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
FAULTS = {
    "not-migrated": "the database is not at the newest migration: run flask setup",
    "damaged": "the database file is damaged: restore a backup",
    "broken-references": "rows refer to others that are not there",
    "person-double-booked": "appointments of one person at the same time",
    "place-double-booked": "appointments in one exclusive place at the same time",
    "without-fragment": "appointments that no calendar program sees",
    "unknown-status": "visits with a status that does not exist",
    "unknown-mail-status": "mails with a status that does not exist",
    "unfit-rules": "reminder rules that name people of whom their mail would say what is not so, who get none "
    "(choose others under Administration, Reminders)",
    "kept-secret": "mails that are done with and still keep their link",
}


def migrations() -> ScriptDirectory:
    """The chain of migrations this version knows."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


@contextmanager
def _settings() -> Iterator[tuple[str, str]]:
    """Key and programs' folder from the settings; what goes wrong is said in one line, with exit code 1."""
    config = current_app.config
    try:
        yield str(config["BACKUP_KEY"]), str(config["PG_BIN"])
    except BackupError as error:
        raise click.ClickException(str(error)) from error


@click.command("backup")
@click.argument("path", type=click.Path(path_type=Path))
def backup(path: Path) -> None:
    """Write the whole database into one file, and read it back before calling it done."""
    started, clock = now(), time.monotonic()
    try:
        with _settings() as (key, programs):
            made = make_backup(db.engine, db.metadata, path, key=key, programs=programs)
    except click.ClickException:
        _noted(started, clock, "BackupError")
        raise
    _noted(started, clock, "")
    click.echo(_words(made))


def _noted(started: datetime, clock: float, error: str) -> None:
    """Remember how it went, so that /readyz can raise the alarm; a database that cannot is alarm enough."""
    milliseconds = round(1000 * (time.monotonic() - clock))
    note_run(Done(BACKUP, started, now(), milliseconds, error=error))
    db.session.commit()


def _words(made: Made) -> str:
    sealed = "encrypted" if made.sealed else "not encrypted: set BACKUP_KEY to encrypt it"
    return f"{made.path}: {made.rows} rows, {made.size} bytes, read back and whole; {sealed}"


@click.command("restore")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask: what the database holds now is lost.")
def restore(path: Path, yes: bool) -> None:
    """Put a backup in place of the database; what was due to be mailed waits until a person releases it."""
    if not yes:
        click.confirm("What the database holds now will be lost. Go on?", abort=True)
    known = {script.revision for script in migrations().walk_revisions()}
    with _settings() as (key, programs):
        facts = restore_backup(db.engine, db.metadata, path, known_revisions=known, key=key, programs=programs)
    db.session.remove()
    db.engine.dispose()
    upgrade(directory=str(MIGRATIONS))
    backup_at = datetime.fromisoformat(facts["made_at"])
    held = hold_what_is_due(backup_at)
    db.session.commit()
    again = mailbox.read_again(backup_at)
    click.echo(f"Restored the backup of {facts['made_at']}: {sum(facts['rows'].values())} rows.")
    click.echo(f"{held} mails wait on the page of mails until somebody releases them.")
    if again is None:
        click.echo("The mailbox of answers is away: mark its mails since then as unread there, to be read again.")
    elif again:
        click.echo(f"{again} mails of the mailbox of answers are read again; nobody is told of them anew.")


def hold_what_is_due(backup_at: datetime) -> int:
    """Hold everything that is due now: it may have been sent after the backup was made. So is what is found later.

    Of more than `FOUND_AT_ONCE` things that nobody was told of yet the scheduler finds the rest, and holds it as well.
    """
    at, off = now(), names_off()
    note_restoration(backup_at, at=at)
    for activity_id in derive.unannounced_ids(at=at, limit=FOUND_AT_ONCE):
        derive.announce(activity_id, at=at, off=off)
    reminders.derive_all(at=at, since=backup_at)
    outbox.drop_sign_in_links()
    return outbox.hold_waiting()


@click.command("check")
def check() -> None:
    """Look through the database for what must never be; exit code 1 when something is wrong."""
    head = migrations().get_current_head() or ""
    faults = find_faults(head)
    for fault in faults:
        click.echo(f"{FAULTS[fault.code]}" + (f": {fault.rows}" if fault.rows else ""))
    if faults:
        raise SystemExit(1)
    click.echo("All is well.")


COMMANDS: tuple[click.Command, ...] = (backup, restore, check)
