"""Who is told what: one walk through the verbs, asserting kinds and addresses."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.time import now
from app.extensions import db
from app.notifications.catalogue import RULES, SILENT
from app.notifications.derive import announce
from app.notifications.models import Notification
from app.people.actors import SYSTEM, VISITOR, by_user
from app.visits import lifecycle
from app.visits.statuses import MOVES
from tests import factories
from tests.cast import BRITA, KARI, MONDAY, OLA, SIRI, ULRIK, host
from tests.notifications.telling import LATER, VISITOR_ADDRESS, actor, at_step, find, settle, told


def test_every_verb_is_in_the_catalogue_or_declared_silent() -> None:
    assert set(MOVES) == set(RULES) | SILENT
    assert not set(RULES) & SILENT


def test_submit_asks_the_visitor_to_confirm_the_address(session: Session) -> None:
    lifecycle.submit(factories.WATER, at=MONDAY)
    assert told() == {("confirm-address", VISITOR_ADDRESS)}


def test_announcing_twice_tells_nobody_twice(session: Session) -> None:
    visit = lifecycle.submit(factories.WATER, at=MONDAY)
    assert [announce(visit.activities[0].id, at=MONDAY) for _ in range(2)] == [1, 0]


def test_offer_goes_to_the_members_of_the_host(session: Session) -> None:
    visit = at_step("submitted")
    visit.status = "received"
    lifecycle.offer(visit, host("byutvikling"), by=SYSTEM, at=LATER)
    assert told() == {("offer", OLA.email), ("offer", ULRIK.email)}


def test_offer_to_a_host_without_people_alarms_coordinators(session: Session) -> None:
    visit = at_step("submitted")
    visit.status = "received"
    lifecycle.offer(visit, host("byarkivet"), by=SYSTEM, at=LATER)
    assert told() == {("nobody-there", KARI.email)}


def test_claim_tells_the_visitor_and_the_hosts_that_lost(session: Session) -> None:
    visit = at_step("offered")
    lifecycle.offer(visit, host("brannvesen"), by=SYSTEM, at=MONDAY)
    settle()
    lifecycle.claim(visit, host("byutvikling"), by=actor("ola"), at=LATER)
    assert told() == {("claimed", VISITOR_ADDRESS), ("taken", BRITA.email)}


def test_join_tells_the_lead_host(session: Session) -> None:
    visit = at_step("claimed")
    lifecycle.offer(visit, host("brannvesen"), part="part", by=actor("ola"), at=MONDAY)
    settle()
    lifecycle.join(visit, host("brannvesen"), by=actor("brita"), at=LATER)
    assert told() == {("joined", OLA.email), ("joined", ULRIK.email)}


def test_refusing_a_part_tells_the_lead_host(session: Session) -> None:
    visit = at_step("claimed")
    lifecycle.offer(visit, host("brannvesen"), part="part", by=actor("ola"), at=MONDAY)
    settle()
    lifecycle.decline_offer(visit, host("brannvesen"), part="part", reason="dates", by=actor("brita"), at=LATER)
    assert told() == {("part-refused", OLA.email), ("part-refused", ULRIK.email)}


def test_last_lead_offer_declined_alarms_coordinators(session: Session) -> None:
    visit = at_step("offered")
    visit.routing = {**visit.routing, "ranked": []}
    for offer in [offer for offer in visit.offers if offer.part == "lead"]:
        lifecycle.decline_offer(visit, offer.host, part="lead", reason="not-ours", by=actor("ola"), at=LATER)
    assert ("nobody-left", KARI.email) in told()


def test_release_tells_coordinators_visitor_and_hosts_asked_again(session: Session) -> None:
    visit = at_step("offered")
    lifecycle.offer(visit, host("brannvesen"), by=SYSTEM, at=MONDAY)
    lifecycle.claim(visit, host("byutvikling"), by=actor("ola"), at=MONDAY + timedelta(hours=3))
    settle()
    lifecycle.release(visit, reason="Two of us are ill", by=actor("ola"), at=MONDAY + timedelta(hours=4))
    assert told() == {("released", KARI.email), ("given-back", VISITOR_ADDRESS), ("offer", BRITA.email)}


def test_reassign_tells_new_and_former_lead_and_visitor(session: Session) -> None:
    visit = at_step("claimed")
    lifecycle.reassign(visit, host("brannvesen"), reason="Fire safety", by=by_user(find("kari")), at=LATER)
    assert told() == {
        ("assigned", BRITA.email),
        ("reassigned", OLA.email),
        ("reassigned", ULRIK.email),
        ("claimed", VISITOR_ADDRESS),
    }


def test_conversation_reaches_the_other_side_only(session: Session) -> None:
    visit = at_step("claimed")
    lifecycle.ask_visitor(visit, "Which pipes?", by=actor("ola"), at=LATER)
    assert told() == {("question", VISITOR_ADDRESS)}
    lifecycle.answer(visit, "Clay ones", at=LATER)
    assert told() == {("host-message", OLA.email), ("host-message", ULRIK.email)}
    lifecycle.write(visit, "Good", by=actor("ola"), at=LATER)
    assert told() == {("message", VISITOR_ADDRESS)}
    lifecycle.write(visit, "Mind the budget", kind="note", by=by_user(find("kari")), at=LATER)
    assert told() == {("host-message", OLA.email), ("host-message", ULRIK.email)}


def test_question_of_a_coordinator_is_answered_to_that_coordinator(session: Session) -> None:
    visit = at_step("submitted")
    visit.status = "received"
    lifecycle.ask_visitor(visit, "Which dates?", by=by_user(find("kari")), at=LATER)
    told()
    lifecycle.answer(visit, "In May", at=LATER)
    assert told() == {("host-message", KARI.email)}


def test_change_asked_for_tells_the_lead_host(session: Session) -> None:
    visit = at_step("proposed")
    lifecycle.ask_for_change(visit, text="Later, please", at=LATER)
    assert told() == {("change-asked", OLA.email), ("change-asked", ULRIK.email)}


def test_withdrawal_tells_hosts_and_cancellation_the_visitor_too(session: Session) -> None:
    visit = at_step("confirmed")
    lifecycle.withdraw(visit, text="No budget", by=VISITOR, at=LATER)
    assert told() == {("host-withdrawn", OLA.email), ("host-withdrawn", ULRIK.email)}


def test_cancellation_tells_the_visitor_and_the_other_hosts(session: Session) -> None:
    visit = at_step("confirmed")
    factories.make_appointment(
        visit, user=find("ola"), host=host("brannvesen"), contact=find("brita"), start="13:00", end="14:00"
    )
    settle()
    lifecycle.cancel(visit, reason="Strike", by=by_user(find("kari")), at=LATER)
    assert told() == {
        ("cancelled", VISITOR_ADDRESS),
        ("host-cancelled", OLA.email),
        ("host-cancelled", ULRIK.email),
        ("host-cancelled", BRITA.email),
    }


def test_decline_tells_the_visitor_and_the_hosts_that_were_asked(session: Session) -> None:
    visit = at_step("offered")
    asked = {member.email for offer in visit.offers if offer.status == "open" for member in offer.host.members}
    lifecycle.decline(visit, reason="dates", by=by_user(find("kari")), alternatives="Come in June", at=LATER)
    assert told() == {("declined", VISITOR_ADDRESS)} | {("host-withdrawn", address) for address in asked}


def test_report_tells_owners_of_follow_ups_but_not_the_reporter(session: Session) -> None:
    visit = at_step("completed")
    kept = [
        lifecycle.Commitment("Send drawings", LATER.date(), find("siri")),
        lifecycle.Commitment("Send maps", LATER.date(), find("siri")),
        lifecycle.Commitment("Invite them", LATER.date(), find("ola")),
    ]
    lifecycle.report(visit, achieved=4, text="", goals=[], follow_ups=kept, by=actor("ola"), at=now())
    assert told() == {("follow-up", SIRI.email)}
    assert len(db.session.scalars(select(Notification).where(Notification.kind == "follow-up")).all()) == 2


def test_merge_tells_the_contact_of_the_request_that_is_gone(session: Session) -> None:
    kept = at_step("offered")
    gone = lifecycle.submit(factories.make_request(contact_email="second@utrecht.example.org"), at=MONDAY)
    gone.status = "received"
    settle()
    lifecycle.merge(gone, kept, by=by_user(find("kari")), at=LATER)
    assert told() == {("merged", "second@utrecht.example.org")}


def test_reopening_tells_the_visitor(session: Session) -> None:
    visit = at_step("offered")
    lifecycle.decline(visit, reason="dates", by=by_user(find("kari")), at=LATER)
    settle()
    lifecycle.reopen(visit, reason="A host turned up", by=by_user(find("kari")), at=LATER)
    assert told() == {("reopened", VISITOR_ADDRESS)}
