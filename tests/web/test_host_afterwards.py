"""What came of a visit: outcome, goals, promises; and visits that end otherwise."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.people.models import User
from app.visits.programme_models import FollowUp
from tests import cast
from tests.web.hosting import Case, Store, find_visit, open_case

REPORT = {"achieved": "4", "text": "They send us their drawings.", "goals": ["sdg-6", "1.3"]}


def goals(case: Case) -> dict[str, str]:
    with case.store() as session:
        return {link.goal.slug: link.state for link in find_visit(session, case.ref).goal_links}


def test_suggested_goals_are_ticked_in_the_form(app: Flask, store: Store) -> None:
    case = open_case(app, store, "completed")
    suggested = goals(case)
    page = case.browser(cast.OLA).get(case.url("/report")).text
    assert "sdg-6" in suggested
    assert [slug for slug in suggested if f'value="{slug}" checked' not in page] == []
    assert 'value="sdg-1" checked' not in page


def test_report_confirms_the_ticked_goals_and_removes_the_others(app: Flask, store: Store) -> None:
    case = open_case(app, store, "completed")
    suggested = goals(case)
    answer = case.browser(cast.OLA).post(case.url("/report"), data=REPORT)
    assert (answer.status_code, answer.location) == (303, case.url("#outcome"))
    with store() as session:
        visit = find_visit(session, case.ref)
        assert (visit.status, visit.outcome.achieved, visit.outcome.text) == ("reported", 4, REPORT["text"])
    expected = dict.fromkeys(suggested, "removed") | {"sdg-6": "confirmed", "1.3": "confirmed"}
    assert goals(case) == expected


def test_promises_become_follow_ups_and_empty_rows_nothing(app: Flask, store: Store) -> None:
    case = open_case(app, store, "completed")
    with store() as session:
        ola_id = session.scalars(select(User.id).where(User.email == cast.OLA.email)).one()
    rows = {
        "follow_ups-0-text": "Send the drawings",
        "follow_ups-0-owner": str(ola_id),
        "follow_ups-0-due_on": "2027-06-30",
        "follow_ups-1-text": "",
        "follow_ups-1-due_on": "",
    }
    case.browser(cast.OLA).post(case.url("/report"), data=REPORT | rows)
    with store() as session:
        visit = find_visit(session, case.ref)
        promises = [(one.text, one.owner_id, one.due_on) for one in visit.follow_ups]
        assert promises == [("Send the drawings", ola_id, date(2027, 6, 30))]
    assert "Send the drawings" in case.browser(cast.OLA).get("/inbox").text


def test_another_row_keeps_what_was_typed_and_records_nothing(app: Flask, store: Store) -> None:
    case = open_case(app, store, "completed")
    rows = {"follow_ups-0-text": "Send the drawings", "follow_ups-1-text": "Call them", "more": "yes"}
    page = case.browser(cast.OLA).post(case.url("/report"), data=REPORT | rows).text
    assert 'name="follow_ups-2-text"' in page
    assert ('value="Call them"' in page, 'value="sdg-6" checked' in page) == (True, True)
    with store() as session:
        assert find_visit(session, case.ref).status == "completed"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"achieved": ""}, "Choose one."),
        ({"achieved": "6"}, "Choose one of the answers in the list."),
        ({"text": ""}, "Write a sentence or two about what came of it."),
        ({"text": "x" * 100_000}, "Write at most 5000 characters."),
        ({"goals": ["sdg-99"]}, "Choose one of the answers in the list."),
        ({"follow_ups-0-text": "Send them"}, "Choose a date: without one it is forgotten."),
        ({"follow_ups-0-due_on": "2027-06-30"}, "Say what was promised, or empty the date."),
        ({"follow_ups-0-text": "Send", "follow_ups-0-due_on": "soon"}, "Write the date as 2027-06-08."),
        (
            {"follow_ups-0-text": "Send", "follow_ups-0-due_on": "2027-06-30", "follow_ups-0-owner": "999"},
            "Choose one of the answers in the list.",
        ),
    ],
)
def test_bad_report_is_refused_beside_its_field(app: Flask, store: Store, changes: dict[str, str], words: str) -> None:
    case = open_case(app, store, "completed")
    answer = case.browser(cast.OLA).post(case.url("/report"), data=REPORT | changes)
    assert (answer.status_code, answer.text.count(words)) == (422, 2)
    with store() as session:
        assert find_visit(session, case.ref).status == "completed"


def test_second_report_replaces_the_first_and_adds_promises(app: Flask, store: Store) -> None:
    case = open_case(app, store, "reported")
    page = case.browser(cast.OLA).get(case.url("/report")).text
    assert "Agreed to share drawings." in page
    case.browser(cast.OLA).post(case.url("/report"), data=REPORT)
    with store() as session:
        outcome = find_visit(session, case.ref).outcome
        assert (outcome.achieved, outcome.text) == (4, REPORT["text"])


def test_report_sent_twice_promises_once_and_a_changed_one_replaces_what_is_not_done(app: Flask, store: Store) -> None:
    case = open_case(app, store, "completed")
    ola, rows = case.browser(cast.OLA), {}
    for number, text in enumerate(("Send the drawings", "Call them")):
        rows |= {f"follow_ups-{number}-text": text, f"follow_ups-{number}-due_on": "2027-06-30"}
    for _twice in range(2):
        assert ola.post(case.url("/report"), data=REPORT | rows).status_code == 303
    with store() as session:
        kept = {one.text: one.id for one in find_visit(session, case.ref).follow_ups}
        assert sorted(kept) == ["Call them", "Send the drawings"]
        assert len(find_visit(session, case.ref).follow_ups) == 2
    page = ola.get(case.url("/report")).text
    assert ('value="Send the drawings"' in page, 'value="2027-06-30"' in page) == (True, True)
    ola.post(case.url(f"/follow-ups/{kept['Call them']}/done"))
    changed = {"follow_ups-0-text": "Send the maps", "follow_ups-0-due_on": "2027-07-30"}
    ola.post(case.url("/report"), data=REPORT | changed)
    with store() as session:
        assert [one.text for one in find_visit(session, case.ref).follow_ups] == ["Call them", "Send the maps"]


def test_visit_that_is_not_over_cannot_be_reported(app: Flask, store: Store) -> None:
    case = open_case(app, store, "confirmed")
    assert case.browser(cast.OLA).post(case.url("/report"), data=REPORT).status_code == 409


def test_co_host_cannot_report(app: Flask, store: Store) -> None:
    case = open_case(app, store, "completed")
    assert case.browser(cast.BRITA).post(case.url("/report"), data=REPORT).status_code == 403


def test_promise_is_done_by_its_owner_or_the_lead_host_only(app: Flask, store: Store) -> None:
    case = open_case(app, store, "reported")
    with store() as session:
        visit = find_visit(session, case.ref)
        promise = FollowUp(visit_id=visit.id, text="Send the drawings", due_on=date(2027, 6, 30))
        session.add(promise)
        session.flush()
        url = case.url(f"/follow-ups/{promise.id}/done")
    assert case.browser(cast.BRITA).post(url).status_code == 403
    assert case.browser(cast.SIRI).post(url).status_code == 404
    assert case.browser(cast.ULRIK).post(url).status_code == 303
    with store() as session:
        assert find_visit(session, case.ref).follow_ups[0].done_at is not None


def test_cancelling_asks_why_and_cancels_every_appointment(app: Flask, store: Store) -> None:
    case = open_case(app, store, "confirmed")
    ola = case.browser(cast.OLA)
    assert "For the visitor this cannot be undone." in ola.get(case.url("/cancel")).text
    assert ola.post(case.url("/cancel"), data={"reason": ""}).status_code == 422
    assert ola.post(case.url("/cancel"), data={"reason": "The ferry does not run."}).status_code == 303
    with store() as session:
        visit = find_visit(session, case.ref)
        assert (visit.status, [stop.status for stop in visit.appointments]) == ("cancelled", ["cancelled"])
    assert "The ferry does not run." in ola.get(case.url()).text


def test_breadcrumbs_lead_a_member_to_the_inbox_and_a_coordinator_to_the_visits(app: Flask, store: Store) -> None:
    case = open_case(app, store, "confirmed")
    first = re.compile(r'<nav class="ds-breadcrumbs".*?href="([^"]*)"', re.DOTALL)
    ways = [first.findall(case.browser(who).get(case.url("/cancel")).text) for who in (cast.OLA, cast.KARI)]
    assert ways == [["/inbox"], ["/visits"]]


def test_no_show_is_recorded_by_the_lead_host_only(app: Flask, store: Store) -> None:
    case = open_case(app, store, "confirmed")
    assert case.browser(cast.BRITA).post(case.url("/mark-no-show")).status_code == 403
    assert case.browser(cast.OLA).post(case.url("/mark-no-show"), data={"text": "No word"}).status_code == 303
    with store() as session:
        assert find_visit(session, case.ref).status == "no-show"
