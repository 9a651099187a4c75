"""The inbox and the visit's page: what each reader sees, finds and may press."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, select

from app.extensions import db
from app.people.actors import VISITOR
from app.people.models import Membership, User
from app.visits import lifecycle
from tests import cast
from tests.factories import make_visit
from tests.web.hosting import Case, Store, find_visit, open_case

NEXT_DAY = cast.MONDAY + timedelta(days=1)


def test_inbox_tells_why_it_came_what_is_wanted_and_until_when(app: Flask, store: Store) -> None:
    with time_machine.travel(NEXT_DAY, tick=False):
        case = open_case(app, store)
        page = case.browser(cast.OLA).get("/inbox").text
    assert "1 delegation waits for your answer." in page
    assert "Earlier requests in such words belonged here: “reline”" in page
    assert "This host answers for Water and wastewater. Words in the purpose: “reline”" in page
    for fact in ("7 people", "led by Joost van Hemert, Head of Underground Assets", "6 hours", "10–12 May 2027"):
        assert f"<bdi>{fact}</bdi>" in page
    assert "Wednesday 13 January, 16:00" in page
    assert f'action="{case.url("/claim")}"' in page


def test_inbox_shows_a_visit_once_to_a_host_asked_both_ways(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    with store() as session:
        lifecycle.offer(
            find_visit(session, case.ref), cast.host("byutvikling"), part="part", by=VISITOR, at=cast.MONDAY
        )
    page = case.browser(cast.OLA).get("/inbox").text
    assert "1 delegation waits for your answer." in page
    assert (page.count(case.url("/claim")), page.count(case.url("/join"))) == (1, 0)


def test_inbox_of_another_host_is_empty_and_says_what_will_come(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    page = case.browser(cast.SIRI).get("/inbox").text
    assert ("Nothing waits for you." in page, "No offers right now." in page, case.ref in page) == (True, True, False)


def test_inbox_of_a_coordinator_without_a_host_points_elsewhere(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    assert "You are not a member of any host." in case.browser(cast.KARI).get("/inbox").text


@pytest.mark.parametrize(
    ("until", "words", "end"),
    [
        ("claimed", "Plan the programme", "/suggest"),
        ("planned", "Finish the programme and propose it", "/propose"),
        ("completed", "Record what came of the visit", "/report"),
    ],
)
def test_inbox_leads_to_where_the_next_thing_is_done(
    app: Flask, store: Store, until: str, words: str, end: str
) -> None:
    case = open_case(app, store, until)
    page = case.browser(cast.ULRIK).get("/inbox?lang=en", follow_redirects=True).text
    assert f'<a class="task" href="{case.url(end)}">{words}' in page


def test_inbox_waits_with_the_lead_host_while_the_visitor_decides(app: Flask, store: Store) -> None:
    case = open_case(app, store, "proposed")
    assert "Nothing to do." in case.browser(cast.OLA).get("/inbox").text


def test_inbox_shows_what_the_visitor_wants_changed_and_unanswered_messages(app: Flask, store: Store) -> None:
    case = open_case(app, store, "proposed")
    with store() as session:
        visit = find_visit(session, case.ref)
        lifecycle.ask_for_change(visit, text="Rather in the <morning>", at=NEXT_DAY)
        lifecycle.write(visit, "May we bring a photographer?", by=VISITOR, at=NEXT_DAY)
    page = case.browser(cast.OLA).get("/inbox").text
    assert "“Rather in the &lt;morning&gt;”" in page
    assert "“May we bring a photographer?”" in page
    case.browser(cast.OLA).post(case.url("/write"), data={"kind": "message", "body": "Gladly."})
    assert "May we bring a photographer?" not in case.browser(cast.OLA).get("/inbox").text


def test_hold_about_to_lapse_is_something_to_do(app: Flask, store: Store) -> None:
    case = open_case(app, store, "planned")
    with time_machine.travel(cast.MONDAY + timedelta(days=13), tick=False):
        page = case.browser(cast.OLA).get("/inbox").text
    assert "Propose the programme before this hold runs out" in page


def queries_of(case: Case, path: str) -> int:
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        counted.append(statement)

    browser = case.browser(cast.OLA)
    with case.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(counted)


def test_inbox_asks_the_database_as_often_for_three_visits_as_for_one(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    before = queries_of(case, "/inbox")
    with store() as session:
        ola = session.scalars(select(User).where(User.email == cast.OLA.email)).one()
        for name in ("Aarhus Vand", "Göteborg Kretslopp"):
            make_visit("offered", user=ola, organisation=name)
    assert queries_of(case, "/inbox") == before


def test_visit_page_marks_the_words_that_count_and_escapes_all_others(app: Flask, store: Store) -> None:
    case = open_case(app, store, purpose="We reline sewer pipes <script>alert(1)</script> {{ 7*7 }} %(x)s")
    page = case.browser(cast.OLA).get(case.url()).text
    marked = re.findall("<mark>(.*?)</mark>", page)
    assert "reline" in " ".join(marked)
    assert [words for words in marked if "script" in words] == ["&lt;script&gt;"]  # what the flag rests on
    read = re.sub("</?mark>", "", page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }} %(x)s" in read
    assert "<script>alert" not in read


@pytest.mark.parametrize("person", [cast.OLA, cast.KARI])
def test_contact_and_delegates_are_for_those_who_receive(app: Flask, store: Store, person: cast.Person) -> None:
    case = open_case(app, store, "claimed")
    with store() as session:
        visit = find_visit(session, case.ref)
        lifecycle.add_delegate(visit, name="Anna Needs", needs="A quiet room", consent=True)
    page = case.browser(person).get(case.url()).text
    assert ("marloes@utrecht.example.org" in page, "A quiet room" in page) == (True, True)


def test_contact_and_delegates_are_hidden_from_a_host_that_was_only_asked(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    with store() as session:
        visit = find_visit(session, case.ref)
        lifecycle.add_delegate(visit, name="Anna Needs", needs="A quiet room", consent=True)
    page = case.browser(cast.BRITA).get(case.url()).text
    hidden = ("marloes@utrecht.example.org", "Marloes Dekkinga", "Anna Needs", "A quiet room")
    assert [words for words in hidden if words in page] == []


@pytest.mark.parametrize("ref", ["ZZZ-ZZZ", "x", "%00", "a" * 3000, "..%5c", "%F0%9F%9A%80"])
def test_unknown_references_are_not_found(app: Flask, store: Store, ref: str) -> None:
    case = open_case(app, store)
    for end in ("", "/programme", "/propose", "/appointments/new", "/report", "/cancel", "/release", "/decline-offer"):
        assert case.browser(cast.OLA).get(f"/visits/{ref}{end}").status_code == 404


def test_reference_is_found_in_small_letters_too(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    assert case.browser(cast.OLA).get(case.url().lower()).status_code == 200


def test_member_of_two_asked_hosts_chooses_as_which(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    with store() as session:
        brita = session.scalars(select(User).where(User.email == cast.BRITA.email)).one()
        brita.memberships.append(Membership(host=cast.host("byutvikling")))
    browser = case.browser(cast.BRITA)
    assert '<option value="byutvikling">' in browser.get(case.url()).text
    assert browser.post(case.url("/claim")).status_code == 422
    assert browser.post(case.url("/claim"), data={"host": "brannvesen"}).status_code == 303
    with store() as session:
        assert find_visit(session, case.ref).lead_host.slug == "brannvesen"


def test_response_clock_shows_its_arithmetic(app: Flask, store: Store) -> None:
    with time_machine.travel(cast.MONDAY + timedelta(days=2), tick=False):
        case = open_case(app, store)
        page = case.browser(cast.OLA).get(case.url()).text
    assert "An answer is due" in page
    assert "the request came; this day is not counted" in page
    assert "counted; 1 so far" in page


def test_question_pauses_the_clock_and_says_so(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    ola = case.browser(cast.OLA)
    assert ola.post(case.url("/write"), data={"kind": "question", "body": "How many are you?"}).status_code == 303
    page = ola.get(case.url()).text
    assert "The response clock stands still until the answer." in page
    with store() as session:
        assert [m.kind for m in find_visit(session, case.ref).messages] == ["question"]


@pytest.mark.parametrize("body", ["", "   ", "\u202e\u0000", "x" * 100_000])
def test_bad_message_is_refused_and_nothing_is_sent(app: Flask, store: Store, body: str) -> None:
    case = open_case(app, store, "claimed")
    answer = case.browser(cast.OLA).post(case.url("/write"), data={"kind": "message", "body": body})
    assert (answer.status_code, 'id="body-error"' in answer.text) == (422, True)
    with store() as session:
        assert find_visit(session, case.ref).messages == []


def test_host_that_was_only_asked_may_note_but_not_write_to_the_visitor(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    brita = case.browser(cast.BRITA)
    assert brita.post(case.url("/write"), data={"kind": "message", "body": "Hello"}).status_code == 422
    assert brita.post(case.url("/write"), data={"kind": "note", "body": "We know them."}).status_code == 303
    with store() as session:
        assert [m.kind for m in find_visit(session, case.ref).messages] == ["note"]


def test_printed_programme_is_for_those_who_see_the_visit(app: Flask, store: Store) -> None:
    case = open_case(app, store, "planned")
    page = case.browser(cast.OLA).get(case.url("/programme")).text
    assert "Pipe renewal on site" in page
    assert case.browser(cast.SIRI).get(case.url("/programme")).status_code == 404
