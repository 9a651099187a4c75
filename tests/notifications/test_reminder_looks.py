"""A look for reminders goes over what is new since the look before; over everything where that is not known."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.time import now
from app.extensions import db
from app.jobs import telling
from app.notifications.models import Notification
from app.notifications.reminders import Reminding, reminders_in_force
from app.people.actors import by_user
from app.people.models import User
from app.upkeep.jobs import Done, note_run
from app.visits import talking
from app.visits.models import Visit
from tests.cast import OLA
from tests.notifications.reminding import MORNING_BEFORE, Clock, Store, make_visit

HOUR = timedelta(hours=1)


def seen(*, looked_at: datetime | None) -> list[int]:
    """The visits that a look for the day before's reminders takes in hand."""
    found = reminders_in_force(at=now(), since=looked_at, looked_at=looked_at)
    return [row_id for one in found if one.rule.slug == "day-before" for row_id in one.ids(at=now())]


def test_what_was_looked_at_is_not_looked_at_again(app: Flask, store: Store, clock: Clock) -> None:
    visit_id = make_visit(store)
    clock.move_to(MORNING_BEFORE + HOUR)
    with app.app_context():
        assert seen(looked_at=None) == [visit_id]
        assert seen(looked_at=MORNING_BEFORE - HOUR) == [visit_id]  # it became due since
        assert seen(looked_at=MORNING_BEFORE + HOUR / 2) == []


def test_what_something_happened_to_is_looked_at_again(app: Flask, store: Store, clock: Clock) -> None:
    visit_id = make_visit(store)
    clock.move_to(MORNING_BEFORE + HOUR)
    with store() as session:
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        talking.write(session.get_one(Visit, visit_id), "Bring a coat.", by=by_user(ola, ola.hosts[0]))
    with app.app_context():
        assert seen(looked_at=MORNING_BEFORE + HOUR / 2) == [visit_id]
        assert seen(looked_at=now() + timedelta(seconds=1)) == []


@pytest.mark.parametrize(
    ("before", "error", "failed_rows", "taken"),
    [
        (HOUR / 2, "", 0, 0),
        (HOUR / 2, "OperationalError", 0, 1),
        (HOUR / 2, "", 1, 1),
        (-HOUR, "", 0, 1),  # by a clock that was put back since
        (timedelta(seconds=1), "", 0, 0),
        (None, "", 0, 1),  # nobody ever looked
    ],
)
def test_a_look_that_failed_or_is_not_known_is_made_again(
    app: Flask, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch,
    before: timedelta | None, error: str, failed_rows: int, taken: int,
) -> None:  # fmt: skip
    rows: list[int] = []
    monkeypatch.setattr(Reminding, "derive", lambda _self, row_id, /, *, at: rows.append(row_id))
    make_visit(store)
    clock.move_to(MORNING_BEFORE + HOUR)
    with app.app_context():
        if before is not None:
            note_run(Done("remind", now() - before, now(), 5, failed_rows=failed_rows, error=error))
            db.session.commit()
        telling.remind()
        assert len(set(rows)) == taken
        telling.look_back()
        assert len(set(rows)) == 1


def test_reminder_that_came_due_in_a_look_or_right_after_it_is_made_by_the_next(
    app: Flask, store: Store, clock: Clock
) -> None:
    make_visit(store)
    with app.app_context():
        for seconds in (-1, 9):
            clock.move_to(MORNING_BEFORE + timedelta(seconds=seconds))
            began = now()
            telling.remind()
            clock.shift(timedelta(seconds=5))
            note_run(Done("remind", began, now(), 5000))
            db.session.commit()
        kinds = set(db.session.scalars(select(Notification.kind).where(Notification.activity_id.is_(None))))
    assert {"day-before", "host-day-before"} <= kinds
