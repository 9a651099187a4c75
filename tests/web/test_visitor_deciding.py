"""What the visitor decides on their page: accept, ask for a change, call it off; and when it comes too late."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.people.actors import by_user
from app.visits import lifecycle
from app.visits.models import Visit
from tests.harness.web import CarefulClient
from tests.web.visitor_form import csrf_token, error_links
from tests.web.visitor_pages import a_visit, mark, status


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
