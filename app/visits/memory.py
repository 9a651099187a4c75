"""The region's memory: who came before, who hosted them, and which requests look like the same one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from app.extensions import db
from app.people.models import Host
from app.strategy.models import Counterpart
from app.visits.counterparts import look_alikes, name_key
from app.visits.models import Offer, Visit, VisitTheme
from app.visits.statuses import EXITS, Status, is_legal

DAYS_IN_A_MONTH = 30.44
UNCOUNTED = (Status.SUBMITTED, Status.EXPIRED, Status.MERGED)


@dataclass(frozen=True, slots=True)
class Repeat:
    """Earlier visits of the same organisation within `months`; `same_theme` holds those that share a theme."""

    months: int
    visits: tuple[Visit, ...]
    same_theme: tuple[Visit, ...]


def repeats_of(visits: Sequence[Visit], *, months: int) -> dict[int, Repeat]:
    """Per visit's id the earlier ones of its counterpart (Calgary's rule), newest first; none, no entry."""
    ids = {visit.counterpart_id for visit in visits if visit.counterpart_id is not None}
    query = (
        select(Visit)
        .where(Visit.counterpart_id.in_(ids), Visit.status.not_in(UNCOUNTED))
        .options(selectinload(Visit.theme_links).selectinload(VisitTheme.theme), selectinload(Visit.lead_host))
        .order_by(Visit.submitted_at.desc(), Visit.id.desc())
    )
    by_counterpart: dict[int | None, list[Visit]] = defaultdict(list)
    for earlier in db.session.scalars(query) if ids else ():
        by_counterpart[earlier.counterpart_id].append(earlier)
    found = {visit.id: _repeat(visit, by_counterpart[visit.counterpart_id], months) for visit in visits}
    return {visit_id: repeat for visit_id, repeat in found.items() if repeat.visits}


def _repeat(visit: Visit, others: Iterable[Visit], months: int) -> Repeat:
    since = visit.submitted_at - timedelta(days=round(months * DAYS_IN_A_MONTH))
    earlier = tuple(one for one in others if one.id != visit.id and since <= one.submitted_at <= visit.submitted_at)
    themes = {link.theme_id for link in visit.theme_links}
    same = tuple(one for one in earlier if themes & {link.theme_id for link in one.theme_links})
    return Repeat(months, earlier, same)


def merge_candidates(visit: Visit) -> list[Visit]:
    """Other requests that may be the same one: the duplicate routing saw, the same organisation, a look-alike,
    or the same sender; newest first, at most 20."""
    alike = [visit.counterpart_id]
    if visit.counterpart is not None:
        alike += [other.id for other in look_alikes(visit.counterpart)]
    conditions: list[ColumnElement[bool]] = [Visit.counterpart_id.in_([one for one in alike if one is not None])]
    if visit.contact_email:
        conditions.append(func.lower(Visit.contact_email) == visit.contact_email.lower())
    if ref := visit.routing.get("duplicate_of"):
        conditions.append(Visit.ref == ref)
    query = (
        select(Visit)
        .where(or_(*conditions), Visit.id != visit.id, Visit.status.not_in((Status.SUBMITTED, *EXITS)))
        .options(selectinload(Visit.windows), selectinload(Visit.lead_host))
        .order_by(Visit.submitted_at.desc(), Visit.id.desc())
        .limit(20)
    )
    return list(db.session.scalars(query))


def merge_ways(one: Visit, other: Visit) -> list[tuple[Visit, Visit]]:
    """The legal ways to merge the two, each as (the one that goes, the one that is kept); the older is kept first."""
    older, newer = sorted((one, other), key=lambda visit: (visit.submitted_at, visit.id))
    pairs = [(newer, older), (older, newer)] if one.id != other.id else []
    return [(gone, kept) for gone, kept in pairs if is_legal("merge", gone.status) and is_legal("absorb", kept.status)]


def counterparts_where(text: str, country: str) -> Select[Counterpart, int]:
    """Counterparts whose name or an alias holds every word, with the number of their visits; by name."""
    visits = select(func.count(Visit.id)).where(Visit.counterpart_id == Counterpart.id).scalar_subquery()
    query = select(Counterpart, visits).where(Counterpart.merged_into_id.is_(None))
    former = aliased(Counterpart)  # what was merged keeps its row, so its name is still found
    for word in name_key(text).split()[:10]:
        former_name = former.name_key.contains(word, autoescape=True)
        known_as = exists().where(former.merged_into_id == Counterpart.id, former_name)
        query = query.where(or_(Counterpart.name_key.contains(word, autoescape=True), known_as))
    if country:
        query = query.where(Counterpart.country == country.upper())
    return query.order_by(Counterpart.name_key, Counterpart.id)


def visits_of(counterpart: Counterpart) -> list[Visit]:
    """Every visit of the counterpart that was received, newest first."""
    query = (
        select(Visit)
        .where(Visit.counterpart_id == counterpart.id, Visit.status.not_in((Status.SUBMITTED, Status.EXPIRED)))
        .options(
            *(selectinload(part) for part in (Visit.windows, Visit.appointments, Visit.lead_host, Visit.outcome)),
            selectinload(Visit.follow_ups),
            selectinload(Visit.offers).selectinload(Offer.host),
        )
        .order_by(Visit.submitted_at.desc(), Visit.id.desc())
    )
    return list(db.session.scalars(query))


def hosts_of(visits: Iterable[Visit]) -> list[tuple[Host, int]]:
    """The hosts that led or joined these visits, with how many; most first."""
    counts: Counter[Host] = Counter()
    for visit in visits:
        counts.update({host for host in (visit.lead_host, *visit.co_hosts) if host is not None})
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].slug))
