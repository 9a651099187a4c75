"""The last word counts: what somebody answered before is not told any more, nor put back by a mail that comes late."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from sqlalchemy import select

from app.core.time import from_venue, now
from app.extensions import db
from app.notifications.models import Notification
from app.notifications.reply_models import Reply
from app.visits.invitation_answers import Said, answer_invitation
from app.visits.invitation_models import Invitation
from tests.cast import OLA, ULRIK
from tests.harness.web import CarefulClient
from tests.notifications.answering import answer_of, reply_to
from tests.notifications.town import Store, Town, invitation_at_the_desk, user

NEW_TIME = {
    "starts_at": from_venue(datetime(2027, 5, 10, 13)),
    "ends_at": from_venue(datetime(2027, 5, 10, 14)),
}


@pytest.fixture
def told(town: Town, store: Store) -> Town:
    """Ulrik has the invitation."""
    with store():
        town.add(ULRIK)
    town.tick()
    town.mailbox.mails.clear()
    return town


def say(town: Town, store: Store, clock: time_machine.Traveller, *answers: str) -> None:
    """Ulrik answers, a minute apart; nobody is told in between."""
    for answer in answers:
        clock.shift(60)
        with store():
            one = db.session.scalars(select(Invitation).where(Invitation.user_id == user(ULRIK).id)).one()
            said = Said(answer, one.sequence, f"I say {answer}", **(NEW_TIME if answer == "COUNTER" else {}))
            assert answer_invitation(one, said, at=now())


@pytest.mark.parametrize(
    ("answers", "kinds"),
    [
        (("DECLINED",), ["answer-declined"]),
        (("DECLINED", "ACCEPTED"), []),
        (("COUNTER", "ACCEPTED"), []),
        (("DECLINED", "DECLINED"), ["answer-declined"]),
        (("DECLINED", "COUNTER"), ["answer-counter"]),
        (("COUNTER", "DECLINED"), ["answer-declined"]),
    ],
)
def test_only_the_last_answer_is_told(
    told: Town, store: Store, clock: time_machine.Traveller, answers: tuple[str, ...], kinds: list[str]
) -> None:
    say(told, store, clock, *answers)
    told.tick()
    assert [answers[-1] in mail.get_content() for mail in told.new_to(OLA)] == [True] * len(kinds)
    with store():
        query = select(Notification.kind).where(Notification.kind.like("answer-%"), Notification.status == "sent")
        assert db.session.scalars(query).all() == kinds


def test_a_no_that_was_taken_back_before_the_mail_could_leave_is_not_told(
    told: Town, store: Store, clock: time_machine.Traveller
) -> None:
    told.mailbox.refuse = True
    say(told, store, clock, "DECLINED")
    told.tick()
    say(told, store, clock, "ACCEPTED")
    told.mailbox.refuse = False
    clock.shift(3600)
    told.tick()
    assert told.new_to(OLA) == []


@pytest.mark.parametrize(
    ("stamps", "state", "said"),
    [
        (("20270302T090000Z", "20270302T080000Z"), "outdated", "ACCEPTED"),
        (("20270302T090000Z", "20270302T090000Z"), "taken", "DECLINED"),
        (("20270302T080000Z", "20270302T090000Z"), "taken", "DECLINED"),
        (("20990302T080000Z", "20270302T090000Z"), "taken", "DECLINED"),  # a clock far ahead decides nothing
    ],
)
def test_of_two_answers_the_one_that_was_given_later_counts(
    town: Town, store: Store, client: CarefulClient, stamps: tuple[str, str], state: str, said: str
) -> None:
    mail = invitation_at_the_desk(town, store, client)
    for answer, stamp in zip(("ACCEPTED", "DECLINED"), stamps, strict=True):
        raw = reply_to(mail, answer, stamp=stamp).decode()
        page = client.post("/replies", data={"mail": raw}, follow_redirects=True).text
    with store():
        assert [reply.state for reply in db.session.scalars(select(Reply).order_by(Reply.id))] == ["taken", state]
    assert answer_of(town.app, ULRIK)[0] == said
    assert ("A later answer from the same person counts already." in page) == (state == "outdated")
