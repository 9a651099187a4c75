"""Suggest a programme: the wished stops in, up to three programmes out, one of them taken as a whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.core.errors import DayFull, Invalid, NotAllowed, Overlap
from app.core.time import now, venue_date
from app.extensions import db
from app.people.models import Host, Membership, Place
from app.planning.answering import programmes
from app.planning.results import Answer, Programme, Stop
from app.strategy.settings import city_rules
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.rules import may_lead
from app.visits.scenes import placed_of, scene_of, windows_of
from app.web import access
from app.web.host import blueprint
from app.web.host.acting import acting_for, reader, visit_for
from app.web.host.fields import LINE
from app.web.host.met import warn_of_what_is_met
from app.web.host.obstacle_words import obstacle_lines
from app.web.host.offers import to_visit
from app.web.host.overlap_words import NEEDS_REASON, full_words, overlap_words
from app.web.host.suggest_address import address_with, relaxed_address
from app.web.host.suggest_form import MOST_STOPS, SuggestForm
from app.web.host.suggest_names import names_of, wished_names
from app.web.host.suggest_words import leg_words, reason_words, relaxation_words
from app.web.host.summary import summary
from app.web.transactions import give_up

Page = str | tuple[str, int] | Response
FIRST_ROWS = 3
SUGGEST = "/visits/<string:ref>/suggest"


@dataclass(frozen=True, slots=True)
class Asked:
    """The form and, where it could be answered, the answer with the names it speaks of."""

    form: SuggestForm
    answer: Answer | None = None
    names: dict[str, str] | None = None


@blueprint.get(SUGGEST)
@access.for_hosts
def suggest_programme(ref: str) -> Page:
    """The form, and below it what it asks for."""
    visit = plannable(ref)
    asked = _ask(visit)
    wrong = bool(asked.form.errors) and "search" in request.args
    return _page(visit, asked), 422 if wrong else 200


@blueprint.post(SUGGEST)
@access.for_hosts
def use_programme(ref: str) -> Page:
    """Hold every stop of the programme, or none: the question is asked anew, and that answer must still be there."""
    visit = plannable(ref)
    asked = _ask(visit)
    found = asked.answer.programmes if asked.answer else ()
    chosen = next((one for one in found if digest(one) == request.form.get("programme", "")), None)
    if chosen is None:
        flash(_("These times have changed since they were suggested. Look at the new ones."), "warning")
        return redirect(request.full_path, 303)
    try:
        added = _add_all(visit, asked.form, chosen, request.form.get("reason", "")[:LINE])
    except (Overlap, Invalid, DayFull) as refused:
        give_up()
        return _refused(ref, refused)
    db.session.commit()
    words = ngettext("One stop is held.", "%(num)d stops are held. Other hosts are asked for their parts.", len(added))
    flash(words, "success")
    warn_of_what_is_met(visit, added)
    return to_visit(visit, section="programme")


def _refused(ref: str, refused: Overlap | Invalid | DayFull) -> Page:
    """Nothing was added: why, and the question asked anew; where only the reason is missing, the same page again."""
    visit = plannable(ref)
    asked = _ask(visit)
    if isinstance(refused, Invalid) and refused.code == "busy-needs-reason" and asked.form.ignored:
        return _page(visit, asked, without_reason=request.form.get("programme", "")), 422
    return _page(visit, asked, refused=_why_not(refused)), 409


def digest(programme: Programme) -> str:
    """A short name for exactly these stops at these times with these people."""
    text = repr([(stop.key, stop.starts_at, stop.ends_at, stop.contact, stop.host) for stop in programme.stops])
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def stops_by_day(programme: Programme) -> list[tuple[date, list[Stop]]]:
    """The stops under their days at the venue."""
    return [(day, list(stops)) for day, stops in groupby(programme.stops, key=lambda stop: venue_date(stop.starts_at))]


def plannable(ref: str) -> Visit:
    """The visit, for its lead host and coordinators while it is planned; raises NotFound, IllegalMove or NotAllowed."""
    visit = visit_for(ref, "add-appointment")
    if not may_lead(reader(), visit):
        raise NotAllowed("add-appointment")
    return visit


def _ask(visit: Visit) -> Asked:
    """Read the address; answer when it asks for something sound."""
    form = SuggestForm(_with_rows(request.args, visit))
    form.offer(*choices(visit), city_rules().appointments_per_day)
    if "search" not in request.args or not form.validate():
        return Asked(form)
    windows = windows_of(visit)
    if not windows and not form.first_on.data:
        form.first_on.errors = [_("The visitor gave no days. Say between which days to look.")]
        return Asked(form)
    question = form.question(windows, placed_of(visit))
    days = [day for window in question.windows for day in (window.first_on, window.last_on)]
    places = [form.known_places[wish.place] for wish in question.wishes if wish.place]
    scene = scene_of(
        visit, form.hosts, [*places, *own_places(visit)], (min(days), max(days)), at=now(), ignored=form.ignored
    )
    names = names_of(visit, form.known_hosts, form.known_places)
    return Asked(form, programmes(question, scene), names | wished_names(form, names))


def _why_not(refused: Overlap | Invalid | DayFull) -> str:
    """Why the first that could not be added was refused."""
    if isinstance(refused, Overlap):
        return overlap_words(refused, reader())
    if isinstance(refused, DayFull):
        return full_words(refused)
    return str(NEEDS_REASON) if refused.code == "busy-needs-reason" else _("The time is past.")


def own_places(visit: Visit) -> list[Place]:
    """Where the visit's stops are."""
    return [stop.place for stop in visit.appointments if stop.place and not stop.is_cancelled]


def _with_rows(args: MultiDict[str, str], visit: Visit) -> MultiDict[str, str] | None:
    """The address's values; with "more" one more row, and three rows to begin with, one for each host taking part."""
    values: MultiDict[str, str] = MultiDict(args)
    near = [host.slug for host in (visit.lead_host, *visit.co_hosts) if host and host.retired_at is None]
    rows = sum(1 for number in range(MOST_STOPS) if f"stops-{number}-title" in args) or FIRST_ROWS
    for number in range(min(rows + ("more" in args), MOST_STOPS)):
        values.setdefault(f"stops-{number}-title", "")
        if near:
            values.setdefault(f"stops-{number}-host", near[number] if number < len(near) else near[0])
        values.setdefault(f"stops-{number}-minutes", "60")
    values.setdefault("stay", "1")
    values.setdefault("lunch", "yes")
    return values


def choices(visit: Visit) -> tuple[list[tuple[str, list[Host]]], list[Place]]:
    """Hosts that take part first, then the others; every place."""
    members = selectinload(Host.memberships).selectinload(Membership.user)
    hosts = list(db.session.scalars(select(Host).where(Host.retired_at.is_(None)).options(members).order_by(Host.id)))
    near = {visit.lead_host_id, *(host.id for host in visit.co_hosts)}
    groups = [
        (_("Taking part"), [host for host in hosts if host.id in near]),
        (_("Other hosts"), [host for host in hosts if host.id not in near]),
    ]
    return groups, list(db.session.scalars(select(Place).where(Place.retired_at.is_(None)).order_by(Place.id)))


def _add_all(visit: Visit, form: SuggestForm, programme: Programme, reason: str) -> list[Appointment]:
    """Raises Overlap or Invalid for the first that cannot be; the caller rolls all back."""
    rows = {str(number): row.form for number, row in form.wished}
    added = []
    for stop in (one for one in programme.stops if not one.placed):
        row = rows[stop.key]
        host = form.known_hosts[stop.host or row.host.data]
        plan = lifecycle.Plan(
            title=row.title.data,
            host=host,
            starts_at=stop.starts_at,
            ends_at=stop.ends_at,
            contact=next((user for user in host.members if str(user.id) == stop.contact), None),
            place=form.known_places.get(row.place.data),
            fixed=row.is_fixed,
            splits=row.splits.data,
        )
        added.append(lifecycle.add_appointment(visit, plan, by=acting_for(visit, host), reason=reason))
    return added


def _page(visit: Visit, asked: Asked, *, refused: str = "", without_reason: str = "") -> str:
    """`refused`: why nothing was added; `without_reason`: the programme for which a reason must be given."""
    return render_template(
        "host/suggest.html",
        visit=visit,
        form=asked.form,
        answer=asked.answer,
        names=asked.names or {},
        summary=summary(visit),
        here=request.full_path,
        address_of=lambda relaxation: relaxed_address(visit, relaxation),
        words={"reason": reason_words, "leg": leg_words, "obstacles": obstacle_lines, "relaxation": relaxation_words},
        digest=digest,
        address_without_ignored=address_with(visit, {"ignore": ""}),
        days=stops_by_day,
        most_stops=MOST_STOPS,
        refused=refused,
        without_reason=without_reason,
        needs_reason=NEEDS_REASON,
    )
