"""Whose an answer is: by appointment, sender and attendee, pasted by a coordinator or read, also the visitor's."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from app.core.time import now
from app.extensions import db
from app.notifications.reply_models import Reply
from app.people.actors import by_user
from app.visits import lifecycle
from app.visits.invitation_models import Invitation
from tests.cast import KARI, OLA, ULRIK
from tests.harness.imap import ImapServer
from tests.harness.web import CarefulClient
from tests.notifications.answering import STRANGER, answer_of, read, reply_to
from tests.notifications.town import VISITOR_ADDRESS, Store, Town, invitation_at_the_desk, user


@pytest.mark.parametrize(
    ("changes", "state", "said"),
    [
        ({}, "taken", "DECLINED"),
        ({"sender": STRANGER, "attendee": ULRIK.email}, "waiting", "NEEDS-ACTION"),
        ({"sender": ULRIK.email, "attendee": STRANGER}, "waiting", "NEEDS-ACTION"),
        ({"sequence": -1}, "outdated", "NEEDS-ACTION"),
    ],
)
def test_pasted_answer_is_matched_by_appointment_sender_and_attendee(
    town: Town, store: Store, client: CarefulClient, changes: dict[str, object], state: str, said: str
) -> None:
    mail = invitation_at_the_desk(town, store, client)  # no mailbox is read: the invitation has no secret address
    raw = reply_to(mail, "DECLINED", **changes)  # type: ignore[arg-type]
    client.post("/replies", data={"mail": raw.decode()})
    with store():
        found = db.session.scalars(select(Reply)).one()
        actors = [one.user.name for one in town.visit.activities if one.verb == "answer-invitation" and one.user]
        assert (found.state, actors) == (state, [KARI.name] if state == "taken" else [])
    assert answer_of(town.app, ULRIK)[0] == said


def test_pasted_calendar_file_is_matched_but_names_no_sender(town: Town, store: Store, client: CarefulClient) -> None:
    mail = invitation_at_the_desk(town, store, client)
    answer = message_from_bytes(reply_to(mail, "ACCEPTED"), policy=policy.default)
    calendar = next(part for part in answer.walk() if part.get_content_type() == "text/calendar")
    client.post("/replies", data={"mail": calendar.get_payload(decode=True).decode()})
    with store():
        found = db.session.scalars(select(Reply)).one()
        one = db.session.scalars(select(Invitation).where(Invitation.user_id == user(ULRIK).id)).one()
        assert (found.state, found.why, found.invitation_id, one.partstat) == (
            "waiting", "pasted", one.id, "NEEDS-ACTION",
        )  # fmt: skip


def test_visitors_answer_is_matched_to_the_visitor(town: Town, store: Store, imap_server: ImapServer) -> None:
    town.app.config["IMAP_URL"] = imap_server.url
    with store():
        town.add(OLA)
        town.confirm()
    town.tick()
    (mail,) = town.new_to(VISITOR_ADDRESS)
    imap_server.deliver(reply_to(mail, "DECLINED", sender=VISITOR_ADDRESS))
    assert [reply.state for reply in read(town.app)] == ["taken"]
    with store():
        activity = town.visit.activities[-1]
        assert (activity.verb, activity.actor, activity.changes["answer"]) == (
            "answer-invitation",
            "visitor",
            "DECLINED",
        )
        lifecycle.cancel(town.visit, reason="x", by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    imap_server.deliver(reply_to(mail, "ACCEPTED", sender=VISITOR_ADDRESS))
    assert read(town.app)[-1].state == "outdated"
