"""The small known world of the acceptance tests: made through the real verbs at their own times, every personal field a
canary. A canary that turns up where its owner's reader has no business gives itself away: CNRY-<org>-<field>-<8 hex>.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.city.booking import at_clock, visiting
from app.core.time import now, venue_date
from app.extensions import db
from app.people.actors import VISITOR, Actor, by_user
from app.people.models import Host, Place, User
from app.people.users import create_user, deactivate
from app.visits import lifecycle
from app.visits.importing import silence
from app.visits.models import Visit
from app.visits.programme_models import Delegate

SOURCE = "acceptance"
HOSTS, COORDINATORS = 3, 2
BETWEEN = timedelta(hours=2)  # from one step of a story to the next


@dataclass(frozen=True, slots=True)
class Story:
    """How far a visit goes, who leads and joins, how many delegates come, when, and who has its stops."""

    until: str
    lead: str = ""
    joined: tuple[str, ...] = ()
    delegates: int = 0
    days_ahead: int = 28
    stops: tuple[str, ...] = ()  # contact persons; the second stop is moved, the last is cancelled


STORIES = {
    "v1": Story("submitted"),
    "v2": Story("offered", "h1", ("h2",)),
    "v3": Story("claimed", "h1", delegates=2, days_ahead=35, stops=("h1a", "h1b")),
    "v4": Story("proposed", "h2", delegates=4, days_ahead=42, stops=("h2a", "h2b", "h2a")),
    "v5": Story("confirmed", "h1", ("h2",), 4, 49, ("h1a", "h1a", "h2a", "h1b")),
    "v6": Story("reported", "h3", delegates=2, days_ahead=-20, stops=("h3a", "h3a", "h3b")),
}
STEPS = ("submitted", "offered", "claimed", "proposed", "confirmed", "reported")


class WorldExistsError(ValueError):
    """The known world is in this database already, or people whose place it needs."""


@dataclass(slots=True)
class World:
    """Everything that was made, by the words that canaries carry; `canaries` leads from each to its owner's word."""

    seed: str
    canaries: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    delegates: dict[str, Delegate] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    place: Place | None = None

    def canary(self, owner: str, what: str) -> str:
        """The value of that field of that owner, the same for the same seed."""
        text = f"CNRY-{owner}-{what}-{hashlib.sha256(f'{self.seed}|{owner}|{what}'.encode()).hexdigest()[:8]}"
        self.canaries[text] = owner
        return text

    def email(self, owner: str) -> str:
        """An address whose first part is a canary; addresses are stored in lower case."""
        address = f"{self.canary(owner, 'email')}@example.org".lower()
        self.canaries[address.partition("@")[0]] = owner
        return address

    def actor(self, who: str) -> Actor:
        """That person as a verb's actor, speaking for their host."""
        user = self.people[who]
        return by_user(user, user.hosts[0] if user.hosts else None)


def make_world(seed: str, *, at: datetime | None = None) -> World:
    """The world of that seed; flushes, the caller commits. Raises WorldExistsError when there is one."""
    at = at or now()
    if db.session.scalar(select(Visit.id).where(Visit.source == SOURCE).limit(1)) is not None:
        raise WorldExistsError("the known world is in this database already")
    world = World(seed)
    world.place = db.session.scalar(select(Place).where(Place.retired_at.is_(None)).order_by(Place.id))
    days = {name: _first_day(story, venue_date(at)) for name, story in STORIES.items()}
    for name, story in STORIES.items():
        world.visits[name] = _began(world, name, story, days[name], at)
    _people(world, at - timedelta(days=90))
    for name, story in STORIES.items():
        _tell(world, name, story, days[name])
        silence(world.visits[name], at=at)
    deactivate(world.people["gone"], at=at)
    db.session.flush()
    return world


def _first_day(story: Story, today: date) -> date:
    return visiting(today + timedelta(days=story.days_ahead), back=story.days_ahead < 0)


def _began(world: World, name: str, story: Story, day: date, at: datetime) -> Visit:
    """Sent, and where the story goes on its address confirmed: thirty days before its day, or a few days ago."""
    begun = min(at - timedelta(days=4), at_clock(day, "09:00") - timedelta(days=30))
    visit = lifecycle.submit(_request(world, name, day), at=begun)
    visit.source = SOURCE
    if story.until != "submitted":
        lifecycle.receive(visit, at=begun + timedelta(minutes=10))
    return visit


def _request(world: World, name: str, day: date) -> lifecycle.Request:
    return lifecycle.Request(
        organisation=world.canary(name, "organisation"),
        organisation_type="city",
        country="NL",
        city="Utrecht",
        on_behalf_of=world.canary(name, "behalf"),
        contact_name=world.canary(name, "contact"),
        contact_email=world.email(name),
        contact_phone=world.canary(name, "phone"),
        head_name=world.canary(name, "head"),
        head_title=world.canary(name, "headtitle"),
        head_level="mayor",
        group_size=4,
        languages=["en"],
        purpose=f"Stormwater in steep streets; we know you from Eurocities. {world.canary(name, 'purpose')}",
        themes=["water"],
        relation=world.canary(name, "relation"),
        in_return=world.canary(name, "return"),
        windows=[(day, day)],
        duration_hours=4,
    )


# ---------------------------------------------------------------------------------------------------------- people


def _people(world: World, at: datetime) -> None:
    for number, host in enumerate(_free_hosts(world), 1):
        world.hosts[f"h{number}"] = host
        for letter in "ab":
            _person(world, f"h{number}{letter}", at, host=host)
    for number in range(1, COORDINATORS + 1):
        _person(world, f"c{number}", at, coordinator=True)
    _person(world, "admin", at, admin=True)
    _person(world, "gone", at, host=world.hosts["h1"])


def _free_hosts(world: World) -> list[Host]:
    """Hosts without people whom routing did not ask, so that who sees which visit is known."""
    asked = {offer.host_id for visit in world.visits.values() for offer in visit.offers}
    hosts = db.session.scalars(select(Host).where(Host.retired_at.is_(None)).order_by(Host.id))
    free = [host for host in hosts if not host.memberships and host.id not in asked][:HOSTS]
    if len(free) < HOSTS:
        raise WorldExistsError(f"{HOSTS} hosts without people are needed")
    return free


def _person(
    world: World, who: str, at: datetime, *, host: Host | None = None, coordinator: bool = False, admin: bool = False
) -> None:
    user = create_user(
        world.email(who),
        name=world.canary(who, "name"),
        hosts=[host.slug] if host else [],
        coordinator=coordinator,
        admin=admin,
        language="en",
        at=at,
    )
    user.phone, user.title = world.canary(who, "phone"), world.canary(who, "title")
    world.people[who] = user


# ---------------------------------------------------------------------------------------------------------- stories


def _tell(world: World, name: str, story: Story, day: date) -> None:
    """Walk the visit to its end, a step every two hours."""
    visit, lead = world.visits[name], f"{story.lead}a"
    at = visit.submitted_at
    for step in STEPS[1 : STEPS.index(story.until) + 1]:
        at += BETWEEN
        if step == "offered":
            _offer(world, visit, story, at)
        elif step == "claimed":
            lifecycle.claim(visit, world.hosts[story.lead], by=world.actor(lead), at=at)
            _join_and_write(world, name, story, at)
            _plan(world, name, story, day, at)
        elif step == "proposed":
            lifecycle.propose(visit, by=world.actor(lead), at=at)
        elif step == "confirmed":
            lifecycle.accept(visit, at=at)
        else:
            _carry_out(world, name, story)
    if story.stops and story.until != "reported":
        _change(world, visit, lead, at + timedelta(hours=1))


def _offer(world: World, visit: Visit, story: Story, at: datetime) -> None:
    for host, part in ((story.lead, "lead"), *((one, "part") for one in story.joined)):
        lifecycle.offer(visit, world.hosts[host], part=part, by=world.actor("c1"), at=at)


def _join_and_write(world: World, name: str, story: Story, at: datetime) -> None:
    visit = world.visits[name]
    for host in story.joined:
        lifecycle.join(visit, world.hosts[host], by=world.actor(f"{host}a"), at=at)
    lifecycle.write(visit, world.canary(name, "message"), by=VISITOR, at=at)
    lifecycle.write(visit, world.canary(name, "note"), by=world.actor(f"{story.lead}a"), kind="note", at=at)
    for number in range(1, story.delegates + 1):
        who = f"{name}d{number}"
        who_comes, title, needs = (world.canary(who, what) for what in ("name", "title", "needs"))
        made = lifecycle.add_delegate(visit, name=who_comes, title=title, needs=needs, consent=True, at=at)
        world.delegates[who] = made


def _plan(world: World, name: str, story: Story, day: date, at: datetime) -> None:
    """The stops, two hours apart; another host's part is accepted at once."""
    for number, who in enumerate(story.stops, 1):
        key, person = f"{name}s{number}", world.people[who]
        plan = lifecycle.Plan(
            title=world.canary(key, "title"),
            host=person.hosts[0],
            starts_at=at_clock(day, f"{7 + 2 * number:02}:00"),
            ends_at=at_clock(day, f"{8 + 2 * number:02}:00"),
            contact=person,
            place=world.place,
            place_text=world.canary(key, "where"),
            note=world.canary(key, "hostnote"),
            visitor_note=world.canary(key, "visitornote"),
        )
        made = lifecycle.add_appointment(world.visits[name], plan, by=world.actor(f"{story.lead}a"), at=at)
        if made.answer == "asked":
            lifecycle.accept_part(made, by=world.actor(who), at=at)


def _change(world: World, visit: Visit, lead: str, at: datetime) -> None:
    """The second stop begins half an hour later, the last of more than two is cancelled."""
    stops = sorted(visit.appointments, key=lambda stop: stop.starts_at)
    later = lifecycle.moved(stops[1], starts_at=stops[1].starts_at + timedelta(minutes=30))
    lifecycle.move_appointment(stops[1], later, by=world.actor(lead), at=at)
    world.moved.add(stops[1].id)
    if len(stops) > 2:
        lifecycle.remove_appointment(stops[-1], by=world.actor(lead), reason="Called off", at=at)


def _carry_out(world: World, name: str, story: Story) -> None:
    """Changed like the others, then held, and reported the day after with a commitment."""
    visit, lead = world.visits[name], f"{story.lead}a"
    _change(world, visit, lead, min(stop.starts_at for stop in visit.appointments) - timedelta(days=3))
    ended = max(stop.ends_at for stop in visit.appointments if not stop.is_cancelled)
    lifecycle.complete(visit, at=ended + timedelta(minutes=5))
    reported = ended + timedelta(days=1)
    lifecycle.report(
        visit,
        achieved=4,
        text=world.canary(name, "outcome"),
        goals=[link.goal for link in visit.goal_links],
        follow_ups=[
            lifecycle.Commitment(
                world.canary(name, "followup"), venue_date(reported) + timedelta(days=60), world.people[lead]
            )
        ],
        by=world.actor(lead),
        at=reported,
    )
