"""What a host's people have to do next, derived from how their visits stand now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import selectinload

from app.core.time import now, venue_date
from app.extensions import db
from app.people.models import User
from app.visits.declined_contacts import declined_contacts
from app.visits.models import Activity, Visit
from app.visits.programme_models import Appointment, FollowUp, Message
from app.visits.programming import needs_proposal
from app.visits.queries import follow_ups_of, parts_to_answer
from app.visits.rules import host_ids, is_left_open
from app.visits.statuses import PLANNING, Status

HOLDS_SHOWN = timedelta(days=3)  # how long before it lapses a hold becomes something to do
RUNNING = (*PLANNING, Status.COMPLETED)


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do; `kind` says which, the rest what it is about and until when.

    Kinds: answer-part, answer-visitor, contact-declined, change-asked, plan, propose, propose-again, hold-lapses,
    settle, report, follow-up.
    """

    kind: str
    visit: Visit
    due_on: date | None = None
    appointment: Appointment | None = None
    follow_up: FollowUp | None = None
    text: str = ""


def led_visits(user: User) -> list[Visit]:
    """Visits led by the user's hosts that are being planned, will take place or wait for a report."""
    query = (
        select(Visit)
        .where(Visit.lead_host_id.in_(host_ids(user) or {-1}), Visit.status.in_(RUNNING))
        .options(
            *(selectinload(part) for part in (Visit.windows, Visit.appointments, Visit.messages, Visit.activities))
        )
        .options(selectinload(Visit.lead_host), selectinload(Visit.lead_user))
        .order_by(Visit.submitted_at, Visit.id)
    )
    return list(db.session.scalars(query))


def todos_of(user: User, *, at: datetime | None = None) -> list[Todo]:
    """Everything the user has to do, what is due soonest first, what has no date last."""
    at = at or now()
    found = [Todo("answer-part", part.visit, _day(part.hold_until), appointment=part) for part in parts_to_answer(user)]
    led = led_visits(user)
    for visit in led:
        found += _todos_on(visit, at)
    found += [
        Todo("contact-declined", one.appointment.visit, _day(one.appointment.starts_at), appointment=one.appointment)
        for one in declined_contacts([visit for visit in led if visit.status in PLANNING], at=at)
    ]
    found += [
        Todo("hold-lapses", hold.visit, _day(hold.hold_until), appointment=hold)
        for hold in holds_about_to_lapse(user, at=at)
    ]
    found += [Todo("follow-up", one.visit, one.due_on, follow_up=one) for one in follow_ups_of(user)]
    return sorted(found, key=lambda todo: (todo.due_on is None, todo.due_on or date.max))


def holds_about_to_lapse(user: User, *, at: datetime) -> list[Appointment]:
    """Holds of the user's hosts, or of visits they lead, that lapse within three days; the soonest first."""
    mine = host_ids(user) or {-1}
    concerns = or_(Appointment.host_id.in_(mine), Visit.lead_host_id.in_(mine))
    query = (
        select(Appointment)
        .join(Visit)
        .where(and_(Appointment.status == "hold", Appointment.hold_until <= at + HOLDS_SHOWN, concerns))
        .options(selectinload(Appointment.visit))
        .order_by(Appointment.hold_until, Appointment.id)
    )
    return list(db.session.scalars(query))


def change_asked(visit: Visit) -> Activity | None:
    """What the visitor asked to have changed, while it has not been proposed again."""
    asked = [activity for activity in visit.activities if activity.verb in ("ask-for-change", "propose")]
    return asked[-1] if visit.status == Status.CLAIMED and asked and asked[-1].verb == "ask-for-change" else None


def unanswered_message(visit: Visit) -> Message | None:
    """The visitor's last message, while nobody has written back; an answer to our question needs none."""
    said = [message for message in visit.messages if message.kind != "note"]
    return said[-1] if said and said[-1].user_id is None and said[-1].kind == "message" else None


def _todos_on(visit: Visit, at: datetime) -> list[Todo]:
    found = [Todo("settle", visit) if is_left_open(visit, at=at) else _next_on(visit)]
    if message := unanswered_message(visit):
        found.append(Todo("answer-visitor", visit, text=message.body))
    return [todo for todo in found if todo is not None]


def _next_on(visit: Visit) -> Todo | None:
    """The lead host's next step in the visit itself, or None while it waits for others."""
    if visit.status == Status.COMPLETED:
        return Todo("report", visit)
    if visit.status in (Status.PROPOSED, Status.CONFIRMED):
        return Todo("propose-again", visit) if needs_proposal(visit) else None
    if visit.status != Status.CLAIMED:
        return None
    if asked := change_asked(visit):
        return Todo("change-asked", visit, text=asked.reason)
    has_programme = any(not appointment.is_cancelled for appointment in visit.appointments)
    return Todo("propose" if has_programme else "plan", visit)


def _day(moment: datetime | None) -> date | None:
    return venue_date(moment) if moment else None
