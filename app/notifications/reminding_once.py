"""Who was reminded of a thing already: a date is told once by one rule, and a thing once by the rule that is nearest.

After an outage, rules of several distances are due in the same moment. They say the same thing where the mail is of one
kind and about one event, on whichever words each rule has; words of the city's own, in the kinds that have no others,
are the same thing only where they are the same. The last to become due says it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select

from app.core.time import venue_date
from app.extensions import db
from app.notifications.models import Notification
from app.notifications.reminder_moments import Subject
from app.notifications.reminder_rules import OWN_WORDS, Rule, find_rule


def told_people(rule: Rule, subject: Subject, due_at: datetime) -> set[str]:
    """Who needs no mail: this rule told them of the same date, or another told them the same."""
    return {person_of(row) for row in _found(_reminders(subject)) if _is_told(row, rule, subject, due_at)}


def is_overtaken(found: Notification, rule: Rule, subject: Subject) -> bool:
    """Whether a nearer rule tells the same person the same thing, or has told it."""
    later = _found(_reminders(subject).where(Notification.kind == rule.kind, Notification.due_at > found.due_at))
    return any(person_of(row) == person_of(found) and _is_nearer(row, rule, subject, found.due_at) for row in later)


def give_way(rule: Rule, subject: Subject, due_at: datetime) -> None:
    """Of what is due of this rule now: the mails of farther rules to the same people, where nobody has tried them."""
    query = _reminders(subject).where(
        Notification.kind == rule.kind, Notification.due_at < due_at, Notification.status == "due",
        Notification.attempts == 0, Notification.claim == 0,
    )  # fmt: skip
    rows = db.session.scalars(query.with_for_update(skip_locked=True, of=Notification)).all()
    farther = [row for row in rows if "rule" in row.facts and _says_the_same(row, rule, subject)]
    told = told_people(rule, subject, due_at) if farther else set()
    for row in farther:
        if person_of(row) in told:
            row.key, row.status = f"{row.key}~{row.id}", "superseded"
            row.next_attempt_at = row.claimed_until = None
    db.session.flush()


def person_of(row: Notification) -> str:
    """The key of whoever gets it."""
    return f"u{row.user_id}" if row.user_id is not None else "visitor"


def _reminders(subject: Subject) -> Select[Notification]:
    return select(Notification).where(
        Notification.visit_id == subject.visit.id, Notification.activity_id.is_(None),
        Notification.status != "superseded",
    )  # fmt: skip


def _found(query: Select[Notification]) -> list[Notification]:
    return [row for row in db.session.scalars(query) if "rule" in row.facts]


def _is_told(row: Notification, rule: Rule, subject: Subject, due_at: datetime) -> bool:
    if row.facts["rule"] == rule.slug and "moment" in row.facts:
        return _is_of(row, rule, subject) and bool(row.facts["subject"] == subject.key)
    if _is_nearer(row, rule, subject, due_at):
        return True
    if row.kind != rule.kind or row.due_at != due_at or row.facts.get("about") != subject.about:
        return False
    return _has_words_of(row, rule)


def _is_nearer(row: Notification, rule: Rule, subject: Subject, due_at: datetime) -> bool:
    """Whether this is another rule's mail, due later, that says the same thing about the same event."""
    if row.due_at <= due_at or not _says_the_same(row, rule, subject):
        return False
    return row.status == "sent" or find_rule(row.facts["rule"]) is not None  # else it will not be sent


def _says_the_same(row: Notification, rule: Rule, subject: Subject) -> bool:
    if row.facts["rule"] == rule.slug or row.kind != rule.kind:
        return False
    is_same = row.facts.get("about") == subject.about and (subject.about or row.facts["subject"] == subject.key)
    return bool(is_same) and _is_of(row, rule, subject) and (rule.kind not in OWN_WORDS or _has_words_of(row, rule))


def _is_of(row: Notification, rule: Rule, subject: Subject) -> bool:
    """Whether it counted from the same moment; from the same day, where the rule counts in days."""
    then = datetime.fromisoformat(row.facts["moment"])
    return then == subject.moment or (rule.timing.is_by_day and venue_date(then) == venue_date(subject.moment))


def _has_words_of(row: Notification, rule: Rule) -> bool:
    other = find_rule(row.facts["rule"]) if row.facts["rule"] != rule.slug else rule
    return other is not None and other.words == rule.words
