"""What a rule would send about one visit: the whole mail, its moment and people, as they would be now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.extensions import db
from app.notifications.audiences import people_of
from app.notifications.models import Notification
from app.notifications.recipients import Recipient
from app.notifications.reminder_models import ReminderRule
from app.notifications.reminder_moments import ANCHORS, Subject
from app.notifications.reminder_rules import Rule, as_rule
from app.notifications.render import Rendered
from app.notifications.samples import MOST, put_samples, shown
from app.people.models import User
from app.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Preview:
    """One mail of a rule about one visit."""

    mail: Rendered
    due_at: datetime
    people: tuple[Recipient, ...]


def previews(rule: Rule, visit: Visit, language: str) -> list[Preview]:
    """The mails in that language, at most three; none where the rule has nothing to say about this visit now."""
    return [
        Preview(_mail(rule, one, language), rule.timing.due_at(one.moment), tuple(people_of(rule.audience, one)))
        for one in list(_subjects(rule, visit))[:MOST]
    ]


def first_ref(rule: Rule, visits: Sequence[Visit]) -> str:
    """Of these visits the first that the rule has something to say about, else the first; empty without any."""
    spoken_of = (visit for visit in visits if next(_subjects(rule, visit), None) is not None)
    found = next(spoken_of, None) or next(iter(visits), None)
    return found.ref if found is not None else ""


def send_samples(row: ReminderRule, visit: Visit, language: str, *, to: User, at: datetime) -> int:
    """Put every mail that the preview shows into the outbox, for this person only; how many those are."""
    count = len(previews(as_rule(row), visit, language))
    put_samples(str(row.id), {"rule_id": row.id}, count, visit, language, to=to, at=at)
    return count


def rule_mails(found: Notification) -> list[Rendered]:
    """The mails of which a sample is one, as the rule and the visit are now."""
    row, visit = db.session.get(ReminderRule, found.facts["rule_id"]), db.session.get(Visit, found.facts["visit"])
    if row is None or visit is None:
        return []
    return [one.mail for one in previews(as_rule(row), visit, found.language)]


def _mail(rule: Rule, subject: Subject, language: str) -> Rendered:
    """As it goes to the first of its people."""
    first = next(iter(people_of(rule.audience, subject)), None)
    return shown(
        rule.kind, subject.visit, first.user if first else None, language, words=rule.words, about=subject.about,
        due_at=rule.timing.due_at(subject.moment),
    )  # fmt: skip


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
