"""Before every further attempt a mail is what is true then: another title, another address make it another mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import scheduler
from app.core.time import now
from app.extensions import db
from app.notifications import claims, outbox
from app.notifications.models import Notification
from app.notifications.post import Result
from app.people.actors import by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.models import Activity, Visit
from tests.cast import OLA
from tests.harness.web import Mailbox
from tests.notifications.reminding import MORNING_BEFORE, VISITOR, Clock, Store, make_visit, rows, run

NEW_OLA, NEW_VISITOR = "ola.new@bergen.example.org", "corrected@utrecht.example.org"


def put_off(app: Flask) -> dict[str, str]:
    """Every due mail is tried and put off by the server; the Message-IDs by kind."""
    with app.app_context():
        scheduler.remind()
        for mail_id in claims.due_ids(at=now()):
            letter = outbox.take(mail_id, at=now())
            db.session.commit()
            assert letter is not None
            outbox.record(letter, Result("later", "451 greylisted"), at=now())
            db.session.commit()
        return ids(app)


def ids(app: Flask) -> dict[str, str]:
    with app.app_context():
        return {row.kind: row.message_id for row in db.session.scalars(select(Notification))}


def retitle(visit: Visit, ola: User) -> None:
    (stop,) = visit.appointments
    plan = lifecycle.Plan(
        title="A wholly other meeting", host=stop.host, contact=ola, place_text=stop.place_text,
        starts_at=stop.starts_at, ends_at=stop.ends_at,
    )  # fmt: skip
    lifecycle.move_appointment(stop, plan, by=by_user(ola, ola.hosts[0]))
    db.session.execute(Activity.__table__.update().values(announced_at=now()))


def correct(visit: Visit, ola: User) -> None:
    ola.email, visit.contact_email = NEW_OLA, NEW_VISITOR


def speak_norwegian(visit: Visit, ola: User) -> None:
    ola.language = visit.language = "nb"


def change(store: Store, visit_id: int, how: Callable[[Visit, User], None]) -> None:
    with store() as session:
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        how(session.get_one(Visit, visit_id), ola)


@pytest.mark.parametrize(
    ("how", "to", "words"),
    [
        (retitle, (VISITOR, OLA.email), "A wholly other meeting"),
        (correct, (NEW_VISITOR, NEW_OLA), "Pipe renewal on site"),
        (speak_norwegian, (VISITOR, OLA.email), "kl. 9"),
    ],
)
def test_what_changed_between_two_attempts_goes_as_another_mail(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, how: Callable[[Visit, User], None],
    to: tuple[str, str], words: str,
) -> None:  # fmt: skip
    visit_id = make_visit(store)
    clock.move_to(MORNING_BEFORE)
    first = put_off(app)
    change(store, visit_id, how)
    clock.shift(timedelta(minutes=5))
    run(app)
    kinds = ("day-before", "host-day-before")
    assert rows(app, *kinds) == [(kind, address, "sent") for kind, address in zip(kinds, to, strict=True)]
    for address, kind in zip(to, kinds, strict=True):
        mail = next(mail for mail in mailbox.to(address) if mail["Message-ID"] == ids(app)[kind])
        assert words in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert mail["Message-ID"] != first[kind]


def test_what_did_not_change_goes_as_the_same_mail(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    make_visit(store)
    clock.move_to(MORNING_BEFORE)
    first = put_off(app)
    clock.shift(timedelta(minutes=5))
    run(app)
    assert {mail["Message-ID"] for mail in mailbox.mails} == set(first.values())
    assert ids(app) == first
