"""Running late: choose the minutes, look at what moves and what that meets, then move it all at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import IllegalMove, Invalid, NotAllowed, Overlap
from app.core.nights import fits_the_night
from app.core.time import in_venue, now, venue_date
from app.extensions import db
from app.people.models import Host
from app.planning.hours import is_within_hours
from app.visits import lifecycle
from app.visits.conflicts import conflicts_of
from app.visits.halves import others_of
from app.visits.programme_models import Appointment
from app.visits.queries import get_appointment, get_visit
from app.visits.running_late import MINUTES, Shift, hits_of, is_today, may_run_late, rest_of_day, shifts_from
from app.visits.statuses import is_legal
from app.visits.stops import is_big_change
from app.web import access
from app.web.calendar import blueprint
from app.web.calendar.late_words import NO_REASON, hit_words, mail_words, moved_words, refusal_words
from app.web.host.acting import acting, reader
from app.web.host.conflict_words import conflict_words
from app.web.host.fields import LINE
from app.web.host.met import warn_of_what_is_met
from app.web.host.programme import APPOINTMENT
from app.web.transactions import give_up

Page = str | tuple[str, int] | Response
BESIDE = frozenset({"group", "travel", "tentative"})
TAKEN = frozenset({"imported"})  # what needs a reason


@blueprint.get(APPOINTMENT + "/running-late")
@access.for_hosts
def running_late(ref: str, appointment_id: int) -> Page:
    """The choice of minutes; with one chosen, what would move and what that would meet. Nothing is changed."""
    return _page(_stop(ref, appointment_id), _minutes(request.args.get("minutes", "")))


@blueprint.post(APPOINTMENT + "/running-late")
@access.for_hosts
def run_late(ref: str, appointment_id: int) -> Page:
    """Move them all, or none; everybody concerned is told at once. `look`: other minutes, with what was typed."""
    stop = _stop(ref, appointment_id)
    if "look" in request.form:
        give_up()
        return _page(_stop(ref, appointment_id), _minutes(request.form["look"]), reason=_why())
    minutes = _minutes(request.form.get("minutes", "")) or 0
    try:
        moved = lifecycle.run_late(stop, minutes, by=acting(stop.visit), reason=_why())
    except (Overlap, Invalid) as refused:
        give_up()
        return _page(_stop(ref, appointment_id), minutes or None, refused=refused, reason=_why()), 409
    db.session.commit()
    flash(moved_words(moved), "success")
    warn_of_what_is_met(stop.visit, [shift.stop for shift in moved])
    return redirect(url_for("calendar.today"), 303)


def _stop(ref: str, appointment_id: int) -> Appointment:
    stop = get_appointment(get_visit(ref, reader()), appointment_id)
    if not is_legal("run-late", stop.visit.status) or stop.is_cancelled:
        raise IllegalMove("run-late", stop.visit.status)
    if not may_run_late(reader(), stop):
        raise NotAllowed("run-late")
    return stop


def _minutes(written: str) -> int | None:
    return int(written) if written in {str(number) for number in MINUTES} else None


def _why() -> str:
    """The reason for taking a time that somebody's own calendar says is taken."""
    return request.form.get("reason", "")[:LINE]


def _page(
    stop: Appointment, minutes: int | None, *, refused: Overlap | Invalid | None = None, reason: str | None = None
) -> str:
    """`reason` is what was typed; None where nobody was asked yet."""
    usual = _("We are running late.")
    if not is_today(stop, at=now()):  # what the button would answer is said before it is pressed
        minutes, refused = None, Invalid("not-today", "stop")
    shifts = shifts_from(stop, minutes, at=now()) if minutes else []
    hits = hits_of(shifts)
    return render_template(
        "calendar/late.html",
        visit=stop.visit,
        stop=stop,
        choices=MINUTES,
        minutes=minutes,
        shifts=shifts,
        hits=[hit_words(hit) for hit in hits],
        nights=[shift for shift in shifts if not fits_the_night(shift.starts_at, shift.ends_at)],
        closed=[shift for shift in shifts if not _is_open(shift)],
        big=[shift for shift in shifts if _is_big(shift)],
        mails=mail_words(shifts),
        others=_other_hosts(stop, shifts),
        fixed=_fixed_after(stop),
        halves=others_of(stop, stop.visit.appointments),
        beside=_met_by(shifts, BESIDE),
        taken=_met_by(shifts, TAKEN),
        refusal=refusal_words(refused) if refused else "",
        lacks_reason=refused is not None and refused.code == NO_REASON,
        reason=usual if reason is None else reason,
        typed=bool(reason) and reason != usual,
    )


def _fixed_after(stop: Appointment) -> list[Appointment]:
    """What stays at its time later that day."""
    return [one for one in rest_of_day(stop) if one.fixed]


def _met_by(shifts: list[Shift], kinds: Collection[str]) -> list[str]:
    """What of these kinds the new times meet: the visit's stops that stay, the way to them, own calendars."""
    moving, words = {shift.stop.id for shift in shifts}, dict[str, None]()
    for shift in shifts:
        plan = shift.plan
        for conflict in conflicts_of(shift.stop.visit, plan, besides=shift.stop):
            if conflict.kind in kinds and (conflict.stop is None or conflict.stop.id not in moving):
                said = conflict_words(conflict, plan, reader())
                words[_("“%(title)s”: %(what)s", title=shift.stop.title, what=said)] = None
    return list(words)


def _is_open(shift: Shift) -> bool:
    hours = shift.stop.host.opening_hours
    return is_within_hours(in_venue(shift.starts_at), in_venue(shift.ends_at), hours)


def _is_big(shift: Shift) -> bool:
    """Whether the visitor would have to be asked again: too far from what was accepted."""
    agreed = shift.stop.agreed.get("starts_at")
    if not agreed or is_big_change(shift.stop):
        return bool(agreed)
    started = datetime.fromisoformat(agreed)
    is_far = abs((shift.starts_at - started).total_seconds()) > 60 * 60
    return is_far or venue_date(shift.starts_at) != venue_date(started)


def _other_hosts(stop: Appointment, shifts: list[Shift]) -> list[Host]:
    """The hosts that receive at the moved stops, without the reader's own, each once."""
    own = {host.id for host in reader().hosts}
    return list({shift.stop.host_id: shift.stop.host for shift in shifts if shift.stop.host_id not in own}.values())
