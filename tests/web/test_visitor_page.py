"""The visitor's page behind a secret link: where the request stands, and what was asked for."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core.time import now
from app.people.actors import by_user
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from tests import cast
from tests.factories import make_appointment, make_visit
from tests.harness.web import CarefulClient
from tests.web.visitor_pages import a_visit


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


@pytest.mark.parametrize(
    ("until", "title", "who"),
    [
        ("received", "We are looking for the right host", "The international office"),
        ("claimed", "You are received by Department of Urban Development", "Ola Overvann"),
        ("proposed", "There is a programme for you to look at", "Ola Overvann"),
        ("confirmed", "Your visit is confirmed", "Ola Overvann"),
        ("completed", "The visit has been carried out", "What came of the visit is being written down by"),
        ("reported", "The visit has been carried out", "What came of the visit has been written down by"),
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
