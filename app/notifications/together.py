"""What several mails speak of, asked once for all of them: said for every mail that leaves, so put together once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import db
from app.notifications.models import Notification
from app.people.models import Host, Place, User
from app.visits.models import Visit
from app.visits.programme_models import Appointment

_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_VISITS, _HOSTS = select(Visit).where(Visit.id.in_(_IDS)), select(Host).where(Host.id.in_(_IDS))
_PLACES, _USERS = select(Place).where(Place.id.in_(_IDS)), select(User).where(User.id.in_(_IDS))
_STOPS = select(Appointment).where(Appointment.visit_id.in_(_IDS)).order_by(Appointment.starts_at)


def bring_facts(found: Sequence[Notification]) -> list[object]:
    """Visits with their stops, hosts and places, and people, at hand for as long as the answer is kept."""
    if len(found) < 2:
        return []
    visits = _rows(_VISITS, (one.visit_id for one in found))
    stops = _rows(_STOPS, (visit.id for visit in visits))
    for visit in visits:
        set_committed_value(visit, "appointments", [stop for stop in stops if stop.visit_id == visit.id])
    hosts = _rows(_HOSTS, [visit.lead_host_id for visit in visits] + [stop.host_id for stop in stops])
    places = _rows(_PLACES, (stop.place_id for stop in stops))
    users = _rows(_USERS, [one.user_id for one in found] + [visit.lead_user_id for visit in visits])
    return [*visits, *stops, *hosts, *places, *users]


def _rows(query: Select[Any], ids: Iterable[int | None]) -> list[Any]:
    """The rows with these ids, or that belong to them; nothing is asked where there are none."""
    wanted = sorted({one for one in ids if one is not None})
    return list(db.session.scalars(query, {"ids": wanted})) if wanted else []
