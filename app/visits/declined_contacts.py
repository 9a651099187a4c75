"""Contact persons who said no to their invitation: shown to whoever plans until the person is changed or kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.errors import IllegalMove, NotFound
from app.core.time import now
from app.extensions import db
from app.people.actors import Actor
from app.visits.invitation_models import Invitation
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.record import note
from app.visits.statuses import is_legal


def declined_contacts(
    visits: Sequence[Visit], *, at: datetime | None = None, settled: bool = False
) -> list[Invitation]:
    """Coming stops of these visits whose contact person said no, the soonest first; `settled`: decided on already.

    A stop whose contact person was changed, or that was moved and so asked anew, is none of them any more.
    """
    query = (
        select(Invitation)
        .join(Appointment)
        .where(
            Appointment.visit_id.in_([visit.id for visit in visits] or [-1]),
            Appointment.status != "cancelled",
            Appointment.ends_at > (at or now()),
            Invitation.user_id == Appointment.contact_id,
            Invitation.partstat == "DECLINED",
            Invitation.way.in_(("request", "file")),
            Invitation.settled_at.is_not(None) if settled else Invitation.settled_at.is_(None),
        )
        .options(joinedload(Invitation.appointment).joinedload(Appointment.visit), joinedload(Invitation.user))
        .order_by(Appointment.starts_at, Invitation.id)
    )
    return list(db.session.scalars(query))


def keep_contact(stop: Appointment, *, by: Actor, at: datetime | None = None) -> None:
    """The person stays all the same: they talked about it. Nobody is told; raises NotFound where nobody said no."""
    _decide(stop, "keep-contact", settled=False, by=by, at=at or now())


def look_at_contact_again(stop: Appointment, *, by: Actor, at: datetime | None = None) -> None:
    """Take that decision back: it is to be done again. Raises NotFound where there is none."""
    _decide(stop, "look-at-contact-again", settled=True, by=by, at=at or now())


def _decide(stop: Appointment, verb: str, *, settled: bool, by: Actor, at: datetime) -> None:
    visit = stop.visit
    if not is_legal(verb, visit.status):
        raise IllegalMove(verb, visit.status)
    found = next((one for one in declined_contacts([visit], at=at, settled=settled) if one.appointment is stop), None)
    if found is None:
        raise NotFound()
    found.settled_at = None if settled else at
    changes = {"title": stop.title, "invitation": found.id}
    note(
        visit, verb, by=by, at=at, before=visit.status, subject="appointment", subject_id=stop.id, changes=changes
    )  # fmt: skip
