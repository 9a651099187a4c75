"""One visit's programme as a file."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.core.time import now
from app.extensions import db
from app.feeds.files import visitor_calendar
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from tests.feeds.conftest import Region, events_in, titles


def test_visit_file_is_a_file_with_contact_and_note_for_the_lead_host(region: Region) -> None:
    region.add("Tour", contact=region.ola, note="Use the ramp")
    answer = region.signed_in(region.ola).get(f"/visits/{region.ref}/programme.ics")
    description = str(events_in(answer.data)[0]["DESCRIPTION"])
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{region.ref}.ics"'
    assert len(titles(answer.data)) == 1
    assert ["Ola Overvann" in description, "Use the ramp" in description] == [True, True]


def test_visit_file_says_for_a_month_what_is_cancelled(region: Region) -> None:
    region.cancel(region.add("Lunch", hours=4))
    (event,) = events_in(region.signed_in(region.ola).get(f"/visits/{region.ref}/programme.ics").data)
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 1)
    with region.app.app_context():
        stop = db.session.scalars(select(Appointment)).one()
        stop.changed_at = now() - timedelta(days=31)
        db.session.commit()
    assert titles(region.signed_in(region.ola).get(f"/visits/{region.ref}/programme.ics").data) == []


def test_visit_file_of_a_foreign_visit_is_not_found(region: Region) -> None:
    region.add("Tour")
    answers = [region.signed_in(region.siri).get(f"/visits/{ref}/programme.ics") for ref in (region.ref, "XXX-XXX")]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_visitor_s_file_has_what_was_proposed_without_the_hosts_notes(region: Region) -> None:
    proposed = region.add("Tour", contact=region.ola, note="Use the ramp")
    region.add("Only a hold", hours=4)
    with region.app.app_context():
        db.session.get_one(Appointment, proposed).status = "tentative"
        db.session.flush()
        visit = db.session.get_one(Visit, region.visit)
        body = visitor_calendar(visit, language="en", city="Bergen", at=now(), url="https://example.org/v/x")
        db.session.rollback()
    assert titles(body) == ["Tour"]
    shown = events_in(body)[0]
    assert (str(shown["STATUS"]), str(shown["DESCRIPTION"]), str(shown["URL"])) == (
        "TENTATIVE",
        "Host: Department of Urban Development\nTime in Bergen: 10:00–11:00\nContact person: Ola Overvann"
        "\nMap: https://www.openstreetmap.org/search?query=Kalfarveien+82%2C+Bergen",
        "https://example.org/v/x",
    )
    assert b"ramp" not in body
