"""The moments that a rule can count from, and what each reminder is about.

An anchor lists the rows whose moment lies in a span, by one indexed range query: what is not due is not touched,
however much there is of it. `subjects` then looks at one row closely, when its reminder is made and when it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute as Column

from app.core.time import start_of_day, venue_date
from app.extensions import db
from app.notifications.activity_stops import stops_of
from app.notifications.facts import UNDER_WAY, About, first_stop, holds_until, stops_on
from app.notifications.reminder_timing import Span
from app.notifications.restoration import cause_of
from app.people.models import Host, User
from app.visits.models import Activity, Offer, Visit
from app.visits.offer_clock import visitor_is_asked
from app.visits.programme_models import Appointment, FollowUp
from app.visits.statuses import DONE, EXITS, PLANNING, Status

Ids = Select[int]
LIVE = ("confirmed", "tentative", "hold")


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to be reminded of: its moment, and everybody whom it concerns besides the visit's own people."""

    key: str
    visit: Visit
    moment: datetime
    about: About = field(default_factory=dict)
    stops: Sequence[Appointment] = ()
    hosts: Sequence[Host] = ()
    owner: User | None = None
    known_since: datetime | None = None  # a reminder due before that would tell nothing new
    bound_at: datetime | None = None  # when what the scheduler did late was bound to happen
    settled_at: datetime | None = None  # when it was known that it took place, which may be long after


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the ids of rows with their moment in a span come from, and what one row gives a reminder."""

    ids: Callable[[Span, str], Ids]
    subjects: Callable[[int], list[Subject]]
    visit_id: Column[int]  # of the rows that `ids` lists
    moves: bool = False  # its moment can be moved nearer, past the day on which its reminder was due
    settled_ids: Callable[[Span], Ids] | None = None  # rows of which it was said in that span that they took place

    def touched_ids(self, span: Span, verb: str, *, since: datetime) -> Ids:
        """Of the rows in the span, those of visits to which something has happened since."""
        touched = select(Activity.visit_id).where(Activity.at >= since)
        return self.ids(span, verb).where(self.visit_id.in_(touched))


def day_subjects(visit_id: int) -> list[Subject]:
    """Each day of a visit, with its confirmed stops."""
    visit = _under_way(visit_id)
    days = {venue_date(stop.starts_at) for stop in visit.appointments if stop.status == "confirmed"} if visit else ()
    return [_of_day("day", visit, day) for day in sorted(days)] if visit else []


def start_subjects(visit_id: int) -> list[Subject]:
    """The first day of a visit on which a stop is confirmed."""
    visit = _under_way(visit_id)
    first = first_stop(visit) if visit else None
    return [_of_day("start", visit, venue_date(first.starts_at))] if visit and first else []


def end_subjects(visit_id: int) -> list[Subject]:
    """A visit's end: of the last stop that takes or took place, also without a yes where people say that it did."""
    visit = db.session.get(Visit, visit_id)
    if visit is None or visit.status not in UNDER_WAY:
        return []
    stops = [stop for stop in visit.appointments if stop.status == "confirmed"]
    if not stops and visit.status in DONE:
        stops = [stop for stop in visit.appointments if not stop.is_cancelled]
    if not stops:
        return []
    done = max((one for one in visit.activities if one.verb == "complete"), key=lambda one: one.at, default=None)
    return [
        Subject(
            f"end.{visit.id}", visit, max(stop.ends_at for stop in stops), stops=stops,
            known_since=_accepted_at(visit), bound_at=cause_of(done) if done else None,
            settled_at=done.at if done else None,
        )
    ]  # fmt: skip


def stop_subjects(kind: str) -> Callable[[int], list[Subject]]:
    """A confirmed stop's start or end."""

    def subjects(stop_id: int) -> list[Subject]:
        stop = db.session.get(Appointment, stop_id)
        if stop is None or stop.status != "confirmed" or stop.visit.status not in UNDER_WAY:
            return []
        moment = stop.starts_at if kind == "stop-start" else stop.ends_at
        accepted_at = _accepted_at(stop.visit)
        return [
            Subject(
                f"{kind}.{stop.id}", stop.visit, moment, {"appointment": stop.id}, [stop], [stop.host],
                known_since=accepted_at,
            )
        ]  # fmt: skip

    return subjects


def offer_subjects(offer_id: int) -> list[Subject]:
    """The end of an open offer's time, while its clock runs."""
    open_one = select(Offer).join(Visit).where(Offer.id == offer_id, *_is_open_offer())
    offer = db.session.scalar(open_one)
    if offer is None:
        return []
    about = {"offer": offer.id}
    return [
        Subject(f"offer.{offer.id}", offer.visit, offer.due_at, about, hosts=[offer.host], known_since=offer.created_at)
    ]


def hold_subjects(visit_id: int) -> list[Subject]:
    """Each day on which holds of a visit lapse, with the hosts of these stops."""
    visit = db.session.get(Visit, visit_id)
    if visit is None or visit.status not in PLANNING:
        return []
    ends = [stop.hold_until for stop in visit.appointments if stop.status == "hold" and stop.hold_until]
    found = []
    for day in sorted({venue_date(end) for end in ends}):
        held = holds_until(visit, day)
        first = min(end for end in ends if venue_date(end) == day)
        key, about = f"hold.{visit.id}.{day}", {"day": day.isoformat()}
        found.append(Subject(key, visit, first, about, held, [stop.host for stop in held]))
    return found


def follow_up_subjects(follow_up_id: int) -> list[Subject]:
    """The day a commitment is due, while it is not kept."""
    found = db.session.get(FollowUp, follow_up_id)
    if found is None or found.done_at is not None:
        return []
    moment, about = start_of_day(found.due_on), {"follow_up": found.id}
    return [Subject(f"follow-up.{found.id}", found.visit, moment, about, owner=found.owner)]


def activity_subjects(activity_id: int) -> list[Subject]:
    """Something that happened to a visit that goes on, or that ended it, for as long as it stays ended so.

    A merge lies with the visit that goes on, as all history of the other one does.
    """
    activity = db.session.get(Activity, activity_id)
    if activity is None:
        return []
    ended, ends = activity.visit.status in EXITS, activity.status_after in EXITS and activity.verb != "merge"
    if (ended or ends) and activity.status_after != activity.visit.status:
        return []
    key, stops = f"activity.{activity.id}", stops_of(activity)
    return [Subject(key, activity.visit, activity.at, stops=stops, bound_at=cause_of(activity))]


def report_subjects(activity_id: int) -> list[Subject]:
    """The end of a visit whose outcome is not recorded yet."""
    return [one for one in activity_subjects(activity_id) if one.visit.status == Status.COMPLETED]


def moved_ids(span: Span, per_stop: bool) -> Ids:
    """Rows whose stops were given another time in that span: they may be nearer now than their reminder's day.

    A stop of which something else was changed, as its contact person, is where it was: nothing new is due of it.
    """
    moved = Activity.verb == "move-appointment", Activity.changes["starts_at"].as_string().is_not(None)
    ids = select(Activity.subject_id).where(*moved, Activity.at >= span[0], Activity.at < span[1])
    column = Appointment.id if per_stop else Appointment.visit_id
    return select(column).where(Appointment.id.in_(ids), Appointment.status == "confirmed").distinct()


def _of_day(what: str, visit: Visit, day: date) -> Subject:
    stops = stops_on(visit, day)
    about = {"day": day.isoformat()}
    accepted_at = _accepted_at(visit)
    return Subject(f"{what}.{visit.id}.{day}", visit, stops[0].starts_at, about, stops, known_since=accepted_at)


def _under_way(visit_id: int) -> Visit | None:
    """Also one that is over: what could not be sent before it began is marked as missed."""
    visit = db.session.get(Visit, visit_id)
    return visit if visit is not None and visit.status in UNDER_WAY else None


def _accepted_at(visit: Visit) -> datetime | None:
    """When the visitor said yes: whoever confirms later than a reminder was due has just heard all of it."""
    return max((activity.at for activity in visit.activities if activity.verb == "accept"), default=None)


def _is_open_offer() -> tuple[ColumnElement[bool], ...]:
    return Offer.status == "open", ~visitor_is_asked(), Visit.status.in_((Status.OFFERED, *PLANNING))


def _stops(
    column: Column[int], moment: Column[datetime], statuses: Sequence[str] = ("confirmed",)
) -> Callable[[Span, str], Ids]:
    """By the range alone: joined with visits, SQLite would begin with all that are confirmed."""

    def ids(span: Span, _verb: str) -> Ids:
        return select(column).where(moment >= span[0], moment < span[1], Appointment.status.in_(statuses)).distinct()

    return ids


def _offers(span: Span, _verb: str) -> Ids:
    return select(Offer.id).join(Visit).where(Offer.due_at >= span[0], Offer.due_at < span[1], *_is_open_offer())


def _holds(span: Span, _verb: str) -> Ids:
    held = Appointment.status == "hold", Appointment.hold_until >= span[0], Appointment.hold_until < span[1]
    return select(Appointment.visit_id).where(*held).distinct()


def _follow_ups(span: Span, _verb: str) -> Ids:
    first, last = venue_date(span[0]), venue_date(span[1])
    return select(FollowUp.id).where(FollowUp.due_on >= first, FollowUp.due_on <= last, FollowUp.done_at.is_(None))


def _activities(span: Span, verb: str) -> Ids:
    return select(Activity.id).where(Activity.verb == verb, Activity.at >= span[0], Activity.at < span[1])


def _completed_visits(span: Span) -> Ids:
    done = Activity.verb == "complete", Activity.at >= span[0], Activity.at < span[1]
    return select(Activity.visit_id).where(*done).distinct()


def _completions(span: Span, _verb: str) -> Ids:
    return _activities(span, "complete")


_visit_id, _stop_id, _start, _end = Appointment.visit_id, Appointment.id, Appointment.starts_at, Appointment.ends_at
ANCHORS: dict[str, Anchor] = {
    "visit-day": Anchor(_stops(_visit_id, _start), day_subjects, _visit_id, moves=True),
    "visit-start": Anchor(_stops(_visit_id, _start), start_subjects, _visit_id, moves=True),
    "visit-end": Anchor(_stops(_visit_id, _end, LIVE), end_subjects, _visit_id, settled_ids=_completed_visits),
    "stop-start": Anchor(_stops(_stop_id, _start), stop_subjects("stop-start"), _visit_id, moves=True),
    "stop-end": Anchor(_stops(_stop_id, _end), stop_subjects("stop-end"), _visit_id),
    "offer-due": Anchor(_offers, offer_subjects, Offer.visit_id),
    "hold-lapse": Anchor(_holds, hold_subjects, _visit_id),
    "follow-up-due": Anchor(_follow_ups, follow_up_subjects, FollowUp.visit_id),
    "report-due": Anchor(_completions, report_subjects, Activity.visit_id),
    "activity": Anchor(_activities, activity_subjects, Activity.visit_id),
}
