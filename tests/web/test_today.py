"""The day of the visit: whose stops stand there, whom to call, and running late from preview to mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from app import scheduler
from app.calendars.models import BusyBlock, ExternalCalendar
from app.people.actors import by_user
from app.people.links import mint_link
from app.people.models import Place
from app.visits import lifecycle
from app.visits.arranging import as_planned
from app.visits.conflicts import conflicts_of
from tests import cast
from tests.factories import WATER, make_appointment, make_visit
from tests.harness.web import Mailbox
from tests.web.office import Office, Store, find_visit, open_office, user_called, words_of

MORNING = datetime(2027, 5, 10, 7, 30, tzinfo=UTC)  # 09:30 in Bergen: the first stop is on
# What is no place of the list is looked for by its words.
TYPED_PLACE = 'href="https://www.openstreetmap.org/search?query=%C3%98vre+Dreggsallmenningen%2C+Bergen"'


@dataclass
class Day:
    """Ola's confirmed visit: 9-11 by Ola, 11:30-12:30 at the station by Brita."""

    office: Office
    ref: str
    stop: int
    token: str

    @property
    def late(self) -> str:
        return f"/visits/{self.ref}/appointments/{self.stop}/running-late"


@pytest.fixture
def day(app: Flask, store: Store) -> Iterator[Day]:
    office = open_office(app, store)
    with time_machine.travel(MORNING, tick=False):
        with store() as session:
            ola, brita = user_called(session, cast.OLA), user_called(session, cast.BRITA)
            brita.phone = "+47 55 56 84 00"
            visit = make_visit("planned", user=ola, contact_phone="030 286 00 00")
            visit.invitations = "together"  # none has come before, so each stop would come as one now
            place = Place(slug="station", name_en="Station", latitude=60.39, longitude=5.33, exclusive=True)
            session.add(place)
            session.flush()
            fire = make_appointment(
                visit,
                user=ola,
                start="11:30",
                end="12:30",
                title="Fire drill",
                host=brita.hosts[0],
                contact=brita,
                place=place,
            )
            lifecycle.accept_part(fire, by=by_user(brita, brita.hosts[0]), at=cast.MONDAY + timedelta(hours=4))
            lifecycle.propose(visit, by=by_user(ola, ola.hosts[0]), at=cast.MONDAY + timedelta(hours=5))
            lifecycle.accept(visit, at=cast.MONDAY + timedelta(hours=6))
            for activity in visit.activities:
                activity.announced_at = MORNING
            found = Day(office, visit.ref, fire.id, mint_link("visit", visit.id, at=MORNING))
        yield found


def test_host_finds_the_next_stop_the_map_and_whom_to_call(day: Day) -> None:
    page = day.office.browser(cast.OLA).get("/today").text
    words = words_of(page)
    assert "09:00–11:00 Now Yours Confirmed Pipe renewal on site" in " ".join(words.replace("●", "").split())
    assert page.count('id="next"') == 1
    for link in (
        "tel:+4755568400",
        "tel:0302860000",
        "mailto:brita%40bergen.example.org",
        f"mailto:{WATER.contact_email.replace('@', '%40')}",
    ):
        assert f'href="{link}"' in page, link
    assert "https://www.openstreetmap.org/?mlat=60.390000&amp;mlon=5.330000#map=17/60.390000/5.330000" in page
    assert TYPED_PLACE in page
    assert f'href="{day.late}"' in page


def test_today_shows_only_visits_one_receives(day: Day) -> None:
    assert day.ref in day.office.browser(cast.BRITA).get("/today").text
    assert day.ref in day.office.browser().get("/today").text
    stranger = day.office.browser(cast.SIRI).get("/today").text
    assert day.ref not in stranger
    assert "Nothing takes place today." in words_of(stranger)


def test_visitor_sees_the_day_with_contact_but_no_notes(day: Day, store: Store, app: Flask) -> None:
    with store() as session:
        find_visit(session, day.ref).appointments[-1].note = "They owe us a book."
    page = app.test_client().get(f"/v/{day.token}/today").text
    assert "Fire drill" in page
    assert TYPED_PLACE in page
    assert 'href="tel:+4755568400"' in page
    assert "They owe us a book." not in page
    assert "/running-late" not in page


def test_preview_names_what_moves_and_what_it_meets_without_telling_of_other_visits(day: Day, store: Store) -> None:
    with store() as session:
        siri = user_called(session, cast.SIRI)
        place = find_visit(session, day.ref).appointments[-1].place
        other = make_visit("claimed", user=siri, organisation="Tartu", themes=[], purpose="Fish.")
        make_appointment(other, user=siri, start="12:45", end="13:15", place=place, title="Secret supper")
        for offer in other.offers:
            if offer.host_id != other.lead_host_id:
                session.delete(offer)
    browser = day.office.browser(cast.OLA)
    fifteen = browser.get(f"{day.late}?minutes=15").text
    assert "Move 1 stop" in fifteen
    thirty = browser.get(f"{day.late}?minutes=30").text
    assert "“Fire drill” would meet: Station, busy, Monday 10 May, 12:45–13:15" in words_of(thirty)
    assert "Secret supper" not in thirty
    assert '<form method="post" action="/visits' not in thirty
    refused = browser.post(day.late, data={"minutes": "30"})
    assert refused.status_code == 409
    assert "Nothing was moved" in words_of(refused.text)
    with store() as session:
        assert find_visit(session, day.ref).appointments[-1].starts_at == datetime(2027, 5, 10, 9, 30, tzinfo=UTC)


def test_what_stays_at_its_time_that_day_is_named_where_the_late_stops_would_meet_it(day: Day, store: Store) -> None:
    with store() as session:
        visit, ulrik = find_visit(session, day.ref), user_called(session, cast.ULRIK)
        mayor = make_appointment(visit, user=ulrik, start="12:40", end="13:10", title="Mayor")
        off = make_appointment(visit, user=ulrik, start="13:20", end="13:40", title="Called off")
        next_day = make_appointment(visit, user=ulrik, day=date(2027, 5, 11), title="Next day")
        for stop in (mayor, off, next_day):
            stop.fixed = True
        lifecycle.remove_appointment(off, by=by_user(ulrik, ulrik.hosts[0]), at=MORNING)
    browser = day.office.browser(cast.OLA)
    page = words_of(browser.get(f"{day.late}?minutes=20").text)
    assert "“Fire drill”: The delegation is at “Mayor” then, 12:40–13:10." in page
    assert "Stays at its time: Mayor (12:40–13:10) What" in page
    assert "Mind what stays at its time" not in words_of(browser.get(f"{day.late}?minutes=10").text)


def test_the_half_of_the_group_that_is_not_late_is_named_and_stays(day: Day, store: Store) -> None:
    with store() as session:
        visit, ulrik = find_visit(session, day.ref), user_called(session, cast.ULRIK)
        film = make_appointment(visit, user=ulrik, start="11:30", end="12:00", title="Film")
        film.splits = next(stop for stop in visit.appointments if stop.id == day.stop).splits = True
    browser = day.office.browser(cast.OLA)
    page = words_of(browser.get(f"{day.late}?minutes=20").text)
    assert "Move 1 stop" in page
    assert "The other half of the group is not late: Film (11:30–12:00)" in page
    assert "The delegation is at “Film” then" not in page
    today = words_of(browser.get("/today").text)
    assert "Half the group; the other half: Film" in today
    assert "Half the group; the other half: Fire drill" in today
    assert "Half the group; the other half: Film" not in words_of(
        day.office.app.test_client().get(f"/v/{day.token}/today").text
    )


def test_host_without_hours_is_closed_when_it_runs_late_as_it_is_while_planning(day: Day, store: Store) -> None:
    browser = day.office.browser(cast.OLA)
    assert "Outside opening hours" not in words_of(browser.get(f"{day.late}?minutes=10").text)
    with store() as session:
        stop = find_visit(session, day.ref).appointments[-1]
        stop.host.opening_hours = {}
        kinds = {conflict.kind for conflict in conflicts_of(stop.visit, as_planned(stop), besides=stop)}
    assert "hours" in kinds
    assert "Outside opening hours" in words_of(browser.get(f"{day.late}?minutes=10").text)


def test_running_late_tells_everybody_concerned_at_once_and_once(day: Day, mailbox: Mailbox, app: Flask) -> None:
    answer = day.office.browser(cast.OLA).post(day.late, data={"minutes": "20"})
    assert (answer.status_code, answer.location) == (303, "/today")
    with app.app_context():
        scheduler.tell()
        scheduler.tell()
    told = {str(mail["X-Envelope-To"]): str(mail["Subject"]) for mail in mailbox.mails}
    assert sorted(told) == sorted({WATER.contact_email, cast.BRITA.email, cast.ULRIK.email})
    assert len(mailbox.mails) == 3
    assert told[WATER.contact_email] == "Your programme in Bergen is 20 minutes later"
    body = mailbox.to(WATER.contact_email)[-1].get_body()
    assert body is not None
    text = body.get_content()
    assert "11:50–12:50" in text


@pytest.mark.parametrize(
    ("until", "promise", "said", "mailed"),
    [
        ("planned", "The visitor has not been shown these stops and gets none.", "who has not been shown this", False),
        ("proposed", "The visitor and everybody who receives at these stops get a mail", "The visitor and", True),
        ("confirmed", "The visitor and everybody who receives at these stops get a mail", "The visitor and", True),
    ],
)
def test_preview_promises_mails_to_those_who_get_one(
    day: Day, store: Store, mailbox: Mailbox, app: Flask, until: str, promise: str, said: str, mailed: bool
) -> None:
    with store() as session:
        changes = {"organisation": "Tartu", "themes": [], "purpose": "Fish.", "contact_email": "tartu@example.org"}
        visit = make_visit(until, user=user_called(session, cast.ULRIK), **changes)
        for activity in visit.activities:
            activity.announced_at = MORNING
        late = f"/visits/{visit.ref}/appointments/{visit.appointments[0].id}/running-late"
    browser = day.office.browser(cast.ULRIK)
    browser.set_cookie("lang", "en")
    assert promise in words_of(browser.get(f"{late}?minutes=60").text)
    assert browser.post(late, data={"minutes": "60"}).status_code == 303
    assert said in words_of(browser.get("/today").text)
    with app.app_context():
        scheduler.tell()
    assert ("tartu@example.org" in {str(mail["X-Envelope-To"]) for mail in mailbox.mails}) is mailed


def busy_from(store: Store, start: datetime) -> None:
    """Half an hour in Brita's own calendar."""
    with store() as session:
        brita = user_called(session, cast.BRITA)
        calendar = ExternalCalendar(user_id=brita.id, sealed_url="x", due_at=MORNING, created_at=MORNING)
        session.add(calendar)
        session.flush()
        block = BusyBlock(calendar_id=calendar.id, starts_at=start, ends_at=start + timedelta(minutes=30))
        session.add(block)


def test_time_taken_in_an_own_calendar_is_named_and_asks_for_a_reason_that_is_kept(day: Day, store: Store) -> None:
    busy_from(store, datetime(2027, 5, 10, 10, 40, tzinfo=UTC))
    browser = day.office.browser(cast.OLA)
    assert 'name="reason"' not in browser.get(f"{day.late}?minutes=10").text
    page = browser.get(f"{day.late}?minutes=20").text
    assert "Brita Brann is busy then in their own calendar, 12:40–13:10." in words_of(page)
    assert ">We are running late.</textarea>" in page
    refused = browser.post(day.late, data={"minutes": "20", "reason": " "})
    assert refused.status_code == 409
    assert "Somebody's own calendar says that this time is taken." in words_of(refused.text)
    assert 'aria-invalid="true"' in refused.text
    other = browser.post(day.late, data={"look": "30", "minutes": "20", "reason": "The <ferry>"})
    assert (other.status_code, "12:00–13:00" in other.text) == (200, True)
    assert ">The &lt;ferry&gt;</textarea>" in other.text
    assert browser.post(day.late, data={"minutes": "20", "reason": "The ferry"}).status_code == 303
    with store() as session:
        last = find_visit(session, day.ref).activities[-1]
        assert (last.verb, last.reason) == ("run-late", "The ferry")


def test_what_was_typed_stays_where_minutes_meet_another_appointment(day: Day, store: Store) -> None:
    busy_from(store, datetime(2027, 5, 10, 10, 40, tzinfo=UTC))
    with store() as session:
        siri, place = user_called(session, cast.SIRI), find_visit(session, day.ref).appointments[-1].place
        other = make_visit("claimed", user=siri, organisation="Tartu", themes=[], purpose="Fish.")
        make_appointment(other, user=siri, start="12:55", end="13:15", place=place)
    browser = day.office.browser(cast.OLA)
    refused = browser.post(day.late, data={"minutes": "30", "reason": "The ferry"})
    assert (refused.status_code, 'name="minutes"' in refused.text) == (409, False)
    assert ">The ferry</textarea>" in refused.text
    assert ">The ferry</textarea>" in browser.post(day.late, data={"look": "20", "reason": "The ferry"}).text


@pytest.mark.parametrize(
    ("person", "status"), [(cast.SIRI, 404), (cast.BRITA, 200), (cast.ULRIK, 200), (cast.KARI, 200)]
)
def test_who_may_say_that_it_runs_late(day: Day, person: cast.Person, status: int) -> None:
    assert day.office.browser(person).get(day.late).status_code == status


def test_minutes_that_no_form_offers_are_refused(day: Day) -> None:
    browser = day.office.browser(cast.OLA)
    for minutes in ("", "7", "-5", "x", "9" * 30):
        answer = browser.post(day.late, data={"minutes": minutes})
        assert answer.status_code == 409
        assert "Choose how many minutes." in words_of(answer.text)
