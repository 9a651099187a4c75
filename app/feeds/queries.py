"""Feeds of a person, what a person may choose, and the feed behind a secret address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import selectinload

from app.core.errors import NotFound
from app.core.tokens import hash_token
from app.extensions import db
from app.feeds.models import SHARED, Feed, FeedFetch, ScopeKind
from app.feeds.rules import Reader, may_subscribe, reader_of
from app.people.models import Host, Membership, Place, User
from app.strategy.models import Goal, Partnership, Theme
from app.strategy.queries import EVERY_VISIT
from app.visits.programme_models import FeedScope

Row = Host | Place | Goal | Partnership | Theme
ROWS: dict[str, type[Row]] = {
    ScopeKind.HOST: Host,
    ScopeKind.PLACE: Place,
    ScopeKind.GOAL: Goal,
    ScopeKind.PARTNERSHIP: Partnership,
    ScopeKind.THEME: Theme,
}
GROUPS = ("part", "goal", "aim")  # kinds of goals that only hold others together


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose visits a feed shows, or visits of what; `row` is the host, place, goal, partnership or theme."""

    kind: ScopeKind
    id: int
    row: Row | None = None


def kinds_for(user: User) -> list[ScopeKind]:
    """The kinds of scopes the person may choose from."""
    kinds = [ScopeKind.MINE]
    if user.is_coordinator or user.hosts:
        kinds += [ScopeKind.HOST, *SHARED]
    return [*kinds, ScopeKind.ALL] if user.is_coordinator else kinds


def scopes_for(user: User, kind: ScopeKind) -> list[Scope]:
    """Every scope of that kind the person may choose now; a host's people choose among their own hosts only."""
    if kind not in kinds_for(user):
        return []
    if kind not in ROWS:
        return [Scope(kind, user.id if kind == ScopeKind.MINE else 0)]
    own_only = kind == ScopeKind.HOST and not user.is_coordinator
    return [Scope(kind, row.id, row) for row in (user.hosts if own_only else _in_force(ROWS[kind]))]


def _in_force(model: type[Row]) -> list[Row]:
    query: Select[Any] = select(model).where(model.retired_at.is_(None))
    if model is Goal:
        query = query.order_by(Goal.framework_id, Goal.position)
    return [row for row in db.session.scalars(query.order_by(model.id)) if _is_offered(row)]


def _is_offered(row: Row) -> bool:
    """In force, and of goals those that visits are linked to; the one that every visit serves is all visits."""
    if isinstance(row, Goal) and (row.kind in GROUPS or row.slug == EVERY_VISIT):
        return False
    return row.retired_at is None


def find_scope(kind: str, scope_id: int) -> Scope | None:
    """The scope with its row, whether in force or not; None where there is no such row."""
    if kind not in ROWS:
        return Scope(ScopeKind(kind), scope_id)
    row: Any = db.session.get(ROWS[kind], scope_id)
    return Scope(ScopeKind(kind), scope_id, row) if row is not None else None


def feeds_of(user: User) -> list[Feed]:
    """The person's feeds that still run, in the order they were made."""
    mine = select(Feed).where(Feed.user_id == user.id, Feed.revoked_at.is_(None))
    return list(db.session.scalars(mine.options(selectinload(Feed.fetches)).order_by(Feed.id)))


def count_feeds_of(user: User) -> int:
    """How many feeds of that person still run."""
    mine = select(func.count()).select_from(Feed).where(Feed.user_id == user.id, Feed.revoked_at.is_(None))
    return db.session.scalar(mine) or 0


def get_feed_of(user: User, feed_id: int) -> Feed:
    """That person's running feed; raises NotFound for any other."""
    feed = db.session.scalar(select(Feed).where(Feed.id == feed_id, Feed.user_id == user.id, Feed.revoked_at.is_(None)))
    if feed is None:
        raise NotFound()
    return feed


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed as a fetch needs it, with its reader's rights and the scope's version: one query."""

    id: int
    kind: str
    scope_id: int
    level: str
    language: str
    show_cancelled: bool
    reader: Reader
    version: int
    fetched_at: datetime | None  # this version, by the same program


_VERSION = func.coalesce(FeedScope.version, 1)
_FETCHED = and_(
    FeedFetch.feed_id == Feed.id,
    FeedFetch.program == bindparam("program"),
    FeedFetch.version >= _VERSION,
)
# Built once: making and compiling a statement costs more than asking it.
_SUBSCRIPTION = (
    select(
        Feed.id,
        Feed.scope_kind,
        Feed.scope_id,
        Feed.level,
        Feed.language,
        Feed.show_cancelled,
        Feed.user_id,
        User.deactivated_at.is_(None).label("is_active"),
        User.is_coordinator,
        _VERSION.label("version"),
        FeedFetch.fetched_at,
        Host.id.label("host_id"),
    )
    .join(User, User.id == Feed.user_id)
    .outerjoin(FeedScope, and_(FeedScope.kind == Feed.scope_kind, FeedScope.scope_id == Feed.scope_id))
    .outerjoin(FeedFetch, _FETCHED)
    .outerjoin(Membership, Membership.user_id == User.id)
    .outerjoin(Host, and_(Host.id == Membership.host_id, Host.retired_at.is_(None)))
    .where(Feed.token_hash == bindparam("token_hash"), Feed.revoked_at.is_(None))
)


def get_readable_feed(token: str, program: str) -> Subscription:
    """The feed at that secret address, if its owner may still read it.

    Raises NotFound alike for an unknown or replaced token, a revoked feed, a deactivated owner and lost rights.
    """
    asked = {"token_hash": hash_token(token), "program": program}
    rows = db.session.execute(_SUBSCRIPTION, asked).all()
    if not rows:
        raise NotFound()
    one = rows[0]
    hosts = frozenset(row.host_id for row in rows if row.host_id is not None)
    reader = Reader(one.user_id, bool(one.is_active), one.is_coordinator, hosts)
    if not may_subscribe(reader, one.scope_kind, one.scope_id):
        raise NotFound()
    return Subscription(*one[:6], reader, one.version, one.fetched_at)


def may_choose(user: User, kind: str, scope_id: int) -> bool:
    """Whether the person may make a feed of that scope now: by the rules, and while it is in force."""
    scope = find_scope(kind, scope_id) if kind in set(ScopeKind) else None
    if scope is None or (scope.row is not None and not _is_offered(scope.row)):
        return False
    return may_subscribe(reader_of(user), kind, scope_id)
