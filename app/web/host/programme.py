"""The programme: add, move and remove appointments, and the page that is printed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from app.core.errors import DayFull, IllegalMove, Invalid, NotAllowed, Overlap
from app.extensions import db
from app.people.models import Host, Membership, Place
from app.visits import lifecycle
from app.visits.edited import as_subject
from app.visits.invitation_answers import answers_on
from app.visits.locks import hold
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.queries import get_appointment, get_visit
from app.visits.rules import host_ids, may_edit_appointment, may_lead
from app.visits.statuses import Status
from app.web import access
from app.web.host import blueprint
from app.web.host.acting import acting, acting_for, own_host, reader, visit_for
from app.web.host.clock_span import END_REFUSED, happens_twice
from app.web.host.days import days_of
from app.web.host.met import warn_of_what_is_met
from app.web.host.offers import to_visit
from app.web.host.overlap_words import NEEDS_REASON, full_words, overlap_words
from app.web.host.programme_form import (
    AppointmentForm,
    filled_in,
    from_address,
    proposed,
    suggested,
)
from app.web.host.summary import origin, summary
from app.web.numbers import BIGGEST_ID
from app.web.transactions import give_up

Page = str | tuple[str, int] | Response
APPOINTMENT = f"/visits/<string:ref>/appointments/<int(max={BIGGEST_ID}):appointment_id>"


@blueprint.get("/visits/<string:ref>/programme")
@access.for_hosts
def programme_page(ref: str) -> str:
    """The programme alone, for paper."""
    visit = get_visit(ref, reader())
    facts = {"origin": origin(visit), "summary": summary(visit), "days": days_of(visit)}
    return render_template("host/programme.html", visit=visit, **facts)


@blueprint.get("/visits/<string:ref>/appointments/new")
@access.for_hosts
def new_appointment(ref: str) -> str:
    """The form, filled in with the likeliest day, time, host and person."""
    visit = visit_for(ref, "add-appointment")
    live = [appointment for appointment in visit.appointments if not appointment.is_cancelled]
    first_on = min((window.starts_on for window in visit.windows), default=None)
    form = AppointmentForm(data=suggested(reader(), own_host(visit), live, first_on) | from_address(request.args))
    return _form_page(visit, form)


@blueprint.post("/visits/<string:ref>/appointments/new")
@access.for_hosts
def add_appointment(ref: str) -> Page:
    """A new stop, held until it is proposed."""
    visit = visit_for(ref, "add-appointment")
    form = AppointmentForm()
    _offer_choices(form, visit)
    if not form.validate():
        return _form_page(visit, form), 422
    try:
        appointment = lifecycle.add_appointment(visit, form.plan, by=acting_for(visit, form.plan.host), reason=form.why)
    except (Overlap, Invalid, DayFull) as refused:
        return _refused(ref, form, refused)
    db.session.commit()
    _tell(form, appointment)
    if "more" in request.form:
        return redirect(url_for("host.new_appointment", ref=visit.ref), 303)
    return to_visit(visit, section="programme")


@blueprint.get(APPOINTMENT)
@access.for_hosts
def edit_appointment(ref: str, appointment_id: int) -> str:
    """The form, filled in as the appointment stands, or with a time that somebody proposed."""
    appointment = editable(ref, appointment_id)
    asked = request.args.get("proposed", type=int)
    answered = answers_on(appointment.visit).get(appointment.id, []) if asked else []
    wish = next((one for one in answered if one.id == asked), None)
    values = proposed(appointment, wish) if wish else filled_in(appointment)
    form = AppointmentForm(data=values)
    _offer_choices(form, appointment.visit, appointment)
    form.shown = _as_it_stands(appointment).shown
    return _form_page(appointment.visit, form, appointment)


@blueprint.post(APPOINTMENT)
@access.for_hosts
def move_appointment(ref: str, appointment_id: int) -> Page:
    """Change the stop; a big change of a confirmed one must be proposed again. What others changed meanwhile stays."""
    appointment = editable(ref, appointment_id)
    visit, form = appointment.visit, AppointmentForm()
    hold(visit)
    _offer_choices(form, visit, appointment)
    form.meet(_as_it_stands(appointment), as_subject(appointment))
    if not form.is_settled():
        return _not_yet(ref, form, appointment_id), form.refusal
    if form.plan == lifecycle.as_planned(appointment):
        flash(_("Nothing was changed: it is as it was."), "info")
        warn_of_what_is_met(visit, [appointment])
        return to_visit(visit, section="programme")
    try:
        big = lifecycle.move_appointment(appointment, form.plan, by=acting_for(visit, form.plan.host), reason=form.why)
    except (Overlap, Invalid, DayFull) as refused:
        return _refused(ref, form, refused, appointment_id)
    db.session.commit()
    _tell(form, appointment)
    if big and visit.status == Status.CONFIRMED:
        flash(_("This is a big change for the visitor: propose the programme again."), "warning")
    return to_visit(visit, section="programme")


@blueprint.post(APPOINTMENT + "/remove")
@access.for_hosts
def remove_appointment(ref: str, appointment_id: int) -> Page:
    """Take the stop out of the programme; calendars show it as cancelled."""
    appointment = editable(ref, appointment_id)
    reason = request.form.get("reason", "")[:2000]
    lifecycle.remove_appointment(appointment, reason=reason, by=acting(appointment.visit))
    db.session.commit()
    flash(_("%(title)s is removed from the programme.", title=appointment.title), "success")
    return to_visit(appointment.visit, section="programme")


def editable(ref: str, appointment_id: int) -> Appointment:
    """The stop, when the reader may change it now; raises NotFound, IllegalMove or NotAllowed."""
    visit = get_visit(ref, reader())
    appointment = get_appointment(visit, appointment_id)
    if appointment.is_cancelled:
        raise IllegalMove("move-appointment", visit.status)
    visit_for(ref, "move-appointment")
    if not may_edit_appointment(reader(), appointment):
        raise NotAllowed("move-appointment")
    return appointment


def _form_page(visit: Visit, form: AppointmentForm, appointment: Appointment | None = None) -> str:
    _offer_choices(form, visit, appointment)
    return render_template(
        "host/appointment.html",
        visit=visit,
        form=form,
        appointment=appointment,
        days=days_of(visit),
        summary=summary(visit),
    )


def _offer_choices(form: AppointmentForm, visit: Visit, appointment: Appointment | None = None) -> None:
    """The lead host and coordinators choose among all hosts, a co-host among its own; the stop may keep its own."""
    members = selectinload(Host.memberships).selectinload(Membership.user)
    host_id, place_id = (appointment.host_id, appointment.place_id) if appointment else (None, None)
    in_force, usable = Host.retired_at.is_(None) | (Host.id == host_id), Place.retired_at.is_(None)
    hosts = list(db.session.scalars(select(Host).where(in_force).options(members).order_by(Host.id)))
    owned = select(Place).options(selectinload(Place.host))
    places = db.session.scalars(owned.where(usable | (Place.id == place_id)))
    mine = host_ids(reader())
    if not may_lead(reader(), visit):
        form.offer([("", [host for host in hosts if host.id in mine])], places, appointment)
        return
    near = {visit.lead_host_id, *(host.id for host in visit.co_hosts)}
    taking_part = [host for host in hosts if host.id in near]
    others = [host for host in hosts if host.id not in near]
    form.offer([(_("Taking part"), taking_part), (_("Other hosts"), others)], places, appointment)


def _refused(
    ref: str, form: AppointmentForm, refused: Overlap | Invalid | DayFull, appointment_id: int | None = None
) -> Page:
    """The same form with the reason beside its field; nothing was changed."""
    if isinstance(refused, Overlap):
        field = form.contact if refused.data["kind"] == "person" else form.place
        field.errors, status = [overlap_words(refused, reader())], 409
    elif isinstance(refused, DayFull):
        form.host.errors, status = [full_words(refused)], 409
    elif refused.data["field"] == "reason":
        form.reason.errors, status = [NEEDS_REASON], 409
    elif refused.data["field"] == "title":
        form.title.errors, status = [_("Say in a few words what happens.")], 422
    else:
        form.ends.errors, status = [END_REFUSED], 422
    return _not_yet(ref, form, appointment_id), status


def _not_yet(ref: str, form: AppointmentForm, appointment_id: int | None) -> str:
    """The form once more, as it was sent; whoever waits to write waits no longer."""
    give_up()
    visit = get_visit(ref, reader())
    return _form_page(visit, form, get_appointment(visit, appointment_id) if appointment_id else None)


def _as_it_stands(appointment: Appointment) -> AppointmentForm:
    """The form as whoever opened it now would see it."""
    form = AppointmentForm(formdata=None, data=filled_in(appointment))
    _offer_choices(form, appointment.visit, appointment)
    return form.showing()


def _tell(form: AppointmentForm, appointment: Appointment) -> None:
    if appointment.answer == "asked":
        words = _("%(title)s is held. Its host is asked to take it.", title=appointment.title)
    else:
        words = _("%(title)s is in the programme.", title=appointment.title)
    flash(words, "success")
    if any(happens_twice(wall) for wall in form.walls):
        flash(_("The clock goes back that night and shows this hour twice. The first one is meant."), "warning")
    warn_of_what_is_met(appointment.visit, [appointment])
