"""The visitor's programme to take along: as a calendar file and on paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.core.time import now
from app.people.actors import by_user
from app.visits import lifecycle
from app.visits.models import Visit
from tests import cast
from tests.factories import make_appointment
from tests.harness.web import CarefulClient
from tests.web.visitor_pages import a_visit


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
