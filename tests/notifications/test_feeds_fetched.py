"""Whether a program has a change is told by the version that it got, not by the clock alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core.time import now
from app.extensions import db
from app.feeds.actions import note_fetch
from app.feeds.models import FeedFetch
from app.notifications.models import Notification
from tests import factories
from tests.cast import OLA, ULRIK
from tests.notifications.test_stale_feeds import HOUR, SOON, SUBJECT, Subscriber, move_by
from tests.notifications.town import Store, Town, user


@pytest.fixture
def ulrik(town: Town, store: Store, clock: time_machine.Traveller) -> Subscriber:
    """His program fetches now for the first time."""
    found = Subscriber(town, store, clock)
    with store():
        user(ULRIK).language = "en"
        factories.make_appointment(town.visit, user=user(OLA), day=SOON, start="14:00", end="15:00", at=now())
    found.subscribe()
    found.fetch()
    found.subjects()
    return found


def fetched(ulrik: Subscriber) -> tuple[int, str, int]:
    with ulrik.store():
        one = db.session.scalars(select(FeedFetch)).one()
        return one.feed_id, one.program, one.version


@pytest.mark.parametrize("is_told_first", [False, True])
def test_change_that_was_fetched_seconds_later_is_not_mailed(ulrik: Subscriber, is_told_first: bool) -> None:
    ulrik.clock.shift(timedelta(seconds=20))
    move_by(ulrik, minutes=30)
    if is_told_first:
        ulrik.town.tick()
    ulrik.clock.shift(timedelta(seconds=8))
    ulrik.fetch()
    assert ulrik.subjects(after=HOUR + timedelta(minutes=2)) == []


def test_change_in_the_second_of_the_last_fetch_is_mailed(ulrik: Subscriber) -> None:
    ulrik.fetch()
    move_by(ulrik, minutes=30)
    assert ulrik.subjects(after=timedelta(0)) == []
    assert ulrik.subjects(after=HOUR) == [SUBJECT]


def test_old_version_that_was_handed_out_while_the_change_was_written_is_none(ulrik: Subscriber) -> None:
    feed_id, program, version = fetched(ulrik)
    ulrik.clock.shift(timedelta(minutes=20))
    move_by(ulrik, minutes=30)
    with ulrik.store():
        note_fetch(feed_id, program, version, at=now() + timedelta(seconds=2))
    assert ulrik.subjects(after=HOUR) == [SUBJECT]


def test_mail_that_waited_before_versions_were_noted_goes_by_the_clock(ulrik: Subscriber) -> None:
    ulrik.clock.shift(timedelta(minutes=20))
    for fetches in (True, False):
        move_by(ulrik, minutes=30)
        ulrik.town.tick()
        with ulrik.store():
            for row in db.session.scalars(select(Notification).where(Notification.kind == "stale-feed")):
                about = {name: value for name, value in row.facts["about"].items() if name != "versions"}
                row.facts = {**row.facts, "about": about}
        ulrik.clock.shift(timedelta(minutes=20))
        if fetches:
            ulrik.fetch()
        assert ulrik.subjects(after=HOUR) == ([] if fetches else [SUBJECT])
