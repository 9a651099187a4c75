"""A part asked of a host, and the programme put before the visitor."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.core.errors import IllegalMove, Invalid, NotAllowed
from app.extensions import db
from app.people.actors import by_user
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.programming import needs_proposal
from app.visits.queries import get_appointment, get_visit
from app.visits.rules import may_answer_part
from app.visits.statuses import Status, is_legal
from app.web import access
from app.web.host import blueprint
from app.web.host.acting import acting, reader, visit_for
from app.web.host.days import by_day, days_of
from app.web.host.fields import required, text_area
from app.web.host.offers import to_visit
from app.web.host.programme import APPOINTMENT
from app.web.host.summary import origin, summary

Page = str | tuple[str, int] | Response


class DeclinePartForm(FlaskForm):
    """Why the part is not taken."""

    text = text_area(_l("Why not?"), required(_l("Say why, so that the lead host can plan something else.")), rows=3)


class ProposeForm(FlaskForm):
    """Words that go with the programme."""

    text = text_area(_l("A few words to the visitor"), rows=3)


@blueprint.get(APPOINTMENT + "/answer")
@access.for_hosts
def part_form(ref: str, appointment_id: int) -> str:
    """The part that is asked, with yes and no."""
    appointment = _asked(ref, appointment_id)
    return _part_page(appointment, DeclinePartForm())


@blueprint.post(APPOINTMENT + "/accept-part")
@access.for_hosts
def accept_part(ref: str, appointment_id: int) -> Page:
    """Yes, we take it."""
    appointment = _asked(ref, appointment_id)
    visit = appointment.visit
    lifecycle.accept_part(appointment, by=by_user(reader(), appointment.host))
    db.session.commit()
    flash(_("You take %(title)s. The lead host is told.", title=appointment.title), "success")
    return to_visit(visit, section="programme")


@blueprint.post(APPOINTMENT + "/decline-part")
@access.for_hosts
def decline_part(ref: str, appointment_id: int) -> Page:
    """No, with the reason; the stop is cancelled."""
    appointment, form = _asked(ref, appointment_id), DeclinePartForm()
    if not form.validate():
        return _part_page(appointment, form), 422
    visit = appointment.visit
    lifecycle.decline_part(appointment, text=form.text.data, by=by_user(reader(), appointment.host))
    db.session.commit()
    flash(_("You said no to %(title)s. The lead host is told why.", title=appointment.title), "success")
    return to_visit(visit)


@blueprint.get("/visits/<string:ref>/propose")
@access.for_hosts
def propose_form(ref: str) -> str:
    """What the visitor will see, before it is sent."""
    return _propose_page(_to_propose(ref), ProposeForm())


@blueprint.post("/visits/<string:ref>/propose")
@access.for_hosts
def propose(ref: str) -> Page:
    """Send the programme to the visitor, who is asked to accept it."""
    visit, form = _to_propose(ref), ProposeForm()
    if not form.validate():
        return _propose_page(visit, form), 422
    try:
        lifecycle.propose(visit, text=form.text.data or "", by=acting(visit))
    except Invalid:
        db.session.rollback()
        return _propose_page(get_visit(ref, reader()), form), 422
    db.session.commit()
    flash(_("The programme is sent to the visitor, who is asked to accept it."), "success")
    return to_visit(visit)


def _to_propose(ref: str) -> Visit:
    visit = visit_for(ref, "propose")
    if visit.status != Status.CLAIMED and not needs_proposal(visit):
        raise IllegalMove("propose", visit.status)
    return visit


def _asked(ref: str, appointment_id: int) -> Appointment:
    visit = get_visit(ref, reader())
    appointment = get_appointment(visit, appointment_id)
    if not is_legal("accept-part", visit.status) or appointment.is_cancelled or appointment.answer != "asked":
        raise IllegalMove("accept-part", visit.status)
    if not may_answer_part(reader(), appointment):
        raise NotAllowed("accept-part")
    return appointment


def _part_page(appointment: Appointment, form: DeclinePartForm) -> str:
    visit = appointment.visit
    facts = {"origin": origin(visit), "summary": summary(visit), "days": by_day([appointment])}
    return render_template("host/part.html", visit=visit, appointment=appointment, form=form, **facts)


def _propose_page(visit: Visit, form: ProposeForm) -> str:
    waiting = [a for a in visit.appointments if not a.is_cancelled and a.answer == "asked"]
    return render_template("host/propose.html", visit=visit, form=form, days=days_of(visit), waiting=waiting)
