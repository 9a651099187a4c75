"""Whoever has said yes is not asked once more, however much happens before the first of it is told."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

import pytest

from app.core.time import from_venue, now
from app.people.actors import by_user
from app.visits import lifecycle
from tests.cast import BRITA, OLA, Person
from tests.notifications.town import Store, Town, brings, calendar_of, user

QUESTION, NO_QUESTION = ("NEEDS-ACTION", "TRUE"), ("ACCEPTED", "FALSE")


def asks(mail: EmailMessage) -> tuple[str, str]:
    """PARTSTAT and RSVP of the invitation's one attendee."""
    params = calendar_of(mail).walk("VEVENT")[0]["ATTENDEE"].params
    return params["PARTSTAT"], params["RSVP"]


def questions(town: Town, person: Person) -> list[tuple[str, str]]:
    return [asks(mail) for mail in town.new_to(person) if brings(mail) == "REQUEST"]


def take(town: Town) -> None:
    lifecycle.accept_part(town.stop(), by=by_user(user(BRITA), user(BRITA).hosts[0]), at=now())


@pytest.mark.parametrize("is_known", [True, False], ids=["asked by mail", "not told yet"])
def test_part_taken_and_confirmed_before_anybody_was_told_asks_nobody_anew(
    town: Town, store: Store, is_known: bool
) -> None:
    with store():
        town.add(BRITA)
    if is_known:
        town.tick()
        assert questions(town, BRITA) == [QUESTION]
    with store():
        take(town)
        town.confirm()
    town.tick()
    assert questions(town, BRITA) == [NO_QUESTION]


def test_part_taken_where_it_was_moved_to_before_anybody_was_told_asks_nobody_anew(town: Town, store: Store) -> None:
    with store():
        town.add(BRITA)
    town.tick()
    town.new_to(BRITA)
    with store():
        town.move(town.stop(), starts_at=at_clock(12), ends_at=at_clock(13))
        take(town)
        town.confirm()
    town.tick()
    assert questions(town, BRITA) == [NO_QUESTION]


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"starts_at": 12, "ends_at": 13}, QUESTION),
        ({"title": "Another title"}, NO_QUESTION),
    ],
    ids=["elsewhere", "title"],
)
def test_part_that_another_moves_after_the_yes_is_asked_about_only_elsewhere(
    town: Town, store: Store, changes: dict[str, int | str], asked: tuple[str, str]
) -> None:
    with store():
        town.add(BRITA)
    town.tick()
    town.new_to(BRITA)
    with store():
        take(town)
        moved = {name: at_clock(value) if isinstance(value, int) else value for name, value in changes.items()}
        town.move(town.stop(), **moved)
    town.tick()
    assert questions(town, BRITA) == [asked]


def test_what_one_planned_and_proposed_oneself_asks_no_answer(town: Town, store: Store) -> None:
    with store():
        town.add(OLA)
        town.confirm()
    town.tick()
    assert questions(town, OLA) == [NO_QUESTION]


def test_what_one_planned_oneself_is_not_mailed_when_something_else_happens_at_once(town: Town, store: Store) -> None:
    with store():
        town.add(OLA)
        town.add(BRITA, start="12:00", end="13:00", title="Fish hall")
        lifecycle.accept_part(town.stop("Fish hall"), by=by_user(user(BRITA), user(BRITA).hosts[0]), at=now())
    town.tick()
    assert (questions(town, OLA), questions(town, BRITA)) == ([], [])


def at_clock(hour: int) -> datetime:
    return from_venue(datetime(2027, 5, 10, hour))
