"""Calendar text that an earlier version of the program wrote is written anew: the same events, in today's form.

No new version of any event: nothing of the appointment has changed, so SEQUENCE and the time of change stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.visits.fragments import FORM, write_fragments
from app.visits.locks import take_turns
from app.visits.models import Visit
from app.visits.programme_models import Appointment, Fragment
from app.visits.scopes import raise_for_visit

AT_ONCE = 2_000  # texts looked at in one run; a stop has nine


def visits_in_earlier_form(*, at: datetime) -> Sequence[int]:
    """Ids of some visits of which texts are in an earlier form, those written last first."""
    del at  # as every list of the timetable is asked
    earlier = (
        select(Appointment.visit_id)
        .join(Fragment, Fragment.appointment_id == Appointment.id)
        .where(Fragment.form < FORM)
        .order_by(Fragment.form, Fragment.id.desc())
        .limit(AT_ONCE)
    )
    return list(dict.fromkeys(db.session.scalars(earlier)))


def renew_texts_of(visit_id: int, /, *, at: datetime) -> int:
    """Write the visit's texts of an earlier form anew and bring its feeds up to date; how many stops that were."""
    del at
    visit = db.session.get_one(Visit, visit_id)
    take_turns(visit)
    earlier = select(Fragment.appointment_id).where(Fragment.form < FORM)
    mine = select(Appointment).where(Appointment.visit_id == visit_id, Appointment.id.in_(earlier))
    stops = list(db.session.scalars(mine.order_by(Appointment.id)))
    for stop in stops:
        write_fragments(stop)
    if stops:
        raise_for_visit(visit)
    return len(stops)
