"""Changes shortly before the start, for those whose calendar program has not fetched them: a mail instead.

The catalogue's own lines come first: nobody gets two mails about one event. The mail waits an hour, as long as programs
are asked to, unless the start is near; when it is due, it is sent only to whoever still has not got the change.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select

from app.extensions import db
from app.feeds.subscribers import subscribers_to
from app.notifications.facts import About, Facts, stop_facts
from app.notifications.happening import Happening, Tell
from app.notifications.models import Notification
from app.notifications.recipients import as_recipients
from app.people.models import User
from app.visits.models import Visit
from app.visits.places import CORRECTED, words_of
from app.visits.programme_models import Appointment
from app.visits.rules import may_see_visit
from app.visits.scopes import ALL, Scope, subjects_of

KIND = "stale-feed"
SOON = timedelta(hours=48)
PATIENCE, AT_LEAST_BEFORE = timedelta(hours=1), timedelta(hours=3)
MOVING = ("starts_at", "ends_at", "place")  # changes that send people to the wrong place or at the wrong time
CANCELLING = ("remove-appointment", "decline-part", "lapse-hold", "withdraw", "cancel", "absorb")
LATE = "run-late"


def stale_tells(what: Happening) -> Iterator[Tell]:
    """One line for everybody who relies on a feed that shows what was moved or cancelled within 48 hours of it."""
    visit, stops = _changed(what)
    starts = {stop.id: _first_start(stop, what) for stop in stops}
    soon = [stop for stop in stops if what.activity.at < starts[stop.id] <= what.activity.at + SOON]
    if not soon:
        return
    scopes = sorted(set().union(*(_scopes_of(stop, what) for stop in soon)))
    not_before = _not_before(what.activity.at, min(starts[stop.id] for stop in soon))
    for person in as_recipients(subscribers_to(scopes, since=what.activity.at)):
        if person.user is not None and may_see_visit(person.user, visit) and _reads_it(person.language, what):
            about = _about(person.user, what, soon, scopes)
            yield Tell(KIND, person, visit, about, not_before=not_before)


def still_stale(_visit: Visit, about: About) -> Facts | None:
    """Their program has not fetched it yet, no other mail told them, and it is as it was then."""
    scopes = [(kind, row_id) for kind, row_id in about["scopes"]]
    waiting = subscribers_to(scopes, since=datetime.fromisoformat(about["since"]))
    if about["reader"] not in {user.id for user in waiting} or _was_told(about):
        return None
    stops = find_stops(about)
    facts: Facts = {"stops": [[*stop_facts(stop), stop.status] for stop in stops]}
    return {**facts, "places": [words_of(stop.place) for stop in stops]} if about.get("place") else facts


def stops_begin(_visit: Visit, about: About) -> datetime | None:
    """When the last of the stops begins: too late to tell of it."""
    return max((stop.starts_at for stop in find_stops(about)), default=None)


def find_stops(about: About) -> list[Appointment]:
    """The stops that were moved or cancelled, in order."""
    ids = about.get("stops") or [-1]
    query = select(Appointment).where(Appointment.id.in_(ids))
    return list(db.session.scalars(query.order_by(Appointment.starts_at, Appointment.id)))


def _changed(what: Happening) -> tuple[Visit, list[Appointment]]:
    """The visit and the stops that the verb moved or cancelled."""
    verb, stop, visit = what.activity.verb, what.appointment, what.visit
    if verb == "move-appointment":
        moved = stop is not None and not stop.is_cancelled and bool(set(MOVING) & what.activity.changes.keys())
        return visit, [stop] if moved and stop is not None else []
    if verb == LATE:
        ids = what.activity.changes.get("moved") or []
        return visit, [one for one in visit.appointments if one.id in ids and not one.is_cancelled]
    if verb == CORRECTED:
        ids = [] if _is_corrected_again(what) else what.activity.changes["stops"]
        return visit, [one for one in visit.appointments if one.id in ids and not one.is_cancelled]
    if verb not in CANCELLING:
        return visit, []
    if verb == "absorb":
        gone = db.session.scalar(select(Visit).where(Visit.ref == str(what.activity.changes.get("from", ""))))
        visit = gone or visit
    if stop is not None:
        return visit, [stop]
    return visit, [one for one in visit.appointments if one.is_cancelled and one.changed_at == what.activity.at]


def _is_corrected_again(what: Happening) -> bool:
    """Whether the same place got another name or address once more: that tells it."""
    mine = what.activity
    later = [one for one in what.visit.activities if one.verb == CORRECTED and one.id > mine.id]
    return any(set(one.changes["stops"]) & set(mine.changes["stops"]) for one in later)


def _reads_it(language: str, what: Happening) -> bool:
    """Whether what changed is anything in that language; only names and addresses of places are said in several."""
    words = what.activity.changes.get("place_words") if what.activity.verb == CORRECTED else None
    return words is None or words[language][0] != words[language][1]


def _before(what: Happening, field: str) -> Any:
    """What the field of a moved stop was before; None where it did not change."""
    return (what.activity.changes.get(field) or [None])[0] if what.activity.verb == "move-appointment" else None


def _first_start(stop: Appointment, what: Happening) -> datetime:
    """The start that people may turn up for: the earlier of the old and the new one."""
    before = _before(what, "starts_at")
    if what.activity.verb == LATE:
        return stop.starts_at - timedelta(minutes=int(what.activity.changes.get("minutes", 0)))
    return min(stop.starts_at, datetime.fromisoformat(before)) if before else stop.starts_at


def _scopes_of(stop: Appointment, what: Happening) -> set[Scope]:
    """Every scope whose feeds show the stop, or showed it before the change."""
    place_before = (_before(what, "place") or [None])[0]
    rows = [
        ("host", stop.host_id), ("host", stop.visit.lead_host_id), ("host", _before(what, "host")),
        ("user", stop.contact_id), ("user", stop.visit.lead_user_id), ("user", _before(what, "contact")),
        ("place", stop.place_id), ("place", place_before),
    ]  # fmt: skip
    return {ALL, *subjects_of(stop.visit_id), *((kind, row_id) for kind, row_id in rows if row_id)}


def _not_before(at: datetime, start: datetime) -> datetime:
    return max(at, min(at + PATIENCE, start - AT_LEAST_BEFORE))


def _about(user: User, what: Happening, stops: list[Appointment], scopes: list[Scope]) -> About:
    return {
        "stops": [stop.id for stop in stops],
        "scopes": [list(scope) for scope in scopes],
        "since": what.activity.at.isoformat(),
        "reader": user.id,
        "activity": what.activity.id,
        "place": what.activity.verb == CORRECTED,
    }


def _was_told(about: About) -> bool:
    """Whether another mail about the same event has gone, or goes, to the same person."""
    other = exists().where(
        Notification.activity_id == about["activity"],
        Notification.user_id == about["reader"],
        Notification.kind != KIND,
        Notification.status.in_(("due", "rendered", "gathered", "noted", "sent")),
    )
    return bool(db.session.scalar(select(other)))
