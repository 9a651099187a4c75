"""Larger events in the city that a calendar's days touch."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from app.extensions import db
from app.strategy.models import Occasion


def occasions_between(first: date, last: date) -> list[Occasion]:
    """Those that are not retired, the earliest first."""
    query = select(Occasion).where(
        Occasion.retired_at.is_(None),
        Occasion.starts_on <= last,
        or_(Occasion.ends_on >= first, Occasion.starts_on >= first),
    )
    return list(db.session.scalars(query.order_by(Occasion.starts_on, Occasion.id)))
