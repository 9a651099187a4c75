"""What a line of the catalogue says about one visit to which it has happened, as it would be now; nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from app.core.text import clean_text
from app.extensions import db
from app.notifications.catalogue import RULES
from app.notifications.context import Matter, values_for
from app.notifications.event_lines import Line, find_line
from app.notifications.events import find_row
from app.notifications.happening import Happening, Tell
from app.notifications.models import Notification
from app.notifications.own_words import worded
from app.notifications.parts import as_text, blocks_of
from app.notifications.recipients import Recipient
from app.notifications.reminder_preview import SAMPLE
from app.notifications.render import render_section
from app.people.models import User
from app.strategy.settings import city_rules
from app.visits.models import Activity, Visit
from app.visits.queries import seen_by
from app.visits.rules import may_see_visit

MOST = 3  # times that it happened to one visit
MOST_VISITS = 5


@dataclass(frozen=True, slots=True)
class EventPreview:
    """One mail of a line about one visit."""

    subject: str
    text: str
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
    found = []
    for case in _cases(line, visit, by):
        section = _section(line, case, language)
        people = tuple(tell.recipient for tell in case.tells)
        text = clean_text(as_text(blocks_of(section["body"])))
        found.append(EventPreview(section["subject"], text, case.activity.at, people))
    return found


def send_event_sample(line: Line, visit: Visit, language: str, *, to: User, at: datetime) -> Notification | None:
    """Put what it says into the outbox, for this person only; None where it has nothing to say."""
    if not _cases(line, visit, to):
        return None
    name = [line.verb, line.kind]
    facts = {"about": {}, "state": {}, "urgent": True, "event": name, "visit": visit.id, "language": language}
    made = Notification(
        key=f"sample:{line.verb}.{line.kind}.{visit.id}.{language}:u{to.id}:{at:%Y%m%d%H%M%S%f}", kind=SAMPLE,
        user_id=to.id, address=to.email, language=to.language, facts=facts, due_at=at, next_attempt_at=at,
        created_at=at,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def event_sections(found: Notification) -> list[dict[str, Any]]:
    """The parts of a sample mail, as the line and the visit are now."""
    line, visit = find_line(*found.facts["event"]), db.session.get(Visit, found.facts["visit"])
    if line is None or visit is None or found.user is None:
        return []
    return [_section(line, case, found.facts["language"]) for case in _cases(line, visit, found.user)]


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


def _section(line: Line, case: _Case, language: str) -> dict[str, Any]:
    city, first = city_rules().city_name, case.tells[0]
    user = first.recipient.user
    matter = Matter(first.visit, first.about, language, city, case.activity, line.to_visitor, user.id if user else None)
    reader = user.name if user else first.visit.contact_name
    values = {"city": city, "reader": reader, "kind": line.kind, **values_for(matter), "replies_read": False}
    row = find_row(line)
    kind, values = worded(row.words if row else {}, line.kind, values, language)
    return render_section(kind, values, language=language)
