"""What tests of own calendars at full length share: people with calendars at addresses, and how those stand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.external import add_calendar
from app.calendars.models import ExternalCalendar
from app.core.time import now
from app.people.models import User
from tests.calendars.others import calendar

Store = Callable[[], AbstractContextManager[Session]]
Figures = Callable[..., None]
ROOT = Path(__file__).resolve().parents[2]
GOOD = calendar("UID:a\nDTSTART:20270308T080000Z\nDTEND:20270308T090000Z")
READ_AND_STORED = 2.0  # seconds, beside the five of the child that reads


def people(store: Store, count: int) -> list[int]:
    with store() as session:
        made = [User(email=f"p{number}@example.org", name=f"P {number}", created_at=now()) for number in range(count)]
        session.add_all(made)
        session.flush()
        return [user.id for user in made]


def subscribe(store: Store, urls: list[str], owners: list[int]) -> None:
    """One calendar for each owner, due in this order."""
    with store() as session:
        at = now() - timedelta(hours=1)
        for number, (owner, url) in enumerate(zip(owners, urls, strict=True)):
            user = session.get_one(User, owner)
            add_calendar(user, url, by=user, at=at + timedelta(seconds=number))


def states(store: Store) -> list[str]:
    with store() as session:
        return list(session.scalars(select(ExternalCalendar.state).order_by(ExternalCalendar.id)))
