"""Visits at any point of their life, made by walking through the real verbs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from app.core.time import from_venue
from app.extensions import db
from app.people.actors import Actor, by_user
from app.people.models import Host, Place, User
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from tests import cast

WATER = lifecycle.Request(
    organisation="Gemeente Utrecht, Stadsingenieurs",
    organisation_type="city",
    country="NL",
    city="Utrecht",
    contact_name="Marloes Dekkinga",
    contact_email="marloes@utrecht.example.org",
    head_name="Joost van Hemert",
    head_title="Head of Underground Assets",
    head_level="senior-official",
    group_size=7,
    languages=["nl", "en"],
    purpose="We want to see how you reline sewer pipes without digging, and find leaks in steep streets.",
    themes=["water"],
    windows=[(date(2027, 5, 10), date(2027, 5, 12))],
    duration_hours=6,
)
STEPS = ("submitted", "received", "offered", "claimed", "planned", "proposed", "confirmed", "completed", "reported")


def make_request(**changes: object) -> lifecycle.Request:
    """A sound request about water; `changes` replace its fields."""
    return replace(WATER, **changes)  # type: ignore[arg-type]


def make_visit(until: str = "offered", *, user: User, at: datetime = cast.MONDAY, **changes: object) -> Visit:
    """A visit walked to that step (one of STEPS); led by the user's first host; flushed, not committed.

    "planned" is claimed with one appointment on 10 May 2027 at 9-11 Bergen time. Each step is an hour after the last.
    """
    visit = lifecycle.submit(make_request(**changes), at=at)
    lead = user.hosts[0]
    actor = by_user(user, lead)
    for number, step in enumerate(STEPS[1 : STEPS.index(until) + 1], 1):
        _walk(visit, step, lead, actor, at + timedelta(hours=number))
    db.session.flush()
    return visit


def _walk(visit: Visit, step: str, lead: Host, actor: Actor, at: datetime) -> None:
    if step == "received":
        lifecycle.receive(visit, at=at)
    elif step == "offered" and not any(o.host_id == lead.id and o.part == "lead" for o in visit.offers):
        lifecycle.offer(visit, lead, part="lead", by=actor, at=at)
    elif step == "claimed":
        lifecycle.claim(visit, lead, by=actor, at=at)
    elif step == "planned":
        make_appointment(visit, user=actor.user, at=at)
    elif step == "proposed":
        lifecycle.propose(visit, by=actor, at=at)
    elif step == "confirmed":
        lifecycle.accept(visit, at=at)
    elif step == "completed":
        lifecycle.complete(visit, at=max(a.ends_at for a in visit.appointments) + timedelta(minutes=1))
    elif step == "reported":
        done = max(a.ends_at for a in visit.appointments) + timedelta(days=1)
        goals = [link.goal for link in visit.goal_links]
        lifecycle.report(visit, achieved=4, text="Agreed to share drawings.", goals=goals, by=actor, at=done)


def make_appointment(
    visit: Visit,
    *,
    user: User | None,
    day: date = date(2027, 5, 10),
    start: str = "09:00",
    end: str = "11:00",
    host: Host | None = None,
    contact: User | None = None,
    place: Place | None = None,
    title: str = "Pipe renewal on site",
    at: datetime = cast.MONDAY + timedelta(hours=4),
) -> Appointment:
    """One appointment of the visit, Bergen wall-clock times; the contact person is `contact` or the user."""
    assert user is not None
    own = user.hosts[0] if user.hosts else None
    plan = lifecycle.Plan(
        title=title,
        host=host or own or visit.lead_host,  # type: ignore[arg-type]
        starts_at=_wall(day, start),
        ends_at=_wall(day, end),
        contact=contact or user,
        place=place,
        place_text="" if place else "Øvre Dreggsallmenningen",
    )
    return lifecycle.add_appointment(visit, plan, by=by_user(user, own), at=at)


def _wall(day: date, clock: str) -> datetime:
    hours, minutes = clock.split(":")
    return from_venue(datetime(day.year, day.month, day.day, int(hours), int(minutes)))
