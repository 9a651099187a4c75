"""The outbox: claims a due mail, compares its facts with the present, and records how sending went.

At least once: only a crash between the server's answer and `record` can repeat a mail, with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from app.core.text import clean_line
from app.extensions import db
from app.notifications.claims import DONE, MOST_LOST, WAITING, claim, claim_some, find_held, is_held, mark_sent
from app.notifications.digests import gather_again, parts_of, settle_parts
from app.notifications.failures import take_back, tell_coordinators
from app.notifications.groups import DIGESTS
from app.notifications.headers import Before, mails_before
from app.notifications.invitations import settle
from app.notifications.kinds import KINDS
from app.notifications.letters import letter_of
from app.notifications.message import Letter
from app.notifications.models import Notification
from app.notifications.post import Result
from app.notifications.reminders import has_begun, still_due
from app.notifications.sight import is_kept_from
from app.notifications.together import bring_facts
from app.notifications.trying_again import put_off
from app.notifications.write import is_too_late
from app.strategy.settings import same_rules


def take(notification_id: int, *, at: datetime) -> Letter | None:
    """Claim one due mail and make it ready; None when another sender has it, or when it is not to be sent any more."""
    return next((letter for _id, letter in take_some([notification_id], most=1, at=at)), None)


def take_some(ids: Sequence[int], *, most: int, at: datetime) -> list[tuple[int, Letter | None]]:
    """Claim up to so many of these due mails and make them ready: claimed, looked up and written together.

    What was claimed and is not to be sent any more has no letter; what other senders have is left out.
    """
    found = claim_some(ids, most=most, at=at)
    facts = bring_facts(found)
    with same_rules():
        left = [one for one in found if not _dropped(one, at) and not _is_poison(one, at)]
        with db.session.no_autoflush:  # everything that is fixed now is written at once
            before = mails_before(left)
            letters = {one.id: _made_ready(one, before, at) for one in left}
    db.session.flush()
    del facts  # looked up until now
    return [(one.id, letters.get(one.id)) for one in found]


def _made_ready(found: Notification, before: Before, at: datetime) -> Letter:
    found.first_tried_at = found.first_tried_at if found.attempts else at
    found.attempts += 1
    return letter_of(found, before=before, at=at)


def may_go(letter: Letter, *, at: datetime) -> bool:
    """Whether the sender that took this letter may hand it over now: nobody has taken it over, its claim goes on."""
    return is_held(letter.id, letter.claim, at=at)


def record(letter: Letter, result: Result, *, at: datetime) -> bool:
    """Write down how handing over went; a mail that is done for keeps no secret.

    False, and nothing is changed, where another sender has taken the mail over since.
    """
    if result.outcome == "sent" and not letter.calendar and letter.kind not in DIGESTS:
        return mark_sent(letter.id, letter.claim, at=at)
    found = find_held(letter.id, letter.claim)
    if found is None:
        return False
    found.claimed_until, found.lost_claims, found.error = None, 0, clean_line(result.error)[:300]
    if result.outcome == "sent":
        found.sent_at = at
        settle(found.carries, address=found.address, method=found.calendar_method)
        _finish(found, "sent")
    elif result.outcome == "refused" or not put_off(found, is_away=result.outcome == "away", at=at):
        _fail(found, at=at)
    return True


def give_back(letter: Letter) -> None:
    """A mail that was made ready and not tried: the next sender takes it at once."""
    found = find_held(letter.id, letter.claim)
    if found is not None:
        found.claimed_until = None
        found.attempts -= 1


def park(letter: Letter, *, at: datetime) -> None:
    """A mail that cannot be put together (an address that is none): failed, for a coordinator to see."""
    found = find_held(letter.id, letter.claim)
    if found is not None:
        _fail(found, at=at, why="could not be made")


def give_up(notification_id: int, *, at: datetime) -> None:
    """A mail whose words cannot be made: failed, for a coordinator to see."""
    found = claim(notification_id, at=at)
    if found is not None:
        found.attempts += 1
        _fail(found, at=at, why="could not be made")


def _fail(found: Notification, *, at: datetime, why: str = "") -> None:
    """Given up; coordinators find a notice of it at once."""
    found.error = why or found.error
    _finish(found, "failed")
    tell_coordinators(found, at=at)


def _is_poison(found: Notification, at: datetime) -> bool:
    """Sender after sender ended with this mail in hand: it is put aside, so that the others go on."""
    if found.lost_claims < MOST_LOST:
        return False
    _fail(found, at=at, why="senders ended while sending it")
    return True


def send_again(found: Notification, *, at: datetime) -> None:
    """A coordinator asks for a failed mail to be tried anew; its facts are looked at again."""
    if found.status != "failed":
        return
    found.status, found.attempts, found.away_tries, found.lost_claims, found.error = "due", 0, 0, 0, ""
    found.due_at = found.next_attempt_at = at
    gather_again(found)
    take_back(found)


def hold_waiting() -> int:
    """After a backup was put back: nothing that waits is sent before a person releases it; returns how many wait.

    What is held for the same reason already is counted with it.
    """
    waiting = update(Notification).where(Notification.status.in_(WAITING), Notification.next_attempt_at.is_not(None))
    nobody_has_it = {"claimed_until": None, "claim": Notification.claim + 1}
    db.session.execute(waiting.values(status="held", next_attempt_at=None, **nobody_has_it))
    return db.session.scalar(select(func.count()).where(Notification.status == "held")) or 0


def drop_sign_in_links() -> None:
    """After a backup was put back: whoever waited for a link asks for a new one, which goes at once."""
    old = update(Notification).where(Notification.status.in_(WAITING), Notification.kind == "sign-in")
    db.session.execute(old.values(status="dropped", claim=Notification.claim + 1, **DONE))


def release(found: Notification, *, at: datetime) -> None:
    """A coordinator lets a held mail go; its facts are looked at again before it is sent."""
    if found.status == "held":
        found.status, found.next_attempt_at = "due", at


def cancel(found: Notification, *, at: datetime) -> bool:
    """A coordinator does not want a waiting mail sent; False where a sender has it in hand, or it waits no more."""
    digest = db.session.get(Notification, found.part_of_id) if found.part_of_id else None
    if found.status not in (*WAITING, "gathered") or _is_in_hand(found, at) or (digest and _is_in_hand(digest, at)):
        return False
    if digest is not None and digest.status in WAITING:  # its words are made anew, without this part
        digest.status, digest.message_id, digest.claim = "due", "", digest.claim + 1
    found.claim += 1  # a sender that was paused with it sends nothing when it wakes
    _finish(found, "dropped")
    return True


def _is_in_hand(found: Notification, at: datetime) -> bool:
    return found.claim != 0 and found.claimed_until is not None and found.claimed_until > at


def drop_held(found: Notification) -> None:
    """A coordinator knows that a held mail was sent before the backup was put back."""
    if found.status == "held":
        _finish(found, "dropped")


def _finish(found: Notification, status: str) -> None:
    found.status = status
    for name, value in DONE.items():
        setattr(found, name, value)
    settle_parts(found, status, at=found.sent_at)


def _dropped(found: Notification, at: datetime) -> bool:
    """Compare with the present: what is not true any more, not theirs any more or too late is not sent."""
    if found.kind in DIGESTS:
        return _has_nothing_left(found, at)
    visit, about = found.visit, found.facts.get("about", {})
    if found.user is not None and is_kept_from(found.user, visit, found.kind):
        _supersede(found)
    elif visit is not None and (is_too_late(found.kind, visit, about, at) or has_begun(found, at=at)):
        _finish(found, "missed")
    elif visit is not None and (_has_changed(found) or not still_due(found)):
        _supersede(found)
    else:
        return False
    return True


def _has_nothing_left(digest: Notification, at: datetime) -> bool:
    """Each part is compared for itself; what drops out makes the digest another mail, in other words."""
    parts = parts_of(digest)
    left = [part for part in parts if not _dropped(part, at)]
    if len(left) < len(parts):
        digest.status, digest.message_id = "due", ""
    if not left:
        _supersede(digest)
    db.session.flush()
    return not left


def _has_changed(found: Notification) -> bool:
    assert found.visit is not None
    state = KINDS[found.kind].still(found.visit, found.facts.get("about", {}))
    return state is None or state != found.facts.get("state")


def _supersede(found: Notification) -> None:
    """Not true any more; the key is set free, so that what is true instead can be derived."""
    found.key = f"{found.key}~{found.id}"
    _finish(found, "superseded")
