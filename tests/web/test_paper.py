"""The programme and the briefing as PDF: what is in them, in which words, for whom."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from app.core.time import now
from app.people.actors import by_user
from app.people.links import mint_link
from app.people.models import Place, User
from app.visits import lifecycle
from app.visits.models import Visit
from tests import cast
from tests.factories import _wall, make_appointment
from tests.harness.pdf import Pdf
from tests.harness.web import CarefulClient
from tests.web.hosting import Case, Store, find_visit, open_case
from tests.web.stop_forms import WALL

HOSTILE = '#eval("1") $x$ \\ *b* <b>'


def a_case(app: Flask, store: Store, until: str) -> Case:
    """A visit with a stop at City Hall that has notes, one that was cancelled, one of another host, and a hold."""
    case = open_case(app, store, "claimed", organisation=f"Utrecht {HOSTILE}")
    with store() as session:
        visit = find_visit(session, case.ref)
        ola, brita = (
            session.scalars(select(User).where(User.email == one.email)).one() for one in (cast.OLA, cast.BRITA)
        )
        ola.phone, brita.phone = "+47 55 56 62 00", "+47 911 22 333"
        hall = session.scalars(select(Place).where(Place.slug == "radhuset")).one()
        plan = lifecycle.Plan(
            title=f"Welcome {HOSTILE}",
            host=ola.hosts[0],
            starts_at=_wall(date(2027, 5, 10), "09:00"),
            ends_at=_wall(date(2027, 5, 10), "10:00"),
            contact=ola,
            place=hall,
            place_text="Main entrance",
            note="They came late last time",
            visitor_note="Sturdy shoes\nand rainwear",
        )
        actor, at = by_user(ola, ola.hosts[0]), cast.MONDAY + timedelta(hours=5)
        lifecycle.add_appointment(visit, plan, by=actor, at=at)
        gone = make_appointment(visit, user=ola, start="11:00", end="12:00", title="Called off")
        other = make_appointment(
            visit, user=ola, host=brita.hosts[0], contact=brita, start="13:00", end="14:00", title="Fire"
        )
        assert other.answer == "asked"
        if until != "claimed":
            lifecycle.propose(visit, by=actor, at=at)
        if until == "confirmed":
            lifecycle.accept(visit, at=at)
        lifecycle.remove_appointment(gone, by=actor, at=at)
        make_appointment(visit, user=ola, day=date(2027, 5, 11), title="Only a hold", at=at)
        lifecycle.add_delegate(visit, name="Fatima Zahra", title="Advisor", needs="No nuts", consent=True, at=at)
    return case


def visitor_pdf(case: Case, language: str = "en") -> Pdf:
    with case.store() as session:
        token = mint_link("visit", find_visit(session, case.ref).id, at=now())
    client = case.app.test_client()
    client.set_cookie("lang", language)
    answer = client.get(f"/v/{token}/programme.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'inline; filename="programme-{case.ref}.pdf"'
    return Pdf(answer.data)


def briefing(case: Case, person: cast.Person, question: str = "") -> Pdf:
    answer = case.browser(person).get(case.url(f"/briefing.pdf{question}"))
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    return Pdf(answer.data)


def found(pdf: Pdf, *words: str) -> list[str]:
    return [word for word in words if word in pdf.text]


def test_programme_has_what_the_visitor_needs_and_nothing_for_hosts_only(app: Flask, store: Store, clock: Any) -> None:
    pdf = visitor_pdf(a_case(app, store, "confirmed"))
    words = (
        *(f"Programme for Utrecht {HOSTILE}", "Monday 10 May 2027", "09:00–10:00", f"Welcome {HOSTILE}"),
        *("Department of Urban Development", "Ola Overvann", "+47 55 56 62 00", "ola@bergen.example.org"),
        *("Bergen City Hall, Rådhusgaten 10, 5014 Bergen", "Main entrance", "Sturdy shoes and rainwear", "Confirmed"),
        *("All times are local time in Bergen: Central European Summer Time, UTC+2.", "Page 1 of 1"),
        *("Made Tuesday 2 March, 09:00, Bergen", "This host has not answered yet."),
    )
    assert found(pdf, *words) == list(words)
    assert found(pdf, "Called off", "Only a hold", "They came late", "Fatima", "No nuts", "911 22 333") == []
    assert pdf.links == {
        "tel:+4755566200",
        "mailto:ola@bergen.example.org",
        "https://www.openstreetmap.org/?mlat=60.392500&mlon=5.329100#map=17/60.392500/5.329100",
        "https://www.openstreetmap.org/search?query=%C3%98vre+Dreggsallmenningen%2C+Bergen",
    }


def test_place_that_was_typed_is_looked_for_on_the_map(app: Flask, store: Store, clock: Any) -> None:
    """By its words and the city's name, once; a place without coordinates by its address."""
    case = open_case(app, store, "proposed")
    search = "https://www.openstreetmap.org/search?query="
    assert visitor_pdf(case).links >= {f"{search}%C3%98vre+Dreggsallmenningen%2C+Bergen"}
    with store() as session:
        stop = find_visit(session, case.ref).appointments[0]
        stop.place_text = "Café <b>&</b>, Torget 2, BERGEN"
        token = mint_link("visit", stop.visit_id, at=now())
    typed = f"{search}Caf%C3%A9+%3Cb%3E%26%3C%2Fb%3E%2C+Torget+2%2C+BERGEN"
    assert visitor_pdf(case).links >= {typed}
    assert f'href="{typed}"' in app.test_client().get(f"/v/{token}").text
    with store() as session:
        stop = find_visit(session, case.ref).appointments[0]
        stop.place, stop.place_text = Place(slug="quay", name_en="The quay", address="Bryggen 7"), "At the crane"
    assert visitor_pdf(case).links >= {f"{search}Bryggen+7%2C+Bergen"}
    with store() as session:
        stop = find_visit(session, case.ref).appointments[0]
        stop.place, stop.place_text = None, ""
    assert "openstreetmap" not in str(visitor_pdf(case).links) + app.test_client().get(f"/v/{token}").text


def test_the_way_from_stop_to_stop_is_written_out(app: Flask, store: Store, clock: Any) -> None:
    """City Hall to the council chamber is 2 minutes in travel.yaml; the next one is not in there; then another day."""
    case = a_case(app, store, "claimed")
    with store() as session:
        visit = find_visit(session, case.ref)
        ola = session.scalars(select(User).where(User.email == cast.OLA.email)).one()
        places = {place.slug: place for place in session.scalars(select(Place))}
        new = Place(slug="far", name_en="Far", name_nb="Langt", name_nn="Langt", latitude=60.3931, longitude=5.36)
        session.add(new)
        session.flush()
        for start, end, place in (("14:30", "15:00", places["bystyresalen"]), ("16:00", "17:00", new)):
            make_appointment(visit, user=ola, start=start, end=end, place=place)
        fire = next(stop for stop in visit.appointments if stop.title == "Fire")
        lifecycle.remove_appointment(fire, by=by_user(ola, ola.hosts[0]), at=cast.MONDAY + timedelta(hours=6))
    shown = re.findall(r"The way there: ([^.]*?) Hold", briefing(case, cast.OLA).text)
    assert shown == ["2 minutes on foot", "14 minutes by car (estimated)"]
    with store() as session:
        visit = find_visit(session, case.ref)
        lifecycle.propose(visit, by=by_user(visit.lead_user, visit.lead_host))
    assert found(visitor_pdf(case, "nn"), "Vegen dit: 2 minutt til fots") == ["Vegen dit: 2 minutt til fots"]


def test_contacts_are_reached_only_once_the_stop_is_confirmed(app: Flask, store: Store, clock: Any) -> None:
    pdf = visitor_pdf(a_case(app, store, "proposed"))
    assert found(pdf, "Ola Overvann", "Tentative") == ["Ola Overvann", "Tentative"]
    assert found(pdf, "55 56 62 00", "ola@bergen") == []
    assert not any(link.startswith(("tel:", "mailto:")) for link in pdf.links)


def test_no_programme_is_said_and_holds_are_not_shown(app: Flask, store: Store, clock: Any) -> None:
    pdf = visitor_pdf(a_case(app, store, "claimed"))
    assert found(pdf, "There is no programme yet.", "Welcome", "Only a hold") == ["There is no programme yet."]


@pytest.mark.parametrize(
    ("language", "code", "words"),
    [
        ("en", "en-GB", ("Programme for", "Contact person:", "Note:", "Page 1 of 1", "Confirmed")),
        ("nb", "nb-NO", ("Program for", "Merk:", "Side 1 av 1", "Bekreftet", "Mandag 10. mai 2027", "kl. 9–10")),
        ("nn", "nn-NO", ("Program for", "Merk:", "Side 1 av 1", "Stadfesta", "Måndag 10. mai 2027", "sommartid")),
    ],
)  # fmt: skip
def test_programme_is_in_the_readers_language(
    app: Flask, store: Store, clock: Any, language: str, code: str, words: tuple[str, ...]
) -> None:
    pdf = visitor_pdf(a_case(app, store, "confirmed"), language)
    assert found(pdf, *words) == list(words)
    assert f"/Lang({code})" in pdf.heads.replace("/Lang (", "/Lang(")


def test_programme_is_an_accessible_document(app: Flask, store: Store, clock: Any) -> None:
    pdf = visitor_pdf(a_case(app, store, "confirmed"))
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.metadata
    headings = [tag for tag in pdf.tags if tag.startswith("H")]
    assert headings == ["H1", "H2", "H3", "H3"]
    assert pdf.tags.count("Link") == 4


def test_briefing_has_the_delegation_and_needs_only_when_asked_for(app: Flask, store: Store, clock: Any) -> None:
    case = a_case(app, store, "confirmed")
    plain, full = briefing(case, cast.OLA), briefing(case, cast.OLA, "?needs=yes")
    words = ("Marloes Dekkinga", "marloes@utrecht.example.org", "Joost van Hemert", "Fatima Zahra", "Advisor")
    hosts_only = (
        "They came late last time",
        "Only a hold",
        "Sturdy shoes",
        "+47 911 22 333",
        "Waits for the host's answer",
    )
    assert found(plain, *words, *hosts_only) == [*words, *hosts_only]
    assert found(plain, "No nuts", "Needs") == []
    assert found(full, "No nuts", "Needs") == ["No nuts", "Needs"]
    assert [tag for tag in ("Table", "TH", "TD") if tag not in plain.tags] == []


def test_briefing_is_for_those_who_receive_the_visit(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    answers = {
        person.name: case.browser(person).get(case.url("/briefing.pdf")).status_code
        for person in (cast.OLA, cast.KARI, cast.BRITA, cast.SIRI, cast.ADA)
    }
    # Brita's host was only asked: she sees the visit, not the visitor; Siri does not see it at all.
    assert answers == {
        "Ola Overvann": 200, "Kari Koordinator": 200, "Brita Brann": 403, "Siri Sjømat": 404, "Ada Administrator": 403,
    }  # fmt: skip


def test_visit_page_offers_the_briefing_where_it_may_be_had(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    pages = {person.name: case.browser(person).get(case.url()).text for person in (cast.OLA, cast.BRITA)}
    assert {name: "/briefing.pdf" in page for name, page in pages.items()} == {
        "Ola Overvann": True,
        "Brita Brann": False,
    }


def test_note_for_the_visitor_is_kept_shown_and_in_the_calendar(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    ola = case.browser(cast.OLA)
    ola.post(case.url("/appointments/new"), data=WALL | {"visitor_note": "Bring\r\na passport"})
    with store() as session:
        visit = find_visit(session, case.ref)
        assert visit.appointments[0].visitor_note == "Bring\na passport"
        lifecycle.propose(visit, by=by_user(visit.lead_user, visit.lead_host))
        token, stop = mint_link("visit", visit.id, at=now()), visit.appointments[0].id
    assert "Bring\na passport</textarea>" in ola.get(case.url(f"/appointments/{stop}")).text
    visitor: CarefulClient = app.test_client()  # type: ignore[assignment]
    assert [visitor.get(f"/v/{token}{end}").text.count("Bring\na passport") for end in ("", "/programme")] == [1, 1]
    for address, client in ((f"/v/{token}/programme.ics", visitor), (case.url("/programme.ics"), ola)):
        event = Calendar.from_ical(client.get(address).data).walk("VEVENT")[0]
        assert "Bring\na passport" in str(event["DESCRIPTION"])


def test_visitors_page_shows_contacts_once_confirmed_and_a_map(app: Flask, store: Store, clock: Any) -> None:
    for until, shown in (("proposed", False), ("confirmed", True)):
        case = a_case(app, store, until) if until == "proposed" else None
        with store() as session:
            visit = session.scalars(select(Visit)).one()
            if case is None:
                lifecycle.accept(visit)
            token = mint_link("visit", visit.id, at=now())
        page = app.test_client().get(f"/v/{token}").text
        assert ("tel:+4755566200" in page, "mailto:ola@bergen.example.org" in page) == (shown, shown)
        assert 'href="https://www.openstreetmap.org/?mlat=60.39250' in page
