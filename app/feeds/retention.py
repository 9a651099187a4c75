"""Stored bodies that nobody gets any more: what they show has changed, or its time is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, or_, select

from app.extensions import db
from app.feeds.models import FeedBody, FeedPart
from app.visits.programme_models import FeedScope


def drop_old_bodies(at: datetime) -> int:
    """Bodies of an older version than their scope's, or past their time; the next fetch makes them anew."""
    newer = exists().where(
        FeedScope.kind == FeedBody.scope_kind,
        FeedScope.scope_id == FeedBody.scope_id,
        FeedScope.version > FeedBody.version,
    )
    old = select(FeedBody.id).where(or_(newer, FeedBody.fresh_until <= at))
    db.session.execute(delete(FeedPart).where(FeedPart.feed_body_id.in_(old)))
    return db.session.connection().execute(delete(FeedBody).where(or_(newer, FeedBody.fresh_until <= at))).rowcount
