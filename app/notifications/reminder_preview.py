"""What a rule would send about one visit: the whole mail, its moment and people, as they would be now.

It is made by the function that makes what is really sent. Where that would mint a secret link, a sample leads to the
visit's page for staff; nothing is kept but the sample that somebody asks to be sent to themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from app.extensions import db
from app.notifications.audiences import people_of
from app.notifications.making import made
from app.notifications.models import Notification
from app.notifications.recipients import Recipient
from app.notifications.reminder_models import ReminderRule
from app.notifications.reminder_moments import ANCHORS, Subject
from app.notifications.reminder_rules import Rule, as_rule
from app.notifications.render import Rendered, page_with_link, with_link
from app.people.models import User
from app.visits.models import Visit

SAMPLE = "sample"
MOST = 3  # days or stops of one visit


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


def send_samples(row: ReminderRule, visit: Visit, language: str, *, to: User, at: datetime) -> int:
    """Put every mail that the preview shows into the outbox, for this person only; how many those are."""
    found = previews(as_rule(row), visit, language)
    for number in range(len(found)):
        facts = {
            "about": {}, "state": {}, "urgent": True, "rule_id": row.id, "visit": visit.id, "language": language,
            "number": number,
        }  # fmt: skip
        made = Notification(
            key=f"sample:{row.id}.{visit.id}.{language}.{number}:u{to.id}:{at:%Y%m%d%H%M%S%f}", kind=SAMPLE,
            user_id=to.id, address=to.email, language=language, facts=facts, due_at=at, next_attempt_at=at,
            created_at=at,
        )  # fmt: skip
        db.session.add(made)
    db.session.flush()
    return len(found)


def sample_of(found: Notification) -> Rendered:
    """The mail as the rule and the visit are now, with a word before its subject; else that there is nothing to say."""
    row, visit = db.session.get(ReminderRule, found.facts["rule_id"]), db.session.get(Visit, found.facts["visit"])
    mails = previews(as_rule(row), visit, found.language) if row is not None and visit is not None else []
    if len(mails) <= found.facts["number"]:
        return made(found)
    mail = mails[found.facts["number"]].mail
    return replace(mail, subject=_("Sample: %(subject)s", subject=mail.subject))


def _mail(rule: Rule, subject: Subject, language: str) -> Rendered:
    """A row that is never stored, made into a mail for the first of its people."""
    first = next(iter(people_of(rule.audience, subject)), None)
    user = first.user if first else None
    row = Notification(
        kind=rule.kind, visit=subject.visit, user=user, user_id=user.id if user else None, language=language,
        facts={"about": subject.about}, due_at=rule.timing.due_at(subject.moment),
    )  # fmt: skip
    mail, link = made(row, words=rule.words), f"{current_app.config['BASE_URL']}/visits/{subject.visit.ref}"
    blocks = tuple(replace(one, lines=tuple(with_link(line, link) for line in one.lines)) for one in mail.blocks)
    return replace(mail, text=with_link(mail.text, link), html=page_with_link(mail.html, link), blocks=blocks)


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
