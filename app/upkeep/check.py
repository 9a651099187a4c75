"""Is the data whole: what the database itself says, and what the application's own promises say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import aliased

from app.extensions import db
from app.notifications.models import Notification
from app.notifications.queries import STATES
from app.notifications.reminder_rules import all_rules, unfit_of
from app.upkeep.engines import revision
from app.visits.models import Visit
from app.visits.programme_models import Appointment, Fragment
from app.visits.statuses import Status


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: a code, and how many rows it concerns (0: not a matter of rows)."""

    code: str
    rows: int = 0


def find_faults(head: str) -> list[Fault]:
    """Every fault of the database; empty when all is well. `head` is the newest migration."""
    return [fault for check in CHECKS for fault in check()] + list(_revision(head))


def _revision(head: str) -> Iterator[Fault]:
    if revision(db.session.connection()) != head:
        yield Fault("not-migrated")


def _engine() -> Iterator[Fault]:
    """SQLite reads every page and every reference; PostgreSQL does as much by itself while it writes."""
    if db.session.get_bind().dialect.name != "sqlite":
        return
    if db.session.scalars(text("PRAGMA integrity_check")).all() != ["ok"]:
        yield Fault("damaged")
    if broken := len(db.session.execute(text("PRAGMA foreign_key_check")).all()):
        yield Fault("broken-references", broken)


def _double_bookings() -> Iterator[Fault]:
    """Two appointments that take place, of one person or in one exclusive place, at the same time."""
    other = aliased(Appointment)
    for code, column, its in (
        ("person-double-booked", Appointment.contact_id, other.contact_id),
        ("place-double-booked", Appointment.exclusive_place_id, other.exclusive_place_id),
    ):
        both = exists().where(
            its == column,
            other.id > Appointment.id,
            other.status != "cancelled",
            other.starts_at < Appointment.ends_at,
            other.ends_at > Appointment.starts_at,
        )
        found = select(func.count()).select_from(Appointment).where(Appointment.status != "cancelled", both)
        if rows := db.session.scalar(found):
            yield Fault(code, rows)


def _without_fragments() -> Iterator[Fault]:
    """An appointment that no calendar program would see."""
    stored = exists().where(Fragment.appointment_id == Appointment.id)
    if rows := db.session.scalar(select(func.count()).select_from(Appointment).where(~stored)):
        yield Fault("without-fragment", rows)


def _statuses() -> Iterator[Fault]:
    known = [status.value for status in Status]
    if rows := db.session.scalar(select(func.count()).select_from(Visit).where(Visit.status.not_in(known))):
        yield Fault("unknown-status", rows)
    states = [status for statuses in STATES.values() for status in statuses]
    mails = select(func.count()).select_from(Notification).where(Notification.status.not_in(states))
    if rows := db.session.scalar(mails):
        yield Fault("unknown-mail-status", rows)


def _secrets() -> Iterator[Fault]:
    """A link that should have gone when its mail was done with."""
    kept = select(func.count()).select_from(Notification)
    over = Notification.status.in_(("sent", "failed", "superseded", "missed"))
    if rows := db.session.scalar(kept.where(over, Notification.sealed_link.is_not(None))):
        yield Fault("kept-secret", rows)


def _unfit_rules() -> Iterator[Fault]:
    """Rules in force, saved before it was asked of whom their mail speaks: these people get none."""
    if rows := sum(rule.is_on and bool(unfit_of(rule)) for rule in all_rules()):
        yield Fault("unfit-rules", rows)


CHECKS: tuple[Callable[[], Iterator[Fault]], ...] = (
    _engine,
    _double_bookings,
    _without_fragments,
    _statuses,
    _secrets,
    _unfit_rules,
)
