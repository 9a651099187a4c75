"""What the tests of the programme's form and board share: a stop as typed and drawn, a visit's stops, other visits."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from playwright.sync_api import Locator, Page
from sqlalchemy import select

from app.core.time import from_venue, in_venue
from app.people.models import Absence, User
from tests import cast
from tests.factories import make_appointment, make_visit
from tests.web.hosting import Case, Store, find_visit, open_case

NEXT_DAY = "23:10–00:20 the next day"
QUARTER = 18  # pixels for 15 minutes on the board
WALL = {
    "title": "Pipe renewal on site",
    "on": "2027-05-10",
    "starts": "09:00",
    "ends": "11:00",
    "host": "byutvikling",
    "contact": "",
    "place": "",
    "place_text": "Øvre Dreggsallmenningen",
    "note": "",
}


def user_id(case: Case, person: cast.Person) -> str:
    with case.store() as session:
        return str(session.scalars(select(User.id).where(User.email == person.email)).one())


def planned(case: Case) -> list[tuple[str, str, str, str]]:
    with case.store() as session:
        stops = find_visit(session, case.ref).appointments
        return [(stop.title, stop.host.slug, stop.status, stop.answer) for stop in stops]


def other_visit(case: Case, *, seen: bool, day: date = date(2027, 5, 10)) -> str:
    """A visit with Ola as contact at 10-12 on the same day; led by his host, or by one he does not belong to."""
    with case.store() as session:
        ola, siri = (session.scalars(select(User).where(User.email == p.email)).one() for p in (cast.OLA, cast.SIRI))
        visit = make_visit("claimed", user=ola if seen else siri, organisation="Bergen op Zoom", themes=[], purpose="")
        for offer in list(visit.offers):
            if not seen and offer.host_id != siri.hosts[0].id:
                session.delete(offer)
        stop = {"user": siri, "host": siri.hosts[0]} if not seen else {"user": ola}
        make_appointment(visit, day=day, start="10:00", end="12:00", contact=ola, title="Harbour walk", **stop)
        return str(visit.ref)


def open_late_case(app: Flask, store: Store) -> Case:
    """Pipes on Monday 9-11, LateD 23:10 to midnight."""
    case = open_case(app, store, "planned")
    with store() as session:
        visit = find_visit(session, case.ref)
        late = make_appointment(visit, user=visit.lead_user, start="23:10", end="23:50", title="LateD")
        late.ends_at = wall(11, 0, 0)
    return case


def wall(day: int, hour: int, minute: int) -> datetime:
    return from_venue(datetime(2027, 5, day, hour, minute))


def times(case: Case, title: str = "LateD") -> str:
    with case.store() as session:
        one = next(one for one in find_visit(session, case.ref).appointments if one.title == title)
        return f"{in_venue(one.starts_at):%d %H:%M} - {in_venue(one.ends_at):%d %H:%M}"


def stop_url(case: Case, end: str = "", title: str = "LateD") -> str:
    with case.store() as session:
        number = next(one.id for one in find_visit(session, case.ref).appointments if one.title == title)
    return case.url(f"/appointments/{number}{end}")


def typed(case: Case, starts: str, ends: str) -> dict[str, str]:
    return WALL | {"title": "LateD", "starts": starts, "ends": ends, "contact": user_id(case, cast.OLA)}


def open_lunch_case(app: Flask, store: Store) -> Case:
    """Pipes on Monday 9-11, a lunch 12-13 of nobody in particular."""
    case = open_case(app, store, "planned")
    with store() as session:
        visit = find_visit(session, case.ref)
        make_appointment(visit, user=visit.lead_user, start="12:00", end="13:00", title="Lunch")
    return case


def ola_is_away(case: Case) -> None:
    """All of the day that the visit begins on."""
    with case.store() as session:
        ola = find_visit(session, case.ref).lead_user_id
        day = date(2027, 5, 10)
        session.add(Absence(user_id=ola, starts_on=day, ends_on=day, created_at=cast.MONDAY))


def stop(page: Page, title: str) -> Locator:
    """That stop's card on the board."""
    return page.locator(".board-stop").filter(has_text=title)
