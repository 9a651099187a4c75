"""Who comes first: a verb of the programme waits for the rows it will touch, in one order, before it looks at them.

Two that book one person at the same moment would on PostgreSQL wait for each other's row until the database ends one
of them; and who has read a stop before waiting knows only how it was. So: first the visits, then the people, places
and hosts, each by id; then everything is read anew. On SQLite the writing transaction has the database to itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.extensions import db
from app.people.models import Host, Place, User
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.stops import Plan


def take_turns(*visits: Visit, plans: Iterable[Plan] = ()) -> None:
    """Wait for these visits, and for those whom their stops and the plans occupy; then read the visits anew."""
    db.session.flush()
    _wait(Visit, {visit.id for visit in visits})
    for visit in visits:
        db.session.refresh(visit)
    wanted = list(plans)
    stops = [stop for stop in _stops(visits) if not stop.is_cancelled]
    people = {stop.contact_id for stop in stops} | {plan.contact.id for plan in wanted if plan.contact}
    places = {stop.exclusive_place_id for stop in stops}
    places |= {plan.place.id for plan in wanted if plan.place and plan.place.exclusive}
    _wait(User, people)
    _wait(Place, places)
    _wait(Host, {plan.host.id for plan in wanted})


def hold(visit: Visit) -> None:
    """Wait for the visit, then read it and its stops anew: what is looked at from here on stands until the commit."""
    _wait(Visit, {visit.id})
    db.session.refresh(visit)
    _stops([visit])


def _wait(model: type[Visit | User | Place | Host], ids: set[int | None] | set[int]) -> None:
    """Lock the rows against others who do the same; who only refers to them need not wait."""
    known = {one for one in ids if one is not None}
    if known:
        query = select(model.id).where(model.id.in_(known)).order_by(model.id)
        db.session.execute(query.with_for_update(key_share=True)).all()


def _stops(visits: Iterable[Visit]) -> list[Appointment]:
    """Every stop of the visits as it stands now, those in memory brought up to date."""
    query = select(Appointment).where(Appointment.visit_id.in_([visit.id for visit in visits]))
    return list(db.session.scalars(query.execution_options(populate_existing=True)))
