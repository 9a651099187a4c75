"""Making users and giving them their places in hosts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select

from app.core.text import clean_line
from app.extensions import db
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
    language: str = "nb",
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
