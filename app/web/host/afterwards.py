"""The end of a visit: its outcome, a delegation that never came, a visit called off, promises kept."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from app.core.errors import NotAllowed, NotFound
from app.core.time import now
from app.extensions import db
from app.people.models import User
from app.strategy.models import Framework, Goal
from app.visits import lifecycle
from app.visits.locks import hold
from app.visits.models import Visit
from app.visits.programme_models import FollowUp
from app.visits.queries import get_visit
from app.visits.rules import may_finish_follow_up
from app.web import access
from app.web.host import blueprint
from app.web.host.acting import acting, reader, visit_for
from app.web.host.offers import to_visit
from app.web.host.report_form import ReasonForm, RemarkForm, ReportForm
from app.web.numbers import BIGGEST_ID

Page = str | tuple[str, int] | Response


@blueprint.get("/visits/<string:ref>/report")
@access.for_hosts
def report_form(ref: str) -> str:
    """The form, with the suggested goals ticked; a report made before is filled in."""
    visit = visit_for(ref, "report")
    return _report_page(visit, _filled_in(visit))


def _filled_in(visit: Visit) -> ReportForm:
    """The form as whoever opens it now sees it."""
    kept = [link.goal.slug for link in visit.goal_links if link.state != "removed"]
    known: dict[str, Any] = {"goals": kept}
    if visit.outcome:
        known |= {"achieved": str(visit.outcome.achieved), "text": visit.outcome.text}
    known["follow_ups"] = [
        {"text": one.text, "owner": str(one.owner_id or ""), "due_on": one.due_on}
        for one in visit.follow_ups
        if one.done_at is None
    ]
    form = ReportForm(formdata=None, data=known)
    _fill_in_choices(form, visit)
    return form.showing()


@blueprint.post("/visits/<string:ref>/report")
@access.for_hosts
def report(ref: str) -> Page:
    """Record what came of it; or add a row for another promise, which changes nothing yet."""
    visit, form = visit_for(ref, "report"), ReportForm()
    _fill_in_choices(form, visit)
    if "more" in request.form:
        form.add_row()
        form.showing_as_sent()
        return _report_page(visit, form)
    hold(visit)
    form.meet(_filled_in(visit), ("visit", visit.id))
    if not form.is_settled():
        return _report_page(visit, form), form.refusal
    form.keep(by=reader(), at=now())
    lifecycle.report(
        visit,
        achieved=int(form.achieved.data),
        text=form.text.data,
        goals=form.goals_served,
        follow_ups=form.commitments,
        by=acting(visit),
    )
    db.session.commit()
    flash(_("The outcome is recorded. It counts in the report from now on."), "success")
    return to_visit(visit, section="outcome")


@blueprint.get("/visits/<string:ref>/complete")
@access.for_hosts
def complete_form(ref: str) -> str:
    """Ask whether it took place: its days have passed without the visitor's last yes."""
    return render_template("host/complete.html", visit=visit_for(ref, "complete"))


@blueprint.post("/visits/<string:ref>/complete")
@access.for_hosts
def complete(ref: str) -> Response:
    """It took place."""
    visit = visit_for(ref, "complete")
    lifecycle.complete(visit, by=acting(visit))
    db.session.commit()
    flash(_("It is recorded that the visit took place. Now say what came of it."), "success")
    return to_visit(visit)


@blueprint.get("/visits/<string:ref>/mark-no-show")
@access.for_hosts
def no_show_form(ref: str) -> str:
    """Ask once more: the visit ends with this."""
    return render_template("host/no_show.html", visit=visit_for(ref, "mark-no-show"), form=RemarkForm())


@blueprint.post("/visits/<string:ref>/mark-no-show")
@access.for_hosts
def mark_no_show(ref: str) -> Page:
    """The delegation never came."""
    visit, form = visit_for(ref, "mark-no-show"), RemarkForm()
    if not form.validate():
        return render_template("host/no_show.html", visit=visit, form=form), 422
    lifecycle.mark_no_show(visit, text=form.text.data or "", by=acting(visit))
    db.session.commit()
    flash(_("It is recorded that the delegation did not come."), "success")
    return to_visit(visit)


@blueprint.get("/visits/<string:ref>/cancel")
@access.for_hosts
def cancel_form(ref: str) -> str:
    """Say what cancelling does, and ask for the reason."""
    return render_template("host/cancel.html", visit=visit_for(ref, "cancel"), form=ReasonForm())


@blueprint.post("/visits/<string:ref>/cancel")
@access.for_hosts
def cancel(ref: str) -> Page:
    """Call the visit off: every appointment is cancelled and everybody told."""
    visit, form = visit_for(ref, "cancel"), ReasonForm()
    if not form.validate():
        return render_template("host/cancel.html", visit=visit, form=form), 422
    lifecycle.cancel(visit, reason=form.reason.data, by=acting(visit))
    db.session.commit()
    flash(_("The visit is cancelled. The visitor and every host are told."), "success")
    return to_visit(visit)


@blueprint.post(f"/visits/<string:ref>/follow-ups/<int(max={BIGGEST_ID}):follow_up_id>/done")
@access.for_hosts
def finish_follow_up(ref: str, follow_up_id: int) -> Page:
    """The promise was kept."""
    visit = get_visit(ref, reader())
    follow_up = db.session.get(FollowUp, follow_up_id)
    if follow_up is None or follow_up.visit_id != visit.id:
        raise NotFound()
    if not may_finish_follow_up(reader(), follow_up):
        raise NotAllowed("finish-follow-up")
    if follow_up.done_at is None:
        lifecycle.finish_follow_up(follow_up)
        db.session.commit()
    flash(_("Good: “%(text)s” is done.", text=follow_up.text), "success")
    return to_visit(visit, section="follow-ups")


def _report_page(visit: Visit, form: ReportForm) -> str:
    _fill_in_choices(form, visit)
    suggested = {link.goal.slug: link for link in visit.goal_links}
    return render_template("host/report.html", visit=visit, form=form, suggested=suggested)


def _fill_in_choices(form: ReportForm, visit: Visit) -> None:
    form.offer(_goals(visit), _owners(visit))


def _goals(visit: Visit) -> list[Goal]:
    """The goals at the end of each branch, and those linked to the visit already, framework by framework."""
    linked = [link.goal_id for link in visit.goal_links]
    query = (
        select(Goal)
        .join(Framework)
        .where(or_(Goal.retired_at.is_(None) & ~Goal.children.any(Goal.retired_at.is_(None)), Goal.id.in_(linked)))
        .options(selectinload(Goal.framework))
        .order_by(Framework.position, Framework.id, Goal.position, Goal.id)
    )
    return list(db.session.scalars(query))


def _owners(visit: Visit) -> list[User]:
    """People of the hosts that received the visit, those who promised something, and the reader."""
    hosts = [visit.lead_host, *visit.co_hosts] if visit.lead_host else visit.co_hosts
    people = {user.id: user for host in hosts if host for user in host.members}
    people |= {one.owner.id: one.owner for one in visit.follow_ups if one.owner}
    people.setdefault(reader().id, reader())
    return sorted(people.values(), key=lambda user: user.name)
