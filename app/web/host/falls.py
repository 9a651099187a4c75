"""Who falls out, and what then: a preview that writes nothing, and one button that carries it out."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from flask import flash, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.core.errors import DayFull, Invalid, NotAllowed, Overlap
from app.core.time import venue_date
from app.extensions import db
from app.people.models import Host, User
from app.planning.scene import Busy
from app.visits.availability import is_tentative
from app.visits.falling import Fallout, Leaving, Remedy, busy_people, carry_out, fallout_of, free_people
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.queries import get_visit
from app.visits.rules import host_ids, may_lead
from app.web import access
from app.web.formats import when
from app.web.host import blueprint
from app.web.host.acting import acting, reader, visit_for
from app.web.host.fields import LINE
from app.web.host.met import warn_of_what_is_met
from app.web.host.offers import to_visit
from app.web.host.overlap_words import NEEDS_REASON, full_words, overlap_words
from app.web.host.summary import summary
from app.web.transactions import give_up

Page = str | tuple[str, int] | Response
Choices = tuple[list[User], list[tuple[User, str]], list[Host]]  # who is free, who is busy and when, other hosts
LONGEST_REASON = 2_000


@blueprint.get("/visits/<string:ref>/what-falls")
@access.for_hosts
def what_falls(ref: str) -> str:
    """Choose who falls out; then see which stops fall, and choose for each what is done."""
    return _page(visit_for(ref, "remove-appointment"))


@blueprint.post("/visits/<string:ref>/what-falls")
@access.for_hosts
def let_fall(ref: str) -> Page:
    """Carry it out, with a reason: all of it or nothing."""
    visit = visit_for(ref, "remove-appointment")
    leaving = _leaving(visit)
    if leaving is None or not _may(visit, leaving):
        raise NotAllowed("what-falls")
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    found = fallout_of(visit, leaving)
    try:
        remedies = [_remedy(stop, leaving) for stop in found.stops]
        carry_out(visit, leaving, remedies, reason=reason, why_busy=_why_busy(), by=acting(visit))
    except (Overlap, Invalid, DayFull) as refused:
        return _refused(ref, refused)
    db.session.commit()
    flash(_("It is carried out. Those concerned are told."), "success")
    warn_of_what_is_met(visit, [remedy.stop for remedy in remedies])
    return to_visit(visit, section="programme")


def _refused(ref: str, refused: Overlap | Invalid | DayFull) -> tuple[str, int]:
    """The page again with the reason; nothing was changed, and what was chosen and typed stays."""
    give_up()
    visit = get_visit(ref, reader())
    if isinstance(refused, Overlap):
        return _page(visit, wrong=overlap_words(refused, reader())), HTTPStatus.CONFLICT
    if isinstance(refused, DayFull):
        return _page(visit, wrong=full_words(refused)), HTTPStatus.CONFLICT
    if refused.code == "busy-needs-reason":
        return _page(visit, wrong=str(NEEDS_REASON), wrong_field="why-busy"), HTTPStatus.CONFLICT
    if refused.data["field"] == "reason":
        words = _("Say why: the hosts concerned read it.")
        return _page(visit, wrong=words, wrong_field="reason"), HTTPStatus.UNPROCESSABLE_ENTITY
    words = _("The programme has changed meanwhile. Look at it once more.")
    return _page(visit, wrong=words), HTTPStatus.CONFLICT


def _page(visit: Visit, *, wrong: str = "", wrong_field: str = "who") -> str:
    leaving = _leaving(visit)
    found = fallout_of(visit, leaving) if leaving and _may(visit, leaving) else None
    return render_template(
        "host/what_falls.html",
        visit=visit,
        summary=summary(visit),
        hosts=_hosts(visit),
        people=_people(visit),
        days=sorted({venue_date(stop.starts_at) for stop in _live(visit)}),
        leaving=leaving,
        found=found,
        choices=_choices(visit, found, leaving),
        values=request.values,
        wrong=wrong,
        wrong_field=wrong_field,
    )


def _why_busy() -> str:
    """Why a time is used that somebody's own calendar says is taken."""
    return request.form.get("why-busy", "").strip()[:LINE]


def _choices(visit: Visit, found: Fallout | None, leaving: Leaving | None) -> dict[int, Choices]:
    """For each stop the people and the hosts that could take it; other hosts are the lead's to ask."""
    if found is None or leaving is None:
        return {}
    others = [host for host in _all_hosts() if may_lead(reader(), visit)]
    return {
        stop.id: (
            [] if leaving.host else free_people(stop, besides=leaving.person),
            [] if leaving.host else [(user, _busy_words(user, busy)) for user, busy in _busy(stop, leaving)],
            [host for host in others if host.id != stop.host_id],
        )
        for stop in found.stops
    }


def _busy(stop: Appointment, leaving: Leaving) -> list[tuple[User, Busy]]:
    return busy_people(stop, besides=leaving.person)


def _busy_words(user: User, busy: Busy) -> str:
    """Who, and when their own calendar says that they are taken; never what for."""
    if is_tentative(busy):
        return _("%(name)s, perhaps busy %(when)s", name=user.name, when=when(busy.starts_at, busy.ends_at))
    return _("%(name)s, busy %(when)s", name=user.name, when=when(busy.starts_at, busy.ends_at))


def _remedy(stop: Appointment, leaving: Leaving) -> Remedy:
    """What was chosen for the stop; raises Invalid for what no choice offers."""
    kind, _sep, what = request.form.get(f"stop-{stop.id}", "").partition(":")
    people = {} if leaving.host else {str(user.id): user for user in stop.host.members}
    hosts = {host.slug: host for host in _all_hosts()} if may_lead(reader(), stop.visit) else {}
    match kind:
        case "remove":
            return Remedy(stop)
        case "person" if what in people:
            return Remedy(stop, person=people[what])
        case "host" if what in hosts:
            return Remedy(stop, host=hosts[what])
    raise Invalid("choice", "stops")


def _leaving(visit: Visit) -> Leaving | None:
    """Who was chosen: "host:<slug>" or "person:<id>", and perhaps a day."""
    kind, _sep, what = request.values.get("who", "").partition(":")
    day = _day(request.values.get("on", ""))
    if kind == "host" and (host := next((one for one in _hosts(visit) if one.slug == what), None)):
        return Leaving(host=host, on=day)
    if kind == "person" and (user := next((one for one in _people(visit) if str(one.id) == what), None)):
        return Leaving(person=user, on=day)
    return None


def _may(visit: Visit, leaving: Leaving) -> bool:
    """The lead host and coordinators for everybody, others for their own host and its people."""
    mine = host_ids(reader())
    if may_lead(reader(), visit):
        return True
    if leaving.host is not None:
        return leaving.host.id in mine
    return all(stop.host_id in mine for stop in fallout_of(visit, leaving).stops)


def _live(visit: Visit) -> list[Appointment]:
    return [stop for stop in visit.appointments if not stop.is_cancelled]


def _hosts(visit: Visit) -> list[Host]:
    """Hosts of the programme that this reader may answer for."""
    found = {stop.host_id: stop.host for stop in _live(visit)}
    return [host for host in found.values() if _may(visit, Leaving(host=host))]


def _people(visit: Visit) -> list[User]:
    """Contact persons of the programme that this reader may answer for."""
    found = {stop.contact.id: stop.contact for stop in _live(visit) if stop.contact}
    return [user for user in found.values() if _may(visit, Leaving(person=user))]


def _all_hosts() -> list[Host]:
    return list(db.session.scalars(select(Host).where(Host.retired_at.is_(None)).order_by(Host.id)))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
