"""What a rule would send about one visit: words, moment and people, as they would be now; nothing is sent or kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.text import clean_text
from app.extensions import db
from app.notifications.audiences import people_of
from app.notifications.context import Matter, values_for
from app.notifications.models import Notification
from app.notifications.own_words import worded
from app.notifications.parts import as_text, blocks_of
from app.notifications.recipients import Recipient
from app.notifications.reminder_models import ReminderRule
from app.notifications.reminder_moments import ANCHORS, Subject
from app.notifications.reminder_rules import Rule, as_rule, is_for_visitor
from app.notifications.render import render_section
from app.people.models import User
from app.strategy.settings import city_rules
from app.visits.models import Visit

SAMPLE = "sample"
MOST = 3  # days or stops of one visit


@dataclass(frozen=True, slots=True)
class Preview:
    """One mail of a rule about one visit."""

    subject: str
    text: str
    due_at: datetime
    people: tuple[Recipient, ...]


def previews(rule: Rule, visit: Visit, language: str) -> list[Preview]:
    """The mails in that language, at most three; none where the rule has nothing to say about this visit now."""
    found = []
    for subject in list(_subjects(rule, visit))[:MOST]:
        section = _section(rule, subject, language)
        people = tuple(people_of(rule.audience, subject))
        text = clean_text(as_text(blocks_of(section["body"])))
        found.append(Preview(section["subject"], text, rule.timing.due_at(subject.moment), people))
    return found


def send_sample(row: ReminderRule, visit: Visit, language: str, *, to: User, at: datetime) -> Notification | None:
    """Put what the rule would say into the outbox, for this person only; None where it has nothing to say."""
    if not previews(as_rule(row), visit, language):
        return None
    facts = {"about": {}, "state": {}, "urgent": True, "rule_id": row.id, "visit": visit.id, "language": language}
    made = Notification(
        key=f"sample:{row.id}.{visit.id}.{language}:u{to.id}:{at:%Y%m%d%H%M%S%f}", kind=SAMPLE, user_id=to.id,
        address=to.email, language=to.language, facts=facts, due_at=at, next_attempt_at=at, created_at=at,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def sample_sections(found: Notification) -> list[dict[str, Any]]:
    """The parts of a sample mail, as the rule and the visit are now."""
    row = db.session.get(ReminderRule, found.facts["rule_id"])
    visit = db.session.get(Visit, found.facts["visit"])
    if row is None or visit is None:
        return []
    rule = as_rule(row)
    return [_section(rule, subject, found.facts["language"]) for subject in list(_subjects(rule, visit))[:MOST]]


def _section(rule: Rule, subject: Subject, language: str) -> dict[str, Any]:
    city = city_rules().city_name
    to_visitor = is_for_visitor(rule.kind)
    people = people_of(rule.audience, subject)
    reader = people[0].user.name if people and people[0].user else subject.visit.contact_name
    due_at = rule.timing.due_at(subject.moment)
    matter = Matter(subject.visit, subject.about, language, city, None, to_visitor, due_at=due_at)
    values = {"city": city, "reader": reader, "kind": rule.kind, **values_for(matter), "replies_read": False}
    kind, values = worded(rule.words, rule.kind, values, language)
    return render_section(kind, values, language=language)


def _subjects(rule: Rule, visit: Visit) -> Iterator[Subject]:
    for row_id in _row_ids(rule, visit):
        yield from ANCHORS[rule.anchor].subjects(row_id)


def _row_ids(rule: Rule, visit: Visit) -> list[int]:
    """The rows of this visit that the rule's anchor looks at."""
    if rule.anchor in ("stop-start", "stop-end"):
        return [stop.id for stop in visit.appointments]
    if rule.anchor == "offer-due":
        return [offer.id for offer in visit.offers]
    if rule.anchor == "follow-up-due":
        return [one.id for one in visit.follow_ups]
    if rule.anchor in ("activity", "report-due"):
        verb = rule.verb if rule.anchor == "activity" else "complete"
        return [activity.id for activity in visit.activities if activity.verb == verb]
    return [visit.id]
