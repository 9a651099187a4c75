"""What a stop would hit, answered to the script while somebody types or drags; nothing is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import jsonify, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.core.time import now, start_of_day, venue_date
from app.extensions import db
from app.people.models import Host, Place
from app.visits import lifecycle
from app.visits.arranging import swap_steps
from app.visits.conflicts import Conflict, conflicts_of
from app.visits.lifecycle import Plan
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.rules import may_edit_appointment
from app.web import access
from app.web.host import blueprint
from app.web.host.acting import own_host, reader, visit_for
from app.web.host.arrange_form import MoveForm
from app.web.host.choices import receivers
from app.web.host.clock_span import until_words
from app.web.host.conflict_words import conflict_words

Met = list[tuple[Plan, list[Conflict]]]


@blueprint.get("/visits/<string:ref>/conflicts")
@access.for_hosts
def conflicts(ref: str) -> Response:
    """Sentences about what is in the way or wrong, and whether saving would be refused; none for half a time.

    With another stop named, what the two would hit when they change places.
    """
    visit = visit_for(ref, "add-appointment")
    stop, other = _stop(visit, "appointment"), _stop(visit, "other")
    if "other" in request.args:
        return _told(_met_by_swap(stop, other)) if stop and other and stop is not other else _nothing()
    form = MoveForm(MultiDict(request.args), meta={"csrf": False})
    if not form.validate():
        return _refused(form.words) if form.is_whole else _nothing()
    plan = _plan(visit, stop)
    if plan is None:
        return _nothing()
    starts, ends = form.span
    plan = replace(plan, starts_at=starts, ends_at=ends)
    return _told([(plan, conflicts_of(visit, plan, besides=stop))])


def _met_by_swap(stop: Appointment, other: Appointment) -> Met:
    """What each of the two would meet where the other one is now."""
    steps = swap_steps(stop, other)
    return [
        (one.plan, conflicts_of(stop.visit, one.plan, besides=one.stop, moving=[two]))
        for one, two in (steps, reversed(steps))
    ]


def _told(met: Met) -> Response:
    """Of several stops, each sentence names the one it is about."""
    told = [(plan, words) for plan, found in met for words in _sentences(plan, found)]
    sentences = [words for _plan, words in told]
    if len(met) > 1:
        sentences = [_("“%(title)s”: %(what)s", title=plan.title, what=words) for plan, words in told]
    every = [conflict for _plan, found in met for conflict in found]
    refused = any(conflict.is_refused for conflict in every) or any(plan.ends_at <= now() for plan, _found in met)
    reason = any(conflict.needs_reason for conflict in every)
    return jsonify(
        sentences=sentences, refused=refused, reason=reason, words=_verdict(bool(sentences), refused, reason)
    )


def _sentences(plan: Plan, found: list[Conflict]) -> list[str]:
    past = [_("This day and time are past. Choose a coming one.")] if plan.ends_at <= now() else []
    over = until_words(plan.starts_at, plan.ends_at)
    return past + ([over] if over else []) + [conflict_words(conflict, plan, reader()) for conflict in found]


def _refused(sentences: list[str]) -> Response:
    return jsonify(sentences=sentences, refused=True, reason=False, words=_verdict(True, True, False))


def _nothing() -> Response:
    return jsonify(sentences=[], refused=False, reason=False, words="")


def _verdict(anything: bool, refused: bool, reason: bool) -> str:
    if refused:
        return _("This cannot be saved:")
    if reason:
        return _("You can save this with a reason:")
    return _("You can save this; mind:") if anything else _("Nothing is in the way.")


def _stop(visit: Visit, name: str) -> Appointment | None:
    """The stop that the address names so, where the reader may change it; none for a new one."""
    wanted = request.args.get(name, "")
    return next(
        (one for one in visit.appointments if str(one.id) == wanted and may_edit_appointment(reader(), one)), None
    )


def _plan(visit: Visit, stop: Appointment | None) -> Plan | None:
    """The stop, or a new one, with the host, person and place chosen in the form; its times are not set yet."""
    host = _chosen(Host, request.args.get("host")) or (stop.host if stop else own_host(visit))
    if host is None:
        return None
    today = start_of_day(venue_date(now()))
    plan = lifecycle.as_planned(stop) if stop else Plan(title="", host=host, starts_at=today, ends_at=today)
    chosen: dict[str, Any] = {"host": host}
    if "contact" in request.args:
        wanted = request.args["contact"]
        chosen["contact"] = next((user for user in receivers(host, stop) if str(user.id) == wanted), None)
    if "place" in request.args:
        chosen["place"] = _chosen(Place, request.args["place"])
    if "splits" in request.args:
        chosen["splits"] = request.args["splits"] == "yes"
    return replace(plan, **chosen)


def _chosen(model: type[Host] | type[Place], slug: str | None) -> Any:
    if not slug or not (slug.isascii() and slug.isprintable()):
        return None
    return db.session.scalar(select(model).where(model.slug == slug))
