"""Addresses for every route, with visits in every state, people and links behind them, for tests that walk them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.calendars.external import add_calendar
from app.core.time import now, venue_date
from app.extensions import db
from app.notifications.derive import announce
from app.notifications.models import Notification
from app.notifications.reminder_models import ReminderRule
from app.people.absences import enter_absence
from app.people.actors import VISITOR, by_user
from app.people.links import mint_link
from app.people.models import Absence, Host, Place, User
from app.people.quiet import enter_quiet_period
from app.strategy.models import Counterpart, Occasion
from app.visits import lifecycle
from app.visits.models import Visit
from tests import cast
from tests.factories import make_visit

Store = Callable[[], AbstractContextManager[Session]]


@dataclass
class Samples:
    """Values for the parameters of addresses, and the users (their session ids) who may open them."""

    values: dict[str, list[object]]
    users: dict[str, str]

    def addresses(self, app: Flask, rule: Rule) -> list[str]:
        """Addresses of that rule: one for each of the sample visits where it has a visit in it.

        Empty when nobody has said here what one of its parameters may be.
        """
        names = sorted(rule.arguments)
        with app.test_request_context():
            return [
                app.url_for(rule.endpoint, **dict(zip(names, values, strict=True)))
                for values in product(*(self._choices(rule, name) for name in names))
            ]

    def _choices(self, rule: Rule, name: str) -> list[object]:
        if listed := getattr(rule._converters[name], "items", None):
            return list(listed)
        keys = (f"{rule.endpoint}.{name}", f"{rule.endpoint.split('.')[0]}.{name}", name)
        return next((self.values[key] for key in keys if key in self.values), [])


def rules(app: Flask, *methods: str) -> Iterator[Rule]:
    """Every rule that takes one of the methods, static files left out."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint != "static" and (rule.methods or set()) & set(methods):
            yield rule


def _visits(ola: User, ulrik: User, brita: User, siri: User) -> list[Visit]:
    """The fullest one first, then one in each other state; separate people, as nobody can be in two places."""
    full = make_visit("confirmed", user=ola)
    at = full.appointments[0].created_at + timedelta(hours=8)
    lifecycle.add_delegate(full, name="Joost van Hemert", title="Head", needs="No nuts", consent=True, at=at)
    lifecycle.write(full, "We look forward to it.", by=VISITOR, at=at)
    lifecycle.write(full, "So do we.", by=by_user(ola, ola.hosts[0]), at=at)
    others = [("reported", brita), ("completed", siri), ("proposed", ulrik), ("claimed", siri), ("offered", ola)]
    return [full, *(make_visit(step, user=user) for step, user in [*others, ("submitted", ola)])]


def _absence(who: User, backup: User) -> Absence:
    """Days far ahead, so that nobody has other rights today."""
    day = venue_date(now()) + timedelta(days=300)
    return enter_absence(who, (day, day), backup=backup, note="Course", by=who, at=now())


def _own_time(user: User) -> tuple[list[object], list[object]]:
    """Quiet days far ahead, and calendars that were never fetched, that went well and that failed."""
    day = venue_date(now()) + timedelta(days=300)
    quiet = enter_quiet_period(user.hosts[0], (day, day), note="Exams", by=user, at=now())
    enter_quiet_period(user, (day, day), by=user, at=now())
    never, fine, failed = (add_calendar(user, "https://cal.example.org/x.ics", by=user, at=now()) for _ in range(3))
    for one, state, failure in ((fine, "ok", ""), (failed, "failed", "unreachable")):
        one.state, one.failure, one.attempted_at, one.fetched_at = state, failure, now(), now() - timedelta(days=3)
        one.due_at, one.unreadable = now() + timedelta(hours=1), 2
    ours = add_calendar(user.hosts[0], "https://cal.example.org/x.ics", by=user, at=now())
    return [quiet.id], [never.id, ours.id]


def _first(session: Session, model: type[Occasion | Place | Counterpart | Host]) -> list[object]:
    return [session.scalars(select(model.id).order_by(model.id)).first() or 1]


@pytest.fixture
def samples(store: Store) -> Samples:
    """Visits, people and links, and an address for every route that leads to them."""
    with store() as session:
        kari, ada, ola, ulrik, brita, siri = cast.bring(*cast.EVERYBODY)
        visits = _visits(ola, ulrik, brita, siri)
        values: dict[str, list[object]] = {
            "ref": [visit.ref for visit in visits],
            "visitor.token": [mint_link("visit", visit.id, at=now()) for visit in visits],
            "visitor.confirm.token": [mint_link("confirm-address", visits[-1].id, at=now())],
            "account.token": [mint_link("sign-in", kari.id, at=now())],
            "feeds.token": ["no-such-feed"],
            "reports.name": ["goals"],
            "user_id": [ola.id],
            "appointment_id": [visits[0].appointments[0].id],
            "counterpart_id": _first(session, Counterpart),
            "occasion_id": _first(session, Occasion),
            "place_id": _first(session, Place),
            "reply_id": [1],
            "host_id": _first(session, Host),
        }
        made_up = ("activity_id", "feed_id", "delegate_id", "follow_up_id", "edit_id", "draft_id", "version")
        values |= {name: [1] for name in made_up}
        values["absence_id"] = [_absence(ola, siri).id]
        values["quiet_id"], values["calendar_id"] = _own_time(ola)
        values["host.host_hours.host_id"] = values["host.host_hours_save.host_id"] = [ola.hosts[0].id]
        announce(visits[-1].activities[0].id, at=now())
        values["mail_id"] = [session.scalars(select(Notification.id)).one()]
        values["rule_id"] = list(session.scalars(select(ReminderRule.id).order_by(ReminderRule.position).limit(1)))
        values["verb"], values["kind"] = ["move-appointment"], ["moved"]
        values["notice_id"] = [_notice_of(ola, visits[-1])]
        people = {"coordinators": kari, "administrators": ada, "hosts": ola, "other-host": siri}
        users = {role: person.get_id() for role, person in people.items()}
    return Samples(values, users)


def _notice_of(user: User, visit: Visit) -> int:
    notice = Notification(
        key="sample", kind="host-message", visit_id=visit.id, user_id=user.id, address=user.email, language="en",
        status="noted", due_at=now(), created_at=now(),
    )  # fmt: skip
    db.session.add(notice)
    db.session.flush()
    return notice.id
