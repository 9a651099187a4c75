"""The outbox: claims a due mail, compares its facts with the present, renders it, and records how sending went.

At least once: only a crash between the server's answer and `record` can repeat a mail, with the same Message-ID.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import ColumnElement, and_, or_, select, update

from app.core.dates import LOCALES
from app.core.languages import known_language
from app.core.text import clean_line
from app.core.tokens import seal, unseal
from app.extensions import db
from app.notifications.calendar_part import brings_words, part_for
from app.notifications.context import Matter, values_for
from app.notifications.invitations import settle
from app.notifications.kinds import KINDS, SECRET_PAGES
from app.notifications.links import secret_link
from app.notifications.message import Letter, new_message_id
from app.notifications.models import Notification
from app.notifications.post import Result
from app.notifications.reminders import still_due
from app.notifications.render import render, with_link
from app.notifications.write import is_too_late
from app.people.models import User
from app.strategy.settings import city_rules
from app.visits.models import Activity, Visit
from app.visits.rules import may_see_visit

WAITING = ("due", "rendered")
CLAIM = timedelta(minutes=5)  # longer than one mail can take
# After a 4xx: 12 attempts in all, over almost 26 hours. Source: acceptance row RM-5
DELAYS_MINUTES = (1, 2, 5, 15, 30, 60, 120, 240, 360, 360, 360)
AWAY_MINUTES = (1, 2, 5)  # the server is away, nothing is wrong with the mail: it follows soon after the return
LEAST_ATTEMPTS, LEAST_TIME = 8, timedelta(hours=25)


def _is_due(at: datetime) -> ColumnElement[bool]:
    free = or_(Notification.claimed_until.is_(None), Notification.claimed_until <= at)
    return and_(Notification.status.in_(WAITING), Notification.next_attempt_at <= at, free)


def due_ids(*, at: datetime, limit: int = 200) -> Sequence[int]:
    """The mails that wait to be sent now, the longest waiting first."""
    query = select(Notification.id).where(_is_due(at)).order_by(Notification.next_attempt_at, Notification.id)
    return db.session.scalars(query.limit(limit)).all()


def take(notification_id: int, *, at: datetime) -> Letter | None:
    """Claim one due mail and make it ready; None when another sender has it, or when it is not to be sent any more."""
    query = select(Notification).where(Notification.id == notification_id, _is_due(at))
    found = db.session.scalar(query.with_for_update(skip_locked=True, of=Notification))
    if found is None or _dropped(found, at):
        return None
    found.claimed_until = at + CLAIM
    found.attempts += 1
    return _letter(found, at)


def record(notification_id: int, result: Result, *, at: datetime) -> None:
    """Write down how handing over went; a mail that is done for keeps no secret."""
    found = db.session.get_one(Notification, notification_id)
    found.claimed_until, found.error = None, clean_line(result.error)[:300]
    if result.outcome == "sent":
        found.sent_at = at
        settle(found.carries, address=found.address, method=found.calendar_method)
        _finish(found, "sent")
    elif result.outcome == "refused" or _has_given_up(found, at):
        _finish(found, "failed")
    else:
        delays = AWAY_MINUTES if result.outcome == "away" else DELAYS_MINUTES
        minutes = delays[min(found.attempts, len(delays)) - 1]
        found.next_attempt_at = at + timedelta(minutes=minutes)


def give_up(notification_id: int, *, at: datetime) -> None:
    """A mail that cannot even be made (an address that is none): failed, for a coordinator to see."""
    found = db.session.get_one(Notification, notification_id)
    if found.status in WAITING:
        found.error = "could not be made"
        _finish(found, "failed")


def send_again(found: Notification, *, at: datetime) -> None:
    """A coordinator asks for a failed mail to be tried anew; its facts are looked at again."""
    if found.status != "failed":
        return
    found.status, found.attempts, found.error = "due", 0, ""
    found.due_at = found.next_attempt_at = at


def hold_waiting() -> int:
    """After a backup was put back: nothing that waits is sent before a person releases it; returns how many wait."""
    waiting = update(Notification).where(Notification.status.in_(WAITING), Notification.next_attempt_at.is_not(None))
    held = db.session.execute(waiting.values(status="held", claimed_until=None, next_attempt_at=None))
    return int(held.rowcount)  # type: ignore[attr-defined]


def release(found: Notification, *, at: datetime) -> None:
    """A coordinator lets a held mail go; its facts are looked at again before it is sent."""
    if found.status == "held":
        found.status, found.next_attempt_at = "due", at


def drop_held(found: Notification) -> None:
    """A coordinator knows that a held mail was sent before the backup was put back."""
    if found.status == "held":
        _finish(found, "dropped")


def _has_given_up(found: Notification, at: datetime) -> bool:
    return found.attempts >= LEAST_ATTEMPTS and at - found.due_at >= LEAST_TIME


def _finish(found: Notification, status: str) -> None:
    found.status, found.sealed_link, found.claimed_until, found.next_attempt_at = status, None, None, None
    found.calendar = ""  # it holds the secret address for answers


def _dropped(found: Notification, at: datetime) -> bool:
    """Compare with the present: what is not true any more, not theirs any more or too late is not sent."""
    visit, about = found.visit, found.facts.get("about", {})
    if found.user is not None and _lost_sight(found.user, visit, found.kind):
        _supersede(found)
    elif visit is not None and is_too_late(found.kind, visit, about, at):
        _finish(found, "missed")
    elif visit is not None and (_has_changed(found) or not still_due(found)):
        _supersede(found)
    else:
        return False
    return True


def _lost_sight(user: User, visit: Visit | None, kind: str) -> bool:
    """Left the organisation, or may not open what the mail leads to any more."""
    if not user.is_active:
        return True
    return visit is not None and bool(KINDS[kind].page) and not may_see_visit(user, visit)


def _has_changed(found: Notification) -> bool:
    assert found.visit is not None
    state = KINDS[found.kind].still(found.visit, found.facts.get("about", {}))
    return state is None or state != found.facts.get("state")


def _supersede(found: Notification) -> None:
    """Not true any more; the key is set free, so that what is true instead can be derived."""
    found.key = f"{found.key}~{found.id}"
    _finish(found, "superseded")


def _letter(found: Notification, at: datetime) -> Letter:
    data_key = str(current_app.config["DATA_KEY"])
    link = unseal(found.sealed_link, data_key) if found.sealed_link else ""
    if found.status == "due" or link is None or _calendar_changed(found):
        link = _render(found, at)
    return Letter(
        id=found.id,
        kind=found.kind,
        sender=str(current_app.config["MAIL_FROM"]),
        address=found.address,
        reply_to=city_rules().contact_email,
        language=found.language,
        subject=found.subject,
        text=with_link(found.text, link or ""),
        message_id=found.message_id,
        dated=found.created_at,
        calendar=found.calendar.encode(),
        method=found.calendar_method,
    )


def _calendar_changed(found: Notification) -> bool:
    """Whether a mail that could not leave yet would bring a calendar what is not true any more, or too little."""
    if not KINDS[found.kind].brings_calendar:
        return False
    return part_for(found).carries != found.carries


def _render(found: Notification, at: datetime) -> str:
    """Fix subject, text, address and Message-ID, mint the link; returns it: only its sealed form is kept."""
    _readdress(found)
    part = part_for(found)
    with force_locale(LOCALES[found.language]):
        values = {**_values(found), "brings": brings_words(part, found.language)}
        made = render(found.kind, values, language=found.language)
    if found.calendar != part.text:  # other bytes are another mail
        found.message_id = ""
    found.calendar, found.calendar_method, found.carries = part.text, part.method, part.carries
    link = secret_link(found, at=at) if KINDS[found.kind].page in SECRET_PAGES else ""
    found.subject, found.text, found.status = made.subject, made.text, "rendered"
    found.sealed_link = seal(link, str(current_app.config["DATA_KEY"])) if link else None
    found.message_id = found.message_id or new_message_id(uuid.uuid4().hex, str(current_app.config["BASE_URL"]))
    db.session.flush()
    return link


def _readdress(found: Notification) -> None:
    """To where the person is reached now, in the language chosen now."""
    if found.user is not None:
        found.address, found.language = found.user.email, known_language(found.user.language)
    elif found.visit is not None:
        found.address = found.visit.contact_email or found.address
        found.language = known_language(found.visit.language)


def _values(found: Notification) -> dict[str, object]:
    city = city_rules().city_name
    values: dict[str, object] = {"city": city, "reader": _reader(found), "kind": found.kind}
    if found.visit is not None:
        activity = db.session.get(Activity, found.activity_id) if found.activity_id else None
        about = found.facts.get("about", {})
        matter = Matter(found.visit, about, found.language, city, activity, found.user_id is None, found.user_id)
        values |= values_for(matter)
    return values


def _reader(found: Notification) -> str:
    if found.user is not None:
        return found.user.name
    return found.visit.contact_name if found.visit is not None else ""
