"""How soon a new mail goes out: at once, after the quiet hours, with the day's others, or not as mail at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core.time import end_of_day, start_of_day
from app.extensions import db
from app.notifications.facts import About, find_appointment
from app.notifications.groups import ALWAYS, APP, DAILY, NEVER_HELD, NOW, way_of
from app.notifications.kinds import KINDS
from app.notifications.quiet_hours import QuietHours, hours_in_country, hours_of_user
from app.notifications.recipients import Recipient
from app.people.models import User
from app.strategy.settings import city_rules
from app.visits.models import Activity, Visit
from app.visits.programme_models import FollowUp

URGENT_BEFORE = timedelta(hours=48)  # a change that near the start is told at once
JUST_BEGUN = timedelta(hours=12)  # and for as long after it


@dataclass(frozen=True, slots=True)
class Pace:
    """When the mail is tried first; `status` is noted where the application alone tells of it."""

    status: str
    first_at: datetime
    is_urgent: bool = False


def pace_of(
    kind: str, recipient: Recipient, visit: Visit, about: About, activity: Activity | None, *, at: datetime
) -> Pace:
    """The pace of a mail that is due at that moment.

    Where the day's collection comes too late, it goes after the quiet hours, where these end too late, at once.
    """
    if kind in NEVER_HELD or is_near(visit, about, activity, at=at):
        return Pace("due", at, is_urgent=True)
    way = _way(kind, recipient)
    if way == APP:
        return Pace("noted", at)
    if recipient.user is None and activity is not None and activity.actor == "visitor":
        return Pace("due", at)  # an answer to what they did a moment ago
    hours, ends_at = _hours(recipient, visit, at), use_ends_at(kind, visit, about, activity, at=at)
    choices = (_first_at(way, hours, at), _first_at(NOW, hours, at))
    return Pace("due", next((one for one in choices if ends_at is None or one < ends_at), at))


def use_ends_at(kind: str, visit: Visit, about: About, activity: Activity | None, *, at: datetime) -> datetime | None:
    """Until when the mail is of use: before what it speaks of begins; a reminder of a day before that day."""
    limit = KINDS[kind].too_late
    ends = [limit(visit, about) if limit else None]
    if activity is None and "day" in about:
        ends.append(start_of_day(date.fromisoformat(about["day"])))
    if activity is None and (follow_up := _follow_up(about)) is not None:
        ends.append(end_of_day(follow_up.due_on))
    if activity is None and (stop := find_appointment(about)) is not None:
        ends.append(stop.starts_at)
    return min((one for one in ends if one is not None and one > at), default=None)


def is_near(visit: Visit, about: About, activity: Activity | None, *, at: datetime) -> bool:
    """Whether the mail tells of something done to a stop that begins, or began before, within 48 hours."""
    if activity is None:
        return False
    stop = find_appointment(about)
    touched = [stop] if stop is not None else visit.appointments
    starts = [one.starts_at for one in touched if not one.is_cancelled or one.changed_at == activity.at]
    before = activity.changes.get("starts_at") if isinstance(activity.changes, dict) else None
    if stop is not None and before:
        starts.append(datetime.fromisoformat(before[0]))
    return any(at - JUST_BEGUN <= start <= at + URGENT_BEFORE for start in starts)


def _way(kind: str, recipient: Recipient) -> str:
    if recipient.user is None or kind in ALWAYS:
        return NOW
    return way_of(kind, recipient.user.mail_ways or {})


def _follow_up(about: About) -> FollowUp | None:
    return db.session.get(FollowUp, about["follow_up"]) if "follow_up" in about else None


def _hours(recipient: Recipient, visit: Visit, at: datetime) -> QuietHours:
    rules, user = city_rules(), recipient.user
    if isinstance(user, User):
        return hours_of_user(user, rules)
    return hours_in_country(visit.country, rules, at=at, town=visit.city)


def _first_at(way: str, hours: QuietHours, at: datetime) -> datetime:
    if way == DAILY:
        return hours.morning_after(at)
    return hours.ends_after(at) or at
