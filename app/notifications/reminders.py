"""Reminders: derived at each tick from the present state and the calendar, under a key that lets each out once.

`REMINDERS` names them all: the rows that may be concerned now, and what makes the mails of one row.
Whether a mail is still right is asked again when it is sent (facts.py); after an outage the useful ones follow,
those whose event has begun are marked `missed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from sqlalchemy import func, select, update

from app.core.time import end_of_day, from_venue, venue_date
from app.extensions import db
from app.notifications import candidates, invitations
from app.notifications.facts import About, first_stop, holds_until, stops_on
from app.notifications.models import Notification
from app.notifications.recipients import (
    Recipient,
    as_recipients,
    lead_members,
    members_of,
    receiving_hosts,
    visitor_of,
)
from app.notifications.write import put
from app.people.backups import is_away, people_for
from app.strategy.settings import city_rules
from app.visits.models import Offer, Visit
from app.visits.programme_models import Appointment, FollowUp

MORNING = time(9)  # Bergen time
REPORT_WEEKS = (0, 1, 2)  # asked once, then repeated weekly at most twice


def morning_of(day: date) -> datetime:
    """09:00 on the venue's wall clock, as UTC."""
    return from_venue(datetime.combine(day, MORNING))


class Rows(Protocol):
    """The ids of rows that may be concerned."""

    def __call__(self, *, at: datetime) -> Sequence[int]: ...


class Derive(Protocol):
    """Makes the mails of one row that are due and were not made before."""

    def __call__(self, row_id: int, /, *, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Reminding:
    """One reminder: which rows to look at, and what makes the mails of one row."""

    ids: Rows
    derive: Derive


def remind_day_before(visit_id: int, *, at: datetime) -> None:
    """09:00 the day before each day of a confirmed visit: the visitor, and the contact persons of that day's stops."""
    visit = db.session.get_one(Visit, visit_id)
    days = {venue_date(stop.starts_at) for stop in visit.appointments if stop.status == "confirmed"}
    for day in sorted(days):
        due_at = morning_of(day - timedelta(days=1))
        if due_at <= at < end_of_day(day) + candidates.LOOK_BACK and _was_confirmed(visit, due_at):
            about = {"day": day.isoformat()}
            _put_all("day-before", visitor_of(visit), visit, about, due_at, at)
            _put_all("host-day-before", _contacts(stops_on(visit, day)), visit, about, due_at, at)


def remind_briefing(visit_id: int, *, at: datetime) -> None:
    """7 days before a confirmed visit begins: everybody who receives it (IVLP sends briefings a week ahead)."""
    visit = db.session.get_one(Visit, visit_id)
    first = first_stop(visit)
    if first is None:
        return
    day = venue_date(first.starts_at)
    due_at = morning_of(day - timedelta(days=city_rules().briefing_days))
    if due_at <= at < first.starts_at and _was_confirmed(visit, due_at):
        about = {"day": day.isoformat()}
        _put_all("briefing", members_of(receiving_hosts(visit)), visit, about, due_at, at)


def remind_to_report(visit_id: int, *, at: datetime) -> None:
    """2 days after the visit was carried out, and one and two weeks later: the lead host, until it has reported."""
    visit = db.session.get_one(Visit, visit_id)
    done_at = _last(visit, "complete")
    if done_at is None:
        return
    for week in REPORT_WEEKS:
        day = venue_date(done_at) + timedelta(days=city_rules().report_after_days + 7 * week)
        due_at = morning_of(day)
        if due_at <= at < due_at + timedelta(days=7):
            _put_all("please-report", lead_members(visit), visit, {}, due_at, at, key=f"{visit.id}.{day}")


def remind_of_offer(offer_id: int, *, at: datetime) -> None:
    """09:00 on the day an offer lapses: the host that was asked and has not answered."""
    offer = db.session.get_one(Offer, offer_id)
    due_at = morning_of(venue_date(offer.due_at))
    if offer.created_at < due_at <= at:
        about = {"offer": offer.id}
        key = f"{offer.id}.{offer.due_at:%Y%m%d%H%M}"
        _put_all("offer-lapsing", members_of([offer.host]), offer.visit, about, due_at, at, key=key)


def remind_of_holds(visit_id: int, *, at: datetime) -> None:
    """09:00 the day before holds lapse: the lead host and the hosts of these stops, one mail for all of a day."""
    visit = db.session.get_one(Visit, visit_id)
    days = {venue_date(a.hold_until) for a in visit.appointments if a.status == "hold" and a.hold_until is not None}
    for day in sorted(days):
        due_at = morning_of(day - timedelta(days=1))
        if due_at <= at:
            hosts = [hold.host for hold in holds_until(visit, day)]
            people = members_of([*([visit.lead_host] if visit.lead_host else []), *hosts])
            _put_all("hold-lapsing", people, visit, {"day": day.isoformat()}, due_at, at)


def remind_to_confirm(visit_id: int, *, at: datetime) -> None:
    """24 hours after a request whose address is still unconfirmed: the visitor, once."""
    visit = db.session.get_one(Visit, visit_id)
    _put_all("confirm-reminder", visitor_of(visit), visit, {}, visit.submitted_at + candidates.ASK_AGAIN, at)


def remind_of_follow_up(follow_up_id: int, *, at: datetime) -> None:
    """09:00 on the day a commitment is due: its owner."""
    found = db.session.get_one(FollowUp, follow_up_id)
    if found.owner is not None:
        due_at = morning_of(found.due_on)
        about = {"follow_up": found.id}
        key = f"{found.id}.{found.due_on}"
        if due_at <= at:
            _put_all("follow-up-due", as_recipients([found.owner]), found.visit, about, due_at, at, key=key)


REMINDERS: tuple[Reminding, ...] = (
    Reminding(candidates.confirmed_for_tomorrow, remind_day_before),
    Reminding(candidates.confirmed_for_briefing, remind_briefing),
    Reminding(candidates.waiting_for_report, remind_to_report),
    Reminding(candidates.offers_ending_today, remind_of_offer),
    Reminding(candidates.holds_ending_tomorrow, remind_of_holds),
    Reminding(candidates.unconfirmed_for_a_day, remind_to_confirm),
    Reminding(candidates.follow_ups_due, remind_of_follow_up),
)


def skip_due(*, at: datetime) -> None:
    """Mark every reminder and invitation due now as told: for sample visits that were just made with a past."""
    before = db.session.scalar(select(func.max(Notification.id))) or 0
    for reminder in REMINDERS:
        for row_id in reminder.ids(at=at):
            reminder.derive(row_id, at=at)
    with_stops = select(Appointment.visit_id).where(Appointment.ends_at > at).distinct()
    for visit in db.session.scalars(select(Visit).where(Visit.id.in_(with_stops))):
        invitations.take_as_told(visit, at=at)
    made = update(Notification).where(Notification.id > before, Notification.status == "due")
    db.session.execute(made.values(status="superseded", next_attempt_at=None))


def _contacts(stops: Iterable[Appointment]) -> list[Recipient]:
    """The contact persons of these stops; where none is named, or that one is away, the people of the stop's host."""
    people = []
    for stop in stops:
        contact = stop.contact if stop.contact and stop.contact.is_active else None
        people += [contact] if contact else []
        if contact is None or is_away(contact, venue_date(stop.starts_at)):
            people += people_for(stop.host)
    return as_recipients(people)


def _last(visit: Visit, verb: str) -> datetime | None:
    return max((activity.at for activity in visit.activities if activity.verb == verb), default=None)


def _was_confirmed(visit: Visit, due_at: datetime) -> bool:
    """Whether the visitor had accepted by then: whoever confirms later has just heard all of it."""
    accepted_at = _last(visit, "accept")
    return accepted_at is not None and accepted_at < due_at


def _put_all(
    kind: str,
    recipients: Iterable[Recipient],
    visit: Visit,
    about: About,
    due_at: datetime,
    at: datetime,
    *,
    key: str = "",
) -> None:
    key = key or ".".join([str(visit.id), *(str(value) for value in about.values())])
    for recipient in recipients:
        put(kind, recipient, visit=visit, key=key, about=about, due_at=due_at, at=at)
