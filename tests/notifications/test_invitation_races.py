"""Whatever happens in whatever order, calendars end as the programme ends; two schedulers leave nobody untold."""

from __future__ import annotations

import random
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.errors import IllegalMove, Invalid, Overlap
from app.core.time import now
from app.extensions import db
from app.notifications.derive import announce, unannounced_ids
from app.notifications.invitations import take_as_told
from app.notifications.models import Notification
from app.people.actors import by_user
from app.visits import lifecycle
from tests.cast import BRITA, OLA, ULRIK
from tests.notifications.town import VISITOR_ADDRESS, Store, Town, calendar_of, user

ROUNDS = 12


class Program:
    """A calendar program: takes what mails bring, an older version never over a newer one."""

    def __init__(self) -> None:
        self.entries: dict[str, tuple[int, str, object]] = {}

    def read(self, town: Town, address: str) -> None:
        for mail in town.new_to(address):
            if not any(part.get_content_type() == "text/calendar" for part in mail.walk()):
                continue
            for event in calendar_of(mail).walk("VEVENT"):
                uid, number = str(event["UID"]), int(event["SEQUENCE"])
                if number >= self.entries.get(uid, (-1,))[0]:
                    self.entries[uid] = (number, str(event["STATUS"]), event["DTSTART"].dt.timestamp())

    def live(self) -> dict[str, tuple[str, object]]:
        return {uid: entry[1:] for uid, entry in self.entries.items() if entry[1] != "CANCELLED"}


def do_something(town: Town, luck: random.Random) -> None:
    """One verb of the programme, by Ola; one that is not possible now is left."""
    ola = by_user(user(OLA), user(OLA).hosts[0])
    live = [stop for stop in town.visit.appointments if not stop.is_cancelled]
    stop = luck.choice(live) if live else None
    verb = luck.choice(["add", "add", "shift", "hand over", "remove", "propose", "accept", "accept part"])
    try:
        if verb == "add":
            hour = luck.randrange(8, 17)
            town.add(luck.choice([ULRIK, BRITA]), start=f"{hour:02}:00", end=f"{hour:02}:30", title=f"Stop {hour}")
        elif verb == "propose":
            lifecycle.propose(town.visit, by=ola, at=now())
        elif verb == "accept":
            lifecycle.accept(town.visit, at=now())
        elif stop is None:
            return
        elif verb == "shift":
            by = timedelta(minutes=luck.choice([10, 180]))
            town.move(stop, starts_at=stop.starts_at + by, ends_at=stop.ends_at + by)
        elif verb == "hand over":
            other = user(luck.choice([ULRIK, BRITA]))
            town.move(stop, contact=other, host=other.hosts[0])
        elif verb == "remove":
            lifecycle.remove_appointment(stop, by=ola, at=now())
        elif stop.answer == "asked":
            lifecycle.accept_part(stop, by=by_user(user(BRITA), user(BRITA).hosts[0]), at=now())
    except (IllegalMove, Overlap, Invalid):
        db.session.rollback()


@pytest.mark.parametrize(("seed", "wish"), [(1, "together"), (2, "each")])
def test_calendars_end_as_the_programme_ends(town: Town, store: Store, seed: int, wish: str) -> None:
    luck = random.Random(seed)
    people = {person.email: Program() for person in (ULRIK, BRITA)} | {VISITOR_ADDRESS: Program()}
    with store():
        town.visit.invitations = user(ULRIK).invitations = user(BRITA).invitations = wish
    for _ in range(14):
        with store():
            do_something(town, luck)
        if luck.random() < 0.6:
            town.tick()
    town.tick()
    for address, program in people.items():
        program.read(town, address)
    with store():
        for person in (ULRIK, BRITA):
            mine = [stop for stop in town.visit.appointments if stop.contact_id == user(person).id]
            wanted = {
                stop.uid: ("CONFIRMED" if stop.status == "confirmed" else "TENTATIVE", stop.starts_at.timestamp())
                for stop in mine
                if not stop.is_cancelled
            }
            assert people[person.email].live() == wanted
        confirmed = {
            stop.uid: ("CONFIRMED", stop.starts_at.timestamp())
            for stop in town.visit.appointments
            if stop.status == "confirmed"
        }
        assert confirmed.items() <= people[VISITOR_ADDRESS].live().items()
        cancelled = {stop.uid for stop in town.visit.appointments if stop.is_cancelled}
        assert cancelled & people[VISITOR_ADDRESS].live().keys() == set()


def announce_at_once(app: Flask, ids: list[int]) -> None:
    """Each activity by a scheduler of its own, all starting together."""
    together = threading.Barrier(len(ids))

    def work(activity_id: int) -> None:
        with app.app_context():
            together.wait()
            announce(activity_id, at=now())
            db.session.commit()

    workers = [threading.Thread(target=work, args=(activity_id,)) for activity_id in ids]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def test_two_schedulers_with_one_activity_each_make_one_invitation(town: Town, store: Store) -> None:
    made = []
    for _ in range(ROUNDS):
        with store():
            for stop in town.visit.appointments:
                if not stop.is_cancelled:
                    lifecycle.remove_appointment(stop, by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
            take_as_told(town.visit, at=now())
            for activity in town.visit.activities:
                activity.announced_at = now()
            db.session.query(Notification).delete()
        with store():
            town.add(ULRIK, title="One")
            town.add(ULRIK, start="12:00", end="13:00", title="Two")
            ids = list(unannounced_ids())
        announce_at_once(town.app, ids)
        with town.app.app_context():
            query = select(Notification).where(Notification.kind == "host-invitation")
            made.append(len(db.session.scalars(query).all()))
    assert made == [1] * ROUNDS
