"""What one run makes leaves when all of it is made, so several things for one person are one mail; nothing is stuck."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.time import now
from app.extensions import db
from app.jobs import rows, telling
from app.notifications import batches, claims, reminders, write
from app.notifications.models import Notification
from app.notifications.outbox import cancel
from app.notifications.recipients import visitor_of
from app.visits.models import Visit
from tests.cast import OLA, ULRIK
from tests.harness.web import Mailbox
from tests.notifications.test_digests import BRIEFING, Clock, Store, two_visits

__all__ = ["two_visits"]
ATTEMPT = rows.attempt


@pytest.fixture
def sender_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sender that looks for due mails after each row that is made, as another process does."""

    def attempt(row_id: int, step: rows.Step) -> None:
        ATTEMPT(row_id, step)
        with monkeypatch.context() as alone:
            alone.setattr(rows, "attempt", ATTEMPT)
            telling.send()

    monkeypatch.setattr(rows, "attempt", attempt)


def remind(app: Flask) -> None:
    with app.app_context():
        telling.remind()


def test_sender_waits_until_all_reminders_of_a_run_are_made(
    app: Flask, mailbox: Mailbox, clock: Clock, two_visits: list[int], sender_beside: None
) -> None:
    clock.move_to(BRIEFING)
    remind(app)
    with app.app_context():
        telling.send()
    assert [mail["Subject"] for mail in mailbox.to(OLA.email)] == ["2 messages about visits"]
    assert len(mailbox.to(ULRIK.email)) == 1


def test_mails_of_a_maker_that_was_killed_leave_when_its_hold_is_over(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, two_visits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.telling.let_go", lambda _batch, *, at: None)
    clock.move_to(BRIEFING)
    remind(app)
    with app.app_context():
        telling.send()
    assert mailbox.mails == []
    clock.shift(batches.LONGEST + timedelta(seconds=1))
    with app.app_context():
        assert not any(one.is_alone for one in claims.due_mails(at=now()))  # no sender was lost with one
        telling.send()
        assert set(db.session.scalars(select(Notification.lost_claims))) == {0}
    assert [mail["Subject"] for mail in mailbox.to(OLA.email)] == ["2 messages about visits"]


def test_a_mail_in_the_making_can_be_called_off(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, two_visits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.telling.let_go", lambda _batch, *, at: None)
    clock.move_to(BRIEFING)
    remind(app)
    with store() as session:
        found = session.scalars(select(Notification).where(Notification.status == "due")).all()
        assert found
        assert all(cancel(one, at=now()) for one in found)
    clock.shift(batches.LONGEST + timedelta(seconds=1))
    with app.app_context():
        telling.send()
    assert mailbox.mails == []


def test_what_two_schedulers_make_for_one_person_is_one_mail(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, two_visits: list[int]
) -> None:
    """One is done with its share and sends; the other has made a mail for another person, then one for that one."""
    clock.move_to(BRIEFING)
    with app.app_context():
        reminding = next(one for one in reminders.reminders_in_force(at=now()) if one.rule.slug == "briefing")
        first, second = reminding.ids(at=now())
        with batches.one_batch() as other:
            (visitor,) = visitor_of(visit := db.session.get_one(Visit, two_visits[1]))
            write.put("reminder", visitor, visit=visit, key="x", about={}, due_at=now(), at=now())
            db.session.commit()
            with batches.one_batch() as mine:
                reminding.derive(first, at=now())
                db.session.commit()
            batches.let_go(mine, at=now())
            db.session.commit()
            telling.send()
            assert mailbox.mails == []
            reminding.derive(second, at=now())
            db.session.commit()
        batches.let_go(other, at=now())
        db.session.commit()
        clock.shift(batches.MOMENT)
        telling.send()
    assert [mail["Subject"] for mail in mailbox.to(OLA.email)] == ["2 messages about visits"]


def test_a_run_with_no_other_beside_it_lets_go_at_once(
    app: Flask, mailbox: Mailbox, clock: Clock, two_visits: list[int]
) -> None:
    clock.move_to(BRIEFING)
    remind(app)
    with app.app_context():
        telling.send()
    assert len(mailbox.to(OLA.email)) == 1
