"""Minting and reading secret links; one purpose each, hashed at rest."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.core.tokens import hash_token, new_token
from app.extensions import db
from app.people.models import Link

# How long each kind of link lives. Source: docs/decisions/0003-links.md
LIFETIMES = {
    "visit": timedelta(days=730),
    "confirm-address": timedelta(hours=72),
    "sign-in": timedelta(minutes=30),
    "first-sign-in": timedelta(days=7),
}
ONE_USE = frozenset({"sign-in", "first-sign-in"})


def mint_link(purpose: str, subject_id: int, *, at: datetime, lifetime: timedelta | None = None) -> str:
    """A new secret for that purpose and row; returns the token, which is never stored."""
    token = new_token()
    expires_at = at + (lifetime or LIFETIMES[purpose])
    db.session.add(
        Link(purpose=purpose, subject_id=subject_id, token_hash=hash_token(token), created_at=at, expires_at=expires_at)
    )
    return token


def find_link(token: str, *purposes: str, at: datetime) -> Link | None:
    """The valid link of one of these purposes, or None (unknown, expired, revoked, or used where one use is all)."""
    link = db.session.scalar(select(Link).where(Link.token_hash == hash_token(token), Link.purpose.in_(purposes)))
    if link is None or link.revoked_at is not None or link.expires_at <= at:
        return None
    return None if link.purpose in ONE_USE and link.used_at is not None else link


def use_link(link: Link, *, at: datetime) -> bool:
    """Mark a one-use link used; False when another request was first."""
    spent = update(Link).where(Link.id == link.id, Link.used_at.is_(None)).values(used_at=at)
    return db.session.connection().execute(spent).rowcount == 1


def revoke_links(purpose: str, subject_id: int, *, at: datetime) -> None:
    """End every link of that purpose for that row."""
    db.session.execute(
        update(Link)
        .where(Link.purpose == purpose, Link.subject_id == subject_id, Link.revoked_at.is_(None))
        .values(revoked_at=at)
    )
