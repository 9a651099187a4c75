"""Making users and giving them their places in hosts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select

from app.core.languages import DEFAULT_LANGUAGE
from app.core.text import clean_line
from app.extensions import db
from app.people.links import revoke_links
from app.people.models import Host, Membership, User

FIRST_COORDINATOR = "coordinator@example.org"


def normal_email(email: str) -> str:
    """The address as it is stored and compared: lower case; raises ValueError when it is not one."""
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error


def find_user(email: str) -> User | None:
    """The user with that address, whatever its case."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def create_user(
    email: str,
    *,
    name: str = "",
    hosts: Iterable[str] = (),
    coordinator: bool = False,
    admin: bool = False,
    language: str = DEFAULT_LANGUAGE,
    at: datetime,
) -> User:
    """The user with that address, made if new, with at least these roles; raises ValueError for an unknown host."""
    address = normal_email(email)
    user = find_user(address)
    if user is None:
        user = User(email=address, name=clean_line(name) or address.split("@")[0], language=language, created_at=at)
        db.session.add(user)
    user.is_coordinator = bool(user.is_coordinator) or coordinator
    user.is_admin = bool(user.is_admin) or admin
    db.session.flush()
    for slug in hosts:
        add_member(user, slug)
    return user


def add_member(user: User, slug: str) -> None:
    """Make the user a member of that host, once; raises ValueError when there is no such host."""
    host = db.session.scalar(select(Host).where(Host.slug == slug))
    if host is None:
        raise ValueError(f"no host is called {slug!r}")
    if all(membership.host_id != host.id for membership in user.memberships):
        user.memberships.append(Membership(host=host))
    db.session.flush()


def first_coordinator(*, at: datetime) -> User | None:
    """The installation's first coordinator and administrator; None when there is somebody already."""
    if db.session.scalar(select(func.count()).select_from(User)):
        return None
    return create_user(FIRST_COORDINATOR, name="Coordinator", coordinator=True, admin=True, language="en", at=at)


def set_rights(user: User, *, hosts: Iterable[str], coordinator: bool, admin: bool) -> bool:
    """Exactly these roles and hosts; True when anything changed. Raises ValueError for an unknown host.

    Membership of a retired host stays as it is: nobody can choose it, and it gives no rights.
    """
    wanted = set(hosts)
    before = (user.is_coordinator, user.is_admin, {one.host.slug for one in user.memberships})
    for membership in list(user.memberships):
        if membership.host.retired_at is None and membership.host.slug not in wanted:
            user.memberships.remove(membership)
    db.session.flush()
    for slug in sorted(wanted):
        add_member(user, slug)
    user.is_coordinator, user.is_admin = coordinator, admin
    db.session.flush()
    return before != (coordinator, admin, {one.host.slug for one in user.memberships})


def deactivate(user: User, *, at: datetime) -> None:
    """Keep the person from signing in: sessions end at once, unused links stop working."""
    user.deactivated_at = user.deactivated_at or at
    user.session_version += 1
    for purpose in ("sign-in", "first-sign-in"):
        revoke_links(purpose, user.id, at=at)


def reactivate(user: User) -> None:
    """Let the person sign in again, by a new link."""
    user.deactivated_at = None
