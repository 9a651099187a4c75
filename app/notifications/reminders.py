"""Reminders: derived at each tick from the rules and the present state, under a key that lets each out once.

The key is rule, subject, the subject's moment and recipient: what was moved is reminded of anew, what was cancelled not
at all. How far before the moment a rule reminds is no part of it: whoever changes that reminds nobody twice.
Whether a reminder is still right is asked again when it is sent: by its facts (facts.py) and by its rule (`still_due`).
After an outage the useful ones follow, those whose event has begun are marked `missed`.

A look goes over everything that became due in the last two days, or as a quick one over what became due since the look
before and what something has happened to since: so the queue that an hour of reminders leaves makes no later one late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from app.core.time import venue_date
from app.extensions import db
from app.notifications import invitations
from app.notifications.audiences import people_of
from app.notifications.kinds import KINDS
from app.notifications.models import Notification
from app.notifications.recipients import Recipient
from app.notifications.reminder_moments import ANCHORS, Subject, moved_ids
from app.notifications.reminder_rules import Rule, find_rule, rules_in_force
from app.notifications.reminding_once import give_way, is_overtaken, person_of, told_people
from app.notifications.write import put
from app.visits.models import Visit
from app.visits.programme_models import Appointment

# What people do to a programme that a reminder of it must tell anew, whatever was put back before.
CHANGES = frozenset(
    {"move-appointment", "add-appointment", "remove-appointment", "accept-part", "decline-part", "run-late", "accept"}
)
LOOK_BACK = timedelta(days=2)  # what was missed longer ago is not worth a row


@dataclass(frozen=True, slots=True)
class Reminding:
    """One rule at work: which rows became due since that moment, and what makes the mails of one row.

    Everything until `looked_at` was looked at before; None: nothing was.
    """

    rule: Rule
    since: datetime
    looked_at: datetime | None = None

    def ids(self, *, at: datetime) -> Sequence[int]:
        """The rows whose reminder became due, and those moved so near that it already was; nothing else is touched."""
        anchor, new = ANCHORS[self.rule.anchor], max(self.since, self.looked_at or self.since)
        found = self._became_due(new, at)
        if new > self.since and (span := self.rule.timing.moments_due(since=self.since, at=at)):
            found.update(db.session.scalars(anchor.touched_ids(span, self.rule.verb, since=new)))
        if anchor.settled_ids:
            found.update(db.session.scalars(anchor.settled_ids((new, at + timedelta(seconds=1)))))
        if anchor.moves and self.rule.timing.direction == "before":
            near = moved_ids((new, at + timedelta(seconds=1)), self.rule.anchor == "stop-start")
            found.update(db.session.scalars(near))
        return sorted(found)

    def _became_due(self, since: datetime, at: datetime) -> set[int]:
        span = self.rule.timing.moments_due(since=since, at=at)
        return set(db.session.scalars(ANCHORS[self.rule.anchor].ids(span, self.rule.verb))) if span else set()

    def derive(self, row_id: int, /, *, at: datetime) -> None:
        """The mails of one row that are due and were not made before."""
        for subject in ANCHORS[self.rule.anchor].subjects(row_id):
            due_at = self.rule.timing.due_at(subject.moment)
            if self._is_due(subject, due_at, at):
                _set_changed_free(self.rule, subject)
                told = told_people(self.rule, subject, due_at)
                new = [one for one in people_of(self.rule.audience, subject) if one.key not in told]
                for person in new:
                    _put(self.rule, subject, row_id, person, due_at, at)
                if new:
                    give_way(self.rule, subject, due_at)

    def _is_due(self, subject: Subject, due_at: datetime, at: datetime) -> bool:
        """Due since the last look, moved nearer or settled since; who said yes after it was due knows it anyway."""
        if due_at > at:
            return False
        if subject.settled_at is not None and self.rule.timing.direction == "after":
            return max(due_at, subject.settled_at) > self.since
        if subject.known_since is not None and subject.known_since >= due_at:
            return False
        return due_at > self.since or (self.rule.timing.direction == "before" and subject.moment > at)


def reminders_in_force(
    *, at: datetime, since: datetime | None = None, looked_at: datetime | None = None
) -> list[Reminding]:
    """Every rule that is switched on, looking back two days, or as far as `since` after a longer outage.

    A quick look, at what is new since `looked_at` alone, sees no people who came or left and no rule that was changed.
    """
    start = min(since or at, at - LOOK_BACK)
    return [Reminding(rule, max(start, rule.since or start), looked_at) for rule in rules_in_force()]


def still_due(found: Notification) -> bool:
    """Whether the mail's rule would make it now: on, the same moment and person, no nearer rule; True for others."""
    if "rule" not in found.facts:
        return True
    rule = find_rule(found.facts["rule"])
    if rule is None or rule.kind != found.kind:
        return False
    subject = _find_subject(rule, found.facts)
    if subject is None or rule.timing.due_at(subject.moment).isoformat() != found.facts["due"]:
        return False
    if person_of(found) not in {one.key for one in people_of(rule.audience, subject)}:
        return False
    return not is_overtaken(found, rule, subject)


def has_begun(found: Notification, *, at: datetime) -> bool:
    """Whether what a mail in the city's own words reminds of has begun; the other kinds say so themselves."""
    if KINDS[found.kind].too_late is not None:
        return False
    rule = find_rule(found.facts["rule"]) if "rule" in found.facts else None
    subject = _find_subject(rule, found.facts) if rule else None
    return rule is not None and subject is not None and _is_over(rule, subject, at)


def skip_due(*, at: datetime) -> None:
    """Mark every reminder and invitation due now as told: for sample visits that were just made with a past."""
    before = db.session.scalar(select(func.max(Notification.id))) or 0
    derive_all(at=at)
    with_stops = select(Appointment.visit_id).where(Appointment.ends_at > at).distinct()
    for visit in db.session.scalars(select(Visit).where(Visit.id.in_(with_stops))):
        invitations.take_as_told(visit, at=at)
    made = update(Notification).where(Notification.id > before, Notification.status.in_(("due", "missed")))
    db.session.execute(made.values(status="superseded", next_attempt_at=None))


def derive_all(*, at: datetime, since: datetime | None = None) -> None:
    """Every reminder that is due now, in one transaction."""
    for reminding in reminders_in_force(at=at, since=since):
        for row_id in reminding.ids(at=at):
            reminding.derive(row_id, at=at)


def _find_subject(rule: Rule, facts: dict[str, Any]) -> Subject | None:
    subjects = ANCHORS[rule.anchor].subjects(facts["row"])
    return next((one for one in subjects if one.key == facts["subject"]), None)


def _is_over(rule: Rule, subject: Subject, at: datetime) -> bool:
    return rule.timing.direction == "before" and ANCHORS[rule.anchor].moves and subject.moment <= at


def _set_changed_free(rule: Rule, subject: Subject) -> None:
    """After a backup was put back: a reminder that is held and not true any more makes room for another."""
    held = select(Notification).where(
        Notification.visit_id == subject.visit.id, Notification.activity_id.is_(None), Notification.status == "held"
    )
    for row in db.session.scalars(held):
        is_same = row.facts.get("rule") == rule.slug and row.facts.get("subject") == subject.key
        if is_same and (_is_moved(row, subject) or _state_of(row, subject) != row.facts["state"]):
            row.key, row.status = f"{row.key}~{row.id}", "superseded"
    db.session.flush()


def _is_moved(row: Notification, subject: Subject) -> bool:
    """Within its day too, which a mail that counts in days does not ask: it speaks of the hour all the same."""
    return bool(row.facts.get("moment", subject.moment.isoformat()) != subject.moment.isoformat())


def _state_of(row: Notification, subject: Subject) -> dict[str, Any] | None:
    return KINDS[row.kind].still(subject.visit, subject.about)


def _put(rule: Rule, subject: Subject, row_id: int, person: Recipient, due_at: datetime, at: datetime) -> None:
    moment = subject.moment
    key = f"{rule.slug}:{subject.key}:{venue_date(moment) if rule.timing.is_by_day else f'{moment:%Y%m%d%H%M}'}"
    source = {
        "rule": rule.slug, "row": row_id, "subject": subject.key, "due": due_at.isoformat(),
        "moment": moment.isoformat(),
    }  # fmt: skip
    put(
        rule.kind, person, visit=subject.visit, key=key, about=subject.about, due_at=due_at, at=at, source=source,
        cause_at=_cause_at(rule, subject, due_at), is_over=_is_over(rule, subject, at),
    )  # fmt: skip


def _cause_at(rule: Rule, subject: Subject, due_at: datetime) -> datetime:
    """When it was bound to be told: its due moment, later where people have changed the programme since."""
    moved = [one.at for one in subject.visit.activities if one.verb in CHANGES and one.actor != "system"]
    bound = rule.timing.due_at(subject.bound_at) if subject.bound_at else due_at
    return max(bound, *moved) if moved and ANCHORS[rule.anchor].moves else bound
