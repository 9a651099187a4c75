"""What a line of the catalogue says about one visit to which it has happened, as it would be now; nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, select

from app.extensions import db
from app.notifications.catalogue import RULES
from app.notifications.event_lines import Line, find_line
from app.notifications.events import find_row
from app.notifications.happening import Happening, Tell
from app.notifications.models import Notification
from app.notifications.recipients import Recipient
from app.notifications.render import Rendered
from app.notifications.samples import MOST, put_samples, shown
from app.people.models import User
from app.visits.models import Activity, Visit
from app.visits.queries import seen_by
from app.visits.rules import may_see_visit

MOST_VISITS = 10


@dataclass(frozen=True, slots=True)
class EventPreview:
    """One mail of a line about one visit."""

    mail: Rendered
    happened_at: datetime
    people: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """One time that it happened, and everybody who is told the same."""

    activity: Activity
    tells: tuple[Tell, ...]


def visits_with(line: Line, user: User) -> Sequence[Row[str, str]]:
    """Reference and organisation of the visits to which it happened last, of those that this person may see."""
    latest = func.max(Activity.id)
    query = select(Visit.ref, Visit.organisation).join(Activity).where(Activity.verb == line.verb, seen_by(user))
    return db.session.execute(query.group_by(Visit.id).order_by(latest.desc()).limit(MOST_VISITS)).all()


def event_previews(line: Line, visit: Visit, language: str, *, by: User) -> list[EventPreview]:
    """The mails in that language, at most three, the latest first; none where it has nothing to say about it now."""
    return [
        EventPreview(_mail(line, case, language), case.activity.at, tuple(tell.recipient for tell in case.tells))
        for case in _cases(line, visit, by)
    ]


def send_event_samples(line: Line, visit: Visit, language: str, *, to: User, at: datetime) -> int:
    """Put every mail that the preview shows into the outbox, for this person only; how many those are."""
    count = len(_cases(line, visit, to))
    put_samples(f"{line.verb}.{line.kind}", {"event": [line.verb, line.kind]}, count, visit, language, to=to, at=at)
    return count


def event_mails(found: Notification) -> list[Rendered]:
    """The mails of which a sample is one, as the line and the visit are now."""
    line, visit = find_line(*found.facts["event"]), db.session.get(Visit, found.facts["visit"])
    if line is None or visit is None or found.user is None:
        return []
    return [_mail(line, case, found.language) for case in _cases(line, visit, found.user)]


def _cases(line: Line, visit: Visit, by: User) -> list[_Case]:
    """The last times that it happened, one for each thing that a mail is about."""
    found: list[_Case] = []
    for activity in sorted(visit.activities, key=lambda one: one.id, reverse=True):
        if activity.verb == line.verb:
            found += _cases_of(line, activity, by)
        if len(found) >= MOST:
            break
    return found[:MOST]


def _cases_of(line: Line, activity: Activity, by: User) -> list[_Case]:
    same: dict[str, list[Tell]] = {}
    for tell in RULES[line.verb](Happening(activity)):
        is_seen = tell.visit.id == activity.visit_id or may_see_visit(by, tell.visit)
        if tell.kind == line.kind and is_seen:
            same.setdefault(str(tell.about), []).append(tell)
    return [_Case(activity, tuple(tells)) for tells in same.values()]


def _mail(line: Line, case: _Case, language: str) -> Rendered:
    """As it goes to the first who is told."""
    first, row = case.tells[0], find_row(line)
    return shown(
        line.kind, first.visit, first.recipient.user, language, words=row.words if row else {}, about=first.about,
        due_at=case.activity.at, activity_id=case.activity.id,
    )  # fmt: skip
