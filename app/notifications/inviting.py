"""Mails that only bring a calendar up to date: made where no other mail to the same person brings it anyway."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.notifications.claims import WAITING
from app.notifications.facts import About
from app.notifications.invitations import (
    Due,
    carried,
    dues_of,
    forget_file,
    goes_alone,
    keep_answers,
    keep_yes,
    prepare,
    wish_of,
)
from app.notifications.kinds import KINDS
from app.notifications.models import Notification
from app.notifications.recipients import Recipient, visitor_of
from app.notifications.restoration import cause_of
from app.notifications.sight import is_kept_from
from app.notifications.write import is_too_late, put
from app.visits.models import Activity, Visit

# whoever does this to their own appointment has said yes to it
OWN_YES = ("add-appointment", "accept-part", "move-appointment")
UNSENT = ("due", "rendered", "held", "failed")
PUT_ELSEWHERE = frozenset({"starts_at", "ends_at", "place"})  # what a yes is about


def invite(visits: Iterable[Visit], activity: Activity, *, at: datetime) -> list[Notification]:
    """After everybody was told of the activity: the calendars that no waiting mail will bring up to date.

    While more has happened that nobody was told of, mails that bring it may still be made: the last one looks. Who
    said yes by the act itself is written down at once, since the last one may be somebody else's.
    """
    if activity.verb == "run-late":
        keep_answers(activity.visit, activity.changes.get("moved") or [])
    made: list[Notification | None] = []
    decided = activity.subject_id if activity.verb in OWN_YES else None
    if activity.verb == "merge":  # told with `absorb`, its other side
        return []
    if _more_to_tell(activity):
        _keep_own_yes(activity, at)
        return []
    for visit in {visit.id: visit for visit in visits}.values():
        for person in prepare(visit, actor=activity.user, at=at, decided=decided):
            made += _mails_to(person, visit, f"a{activity.id}", at, activity)
    return [row for row in made if row is not None]


def _keep_own_yes(activity: Activity, at: datetime) -> None:
    """Whoever planned, took or moved their own appointment, unless another has since put it elsewhere."""
    if activity.verb not in OWN_YES or activity.user is None or activity.subject_id is None:
        return
    moves = _later_moves_by_others(activity)
    if not any(PUT_ELSEWHERE & set(move.changes) for move in moves):
        keep_yes(activity.visit, activity.user, activity.subject_id, is_untouched=not moves, at=at)


def _later_moves_by_others(activity: Activity) -> Sequence[Activity]:
    query = select(Activity).where(
        Activity.visit_id == activity.visit_id,
        Activity.id > activity.id,
        Activity.verb == "move-appointment",
        Activity.subject_id == activity.subject_id,
        Activity.user_id.is_distinct_from(activity.user_id),
    )
    return db.session.scalars(query).all()


def choose_invitations(visit: Visit, wish: str, *, at: datetime) -> None:
    """The visitor chooses; who now wants one for each gets them for what came as a file before."""
    was, visit.invitations = visit.invitations, wish
    if wish != "each" or was == "each":
        return
    prepare(visit, actor=None, at=at)
    for person in visitor_of(visit):
        forget_file(visit, person.key)
        _mails_to(person, visit, f"c{at:%Y%m%d%H%M%S}", at)


def catch_up(person: Recipient, visit: Visit, *, at: datetime, only: Callable[[Due], bool]) -> None:
    """Mail what no mail to this person brings, also none that a person has to look at first; each change once."""
    wish = wish_of(person.user, visit)
    dues = [due for due in dues_of(visit, person.key, wish, at=at) if only(due)]
    if dues:
        first = dues[0]
        event = f"s{first.invitation.id}.{first.stop.sequence}"
        _mails_for(person, visit, _left_over(person, visit, dues, wish, at, UNSENT), event, at)


def has_more_to_tell(visit_id: int) -> bool:
    """Whether something has happened to the visit that nobody was told of yet."""
    untold = select(Activity.id).where(Activity.visit_id == visit_id, Activity.announced_at.is_(None))
    return db.session.scalar(untold.limit(1)) is not None


def _more_to_tell(activity: Activity) -> bool:
    """Under a lock on the visit: of two schedulers, each with one activity, the later one must see the other's."""
    db.session.execute(select(Visit.id).where(Visit.id == activity.visit_id).with_for_update(key_share=True))
    others = select(Activity.id).where(
        Activity.visit_id == activity.visit_id, Activity.id != activity.id, Activity.announced_at.is_(None)
    )
    return db.session.scalar(others.limit(1)) is not None


def _mails_to(
    person: Recipient, visit: Visit, event: str, at: datetime, activity: Activity | None = None
) -> list[Notification | None]:
    wish = wish_of(person.user, visit)
    dues = dues_of(visit, person.key, wish, at=at)
    left = _left_over(person, visit, dues, wish, at) if dues else []
    return _mails_for(person, visit, left, event, at, activity)


def _mails_for(
    person: Recipient, visit: Visit, left: list[Due], event: str, at: datetime, activity: Activity | None = None
) -> list[Notification | None]:
    wish = wish_of(person.user, visit)
    rows: list[Notification | None] = []
    while left:
        now_brought = carried(left, None, wish) or left[:1]
        rows.append(_put(person, visit, now_brought, event, at, activity))
        left = [due for due in left if due not in now_brought]
    return rows


def _left_over(
    person: Recipient, visit: Visit, dues: list[Due], wish: str, at: datetime, statuses: Sequence[str] = WAITING
) -> list[Due]:
    """What no waiting mail to this person brings; one that brings everything grows with what is new."""
    left = dues
    for row in _waiting(person, visit, statuses):
        about = row.facts.get("about", {})
        if not _will_leave(row, visit, about, at):
            continue
        brought = carried(dues, about.get("appointment"), wish)
        left = [due for due in left if due not in brought]
    return left


def _will_leave(row: Notification, visit: Visit, about: About, at: datetime) -> bool:
    """Whether, as things are, the mail is sent when its time comes."""
    if row.user is not None and is_kept_from(row.user, visit, row.kind):
        return False
    is_true = KINDS[row.kind].still(visit, about) == row.facts.get("state")
    return is_true and not is_too_late(row.kind, visit, about, at)


def _waiting(person: Recipient, visit: Visit, statuses: Sequence[str] = WAITING) -> Sequence[Notification]:
    query = select(Notification).where(
        Notification.visit_id == visit.id,
        Notification.user_id == (person.user.id if person.user else None),
        Notification.status.in_(statuses),
        Notification.kind.in_([kind for kind, one in KINDS.items() if one.brings_calendar]),
    )
    return db.session.scalars(query.order_by(Notification.id)).all()


def _put(
    person: Recipient, visit: Visit, dues: list[Due], event: str, at: datetime, activity: Activity | None
) -> Notification | None:
    """One mail for them all; where one such mail waits already, it brings these too."""
    about: About = {"attendee": person.key}
    if len(dues) == 1:
        about["appointment"] = dues[0].stop.id
    kind = "invitation-cancelled" if all(due.method == "CANCEL" for due in dues) else "invitation"
    kind = f"host-{kind}" if person.user else kind
    is_alone = goes_alone(dues[0], wish_of(person.user, visit))
    if not is_alone and (len(dues) > 1 or dues[0].method == "REQUEST") and _joined(person, visit, kind) is not None:
        return None
    key = event + "".join(f".{due.stop.id}" for due in dues[:1])
    cause_at = cause_of(activity) if activity else at
    return put(
        kind, person, visit=visit, key=key, about=about, due_at=at, at=at, activity=activity, cause_at=cause_at,
    )  # fmt: skip


def _joined(person: Recipient, visit: Visit, kind: str) -> Notification | None:
    """A mail of this kind that nobody has taken up yet: from now on about all of the visit's appointments."""
    if wish_of(person.user, visit) == "each":
        return None
    for row in _waiting(person, visit):
        if row.kind == kind and row.status == "due":
            row.facts = {**row.facts, "about": {"attendee": person.key}}
            return row
    return None
