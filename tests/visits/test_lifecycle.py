"""A visit's life, verb by verb."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import AlreadyClaimed, IllegalMove, Invalid, NotAllowed
from app.extensions import db
from app.people.actors import SYSTEM, VISITOR, by_user
from app.visits import lifecycle
from app.visits.models import Activity
from app.visits.statuses import MOVES, Status, is_legal
from tests import cast
from tests.factories import STEPS, make_appointment, make_request, make_visit

pytestmark = pytest.mark.usefixtures("session")
VERBS_FROM = {
    "receive": {"submitted"},
    "expire": {"submitted"},
    "claim": {"offered"},
    "release": {"claimed", "proposed", "confirmed"},
    "propose": {"claimed", "proposed", "confirmed"},
    "accept": {"proposed"},
    "ask-for-change": {"proposed", "confirmed"},
    "complete": {"claimed", "proposed", "confirmed"},
    "pass-by": {"claimed", "proposed"},
    "decline": {"received", "offered"},
    "withdraw": {"submitted", "received", "offered", "claimed", "proposed", "confirmed"},
    "cancel": {"claimed", "proposed", "confirmed"},
    "mark-no-show": {"confirmed", "completed"},
    "merge": {"received", "offered", "claimed"},
    "reassign": {"received", "offered", "claimed", "proposed", "confirmed"},
}


def verbs(visit_id: int) -> list[str]:
    rows = db.session.scalars(select(Activity).where(Activity.visit_id == visit_id).order_by(Activity.id))
    return [activity.verb for activity in rows]


@pytest.mark.parametrize("verb", sorted(VERBS_FROM))
def test_verb_is_legal_from_exactly_the_statuses_of_the_table(verb: str) -> None:
    assert {status.value for status in Status if is_legal(verb, status)} == VERBS_FROM[verb]


def test_every_status_can_be_reached() -> None:
    assert {move.to for move in MOVES.values() if move.to} == set(Status)


def test_the_same_message_twice_within_a_minute_is_one() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit, acting = make_visit("claimed", user=ola), by_user(ola, ola.hosts[0])
    at = visit.activities[-1].at + timedelta(hours=1)
    first = lifecycle.ask_visitor(visit, "How many are you?", by=acting, at=at)
    assert lifecycle.ask_visitor(visit, " How many are you?", by=acting, at=at + timedelta(seconds=59)) is first
    lifecycle.answer(visit, "Ten", at=at + timedelta(minutes=2))
    lifecycle.write(visit, "Ten", by=VISITOR, at=at + timedelta(minutes=2, seconds=1))
    lifecycle.write(visit, "Ten", by=acting, at=at + timedelta(minutes=2, seconds=2))
    lifecycle.write(visit, "Ten", by=acting, kind="note", at=at + timedelta(minutes=2, seconds=3))
    lifecycle.write(visit, "Ten", by=acting, at=at + timedelta(minutes=4))
    assert [message.kind for message in visit.messages] == ["question", "answer", "message", "note", "message"]
    assert verbs(visit.id)[-5:] == ["ask-visitor", "answer", "write", "write", "write"]


def test_whole_life_is_recorded_as_activities() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("reported", user=ola)
    told = [verb for verb in verbs(visit.id) if verb != "offer"]
    assert told == ["submit", "receive", "claim", "add-appointment", "propose", "accept", "complete", "report"]
    assert visit.status == "reported"
    assert visit.outcome is not None
    assert visit.outcome.achieved == 4
    assert [a.status for a in visit.appointments] == ["confirmed"]


@pytest.mark.parametrize("step", STEPS)
def test_every_step_can_be_made_by_the_factory(step: str) -> None:
    (ola,) = cast.bring(cast.OLA)
    expected = "claimed" if step == "planned" else "offered" if step == "received" else step
    assert make_visit(step, user=ola).status == expected


def test_water_request_is_offered_to_the_department_of_water_with_reasons() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("received", user=ola)
    lead = [offer for offer in visit.offers if offer.part == "lead"]
    assert (visit.status, visit.decision) == ("offered", "route")
    assert [offer.host.slug for offer in lead] == ["byutvikling"]
    assert lead[0].reasons != []
    assert "sdg-6" in {link.goal.slug for link in visit.goal_links}


def test_form_sent_twice_is_one_visit() -> None:
    first = lifecycle.submit(make_request(), submit_key="draft-1")
    assert lifecycle.submit(make_request(), submit_key="draft-1").id == first.id
    assert verbs(first.id) == ["submit"]


def test_second_claim_is_told_who_has_it_and_may_join() -> None:
    ola, brita = cast.bring(cast.OLA, cast.BRITA)
    visit = make_visit("offered", user=ola)
    lifecycle.offer(visit, brita.hosts[0], part="lead", by=SYSTEM, at=cast.MONDAY)
    lifecycle.claim(visit, ola.hosts[0], by=by_user(ola, ola.hosts[0]))
    with pytest.raises(AlreadyClaimed) as refused:
        lifecycle.claim(visit, brita.hosts[0], by=by_user(brita, brita.hosts[0]))
    assert refused.value.data == {"host": "byutvikling"}
    lifecycle.join(visit, brita.hosts[0], by=by_user(brita, brita.hosts[0]))
    assert [host.slug for host in visit.co_hosts] == ["brannvesen"]


def test_host_without_an_offer_cannot_claim() -> None:
    ola, brita = cast.bring(cast.OLA, cast.BRITA)
    visit = make_visit("offered", user=ola)
    with pytest.raises(NotAllowed):
        lifecycle.claim(visit, brita.hosts[0], by=by_user(brita, brita.hosts[0]))
    assert visit.status == "offered"


def test_last_lead_offer_declined_goes_to_the_named_better_host() -> None:
    ola, brita = cast.bring(cast.OLA, cast.BRITA)
    visit = make_visit("offered", user=ola)
    lifecycle.decline_offer(
        visit, ola.hosts[0], part="lead", reason="not-ours", better_host=brita.hosts[0], by=by_user(ola, ola.hosts[0])
    )
    open_leads = [o.host.slug for o in visit.offers if o.part == "lead" and o.status == "open"]
    assert (visit.status, open_leads) == ("offered", ["brannvesen"])


def test_nobody_left_to_ask_goes_back_to_triage() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("offered", user=ola)
    for number in range(10):
        leads = [o for o in visit.offers if o.part == "lead" and o.status == "open"]
        if not leads:
            break
        lifecycle.lapse(leads[0], at=cast.MONDAY + timedelta(days=4 * (number + 1)))
    assert visit.status == "received"
    assert "return" in verbs(visit.id)


def test_release_reopens_offers_within_their_time() -> None:
    ola, brita = cast.bring(cast.OLA, cast.BRITA)
    visit = make_visit("offered", user=ola)
    lifecycle.offer(visit, brita.hosts[0], part="lead", by=SYSTEM, at=cast.MONDAY + timedelta(hours=3))
    lifecycle.claim(visit, ola.hosts[0], by=by_user(ola, ola.hosts[0]), at=cast.MONDAY + timedelta(hours=4))
    later = cast.MONDAY + timedelta(hours=5)
    lifecycle.release(visit, reason="Illness", by=by_user(ola, ola.hosts[0]), at=later)
    assert (visit.status, visit.lead_host_id) == ("offered", None)
    assert {o.host.slug: o.status for o in visit.offers if o.part == "lead"} == {
        "byutvikling": "declined",
        "brannvesen": "open",
    }


def test_release_needs_a_reason() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("claimed", user=ola)
    with pytest.raises(Invalid):
        lifecycle.release(visit, reason="  ", by=by_user(ola, ola.hosts[0]))


def test_reassign_gives_the_lead_to_another_host() -> None:
    ola, brita, kari = cast.bring(cast.OLA, cast.BRITA, cast.KARI)
    visit = make_visit("claimed", user=ola)
    lifecycle.reassign(visit, brita.hosts[0], reason="Fire is the subject", by=by_user(kari))
    assert visit.lead_host is not None
    assert visit.lead_host.slug == "brannvesen"
    assert {o.host.slug: o.status for o in visit.offers if o.part == "lead"} == {
        "byutvikling": "closed",
        "brannvesen": "claimed",
    }


def test_withdrawn_visit_cancels_its_appointments() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("confirmed", user=ola)
    sequence = visit.appointments[0].sequence
    lifecycle.withdraw(visit, text="Our budget was cut.")
    assert [(a.status, a.sequence) for a in visit.appointments] == [("cancelled", sequence + 1)]
    with pytest.raises(IllegalMove):
        lifecycle.accept(visit)


def test_merge_moves_history_and_leads_to_the_other_visit() -> None:
    (ola, kari) = cast.bring(cast.OLA, cast.KARI)
    kept = make_visit("claimed", user=ola)
    gone = make_visit("received", user=ola, contact_email="office@utrecht.example.org")
    lifecycle.write(gone, "Could we come in May?", by=by_user(kari))
    lifecycle.merge(gone, kept, by=by_user(kari))
    assert (gone.status, gone.merged_into_id) == ("merged", kept.id)
    assert [message.body for message in kept.messages] == ["Could we come in May?"]
    assert verbs(kept.id)[-1] == "absorb"
    assert {offer.status for offer in gone.offers} <= {"closed"}


def test_declined_visit_can_be_reopened_with_a_reason() -> None:
    (ola, kari) = cast.bring(cast.OLA, cast.KARI)
    visit = make_visit("received", user=ola)
    lifecycle.decline(visit, reason="no-capacity", alternatives="Trondheim", by=by_user(kari))
    assert {offer.status for offer in visit.offers} == {"closed"}
    lifecycle.reopen(visit, reason="A host has time now", by=by_user(kari))
    assert (visit.status, visit.closing_reason) == ("received", "")


def test_decline_with_an_unknown_reason_changes_nothing() -> None:
    (ola, kari) = cast.bring(cast.OLA, cast.KARI)
    visit = make_visit("received", user=ola)
    with pytest.raises(Invalid):
        lifecycle.decline(visit, reason="because", by=by_user(kari))
    assert visit.status == "offered"


def test_text_from_outside_is_cleaned_before_it_is_stored() -> None:
    spoofed = "Ut\u202erecht\x00\r\nBEGIN:VALARM"
    visit = lifecycle.submit(replace(make_request(), organisation=spoofed, purpose="a\r\nb\x07"))
    assert visit.organisation == "Utrecht BEGIN:VALARM"
    assert visit.purpose == "a\nb"


def test_needs_of_a_delegate_are_kept_only_with_consent() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("claimed", user=ola)
    with pytest.raises(Invalid):
        lifecycle.add_delegate(visit, name="Anna", needs="Wheelchair")
    delegate = lifecycle.add_delegate(visit, name="Anna", needs="Wheelchair", consent=True, at=cast.MONDAY)
    assert (delegate.needs, delegate.needs_consent_at) == ("Wheelchair", cast.MONDAY)


def test_same_organisation_is_one_counterpart(session: Session) -> None:
    first = lifecycle.submit(make_request())
    second = lifecycle.submit(make_request(organisation="GEMEENTE UTRECHT – Stadsingenieurs"))
    assert first.counterpart_id == second.counterpart_id


def test_big_change_after_confirmation_asks_the_visitor_again() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("confirmed", user=ola)
    appointment = visit.appointments[0]
    actor = by_user(ola, ola.hosts[0])
    plan = lifecycle.Plan(
        title=appointment.title,
        host=ola.hosts[0],
        starts_at=appointment.starts_at + timedelta(minutes=30),
        ends_at=appointment.ends_at,
        contact=ola,
        place_text=appointment.place_text,
    )
    assert lifecycle.move_appointment(appointment, plan, by=actor) is False
    assert appointment.status == "confirmed"
    with pytest.raises(IllegalMove):
        lifecycle.propose(visit, by=actor)
    later = replace(plan, starts_at=plan.starts_at + timedelta(hours=2), ends_at=plan.ends_at + timedelta(hours=2))
    assert lifecycle.move_appointment(appointment, later, by=actor) is True
    assert (appointment.status, appointment.sequence) == ("tentative", 4)
    lifecycle.propose(visit, by=actor)
    lifecycle.accept(visit)
    assert (visit.status, appointment.status) == ("confirmed", "confirmed")


def test_stop_in_the_past_is_refused() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("claimed", user=ola)
    with pytest.raises(Invalid):
        make_appointment(visit, user=ola, day=date(2027, 1, 4))
    assert visit.appointments == []
