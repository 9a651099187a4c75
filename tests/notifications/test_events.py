"""Mails that something happening sends: the list agrees with the catalogue; switched off they are notices alone."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.core.time import now
from app.extensions import db
from app.jobs import telling
from app.notifications import events
from app.notifications.catalogue import RULES
from app.notifications.derive import announce, unannounced_ids
from app.notifications.event_lines import LINES, Line, find_line
from app.notifications.event_models import EventMail
from app.notifications.kinds import KINDS
from app.notifications.models import Notification
from app.notifications.notices import notices_of
from app.notifications.outbox import take
from app.visits import lifecycle
from app.visits.programme_models import Appointment
from tests import factories
from tests.cast import MONDAY, OLA
from tests.notifications.telling import LATER, VISITOR_ADDRESS, actor, at_step, find
from tests.notifications.town import plan_of

Store = Callable[[], AbstractContextManager[Session]]
# Words in the catalogue's functions that look like kinds: the key of a change, the kind of a message.
OTHER_WORDS = {("run-late", "moved"), ("answer", "question"), ("answer-invitation", "invitation")}


def line(verb: str, kind: str) -> Line:
    found = find_line(verb, kind)
    assert found is not None
    return found


def words_in(code: types.CodeType, known: dict[str, Any]) -> Iterator[str]:
    """Also of the functions that it hands a part of a verb to."""
    for name in code.co_names:
        if name.startswith("_on_"):
            yield from words_in(known[name].__code__, known)
    for one in code.co_consts:
        if isinstance(one, str):
            yield one
        elif isinstance(one, types.CodeType):
            yield from words_in(one, known)


@pytest.mark.one_engine
def test_the_list_names_every_mail_of_every_function_of_the_catalogue() -> None:
    written = set()
    for verb, rule in RULES.items():
        given = inspect.getclosurevars(rule).nonlocals.values()
        words = {*words_in(rule.__code__, rule.__globals__), *(one for one in given if isinstance(one, str))}
        written |= {(verb, word) for word in words & set(KINDS)}
    assert {(one.verb, one.kind) for one in LINES} == written - OTHER_WORDS
    assert len({(one.verb, one.kind) for one in LINES}) == len(LINES)


def states() -> dict[tuple[str, str], str]:
    return {(row.kind, row.address): row.status for row in db.session.scalars(select(Notification))}


def test_a_mail_that_is_off_is_a_notice_and_its_calendar_part_comes_alone(session: Session) -> None:
    visit = at_step("proposed")
    events.switch(line("accept", "accepted"), on=False, at=MONDAY)
    lifecycle.accept(visit, at=MONDAY)
    for row_id in unannounced_ids():
        announce(row_id, at=LATER)
    found = states()
    assert found[("accepted", OLA.email)] == "noted"
    assert found[("confirmed", VISITOR_ADDRESS)] == "due"
    assert found[("host-invitation", OLA.email)] == "due"
    assert [one.kind for one in notices(OLA.email)] == ["accepted"]


def notices(address: str) -> list[Notification]:
    user = find(address.partition(".")[0].partition("@")[0])
    return list(notices_of(user, unread=True, page=1, at=LATER)[0])


def test_what_waits_is_kept_back_when_its_line_is_switched_off(session: Session) -> None:
    visit = at_step("proposed")
    lifecycle.ask_for_change(visit, text="Later, please", at=MONDAY)
    for row_id in unannounced_ids():
        announce(row_id, at=LATER)
    assert set(states().values()) == {"due"}
    kept = events.switch(line("ask-for-change", "change-asked"), on=False, at=LATER)
    assert (kept, set(states().values())) == (len(states()), {"noted"})
    assert [take(row.id, at=LATER) for row in db.session.scalars(select(Notification))] == [None] * kept


@pytest.mark.parametrize(
    ("verb", "kind"), [("submit", "confirm-address"), ("accept", "confirmed"), ("return", "nobody-left")]
)
def test_what_may_never_be_off_leaves_whatever_the_table_says(session: Session, verb: str, kind: str) -> None:
    assert events.switch(line(verb, kind), on=False, at=MONDAY) == 0
    db.session.add(EventMail(verb=verb, kind=kind, is_on=False, words={}))
    db.session.flush()
    assert (verb, kind) not in events.names_off()


@pytest.mark.parametrize(("days", "status"), [(1, "due"), (30, "noted")])
def test_a_change_within_48_hours_leaves_though_it_is_off(session: Session, days: int, status: str) -> None:
    visit = at_step("confirmed")
    stop = db.session.scalars(select(Appointment)).one()
    events.switch(line("move-appointment", "moved"), on=False, at=MONDAY)
    at = stop.starts_at - timedelta(days=days)
    later = timedelta(minutes=30)
    plan = plan_of(stop, starts_at=stop.starts_at + later, ends_at=stop.ends_at + later)
    lifecycle.move_appointment(stop, plan, by=actor("ola"), at=at)
    for row_id in unannounced_ids():
        announce(row_id, at=at)
    assert states()[("moved", visit.contact_email)] == status


def test_a_tick_asks_once_for_what_is_off_however_much_happened(app: Flask, store: Store) -> None:
    counts = []
    for number in (1, 3):
        with store():
            for _ in range(number):
                lifecycle.submit(factories.WATER, at=now())
        with app.app_context(), asked_for("event_mail") as asked:
            telling.announce()
        counts.append(len(asked))
    assert counts == [1, 1]


@contextmanager
def asked_for(table: str) -> Iterator[list[str]]:
    """The statements that read from that table."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.extend([statement] if table in statement else [])

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)
