"""Calendars that show what is not their owner's any more, though nothing happened to the visit that anybody is told of.

Somebody left a host or the organisation, a host is asked no more, a mail that was to bring the cancellation was not
true any more when its time came. Looked for by what calendars were last told, so nothing is forgotten, and nothing
told twice: what a mail that waits will bring is left to it, and a mail's key holds the number of what it tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from app.extensions import db
from app.notifications.invitations import CANCELLED, Due, prepare
from app.notifications.inviting import catch_up, has_more_to_tell
from app.people.models import Host, Membership, User
from app.visits.invitation_models import Invitation
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.statuses import DONE


def visits_left_in_calendars(*, at: datetime) -> Sequence[int]:
    """Visits in which somebody's calendar may show a stop to come that is off or not theirs, or lack one again."""
    found = (
        select(Appointment.visit_id)
        .join(Visit, Visit.id == Appointment.visit_id)
        .join(Invitation, Invitation.appointment_id == Appointment.id)
        .outerjoin(User, User.id == Invitation.user_id)
        .where(Appointment.ends_at > at, Visit.status.not_in(DONE), or_(_may_have_to_go(), _may_come_back()))
        .distinct()
    )
    return db.session.scalars(found.order_by(Appointment.visit_id)).all()


def settle_calendars(visit_id: int, *, at: datetime) -> None:
    """Mail whoever's calendar is to lose or get back a stop of that visit; not while more is to be told of it."""
    query = select(Visit).where(Visit.id == visit_id)
    visit = db.session.scalar(query.with_for_update(skip_locked=True, of=Visit))
    if visit is None or has_more_to_tell(visit_id):
        return
    for person in prepare(visit, actor=None, at=at):
        catch_up(person, visit, at=at, only=_comes_or_goes)


def _may_have_to_go() -> ColumnElement[bool]:
    """Shown, and: cancelled, another's, of somebody who left, or of a host that they are no member of (any more)."""
    is_member = exists().where(
        Membership.user_id == Invitation.user_id, Membership.host_id == Appointment.host_id,
        Host.id == Membership.host_id, Host.retired_at.is_(None),
    )  # fmt: skip
    is_off = Appointment.status == "cancelled"
    is_lost = or_(Appointment.contact_id.is_distinct_from(User.id), User.deactivated_at.is_not(None), ~is_member)
    return and_(Invitation.way.in_(("request", "file")), or_(is_off, and_(User.id.is_not(None), is_lost)))


def _may_come_back() -> ColumnElement[bool]:
    return and_(
        Invitation.way == "cancel", Appointment.status != "cancelled", Appointment.contact_id == Invitation.user_id
    )


def _comes_or_goes(due: Due) -> bool:
    return CANCELLED in (due.state, due.invitation.told)
