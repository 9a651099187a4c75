"""The list of pending decisions: what stands under which heading, in which order, and its one-click answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.core.time import now
from app.notifications.models import Notification
from app.upkeep.models import JobRun
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.waiting import UNASKED, Heading, waiting_cases
from tests import cast
from tests.factories import make_request, make_visit
from tests.web.office import Store, acting, find_visit, open_office, refs_in, user_called, words_of

TUESDAY = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
LONG_AGO = datetime(2027, 2, 15, 9, 0, tzinfo=UTC)


def headings(session: Session) -> dict[str, tuple[Heading, str]]:
    return {case.visit.ref: (case.heading, case.alarm) for case in waiting_cases(at=TUESDAY)}


def undecided(at: datetime = TUESDAY, **changes: object) -> Visit:
    """A received visit that routing left to a coordinator: offers it may have made are taken away again."""
    visit = lifecycle.submit(make_request(**changes), at=at)
    lifecycle.receive(visit, at=at)
    for offer in visit.offers:
        offer.status = "closed"
    visit.status, visit.decision = "received", "coordinator-review"
    visit.activities[-1].verb, visit.activities[-1].status_after = "receive", "received"
    return visit


def test_new_undecided_request_is_to_decide_and_an_old_one_is_late(session: Session) -> None:
    new, old = undecided().ref, undecided(LONG_AGO, organisation="Stadt Freiburg").ref
    assert headings(session) == {new: (Heading.DECIDE, ""), old: (Heading.LATE, "")}


def test_offered_visit_with_people_in_time_needs_nothing(session: Session) -> None:
    ola, *_others = cast.bring(cast.OLA)
    visit = make_visit("offered", user=ola, at=TUESDAY)
    found = headings(session)[visit.ref]
    assert found == (Heading.RUNNING, "")


def test_offer_to_a_host_without_people_is_an_alarm(session: Session) -> None:
    visit = undecided()
    _kari, *_others = cast.bring(cast.KARI)
    lifecycle.offer(visit, cast.host("brannvesen"), by=acting(session, cast.KARI), at=TUESDAY)
    assert headings(session)[visit.ref] == (Heading.ALARM, "nobody-to-answer")


def test_visit_that_nobody_took_is_an_alarm_before_everything_else(session: Session) -> None:
    cast.bring(cast.KARI, cast.OLA)
    quiet = undecided(LONG_AGO).ref
    visit = undecided(organisation="Stadt Freiburg")
    visit.routing = {**visit.routing, "ranked": []}
    host = cast.host("byutvikling")
    lifecycle.offer(visit, host, by=acting(session, cast.KARI), at=TUESDAY)
    lifecycle.decline_offer(visit, host, part="lead", reason="dates", by=acting(session, cast.OLA), at=TUESDAY)
    assert headings(session)[visit.ref] == (Heading.ALARM, "nobody-left")
    assert [case.visit.ref for case in waiting_cases(at=TUESDAY)] == [visit.ref, quiet]


def test_offer_past_its_time_is_overdue(session: Session) -> None:
    ola, *_others = cast.bring(cast.OLA)
    visit = make_visit("offered", user=ola, at=datetime(2027, 2, 25, 8, 0, tzinfo=UTC))
    assert headings(session)[visit.ref] == (Heading.OVERDUE, "")


def test_visit_whose_visitor_was_asked_waits_for_the_visitor_even_when_late(session: Session) -> None:
    cast.bring(cast.KARI)
    visit = undecided(LONG_AGO)
    lifecycle.ask_visitor(visit, "How many are you?", by=acting(session, cast.KARI), at=LONG_AGO)
    assert headings(session)[visit.ref] == (Heading.ASKED, "")


def test_claimed_visit_with_near_dates_and_no_programme_is_shown(session: Session) -> None:
    ola, *_others = cast.bring(cast.OLA)
    near = [(date(2027, 3, 8), date(2027, 3, 9))]
    visit = make_visit("claimed", user=ola, at=datetime(2027, 3, 1, 8, 0, tzinfo=UTC), windows=near)
    assert headings(session)[visit.ref] == (Heading.NEAR, "")


def test_confirmed_and_ended_visits_are_not_waiting(session: Session) -> None:
    ola, *_others = cast.bring(cast.OLA)
    make_visit("confirmed", user=ola)
    declined = undecided()
    lifecycle.decline(declined, reason="dates", by=acting(session, cast.OLA), at=TUESDAY)
    assert headings(session) == {}


def test_page_counts_and_says_since_when_in_working_days(
    app: Flask, store: Store, clock: time_machine.Traveller
) -> None:
    office = open_office(app, store)
    with store():
        ref = undecided(LONG_AGO).ref
    page = office.browser().get("/triage").text
    words = words_of(page)
    assert "1 Answer overdue" in words
    assert "0 Alarms" in words
    assert "The answer was due Monday 22 February, 16:00. 10.1 of 5 working days are used." in words
    assert "It has stood like this since Monday 15 February: 10.1 working days." in words
    assert "Weekend" in words
    assert refs_in(page) == [ref]


def test_page_with_nothing_to_decide_says_so(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    assert "Nothing needs a decision." in words_of(office.browser().get("/triage").text)


def test_alarm_of_a_host_without_people_says_what_to_do_next(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        host = cast.host("bymuseet")
        lifecycle.offer(undecided(), host, by=acting(session, cast.KARI), at=TUESDAY)
    assert "Ask an administrator to add a person to the host" in words_of(office.browser().get("/triage").text)
    with store() as session:
        user_called(session, cast.KARI).is_admin = True
    assert 'href="/admin/people/new"' in office.browser().get("/triage").text


def test_decision_is_shown_until_somebody_was_asked(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        visit = undecided()
        ref, visit.decision = visit.ref, "route"
        for offer in visit.offers:
            session.delete(offer)
    assert "Goes straight to hosts" in words_of(office.browser().get("/triage").text)
    with store() as session:
        lifecycle.offer(find_visit(session, ref), cast.host("brannvesen"), by=acting(session, cast.KARI))
        visit = find_visit(session, ref)
        visit.offers[0].status, visit.status = "declined", "received"
    assert "Goes straight to hosts" not in words_of(office.browser().get("/triage").text)


def test_one_click_offers_to_everybody_that_routing_suggests(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        visit = undecided()
        for offer in visit.offers:
            session.delete(offer)
        ranked = [{"slug": "byutvikling", "score": 2.0, "part": "lead", "reasons": []}]
        visit.routing = {**visit.routing, "lead": "byutvikling", "co_hosts": ["bymiljoetaten"], "ranked": ranked}
        ref = visit.ref
    answer = office.browser().post(f"/visits/{ref}/offer-suggested")
    assert (answer.status_code, answer.location) == (303, "/triage")
    with store() as session:
        offers = {(one.host.slug, one.part, one.status) for one in find_visit(session, ref).offers}
        assert offers == {("byutvikling", "lead", "open"), ("bymiljoetaten", "part", "open")}
    again = office.browser().post(f"/visits/{ref}/offer-suggested", follow_redirects=True)
    assert "Everybody that routing suggests has been asked already." in words_of(again.text)


def test_flag_suggests_the_reason_to_decline(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store():
        visit = undecided()
        visit.flags = ["commercial"]
        ref = visit.ref
    assert f'href="/visits/{ref}/decline?reason=commercial"' in office.browser().get("/triage").text


def test_hosts_do_not_see_the_list(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    assert office.browser(cast.OLA).get("/triage").status_code == 403


def test_repeat_within_24_months_on_the_same_subject_is_marked(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        make_visit("claimed", user=user_called(session, cast.OLA), at=cast.MONDAY)
        undecided()
    words = words_of(office.browser().get("/triage").text)
    assert "Same subject This organisation came or asked on the same subject within 24 months." in words


def test_what_waits_on_other_pages_is_said_here(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    kari = office.browser()
    assert "On other pages" not in kari.get("/triage").text
    with store() as session:
        visit = make_visit("claimed", user=user_called(session, cast.OLA))
        for number, status in enumerate(("failed", "failed", "held")):
            session.add(
                Notification(
                    key=f"n{number}", kind="claimed", visit_id=visit.id, address="x@example.org", language="en",
                    status=status, due_at=TUESDAY, created_at=TUESDAY,
                )
            )  # fmt: skip
        before = now() - timedelta(hours=1)
        session.add(JobRun(name="announce", started_at=before, finished_at=before, succeeded_at=before))
    kari.post("/replies", data={"mail": "From: x@example.org\nSubject: hello\n\nNobody knows me."})
    page = words_of(kari.get("/triage").text)
    assert "Mails and deadlines stand still: the scheduler has not run." in page
    assert "2 mails could not be sent." in page
    assert "1 mail waits for somebody to release it." in page
    assert "1 answer by mail waits for a person." in page


def test_great_change_that_no_visitor_was_asked_about_stands_at_the_top_until_it_is_proposed(
    app: Flask, store: Store, clock: time_machine.Traveller
) -> None:
    office, seen = open_office(app, store), []
    with store() as session:
        ref = make_visit("confirmed", user=user_called(session, cast.OLA)).ref
    seen.append(_is_said_unasked(office.browser().get("/triage").text, ref))
    with store() as session:
        (stop,) = find_visit(session, ref).appointments
        later = lifecycle.moved(stop, starts_at=stop.starts_at + timedelta(hours=5))
        lifecycle.move_appointment(stop, later, by=acting(session, cast.OLA))
    seen.append(_is_said_unasked(office.browser().get("/triage").text, ref))
    clock.shift(UNASKED)
    seen.append(_is_said_unasked(office.browser().get("/triage").text, ref))
    with store() as session:
        lifecycle.propose(find_visit(session, ref), by=acting(session, cast.OLA))
    seen.append(_is_said_unasked(office.browser().get("/triage").text, ref))
    assert seen == [False, False, True, False]


def _is_said_unasked(page: str, ref: str) -> bool:
    words = "an appointment on Monday 10 May was changed after the visitor said yes"
    return words in words_of(page) and f'href="/visits/{ref}"' in page
