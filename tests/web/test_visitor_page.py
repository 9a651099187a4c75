"""The visitor's page behind a secret link: confirm, follow, decide, tell."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.core.time import now
from app.people.actors import by_user
from app.people.links import mint_link
from app.visits import lifecycle, talking
from app.visits.models import Visit
from app.visits.programme_models import Appointment, Delegate, Message
from tests import cast
from tests.factories import make_appointment, make_visit
from tests.harness.web import CarefulClient
from tests.web.visitor_form import csrf_token, error_links


def a_visit(store: Any, until: str, **change: Any) -> str:
    """A visit at that step; returns the token of its visitor's page."""
    with store() as session:
        (ola,) = cast.bring(cast.OLA)
        visit = make_visit(until, user=ola, at=now() - timedelta(days=1), **change)
        token = mint_link("visit", visit.id, at=now())
        session.flush()
        return token


def status(store: Any) -> str:
    with store() as session:
        return str(session.scalars(select(Visit.status)).one())


def mark(page: str) -> str:
    found = re.search(r'name="mark" value="([^"]*)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def submitted(store: Any, clock: Any) -> str:
    """The token in the mail that asks to confirm the address."""
    with store():
        (ola,) = cast.bring(cast.OLA)
        return mint_link("confirm-address", make_visit("submitted", user=ola, at=now()).id, at=now())


def test_opening_the_confirmation_link_changes_nothing(client: CarefulClient, store: Any, submitted: str) -> None:
    page = client.get(f"/v/{submitted}/confirm")
    assert (page.status_code, "Confirm your request" in page.text, status(store)) == (200, True, "submitted")


def test_confirming_receives_the_request_and_opens_the_visitors_page(
    client: CarefulClient, store: Any, submitted: str
) -> None:
    answer = client.post(f"/v/{submitted}/confirm")
    assert answer.status_code == 303
    assert re.fullmatch(r"/v/[\w-]{32}", answer.location)
    assert status(store) in ("received", "offered")
    page = client.get(answer.location)
    assert "We are looking for the right host" in page.text
    assert "Tuesday 9 March, 16:00, Bergen" in page.text


def test_confirming_twice_only_opens_the_page_again(client: CarefulClient, store: Any, submitted: str) -> None:
    first, second = (client.post(f"/v/{submitted}/confirm") for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert client.get(second.location).status_code == 200
    with store() as session:
        verbs = [activity.verb for activity in session.scalars(select(Visit)).one().activities]
        assert verbs.count("receive") == 1
    assert "Open my page" in client.get(f"/v/{submitted}/confirm").text


def test_confirmation_after_it_expired_explains_what_to_do(
    client: CarefulClient, store: Any, submitted: str, clock: Any
) -> None:
    with store() as session:
        lifecycle.expire(session.scalars(select(Visit)).one())
    assert "The request has expired" in client.get(f"/v/{submitted}/confirm").text
    answer = client.post(f"/v/{submitted}/confirm")
    assert (answer.status_code, status(store)) == (409, "expired")
    clock.shift(timedelta(hours=73))
    late = client.get(f"/v/{submitted}/confirm")
    assert (late.status_code, "good for 72 hours" in late.text) == (404, True)


def test_foreign_tokens_all_get_the_same_page(client: CarefulClient) -> None:
    for token in ("x", "x" * 32, "%00", "..", "ø" * 32, "a" * 5000):
        for path in ("", "/confirm", "/programme", "/programme.ics", "/withdraw"):
            assert (token, path, client.get(f"/v/{token}{path}").status_code) == (token, path, 404)


def test_foreign_tokens_change_nothing(client: CarefulClient) -> None:
    for path in ("confirm", "accept", "ask-for-change", "withdraw", "messages", "delegates", "delegates/1/remove"):
        assert (path, client.post(f"/v/{'x' * 32}/{path}", data={"body": "x"}).status_code) == (path, 404)


@pytest.mark.parametrize(
    "path", ["confirm", "accept", "ask-for-change", "withdraw", "messages", "delegates", "delegates/1/remove"]
)
def test_foreign_tokens_without_a_good_form_get_the_page_of_an_ended_link(
    client: CarefulClient, app: Any, path: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post(f"/v/abc/{path}", data={"body": "x", "csrf_token": "old"})
    assert (answer.status_code, "This link opens nothing any more" in answer.text) == (404, True)


def test_what_was_asked_for_names_the_hours(client: CarefulClient, store: Any, clock: Any) -> None:
    page = client.get(f"/v/{a_visit(store, 'claimed', duration_hours=2.5)}").text
    assert re.findall(r"<dt>Hours of programme</dt><dd[^>]*>([^<]*)</dd>", page) == ["2.5"]


def test_what_was_asked_for_is_read_back_whole(client: CarefulClient, store: Any, clock: Any) -> None:
    said = {
        "relation": "Eurocities; an Interreg project",
        "previous_visit": "In 2024",
        "event": "One Ocean Week",
        "in_return": "A talk on squares",
        "flexibility": "Not on Thursdays",
        "rest_of_stay": "Then Oslo",
        "contact_phone": "+31 30 123",
    }
    page = client.get(f"/v/{a_visit(store, 'claimed', interpreter_needed=True, **said)}").text
    assert [text for text in ("We need an interpreter", *said.values()) if text not in page] == []


def test_a_link_opens_only_what_it_is_for(client: CarefulClient, store: Any, submitted: str) -> None:
    token = a_token_for(store, "visit")
    assert client.get(f"/v/{submitted}").status_code == 404
    assert client.get(f"/v/{token}/confirm").status_code == 404


def a_token_for(store: Any, purpose: str) -> str:
    with store() as session:
        return mint_link(purpose, session.scalars(select(Visit.id)).one(), at=now())


def test_secret_pages_are_kept_out_of_search_and_referrers(client: CarefulClient, store: Any, clock: Any) -> None:
    page = client.get(f"/v/{a_visit(store, 'confirmed')}")
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("until", "title", "who"),
    [
        ("received", "We are looking for the right host", "The international office"),
        ("claimed", "Department of Urban Development receives you", "Ola Overvann"),
        ("proposed", "There is a programme for you to look at", "Ola Overvann"),
        ("confirmed", "Your visit is confirmed", "Ola Overvann"),
        ("completed", "The visit has been carried out", "writes down what came of the visit"),
        ("reported", "The visit has been carried out", "has written down what came of the visit"),
    ],
)
def test_page_says_where_it_stands_and_who_has_it(
    client: CarefulClient, store: Any, clock: Any, until: str, title: str, who: str
) -> None:
    page = client.get(f"/v/{a_visit(store, until)}").text
    assert f'<h1 id="standing">{title}</h1>' in page
    assert who in page


def test_confirmed_programme_begins_with_a_stop_the_visitor_knows(
    client: CarefulClient, store: Any, clock: Any
) -> None:
    token = a_visit(store, "confirmed")
    with store() as session:
        visit = session.scalars(select(Visit)).one()
        first = min(one.starts_at for one in visit.appointments)
        user = visit.appointments[0].contact
        make_appointment(
            visit, user=user, day=(first - timedelta(days=3)).date(), start="13:00", end="14:00", title="Hold"
        )
        begins, held = (f"{moment.day} {moment:%B %Y}" for moment in (first, first - timedelta(days=3)))
    page = client.get(f"/v/{token}").text
    assert (begins in page, held in page) == (True, False)


def test_holds_and_notes_among_hosts_are_not_shown(client: CarefulClient, store: Any, clock: Any) -> None:
    token = a_visit(store, "planned")
    with store() as session:
        visit = session.scalars(select(Visit)).one()
        user = visit.lead_user
        make_appointment(visit, user=user, start="13:00", end="14:00", title="A secret hold")
        lifecycle.write(visit, "They are difficult.", by=by_user(user, visit.lead_host), kind="note")
    page = client.get(f"/v/{token}").text
    assert ("A secret hold" in page, "They are difficult." in page, 'id="programme"' in page) == (False, False, False)


def test_confirmed_visit_promises_nothing_for_a_host_that_has_not_answered(
    client: CarefulClient, store: Any, clock: Any
) -> None:
    token = a_visit(store, "confirmed")
    assert "everybody in the programme look forward" in client.get(f"/v/{token}").text
    with store() as session:
        session.scalars(select(Appointment)).one().answer = "asked"
    page = client.get(f"/v/{token}").text
    assert "everybody in the programme" not in page
    assert "One or more parts still wait for their host" in page


def test_programme_is_shown_by_day_in_local_time_and_accepted(client: CarefulClient, store: Any, clock: Any) -> None:
    token = a_visit(store, "proposed")
    page = client.get(f"/v/{token}").text
    assert "Monday 10 May 2027</h3>" in page
    assert "09:00–11:00</time>" in page
    assert client.post(f"/v/{token}/accept", data={"mark": mark(page)}).location == f"/v/{token}"
    assert status(store) == "confirmed"


def test_programme_changed_meanwhile_is_shown_before_it_is_accepted(
    client: CarefulClient, store: Any, clock: Any
) -> None:
    token = a_visit(store, "proposed")
    seen = mark(client.get(f"/v/{token}").text)
    with store() as session:
        visit = session.scalars(select(Visit)).one()
        lifecycle.remove_appointment(visit.appointments[0], by=by_user(visit.lead_user, visit.lead_host))
    answer = client.post(f"/v/{token}/accept", data={"mark": seen})
    assert (answer.status_code, status(store)) == (409, "proposed")
    assert "was changed after you opened the page" in answer.text


def test_change_is_asked_for_in_words(client: CarefulClient, store: Any, clock: Any) -> None:
    token = a_visit(store, "proposed")
    empty = client.post(f"/v/{token}/ask-for-change", data={"wish": " "})
    assert (empty.status_code, error_links(empty), status(store)) == (422, ["wish"], "proposed")
    client.post(f"/v/{token}/ask-for-change", data={"wish": "Later on Monday, please."})
    assert status(store) == "claimed"
    page = client.get(f"/v/{token}").text
    assert "Your programme is being changed" in page
    assert "09:00–11:00</time>" in page


def test_withdrawing_asks_first(client: CarefulClient, store: Any, clock: Any) -> None:
    token = a_visit(store, "confirmed")
    assert "Call the visit off?" in client.get(f"/v/{token}/withdraw").text
    assert status(store) == "confirmed"
    client.post(f"/v/{token}/withdraw", data={"reason": "Our minister is ill."})
    assert status(store) == "withdrawn"
    assert "You have called the visit off" in client.get(f"/v/{token}").text
    assert client.get(f"/v/{token}/withdraw").location == f"/v/{token}"


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("accept", {"mark": ""}),
        ("ask-for-change", {"wish": "Another day"}),
        ("withdraw", {}),
        ("messages", {"body": "Hello"}),
        ("delegates", {"name": "Fatima"}),
    ],
)
def test_what_came_too_late_is_explained_beside_the_form(
    client: CarefulClient, store: Any, clock: Any, path: str, data: dict[str, str]
) -> None:
    token = a_visit(store, "confirmed")
    client.post(f"/v/{token}/withdraw")
    answer = client.post(f"/v/{token}/{path}", data=data)
    assert (answer.status_code, status(store)) == (409, "withdrawn")
    assert "the visit now stands as “Withdrawn”" in answer.text


def test_message_reaches_the_host_and_markup_stays_text(client: CarefulClient, store: Any, clock: Any) -> None:
    token = a_visit(store, "claimed")
    answer = client.post(f"/v/{token}/messages", data={"body": '5 < 6 & "quotes"\r\nsecond line'})
    assert answer.location == f"/v/{token}#messages"
    with store() as session:
        message = session.scalars(select(Message)).one()
        assert (message.kind, message.body, message.user_id) == ("message", '5 < 6 & "quotes"\nsecond line', None)
    assert "5 &lt; 6 &amp;" in client.get(f"/v/{token}").text


def test_answer_to_a_question_starts_the_clock_again(client: CarefulClient, store: Any, clock: Any) -> None:
    token = a_visit(store, "offered")
    with store() as session:
        visit = session.scalars(select(Visit)).one()
        (kari,) = cast.bring(cast.KARI)
        lifecycle.ask_visitor(visit, "How many are you?", by=by_user(kari))
    assert "We have a question for you" in client.get(f"/v/{token}").text
    client.post(f"/v/{token}/messages", data={"body": "Seven."})
    with store() as session:
        assert [message.kind for message in session.scalars(select(Message))] == ["question", "answer"]
    assert "We have a question for you" not in client.get(f"/v/{token}").text


@pytest.mark.parametrize(
    "typed", ["", "x" * 100_000, "<script>x</script>", "\u202eabc"], ids=["empty", "long", "tag", "bidi"]
)
def test_bad_message_gives_a_field_error_and_comes_back(
    client: CarefulClient, store: Any, clock: Any, typed: str
) -> None:
    token = a_visit(store, "claimed")
    answer = client.post(f"/v/{token}/messages", data={"body": typed})
    assert (answer.status_code, error_links(answer)) == (422, ["body"])
    assert typed.replace("<", "&lt;").replace(">", "&gt;") in answer.text


def test_delegates_are_entered_after_the_claim_with_consent_for_needs(
    client: CarefulClient, store: Any, clock: Any
) -> None:
    token = a_visit(store, "claimed")
    person = {"name": "Fatima El Idrissi", "title": "Engineer", "needs": "Step-free access"}
    without = client.post(f"/v/{token}/delegates", data=person)
    assert (without.status_code, error_links(without)) == (422, ["consent"])
    assert "Step-free access</textarea>" in without.text
    client.post(f"/v/{token}/delegates", data={**person, "consent": "y"})
    with store() as session:
        one = session.scalars(select(Delegate)).one()
        assert (one.name, one.title, one.needs, one.needs_consent_at is None) == (*person.values(), False)
        delegate_id = one.id
    client.post(f"/v/{token}/delegates/{delegate_id}/remove")
    with store() as session:
        assert session.scalars(select(Delegate)).all() == []


def test_a_full_list_of_delegates_takes_nobody_more(
    client: CarefulClient, store: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talking, "MOST_DELEGATES", 2)
    token = a_visit(store, "claimed")
    answers = [client.post(f"/v/{token}/delegates", data={"name": f"Person {n}"}).status_code for n in range(3)]
    refused = client.post(f"/v/{token}/delegates", data={"name": "Fatima"})
    assert (answers, refused.status_code, error_links(refused)) == ([303, 303, 422], 422, ["name"])
    assert "The list is full." in refused.text
    assert 'value="Fatima"' in refused.text
    with store() as session:
        assert len(session.scalars(select(Delegate)).all()) == 2


def test_delegates_of_another_visit_cannot_be_removed(client: CarefulClient, store: Any, clock: Any) -> None:
    token = a_visit(store, "claimed")
    with store() as session:
        ola = session.scalars(select(Visit)).one().lead_user
        other = make_visit("claimed", user=ola, at=now())
        delegate_id = lifecycle.add_delegate(other, name="Somebody").id
    assert client.post(f"/v/{token}/delegates/{delegate_id}/remove").status_code == 404
    with store() as session:
        assert session.get(Delegate, delegate_id) is not None


def test_delegates_are_not_asked_for_before_the_claim(client: CarefulClient, store: Any, clock: Any) -> None:
    assert 'id="delegates"' not in client.get(f"/v/{a_visit(store, 'offered')}").text


def test_declined_request_shows_reason_and_alternatives(client: CarefulClient, store: Any, clock: Any) -> None:
    token = a_visit(store, "received")
    with store() as session:
        visit = session.scalars(select(Visit)).one()
        (kari,) = cast.bring(cast.KARI)
        lifecycle.decline(
            visit, reason="no-capacity", text="May is full.", alternatives="Come in June.", by=by_user(kari)
        )
    page = client.get(f"/v/{token}").text
    assert [words in page for words in ("No host has capacity", "May is full.", "Come in June.")] == [True] * 3


def test_merged_request_shows_the_one_that_goes_on(client: CarefulClient, store: Any, clock: Any) -> None:
    token = a_visit(store, "received")
    with store() as session:
        gone = session.scalars(select(Visit)).one()
        ola, kari = (
            session.scalars(select(cast.User).where(cast.User.email == cast.OLA.email)).one(),
            *cast.bring(cast.KARI),
        )
        kept = make_visit("confirmed", user=ola, at=now() - timedelta(days=1))
        lifecycle.merge(gone, kept, by=by_user(kari))
        ref = kept.ref
    page = client.get(f"/v/{token}").text
    assert (f"Reference {ref}" in page, "Your visit is confirmed" in page) == (True, True)


def test_calendar_file_has_the_programme_in_the_readers_language_and_nothing_for_hosts(
    client: CarefulClient, store: Any, clock: Any
) -> None:
    token = a_visit(store, "confirmed")
    answer = client.get(f"/v/{token}/programme.ics", headers={"Accept-Language": "nn"})
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    with store() as session:
        appointment = session.scalars(select(Visit)).one().appointments[0]
        assert (str(event["UID"]), int(event["SEQUENCE"])) == (appointment.uid, appointment.sequence)
        assert (str(event["STATUS"]), event["DTSTART"].dt) == ("CONFIRMED", appointment.starts_at)
        assert str(event["SUMMARY"]) == appointment.title
    assert "/visits/" not in answer.text


@pytest.mark.parametrize("until", ["proposed", "confirmed"])
def test_calendar_file_says_for_a_month_that_a_stop_is_cancelled(
    client: CarefulClient, store: Any, clock: Any, until: str
) -> None:
    """Whoever imported an earlier file learns of it by the next one; a hold that nobody proposed was never theirs."""
    token = a_visit(store, until)
    (before,) = events_at(client, token)
    clock.shift(timedelta(hours=1))
    with store() as session:
        visit, (ola,) = session.scalars(select(Visit)).one(), cast.bring(cast.OLA)
        hold = make_appointment(visit, user=ola, start="13:00", end="14:00", title="Never proposed", at=now())
        clock.shift(timedelta(hours=1))
        for stop in (visit.appointments[0], hold):
            lifecycle.remove_appointment(stop, by=by_user(ola, visit.lead_host))
    (after,) = events_at(client, token)
    assert (after["UID"], after["STATUS"], before["STATUS"] != "CANCELLED") == (before["UID"], "CANCELLED", True)
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    clock.shift(timedelta(days=30))
    assert events_at(client, token) == []


def events_at(client: CarefulClient, token: str) -> list[Any]:
    """The events of the visitor's calendar file."""
    return Calendar.from_ical(client.get(f"/v/{token}/programme.ics").data).walk("VEVENT")


def test_programme_on_paper_and_before_there_is_one(client: CarefulClient, store: Any, clock: Any) -> None:
    token = a_visit(store, "claimed")
    assert "There is no programme yet." in client.get(f"/v/{token}/programme").text
    assert b"BEGIN:VEVENT" not in client.get(f"/v/{token}/programme.ics").data


@pytest.mark.parametrize(
    ("path", "data", "kept"),
    [
        ("messages", {"body": "A long message"}, "A long message</textarea>"),
        ("delegates", {"name": "Fatima"}, 'value="Fatima"'),
        ("ask-for-change", {"wish": "Later"}, "Later</textarea>"),
        ("withdraw", {"reason": "Ill"}, "Ill</textarea>"),
        ("accept", {"mark": ""}, "Accept the programme"),
    ],
)
def test_page_open_too_long_keeps_what_was_typed_and_changes_nothing(
    client: CarefulClient, store: Any, clock: Any, app: Any, path: str, data: dict[str, str], kept: str
) -> None:
    token = a_visit(store, "proposed")
    app.config["WTF_CSRF_ENABLED"] = True
    stale = client.post(f"/v/{token}/{path}", data={**data, "csrf_token": "old"})
    assert (stale.status_code, kept in stale.text, status(store)) == (200, True, "proposed")
    assert "open for a long time" in stale.text
    again = client.post(f"/v/{token}/messages", data={"body": "x", "csrf_token": csrf_token(stale)})
    assert again.status_code == 303
