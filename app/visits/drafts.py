"""A request being written: a row for a few days, found by the secret in the browser's cookie."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from app.core.tokens import hash_token, new_token
from app.extensions import db
from app.strategy.settings import city_rules
from app.visits.models import Visit
from app.visits.programme_models import Draft


def find_draft(token: str, *, at: datetime, locked: bool = False) -> Draft | None:
    """The draft of that secret, unless it is too old; `locked` keeps others waiting until this transaction ends."""
    query = select(Draft).where(Draft.token_hash == hash_token(token), Draft.expires_at > at)
    return db.session.scalar(query.with_for_update() if locked else query)


def start_draft(*, language: str, at: datetime) -> tuple[Draft, str]:
    """A new, empty draft and its secret, which is never stored."""
    token = new_token()
    draft = Draft(token_hash=hash_token(token), language=language, answers={}, created_at=at)
    _touch(draft, at)
    db.session.add(draft)
    return draft, token


def keep_answers(draft: Draft, answers: dict[str, Any], *, at: datetime) -> None:
    """Store what was typed so far; the days the draft is kept begin anew."""
    draft.answers = answers
    _touch(draft, at)
    db.session.flush()


def drop_draft(draft: Draft) -> None:
    """The request was sent, or is not wanted any more."""
    db.session.delete(draft)
    db.session.flush()


def drop_expired_drafts(*, at: datetime) -> int:
    """Delete every draft that is too old; returns how many."""
    return db.session.connection().execute(delete(Draft).where(Draft.expires_at <= at)).rowcount


def find_sent(key: str) -> Visit | None:
    """The visit that the draft with this hash became, or None."""
    return db.session.scalar(select(Visit).where(Visit.submit_key == key)) if key else None


def _touch(draft: Draft, at: datetime) -> None:
    draft.changed_at = at
    draft.expires_at = at + timedelta(days=city_rules().draft_days)
