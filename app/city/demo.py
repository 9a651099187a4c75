"""A believable year from the city's sample file: requests walked through the real verbs at their own times.

`sample/requests.yaml` holds requests with a story each, `sample/people.yaml` the people of the hosts. Days are counted
from today, so the year is always half past and half to come. No mail leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from app.core.errors import Overlap
from app.core.time import from_venue, now, venue_date
from app.extensions import db
from app.people.actors import SYSTEM, Actor, by_user
from app.people.models import Host, Place, User
from app.people.users import create_user
from app.planning.holidays import is_working_day
from app.strategy.models import Goal
from app.visits import lifecycle
from app.visits.importing import request_of, silence
from app.visits.models import Visit

SOURCE = "demo"
ORDER = ("submitted", "received", "offered", "claimed", "proposed", "confirmed", "completed", "reported")
Story = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made, and whom to sign in as: the coordinator, three hosts' members, one visit to follow."""

    visits: int
    coordinator: User
    hosts: list[User]
    visit: Visit


def find_demo() -> Demo | None:
    """The sample year already in the database, or None."""
    visits = list(db.session.scalars(select(Visit).where(Visit.source == SOURCE).order_by(Visit.id)))
    return _demo(visits) if visits else None


def make_demo(folder: Path, *, at: datetime | None = None) -> Demo:
    """Read the sample files and walk every request to the end of its story; flushes, the caller commits."""
    at = at or now()
    for person in _read(folder / "people.yaml"):
        create_user(**person, at=at - timedelta(days=400))
    visits = [_walk(row, at) for row in sorted(_read(folder / "requests.yaml"), key=lambda row: row["story"]["sent"])]
    return _demo(visits)


def _read(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(path.read_text(encoding="utf-8")))


def _demo(visits: list[Visit]) -> Demo:
    users = list(db.session.scalars(select(User).order_by(User.id)))
    coordinator = next(u for u in users if u.is_coordinator and u.email.endswith(".example.org"))
    shown = next((v for v in visits if v.status == "proposed"), visits[-1])
    busy = sorted(users, key=lambda u: -sum(v.lead_user_id == u.id for v in visits))
    return Demo(len(visits), coordinator, [u for u in busy if u.hosts][:3], shown)


def _walk(row: Mapping[str, Any], at: datetime) -> Visit:
    story: Story = row["story"]
    sent_at = _moment(at, story["sent"], story.get("clock", "10:20"))
    walker = _Walker(_dated(row, sent_at), story, sent_at, at)
    walker.walk()
    visit = walker.visit
    visit.source = SOURCE
    silence(visit, at=at)
    return visit


def _dated(row: Mapping[str, Any], sent_at: datetime) -> dict[str, Any]:
    """The request with its dates: `visit_in` days after it was sent, `days` long."""
    first = _working(venue_date(sent_at) + timedelta(days=row["story"]["visit_in"]))
    last = first + timedelta(days=row["story"].get("days", 1) - 1)
    return {**row, "preferred_from": first.isoformat(), "preferred_to": last.isoformat()}


def _moment(at: datetime, days: int, clock: str = "10:20") -> datetime:
    return _at(venue_date(at) + timedelta(days=days), clock)


def _at(day: date, clock: str) -> datetime:
    return from_venue(datetime.combine(day, time.fromisoformat(clock)))


def _working(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


class _Walker:
    """One visit on its way; `clock` moves a working day with each step, never past the present."""

    def __init__(self, request: Mapping[str, Any], story: Story, sent_at: datetime, today: datetime) -> None:
        self.story, self.today, self.clock = story, today, sent_at
        self.first_day = date.fromisoformat(request["preferred_from"])
        wanted = request_of(request)
        self.visit = lifecycle.submit(wanted, at=sent_at)
        self.visit.language = story.get("language", "en")

    def walk(self) -> None:
        until = self.story["until"]
        goal = self.story.get("from", until)  # an exit is taken `from` a step on the way
        for step in ORDER[1 : ORDER.index(goal) + 1] if goal in ORDER else ():
            getattr(self, f"_{step}")()
        if until not in ORDER:
            self._exit(until)

    def _next(self, days: int = 1, clock: str = "13:10") -> datetime:
        day = _working(venue_date(self.clock) + timedelta(days=days))
        self.clock = min(_at(day, clock), self.today)
        return self.clock

    def _received(self) -> None:
        lifecycle.receive(self.visit, at=self.clock + timedelta(minutes=14))
        question = self.story.get("question")
        if question:
            lifecycle.ask_visitor(self.visit, question, by=self._coordinator(), at=self._next())
            if self.story.get("answer"):
                lifecycle.answer(self.visit, self.story["answer"], at=self._next(2))

    def _offered(self) -> None:
        lead = self._lead_host()
        if not any(o.host_id == lead.id and o.part == "lead" and o.status == "open" for o in self.visit.offers):
            lifecycle.offer(self.visit, lead, part="lead", by=self._coordinator(), at=self._next())
        for slug in self.story.get("co_hosts", ()):
            lifecycle.offer(self.visit, _host(slug), part="part", by=SYSTEM, at=self.clock)

    def _claimed(self) -> None:
        lead = self._lead_host()
        lifecycle.claim(self.visit, lead, by=by_user(_member(lead), lead), at=self._next())
        for slug in self.story.get("co_hosts", ()):
            host = _host(slug)
            lifecycle.join(self.visit, host, by=by_user(_member(host), host), at=self._next(0, "14:00"))
        for body in self.story.get("messages", ()):
            lifecycle.write(self.visit, body, by=by_user(_member(lead), lead), at=self._next())
        for name, title in self.story.get("delegates", {}).items():
            lifecycle.add_delegate(self.visit, name=name, title=title, at=self.clock)
        if self.story["until"] != "claimed" or self.story.get("programme"):
            self._plan()

    def _plan(self) -> None:
        for stop in self.story.get("programme") or [{"title": self.story.get("title", "Welcome and introduction")}]:
            self._book(stop)

    def _book(self, stop: Mapping[str, Any]) -> None:
        """Add one stop; where the person or place is taken, an hour later, as a host would."""
        lead = self._lead_host()
        host = _host(stop["host"]) if "host" in stop else lead
        starts_at = _at(_working(self.first_day + timedelta(days=stop.get("day", 0))), stop.get("start", "09:30"))
        place = db.session.scalar(select(Place).where(Place.slug == stop.get("place", "")))
        for later in range(8):
            begin = starts_at + timedelta(hours=later)
            plan = lifecycle.Plan(
                title=stop["title"],
                host=host,
                starts_at=begin,
                ends_at=begin + timedelta(minutes=stop.get("minutes", 90)),
                contact=_member(host),
                place=place,
                place_text="" if place else stop.get("where", ""),
                note=stop.get("note", ""),
            )
            try:
                made = lifecycle.add_appointment(self.visit, plan, by=by_user(_member(lead), lead), at=self._next(0))
            except Overlap:
                continue
            if made.answer == "asked" and not stop.get("unanswered"):
                lifecycle.accept_part(made, by=by_user(_member(host), host), at=self._next(0, "15:00"))
            return

    def _proposed(self) -> None:
        lead = self._lead_host()
        lifecycle.propose(self.visit, by=by_user(_member(lead), lead), at=self._next(3))

    def _confirmed(self) -> None:
        lifecycle.accept(self.visit, at=self._next(2, "09:05"))

    def _completed(self) -> None:
        ended = max(a.ends_at for a in self.visit.appointments if not a.is_cancelled)
        self.clock = ended + timedelta(minutes=5)
        lifecycle.complete(self.visit, at=self.clock)

    def _reported(self) -> None:
        lead, outcome = self._lead_host(), self.story["outcome"]
        links = sorted(self.visit.goal_links, key=lambda link: -link.score)
        wanted = outcome.get("goals")
        goals = [_goal(slug) for slug in wanted] if wanted else [link.goal for link in links[:4]]
        at = self._next(2)
        commitments = [
            lifecycle.Commitment(one["text"], venue_date(at) + timedelta(days=one["days"]), _member(lead))
            for one in outcome.get("follow_ups", ())
        ]
        lifecycle.report(
            self.visit,
            achieved=outcome["achieved"],
            text=outcome["text"],
            goals=goals,
            follow_ups=commitments,
            by=by_user(_member(lead), lead),
            at=at,
        )

    def _exit(self, until: str) -> None:
        reason, at = self.story.get("reason", ""), self._next(2)
        if until == "expired":
            lifecycle.expire(self.visit, at=at + timedelta(days=3))
        elif until == "declined":
            other = self.story.get("alternatives", "")
            text = self.story.get("text", "")
            lifecycle.decline(self.visit, reason=reason, text=text, alternatives=other, by=self._coordinator(), at=at)
        elif until == "withdrawn":
            lifecycle.withdraw(self.visit, text=reason, at=at)
        elif until == "cancelled":
            lifecycle.cancel(self.visit, reason=reason, by=self._coordinator(), at=at)
        elif until == "no-show":
            lifecycle.mark_no_show(self.visit, text=reason, by=self._coordinator(), at=at)
        elif until == "merged":
            wanted = select(Visit).where(Visit.organisation == self.story["into"], Visit.id != self.visit.id)
            lifecycle.merge(self.visit, db.session.scalars(wanted).one(), by=self._coordinator(), at=at)

    def _lead_host(self) -> Host:
        if self.visit.lead_host is not None:
            return self.visit.lead_host
        slug = self.story.get("lead") or (self.visit.routing.get("lead") if self.visit.routing else None)
        return _host(slug or "byradsleder")

    def _coordinator(self) -> Actor:
        query = select(User).where(User.is_coordinator).order_by(User.id.desc()).limit(1)
        return by_user(db.session.scalars(query).one())


def _host(slug: str) -> Host:
    return db.session.scalars(select(Host).where(Host.slug == slug)).one()


def _goal(slug: str) -> Goal:
    return db.session.scalars(select(Goal).where(Goal.slug == slug)).one()


def _member(host: Host) -> User:
    """The host's person in the demo: its first member, or the owner's where it has none."""
    if host.members:
        return host.members[0]
    return _member(host.owner) if host.owner else db.session.scalars(select(User)).first()  # type: ignore[return-value]
