"""A programme whose days have passed: the visitor cannot accept it any more, and reads what to do instead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core.errors import Invalid
from app.core.time import now
from app.people.actors import by_user
from app.visits import lifecycle
from app.visits.models import Visit
from tests.factories import make_appointment
from tests.harness.web import CarefulClient
from tests.web.visitor_pages import a_visit, mark, status

END = datetime(2027, 5, 10, 9, tzinfo=UTC)  # 11:00 in Bergen


def test_programme_whose_days_passed_while_the_page_was_open_is_refused_and_says_what_to_do(
    client: CarefulClient, store: Any, clock: Any
) -> None:
    token = a_visit(store, "proposed")
    clock.move_to(END - timedelta(minutes=1))
    seen = mark(client.get(f"/v/{token}").text)
    clock.move_to(END)
    answer = client.post(f"/v/{token}/accept", data={"mark": seen})
    assert (answer.status_code, status(store)) == (409, "proposed")
    assert "All days of this programme have passed, so it can no longer be accepted." in answer.text
    page = client.get(f"/v/{token}").text
    assert "Accept the programme" not in page
    assert "If the visit took place, you need not do anything." in page
    assert client.post(f"/v/{token}/ask-for-change", data={"wish": "In June, please."}).status_code == 303
    assert status(store) == "claimed"


def test_programme_of_which_a_day_is_left_is_accepted(client: CarefulClient, store: Any, clock: Any) -> None:
    token = a_visit(store, "planned")
    with store() as session:
        visit = session.query(Visit).one()
        make_appointment(visit, user=visit.lead_user, day=datetime(2027, 5, 11).date(), title="Pumps", at=now())
        lifecycle.propose(visit, by=by_user(visit.lead_user, visit.lead_host), at=now())
    clock.move_to(END + timedelta(hours=1))
    page = client.get(f"/v/{token}").text
    assert client.post(f"/v/{token}/accept", data={"mark": mark(page)}).status_code == 303
    assert status(store) == "confirmed"


def test_no_door_accepts_it_once_its_days_have_passed(store: Any, clock: Any) -> None:
    a_visit(store, "proposed")
    with store() as session, pytest.raises(Invalid, match="days-passed"):
        lifecycle.accept(session.query(Visit).one(), at=END)
