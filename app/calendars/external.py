"""Own calendars from elsewhere: giving an address, taking it back, asking for a fetch, and what is shown of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import or_, select

from app.calendars.models import ExternalCalendar
from app.calendars.targets import read_target
from app.core.errors import Invalid
from app.core.tokens import seal, unseal
from app.extensions import db
from app.people.models import Host, User

MOST = 3  # calendars of one owner
LONG_ENOUGH = 24  # characters of a secret of which four may be shown
LONGEST_NAME = 80
PAUSE = timedelta(minutes=1)  # between two fetches that somebody asks for


def add_calendar(who: Host | User, url: str, *, by: User, at: datetime, name: str = "") -> ExternalCalendar:
    """Keep the address, encrypted, and fetch it at the scheduler's next round; raises Invalid for what cannot be."""
    target = read_target(url)
    if len(calendars_of(who)) >= MOST:
        raise Invalid("too-many", "url", most=MOST)
    sealed = seal(target.url, _key())
    made = ExternalCalendar(name=name, sealed_url=sealed, due_at=at, created_at=at, created_by_id=by.id)
    made.host, made.user = (who, None) if isinstance(who, Host) else (None, who)
    db.session.add(made)
    db.session.flush()
    return made


def remove_calendar(calendar: ExternalCalendar) -> None:
    """Forget the address and every busy time that came from it."""
    db.session.delete(calendar)
    db.session.flush()


def ask_for_fetch(calendar: ExternalCalendar, *, at: datetime) -> None:
    """Fetch it at the scheduler's next round, but not more often than once a minute.

    Never within the request: a slow server would hold our page, and how long it takes would say what is there.
    """
    earliest = calendar.attempted_at + PAUSE if calendar.attempted_at else at
    calendar.due_at = max(at, earliest)


def calendars_of(*owners: Host | User) -> list[ExternalCalendar]:
    """The calendars of these hosts and people, in the order in which they were given."""
    concerned = or_(
        ExternalCalendar.host_id.in_([one.id for one in owners if isinstance(one, Host)] or [-1]),
        ExternalCalendar.user_id.in_([one.id for one in owners if isinstance(one, User)] or [-1]),
    )
    return list(db.session.scalars(select(ExternalCalendar).where(concerned).order_by(ExternalCalendar.id)))


def masked_url(calendar: ExternalCalendar) -> str:
    """What may be shown of the address; the rest is the secret. Empty when the key is another.

    The machine's name and the last four characters of the longest part, where it is so long that they tell nothing.
    """
    url = unseal(calendar.sealed_url, _key())
    if not url:
        return ""
    parts = urlsplit(url)
    longest = max(parts.path.removesuffix(".ics").split("/"), key=len)
    return f"https://{parts.hostname}/…{longest[-4:] if len(longest) >= LONG_ENOUGH else ''}"


def is_waiting(calendar: ExternalCalendar, *, at: datetime) -> bool:
    """Whether it is due, or being fetched, or was asked for within the minute."""
    tried = calendar.attempted_at
    return tried is None or calendar.due_at <= max(at, tried + PAUSE)


def _key() -> str:
    return str(current_app.config["DATA_KEY"])
