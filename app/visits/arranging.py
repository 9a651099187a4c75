"""Verbs that arrange a programme anew: move one stop, move several at once, swap two, and take a move back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.core.errors import IllegalMove, Invalid
from app.core.time import now, venue_date
from app.extensions import db
from app.people.actors import Actor
from app.people.models import Host, Place, User
from app.visits.caps import ask_why, keep_daily_limit
from app.visits.edited import note_changes, parts_of
from app.visits.locks import take_turns
from app.visits.models import Activity, Visit
from app.visits.overlaps import refusing_overlaps
from app.visits.programme_models import Appointment
from app.visits.scopes import raise_for_visit
from app.visits.statuses import Status
from app.visits.stops import Plan, check, facts_of, fill, is_as_agreed, is_big_change, recorded, slot_of
from app.visits.withholding import shown_facts_of, withhold

UNDO_WITHIN = timedelta(hours=1)
ASKED_ABOUT = frozenset({"host", "starts_at", "ends_at", "contact"})  # what a host's yes is about


@dataclass(frozen=True, slots=True)
class Step:
    """One stop and what it should become; where a move is taken back, that move."""

    stop: Appointment
    plan: Plan
    undone: Activity | None = None


def move_appointment(
    appointment: Appointment, plan: Plan, *, by: Actor, reason: str = "", at: datetime | None = None
) -> bool:
    """Change a stop; True when the visitor must be asked again (day, place or host, or the start by over 60 minutes).

    A part given to another host, or another host's part moved, waits for that host's answer again; a host that moves
    its own part has answered by that.
    """
    return move_together([Step(appointment, plan)], by=by, reason=reason, at=at)


def move_together(steps: Sequence[Step], *, by: Actor, reason: str = "", at: datetime | None = None) -> bool:
    """Change stops of one visit in one go: each may take the time that another one leaves. True when one is big.

    All of them or none: raises Overlap naming what one of them hits, IllegalMove for a stop that was cancelled, DayFull
    and Invalid as add_appointment does.
    """
    at = at or now()
    visit = steps[0].stop.visit
    take_turns(visit, plans=[step.plan for step in steps])
    for step in steps:
        ask_why(step.plan, reason, before=as_planned(step.stop))
    return _move_all(steps, by=by, reason=reason, at=at)


def _move_all(steps: Sequence[Step], *, by: Actor, reason: str = "", at: datetime) -> bool:
    """Move them, without asking why."""
    visit = steps[0].stop.visit
    for step in steps:
        check(step.plan, at)
    take_turns(visit, plans=[step.plan for step in steps])
    if any(step.stop.is_cancelled for step in steps):
        raise IllegalMove("move-appointment", visit.status)
    for step in steps:
        keep_daily_limit(visit, step.plan)
    raise_for_visit(visit)
    before, shown = [_as_it_was(step.stop) for step in steps], [shown_facts_of(step.stop) for step in steps]
    parts = [parts_of(step.stop) for step in steps]
    _place_all(steps, at)
    big = False
    for step, was in zip(steps, before, strict=True):
        big |= _settle(step, was, visit, by=by, at=at, reason=reason, together=len(steps) > 1)
    for step, known, were in zip(steps, shown, parts, strict=True):
        withhold(step.stop, known)
        note_changes(step.stop, were, by=by, at=at)
    return big


def swap_appointments(
    first: Appointment, second: Appointment, *, by: Actor, reason: str = "", at: datetime | None = None
) -> bool:
    """Two stops of a visit change places in the programme, each as long as before. True when the visitor is asked.

    Neighbours of one day keep the time from the first one's start to the last one's end; others take each other's
    start.
    """
    take_turns(first.visit)
    return move_together(swap_steps(first, second), by=by, reason=reason, at=at)


def swap_steps(first: Appointment, second: Appointment) -> list[Step]:
    """What two stops that change places become; raises Invalid where they are not two of one visit."""
    if first.id == second.id or first.visit_id != second.visit_id:
        raise Invalid("choice", "other")
    early, late = sorted((first, second), key=lambda stop: (stop.starts_at, stop.id))
    starts, ends = _swapped(early, late)
    return [Step(late, moved(late, starts_at=starts)), Step(early, moved(early, starts_at=ends - _length(early)))]


def undo_move(activity: Activity, *, by: Actor, at: datetime | None = None) -> list[Appointment]:
    """Take back a move, with those made in the same go, while nothing has been changed since; returns the stops.

    Raises Invalid when there is nothing to take back any more. The move and its undoing both stay in the history.
    """
    at = at or now()
    take_turns(activity.visit)
    if not can_undo(activity, at=at):
        raise Invalid("too-late", "undo")
    made = _made_together(activity)
    steps = [Step(stop, _as_before(stop, one), one) for one in made if (stop := _stop_of(one)) is not None]
    _move_all(steps, by=by, at=at)
    return [step.stop for step in steps]


def can_undo(activity: Activity, *, at: datetime | None = None) -> bool:
    """Whether that move can be taken back: made within the last hour, and nothing of it changed since."""
    recent = (at or now()) - activity.at <= UNDO_WITHIN
    return recent and all(_still_stands(one) for one in _made_together(activity))


def last_move_of(stop: Appointment) -> Activity | None:
    """The latest move of the stop."""
    query = select(Activity).where(
        Activity.visit_id == stop.visit_id,
        Activity.verb == "move-appointment",
        Activity.subject == "appointment",
        Activity.subject_id == stop.id,
    )
    return db.session.scalars(query.order_by(Activity.id.desc()).limit(1)).first()


def as_planned(stop: Appointment) -> Plan:
    """The stop as it stands, as a plan."""
    return Plan(
        title=stop.title,
        host=stop.host,
        starts_at=stop.starts_at,
        ends_at=stop.ends_at,
        contact=stop.contact,
        place=stop.place,
        place_text=stop.place_text,
        note=stop.note,
        visitor_note=stop.visitor_note,
        fixed=stop.fixed,
        splits=stop.splits,
    )


def moved(stop: Appointment, *, starts_at: datetime) -> Plan:
    """The stop as a plan that begins then and is as long as it was."""
    return replace(as_planned(stop), starts_at=starts_at, ends_at=starts_at + _length(stop))


def _length(stop: Appointment) -> timedelta:
    return stop.ends_at - stop.starts_at


def _swapped(early: Appointment, late: Appointment) -> tuple[datetime, datetime]:
    """When the later one begins, and when the earlier one ends, after they have changed places."""
    others = [stop for stop in early.visit.appointments if not stop.is_cancelled and stop.id not in (early.id, late.id)]
    between = any(early.ends_at <= stop.starts_at < late.starts_at for stop in others)
    neighbours = venue_date(early.starts_at) == venue_date(late.starts_at) and not between
    if neighbours and early.ends_at <= late.starts_at:
        return early.starts_at, late.ends_at
    return early.starts_at, late.starts_at + _length(early)


def _place_all(steps: Sequence[Step], at: datetime) -> None:
    """Set every stop; where there are several, all of them first let go of their person and place."""
    with ExitStack() as stack:
        if len(steps) > 1:
            stack.enter_context(db.session.begin_nested())
            for step in steps:
                step.stop.contact_id, step.stop.exclusive_place_id = None, None
            db.session.flush()
        for step in steps:
            with refusing_overlaps(slot_of(step.plan, step.stop.id)):
                fill(step.stop, step.plan, at)
                step.stop.sequence += 1
                db.session.flush()


def _as_it_was(stop: Appointment) -> dict[str, Any]:
    return facts_of(stop) | {"answer": stop.answer}


def _settle(
    step: Step, was: dict[str, Any], visit: Visit, *, by: Actor, at: datetime, reason: str, together: bool
) -> bool:
    """What follows from the change: who is asked again, what is confirmed no more, what the history says."""
    stop = step.stop
    changed = {name for name, value in facts_of(stop).items() if was[name] != value}
    _answer(step, changed, by)
    big = is_big_change(stop)
    if stop.status == "confirmed" and (big or _was_confirmed_by(step.undone)):
        stop.status = "tentative"
    confirms = _confirm_again(stop, visit)
    changes = {name: [was[name], value] for name, value in _as_it_was(stop).items() if was[name] != value}
    mark = {name: True for name, holds in (("together", together), ("confirms", confirms)) if holds}
    recorded(visit, "move-appointment", stop, by, at, {**changes, **mark, "title": stop.title, "big": big}, reason)
    return big


def _answer(step: Step, changed: set[str], by: Actor) -> None:
    """Others' change asks the host anew, its own is its answer; a move taken back takes with it what it answered."""
    stop = step.stop
    if ASKED_ABOUT & changed:
        stop.answer = "accepted" if by.host is not None and by.host.id == stop.host_id else "asked"
    if step.undone is not None and "answer" in step.undone.changes:
        stop.answer = step.undone.changes["answer"][0]


def _confirm_again(stop: Appointment, visit: Visit) -> bool:
    """A stop that is where the visitor accepted it, and whose host has said yes, is confirmed; True when just now."""
    waits = visit.status == Status.CONFIRMED and stop.status == "tentative"
    confirms = waits and stop.answer == "accepted" and is_as_agreed(stop)
    if confirms:
        stop.status = "confirmed"
    return confirms


def _was_confirmed_by(undone: Activity | None) -> bool:
    """Whether the move that is taken back was the yes that the stop had waited for."""
    changes = undone.changes if undone is not None else {}
    return bool(changes.get("confirms")) and (changes.get("answer") or ["accepted"])[0] == "asked"


def _made_together(activity: Activity) -> list[Activity]:
    """The move and those of the same go."""
    if not activity.changes.get("together"):
        return [activity]
    query = select(Activity).where(
        Activity.visit_id == activity.visit_id,
        Activity.verb == "move-appointment",
        Activity.at == activity.at,
        Activity.user_id == activity.user_id,
    )
    return [one for one in db.session.scalars(query.order_by(Activity.id)) if one.changes.get("together")]


def _stop_of(activity: Activity) -> Appointment | None:
    return db.session.get(Appointment, activity.subject_id) if activity.subject_id else None


def _still_stands(activity: Activity) -> bool:
    """Whether the stop is as that move left it."""
    stop = _stop_of(activity)
    if stop is None or stop.is_cancelled:
        return False
    now_is = _as_it_was(stop)
    return all(now_is[name] == after for name, (_before, after) in _facts_changed(activity))


def _facts_changed(activity: Activity) -> Iterator[tuple[str, list[Any]]]:
    for name, value in activity.changes.items():
        if name in ("title", "host", "contact", "place", "starts_at", "ends_at") and isinstance(value, list):
            yield name, value


def _as_before(stop: Appointment, activity: Activity) -> Plan:
    """What the stop was before that move."""
    was = {name: before for name, (before, _after) in _facts_changed(activity)}
    plan = as_planned(stop)
    place_id, place_text = was.get("place") or (stop.place_id, stop.place_text)
    contact_id = was.get("contact", stop.contact_id)
    return replace(
        plan,
        title=was.get("title", plan.title),
        host=db.session.get_one(Host, was.get("host", stop.host_id)),
        contact=db.session.get(User, contact_id) if contact_id else None,
        place=db.session.get(Place, place_id) if place_id else None,
        place_text=place_text,
        starts_at=_moment(was.get("starts_at"), plan.starts_at),
        ends_at=_moment(was.get("ends_at"), plan.ends_at),
    )


def _moment(stored: str | None, otherwise: datetime) -> datetime:
    return datetime.fromisoformat(stored) if stored else otherwise
