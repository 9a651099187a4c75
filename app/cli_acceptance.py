"""The command that makes the small known world of the acceptance tests and prints the ways into it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import click
from flask import current_app
from sqlalchemy import update

from app.city.world import World, WorldExistsError, make_world
from app.core.time import now
from app.extensions import db
from app.feeds.actions import MOST_FEEDS, create_feed
from app.feeds.models import Level, ScopeKind
from app.feeds.queries import kinds_for, scopes_for
from app.notifications.reminders import skip_due
from app.people.links import mint_link
from app.people.models import User
from app.strategy.models import CitySetting
from app.visits.models import Visit
from app.visits.programme_models import Appointment

A_DAY = timedelta(hours=24)


@click.command("seed-acceptance")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON (the only form there is).")
@click.option("--seed", default="vertskap", help="Canaries are derived from it; the same seed gives the same ones.")
def seed_acceptance(as_json: bool, seed: str) -> None:
    """Make the acceptance tests' known world (once), and print ids, links and feeds as JSON. No mail leaves."""
    del as_json
    try:
        world = make_world(seed, at=now())
    except WorldExistsError as error:
        raise click.ClickException(f"{error}.") from error
    skip_due(at=now())
    _leave_out_quiet_hours()
    told = {
        "seed": seed,
        "base_url": current_app.config["BASE_URL"],
        "hosts": {word: {"id": host.id, "slug": host.slug} for word, host in world.hosts.items()},
        "people": {word: _person(word, user) for word, user in world.people.items()},
        "visits": {word: _visit(world, visit) for word, visit in world.visits.items()},
        "delegates": {word: {"id": one.id, "visit": word.partition("d")[0]} for word, one in world.delegates.items()},
        "feeds": [feed for word, user in world.people.items() for feed in _feeds(world, word, user)],
        "canaries": world.canaries,
    }
    db.session.commit()
    click.echo(json.dumps(told, ensure_ascii=False, indent=1))


def _leave_out_quiet_hours() -> None:
    """Acceptance tests run at any hour, and wait for mails; whoever tests quiet hours sets some."""
    db.session.execute(update(User).values(quiet_hours={"from": "00:00", "until": "00:00", "zone": ""}))
    for key in ("quiet_from_hour", "quiet_until_hour"):
        db.session.merge(CitySetting(key=key, value=0))
    db.session.flush()


def _url(path: str) -> str:
    return f"{current_app.config['BASE_URL']}{path}"


def _person(word: str, user: User) -> dict[str, Any]:
    """A person with a sign-in link good for a day; that of a deactivated person lets nobody in."""
    token = mint_link("sign-in", user.id, at=now(), lifetime=A_DAY)
    role = "coordinator" if user.is_coordinator else "administrator" if user.is_admin else "host"
    return {
        "id": user.id,
        "email": user.email,
        "role": role,
        "host": word[:2] if word.startswith("h") else "h1" if word == "gone" else None,
        "active": user.is_active,
        "session": user.get_id(),
        "sign_in": _url(f"/sign-in/{token}"),
    }


def _visit(world: World, visit: Visit) -> dict[str, Any]:
    """A visit with its visitor's link; before its address is confirmed also the link that does it."""
    token = mint_link("visit", visit.id, at=now())
    confirm = mint_link("confirm-address", visit.id, at=now()) if visit.status == "submitted" else ""
    return {
        "id": visit.id,
        "ref": visit.ref,
        "status": visit.status,
        "url": _url(f"/v/{token}"),
        "confirm": _url(f"/v/{confirm}/confirm") if confirm else "",
        "lead": next((word for word, host in world.hosts.items() if host.id == visit.lead_host_id), None),
        "seen_by": [word for word, host in world.hosts.items() if _sees(host.id, visit)],
        "appointments": [_stop(world, stop) for stop in visit.appointments],
    }


def _sees(host_id: int, visit: Visit) -> bool:
    asked = {offer.host_id for offer in visit.offers}
    return host_id in asked | {visit.lead_host_id} | {stop.host_id for stop in visit.appointments}


def _stop(world: World, stop: Appointment) -> dict[str, Any]:
    return {
        "id": stop.id,
        "uid": stop.uid,
        "status": stop.status,
        "sequence": stop.sequence,
        "moved": stop.id in world.moved,
        "starts_at": stop.starts_at.isoformat(),
        "ends_at": stop.ends_at.isoformat(),
    }


def _feeds(world: World, word: str, user: User) -> Iterator[dict[str, Any]]:
    """A feed of every kind of scope at every level for each person, as many as one may have; the coordinators share."""
    if not user.is_active:
        return
    wanted = [(kind, level) for level in Level for kind in kinds_for(user)]
    if word == "c2":  # what the first coordinator has no room for
        wanted = wanted[MOST_FEEDS:]
    for kind, level in wanted[:MOST_FEEDS]:
        scope_id = _scope_id(world, user, kind)
        if scope_id is None:
            continue
        _feed, token = create_feed(
            by=user, name=f"{kind} {level}", kind=kind, scope_id=scope_id, level=level, language="en", at=now()
        )
        yield {"user": word, "kind": kind, "scope_id": scope_id, "level": level, "url": _url(f"/feeds/{token}.ics")}


def _scope_id(world: World, user: User, kind: ScopeKind) -> int | None:
    """A scope of that kind in which the world's visits are, else any that the person may choose."""
    confirmed = world.visits["v5"]
    near: dict[str, list[int]] = {
        ScopeKind.PLACE: [world.place.id] if world.place else [],
        ScopeKind.GOAL: [link.goal_id for link in confirmed.goal_links],
        ScopeKind.PARTNERSHIP: [link.partnership_id for link in confirmed.partnership_links],
        ScopeKind.THEME: [link.theme_id for link in confirmed.theme_links],
        ScopeKind.HOST: [host.id for host in world.hosts.values()],
    }
    offered = [scope.id for scope in scopes_for(user, kind)]
    return next((one for one in near.get(kind, ()) if one in offered), offered[0] if offered else None)


COMMANDS: tuple[click.Command, ...] = (seed_acceptance,)
