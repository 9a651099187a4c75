"""Arranging the programme: the board by days, and for every drag of the board a form and a button of the list."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import DayFull, Invalid, NotAllowed, Overlap
from app.extensions import db
from app.visits import lifecycle
from app.visits.arranging import can_undo, last_move_of
from app.visits.lifecycle import Plan
from app.visits.locks import hold
from app.visits.models import Activity, Visit
from app.visits.programme_models import Appointment
from app.visits.queries import get_appointment, get_visit
from app.visits.rules import may_edit_appointment
from app.web import access
from app.web.host import blueprint
from app.web.host.acting import acting_for, check, reader, visit_for
from app.web.host.arrange_form import STEPS, MoveForm, clock_value, day_value, minutes_between, minutes_of, stepped
from app.web.host.board import board_of
from app.web.host.board_meanwhile import changed_meanwhile, shown_of
from app.web.host.clock_span import END_REFUSED
from app.web.host.days import days_of
from app.web.host.fields import LINE
from app.web.host.met import marks_of, people_for, warn_of_what_is_met
from app.web.host.overlap_words import NEEDS_REASON, full_words, overlap_words
from app.web.host.programme import APPOINTMENT, editable
from app.web.host.summary import summary
from app.web.meanwhile import SHOWN
from app.web.numbers import BIGGEST_ID
from app.web.transactions import give_up

OWN_FIELDS = ("csrf_token", "once", "reason", SHOWN)
Page = str | tuple[str, int] | Response


@blueprint.get("/visits/<string:ref>/arrange")
@access.for_hosts
def arrange(ref: str) -> str:
    """The board and the list; after a move, what was moved and a way to take it back."""
    visit = visit_for(ref, "move-appointment")
    return _page(visit, done=_done(visit))


@blueprint.post(APPOINTMENT + "/move-to")
@access.for_hosts
def move_to(ref: str, appointment_id: int) -> Page:
    """Another day or other times: typed, or dragged on the board."""
    stop = _held(ref, appointment_id)
    form = MoveForm()
    if not form.validate():
        return _page(stop.visit, wrong={stop.id: form.words}, typed={stop.id: form}), HTTPStatus.UNPROCESSABLE_ENTITY
    plan = form.plan_for(stop)
    if plan != lifecycle.as_planned(stop) and (words := changed_meanwhile(stop, "on")):
        return _stale(ref, {stop.id: words}, form)
    return _moved(stop, plan, form)


@blueprint.post(APPOINTMENT + "/step")
@access.for_hosts
def step(ref: str, appointment_id: int) -> Page:
    """Some minutes earlier, later, shorter or longer."""
    stop = _held(ref, appointment_id)
    if words := changed_meanwhile(stop, "on"):
        return _stale(ref, {stop.id: words})
    try:
        plan = stepped(stop, request.form.get("step", ""))
    except Invalid as refused:
        if refused.data["field"] != "ends_at":
            raise
        words = str(END_REFUSED)
        return _page(stop.visit, wrong={stop.id: [words]}), HTTPStatus.UNPROCESSABLE_ENTITY
    return _moved(stop, plan)


@blueprint.post(APPOINTMENT + "/contact")
@access.for_hosts
def change_contact(ref: str, appointment_id: int) -> Page:
    """Another person of the same host receives them."""
    stop = _held(ref, appointment_id)
    if words := changed_meanwhile(stop, "host"):
        return _stale(ref, {stop.id: words})
    people = {str(user.id): user for user in stop.host.members}
    if request.form.get("contact", "") not in people:
        raise Invalid("choice", "contact")
    return _moved(stop, replace(lifecycle.as_planned(stop), contact=people[request.form["contact"]]))


@blueprint.post(APPOINTMENT + "/swap")
@access.for_hosts
def swap(ref: str, appointment_id: int) -> Page:
    """Two stops change places."""
    stop = _held(ref, appointment_id)
    other = editable(ref, _number(request.form.get("other", "")))
    found = {stop.id: changed_meanwhile(stop, "on"), other.id: changed_meanwhile(other, "on", f"{SHOWN}-{other.id}")}
    if any(found.values()):
        return _stale(ref, {number: words for number, words in found.items() if words})
    try:
        lifecycle.swap_appointments(stop, other, by=acting_for(stop.visit, stop.host), reason=_why())
    except (Overlap, Invalid, DayFull) as refused:
        return _refused(ref, appointment_id, refused)
    db.session.commit()
    return _back(stop, other)


@blueprint.post(f"/visits/<string:ref>/undo/<int(max={BIGGEST_ID}):activity_id>")
@access.for_hosts
def undo(ref: str, activity_id: int) -> Page:
    """Take back a move that was just made."""
    visit = visit_for(ref, "move-appointment")
    activity = next((one for one in visit.activities if one.id == activity_id), None)
    if activity is None or activity.verb != "move-appointment" or activity.user_id != reader().id:
        raise NotAllowed("undo")
    stop = editable(ref, activity.subject_id or 0)
    try:
        back = lifecycle.undo_move(activity, by=acting_for(visit, stop.host))
    except (Overlap, Invalid, DayFull) as refused:
        return _refused(ref, stop.id, refused)
    db.session.commit()
    return _back(stop, *(one for one in back if one is not stop))


def _held(ref: str, appointment_id: int) -> Appointment:
    """The stop, when the reader may change it; from here on nobody else does."""
    stop = editable(ref, appointment_id)
    hold(stop.visit)
    return stop


def _stale(ref: str, found: dict[int, str], form: MoveForm | None = None) -> tuple[str, int]:
    """The board as it is now, and what somebody else did while the old one was open; nothing was changed."""
    give_up()
    number = next(iter(found))
    typed = {number: form} if form else None
    wrong = {stop: [words] for stop, words in found.items()}
    once_more = number if form or "contact" in request.form else 0
    return _page(get_visit(ref, reader()), wrong=wrong, typed=typed, mine_or_theirs=once_more), HTTPStatus.CONFLICT


def _moved(stop: Appointment, plan: Plan, form: MoveForm | None = None) -> Page:
    ref, number = stop.visit.ref, stop.id
    try:
        lifecycle.move_appointment(stop, plan, by=acting_for(stop.visit, stop.host), reason=_why())
    except (Overlap, Invalid, DayFull) as refused:
        return _refused(ref, number, refused, form)
    db.session.commit()
    return _back(stop)


def _back(stop: Appointment, *others: Appointment) -> Response:
    """To the page again, at the stop, with what was done, what it and the others moved with it meet, and a way back."""
    warn_of_what_is_met(stop.visit, [stop, *others])
    last = last_move_of(stop)
    return redirect(
        url_for("host.arrange", ref=stop.visit.ref, moved=last.id if last else None, _anchor=f"stop-{stop.id}"), 303
    )


def _refused(
    ref: str, number: int, refused: Overlap | Invalid | DayFull, form: MoveForm | None = None
) -> tuple[str, int]:
    """The page with the reason beside the stop, and what was typed; nothing was changed."""
    give_up()
    visit = get_visit(ref, reader())
    needs_reason = refused.code == "busy-needs-reason"
    words, status = _words(refused)
    typed = {number: form} if form else None
    return _page(visit, wrong={number: [words]}, typed=typed, again=number if needs_reason else 0), status


def _words(refused: Overlap | Invalid | DayFull) -> tuple[str, int]:
    """Why not, and the status that says so."""
    if isinstance(refused, Overlap):
        return overlap_words(refused, reader()), HTTPStatus.CONFLICT
    if isinstance(refused, DayFull):
        return full_words(refused), HTTPStatus.CONFLICT
    if refused.code == "busy-needs-reason":
        return str(NEEDS_REASON), HTTPStatus.CONFLICT
    if refused.code == "too-late":
        return _("This cannot be undone any more: it was changed since, or too long ago."), HTTPStatus.CONFLICT
    if refused.code == "too-long":
        return str(END_REFUSED), HTTPStatus.UNPROCESSABLE_ENTITY
    if refused.code == "past":
        return _("This day and time are past. Choose a coming one."), HTTPStatus.UNPROCESSABLE_ENTITY
    return _("Choose one of the other stops of this visit."), HTTPStatus.UNPROCESSABLE_ENTITY


def _why() -> str:
    """The reason for taking a time that somebody's own calendar says is taken."""
    return request.form.get("reason", "")[:LINE]


def _page(
    visit: Visit,
    *,
    wrong: dict[int, list[str]] | None = None,
    typed: dict[int, MoveForm] | None = None,
    done: Activity | None = None,
    again: int = 0,
    mine_or_theirs: int = 0,
) -> str:
    user = reader()
    check(visit, "move-appointment")
    days = days_of(visit)
    mine = [stop for _day, stops in days for stop in stops if may_edit_appointment(user, stop)]
    return render_template(
        "host/arrange.html",
        visit=visit,
        summary=summary(visit),
        days=days,
        board=board_of(visit, days),
        mine={stop.id for stop in mine},
        others={stop.id: [one for one in mine if one.id != stop.id] for stop in mine},
        people=people_for(visit, mine),
        steps=STEPS,
        marks=marks_of(visit),
        wrong=wrong or {},
        typed=typed or {},
        minutes_of=minutes_of,
        minutes_between=minutes_between,
        day_value=day_value,
        clock_value=clock_value,
        done=done,
        again=again,
        mine_or_theirs=mine_or_theirs,
        shown_of=shown_of,
        sent_fields=[(name, value) for name, value in request.form.items() if name not in OWN_FIELDS],
        sent_to=request.path,
        done_stop=get_appointment(visit, done.subject_id) if done and done.subject_id else None,
    )


def _done(visit: Visit) -> Activity | None:
    """The move that the address names, while this reader may take it back."""
    number = _number(request.args.get("moved", ""))
    found = next((one for one in visit.activities if one.id == number), None)
    if found is None or found.verb != "move-appointment" or found.user_id != reader().id or not can_undo(found):
        return None
    return found


def _number(text: str) -> int:
    """An id as forms send it; 0, which nothing has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
