"""What the tests of the programme's form share: a stop as typed, the stops of a visit, another visit."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.people.models import User
from tests import cast
from tests.factories import make_appointment, make_visit
from tests.web.hosting import Case, find_visit

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
