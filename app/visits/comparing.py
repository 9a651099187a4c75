"""Earlier requests that could be the one that comes now, sent twice: as rows, for there may be hundreds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select

from app.core.time import venue_date
from app.extensions import db
from app.routing import Enquiry
from app.routing.duplicates import DATES_APART
from app.routing.same_people import names_of_person, own_domain, sizes_near
from app.strategy.models import Theme
from app.visits.models import Visit, VisitTheme, VisitWindow
from app.visits.statuses import Status

LOOK_BACK = timedelta(days=400)  # how far back a duplicate is looked for
MOST_COMPARED = 300
READ = (
    Visit.organisation,
    Visit.organisation_type,
    Visit.country,
    Visit.city,
    Visit.purpose,
    Visit.contact_email,
    Visit.on_behalf_of,
    Visit.head_name,
    Visit.group_size,
)


def comparable(visit: Visit) -> list[Enquiry]:
    """Earlier visits of the same country, head, mail domain or nearly the size, on nearly the same dates; newest
    first.

    Another office may write from its own country, and spell the head's name its own way.
    They hold what a duplicate is told by, nothing else.
    """
    query = (
        select(Visit.id, Visit.ref, Visit.routing["today"].as_string().label("today"), Visit.submitted_at, *READ)
        .where(or_(*_alike(visit)), _on_those_dates(visit))
        .where(Visit.id < visit.id, Visit.submitted_at >= visit.submitted_at - LOOK_BACK)
        .where(Visit.status.not_in((Status.EXPIRED, Status.SUBMITTED)))
        .order_by(Visit.id.desc())
        .limit(MOST_COMPARED)
    )
    rows = db.session.execute(query).all()
    windows, themes = _windows(row.id for row in rows), _themes(row.id for row in rows)
    return [_enquiry(row, tuple(windows[row.id]), tuple(themes[row.id])) for row in rows]


def _alike(visit: Visit) -> list[ColumnElement[bool]]:
    alike = [Visit.country == visit.country]
    alike += [Visit.head_name.icontains(name, autoescape=True) for name in names_of_person(visit.head_name)]
    if domain := own_domain(visit.contact_email):
        alike.append(Visit.contact_email.iendswith(f"@{domain}", autoescape=True))
    if visit.group_size is not None:
        alike.append(Visit.group_size.between(*sizes_near(visit.group_size)))
    return alike


def _on_those_dates(visit: Visit) -> ColumnElement[bool]:
    """Nearly the same days; of the same country also what holds those days, or lies within them."""
    near = [
        and_(
            VisitWindow.starts_on.between(window.starts_on - DATES_APART, window.starts_on + DATES_APART),
            VisitWindow.ends_on.between(window.ends_on - DATES_APART, window.ends_on + DATES_APART),
        )
        for window in visit.windows
    ]
    within = [
        or_(
            and_(VisitWindow.starts_on <= window.starts_on, VisitWindow.ends_on >= window.ends_on),
            and_(VisitWindow.starts_on >= window.starts_on, VisitWindow.ends_on <= window.ends_on),
        )
        for window in visit.windows
    ]
    alike = or_(False, *near, and_(Visit.country == visit.country, or_(False, *within)))
    return exists().where(VisitWindow.visit_id == Visit.id, alike)


def _windows(visits: Iterable[int]) -> dict[int, list[tuple[date, date]]]:
    query = select(VisitWindow.visit_id, VisitWindow.starts_on, VisitWindow.ends_on)
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for visit, first, last in db.session.execute(query.where(VisitWindow.visit_id.in_(visits))):
        found[visit].append((first, last))
    return found


def _themes(visits: Iterable[int]) -> dict[int, list[str]]:
    """The slugs that the visitors themselves ticked."""
    query = select(VisitTheme.visit_id, Theme.slug).join(Theme).where(VisitTheme.origin == "visitor")
    found: dict[int, list[str]] = defaultdict(list)
    for visit, slug in db.session.execute(query.where(VisitTheme.visit_id.in_(visits))):
        found[visit].append(slug)
    return found


def _enquiry(row: Row[Any], windows: tuple[tuple[date, date], ...], themes: tuple[str, ...]) -> Enquiry:
    named: dict[str, Any] = {column.key: getattr(row, column.key) for column in READ}
    sent = date.fromisoformat(row.today) if row.today else venue_date(row.submitted_at)
    return Enquiry(id=row.ref, submitted_on=sent, windows=windows, themes=themes, **named)
