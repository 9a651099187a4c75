"""Signing in by a one-time link, and out."""

from __future__ import annotations

from app.extensions import db, login_manager
from app.people.models import User
from app.web import access
from app.web.account import blueprint


@login_manager.user_loader
def load_user(identity: str) -> User | None:
    """The user of a session, unless deactivated or the session was ended."""
    row_id, _, version = identity.partition(".")
    user = db.session.get(User, int(row_id)) if row_id.isdigit() else None
    if user is None or not user.is_active or str(user.session_version) != version:
        return None
    return user


@blueprint.get("/sign-in")
@access.for_everyone
def sign_in() -> str:
    """Ask for a sign-in link."""
    return ""
