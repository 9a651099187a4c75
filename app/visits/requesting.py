"""Verbs of the beginning: submit, register, receive, expire; and the routing that follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.core.errors import Invalid
from app.core.text import clean_line, clean_text
from app.core.time import now
from app.core.tokens import new_ref
from app.extensions import db
from app.people.actors import SYSTEM, VISITOR, Actor
from app.strategy.models import Occasion, Partnership, Theme
from app.visits.counterparts import counterpart_for
from app.visits.models import Visit, VisitPartnership, VisitTheme, VisitWindow
from app.visits.record import move, note
from app.visits.routing import route
from app.visits.statuses import Status

LINES = (
    "organisation",
    "organisation_type",
    "country",
    "city",
    "website",
    "on_behalf_of",
    "contact_name",
    "contact_email",
    "contact_phone",
    "head_name",
    "head_title",
    "head_level",
    "relation",
    "event",
)
TEXTS = ("purpose", "previous_visit", "in_return", "flexibility", "rest_of_stay")


@dataclass(frozen=True, slots=True)
class Request:
    """What a visitor says, as the form yields it; free text is cleaned when the visit is made."""

    organisation: str
    organisation_type: str = "other"
    country: str = ""
    city: str = ""
    website: str = ""
    on_behalf_of: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    head_name: str = ""
    head_title: str = ""
    head_level: str = ""
    group_size: int | None = None
    languages: list[str] = field(default_factory=list)
    interpreter_needed: bool = False
    purpose: str = ""
    themes: list[str] = field(default_factory=list)
    wanted_hosts: list[str] = field(default_factory=list)
    relation: str = ""
    partnership: str = ""  # the one chosen from the list, by slug; its name stands in `relation` too
    previous_visit: str = ""
    event: str = ""
    occasion: str = ""  # likewise, its name in `event`
    in_return: str = ""
    windows: list[tuple[date, date]] = field(default_factory=list)
    duration_hours: float | None = None
    flexibility: str = ""
    rest_of_stay: str = ""
    language: str = "en"


def submit(request: Request, *, at: datetime | None = None, submit_key: str | None = None) -> Visit:
    """A visitor sends the form: the visit waits for its address to be confirmed.

    The same `submit_key` again returns the visit already made (a form sent twice is one visit).
    """
    at = at or now()
    if known := _sent_before(submit_key):
        return known
    visit = _new_visit(request, Status.SUBMITTED, "visitor", at)
    visit.submit_key = submit_key
    note(visit, "submit", by=VISITOR, at=at)
    return visit


def register(
    request: Request,
    *,
    by: Actor,
    at: datetime | None = None,
    source: str = "coordinator",
    routed_on: date | None = None,
    submit_key: str | None = None,
) -> Visit:
    """A coordinator writes the request down on the visitor's behalf: received at once, and routed.

    `routed_on` is the date that routing takes for today (imports); otherwise that of `at`. The same `submit_key`
    again returns the visit already made.
    """
    at = at or now()
    if known := _sent_before(submit_key):
        return known
    visit = _new_visit(request, Status.RECEIVED, source, at)
    visit.received_at, visit.submit_key = at, submit_key
    note(visit, "register", by=by, at=at)
    route(visit, at=at, today=routed_on)
    return visit


def receive(visit: Visit, *, by: Actor = VISITOR, at: datetime | None = None) -> Visit:
    """The visitor confirms the address; decision `route` offers at once, anything else waits for triage."""
    at = at or now()
    move(visit, "receive", by=by, at=at, values={"received_at": at})
    route(visit, at=at)
    return visit


def expire(visit: Visit, *, by: Actor = SYSTEM, at: datetime | None = None) -> None:
    """The address was never confirmed within the time allowed."""
    move(visit, "expire", by=by, at=at or now())


def _sent_before(submit_key: str | None) -> Visit | None:
    return db.session.scalar(select(Visit).where(Visit.submit_key == submit_key)) if submit_key else None


def _new_visit(request: Request, status: Status, source: str, at: datetime) -> Visit:
    columns: dict[str, Any] = {name: clean_line(getattr(request, name)) for name in LINES}
    columns |= {name: clean_text(getattr(request, name)) for name in TEXTS}
    if not columns["organisation"]:
        raise Invalid("required", "organisation")
    visit = Visit(
        ref=_free_ref(),
        status=status.value,
        source=source,
        submitted_at=at,
        language=request.language,
        group_size=request.group_size,
        languages=list(request.languages),
        interpreter_needed=request.interpreter_needed,
        wanted_hosts=[clean_line(name) for name in request.wanted_hosts if clean_line(name)],
        duration_hours=request.duration_hours,
        **columns,
    )
    visit.counterpart = counterpart_for(visit, at=at)
    visit.windows = [VisitWindow(position=i, starts_on=a, ends_on=b) for i, (a, b) in enumerate(request.windows)]
    db.session.add(visit)
    db.session.flush()
    for theme in db.session.scalars(select(Theme).where(Theme.slug.in_(request.themes or [""]))):
        visit.theme_links.append(VisitTheme(theme=theme, origin="visitor"))
    _tie(visit, request)
    db.session.flush()
    return visit


def _tie(visit: Visit, request: Request) -> None:
    """The partnership and the occasion that were chosen from the lists: a choice counts whatever routing reads."""
    for partnership in db.session.scalars(select(Partnership).where(Partnership.slug == request.partnership)):
        visit.partnership_links.append(VisitPartnership(partnership=partnership, origin="visitor"))
    visit.occasion = db.session.scalar(select(Occasion).where(Occasion.slug == request.occasion))


def _free_ref() -> str:
    while True:
        ref = new_ref()
        if db.session.scalar(select(Visit.id).where(Visit.ref == ref)) is None:
            return ref
