"""The last place of a host's day, wanted by many visits at once; shortly in the suite, at length in acceptance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.core.time import venue_date
from app.people.models import Host, User
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from tests import cast
from tests.factories import make_appointment, make_visit
from tests.harness.crowd import Answer, Crowd, Post
from tests.visits.contests import Store

FIRST = date(2027, 5, 10)
CAP = 2


@dataclass
class Rush:
    """Visits led by Ola's host, which takes two a day."""

    crowd: Crowd
    store: Store
    refs: list[str]
    user: str
    ola: int
    first_visit: int

    def round(self, number: int) -> list[Answer]:
        """One visit has its stop that day; all the others want the last place."""
        day = FIRST + timedelta(days=number)
        with self.store() as session:
            make_appointment(session.get_one(Visit, self.first_visit), user=session.get_one(User, self.ola), day=day)
        form = {"title": "Rush", "on": day.isoformat(), "starts": "13:00", "ends": "14:00", "host": "byutvikling"}
        form |= {"contact": "", "place": "", "place_text": "", "note": ""}
        return self.crowd.send([Post(self.user, f"/visits/{ref}/appointments/new", form) for ref in self.refs])

    def most_on_a_day(self) -> int:
        """The largest number of visits that the host receives on any day."""
        with self.store() as session:
            stops = session.scalars(select(Appointment).where(Appointment.status != "cancelled")).all()
            days: dict[date, set[int]] = {}
            for stop in stops:
                days.setdefault(venue_date(stop.starts_at), set()).add(stop.visit_id)
        return max(len(visits) for visits in days.values())


def open_rush(crowd: Crowd, store: Store, rivals: int) -> Rush:
    """So many visits without a programme, and one that has the first place of each day."""
    with store() as session:
        (ola,) = cast.bring(cast.OLA)
        session.scalars(select(Host).where(Host.slug == "byutvikling")).one().daily_cap = CAP
        refs = [make_visit("claimed", user=ola).ref for _number in range(rivals)]
        first = make_visit("claimed", user=ola)
        return Rush(crowd, store, refs, str(ola.get_id()), ola.id, first.id)
