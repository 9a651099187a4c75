"""Hosts, frameworks, partnerships, places and occasions: from a file's entries to rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from app.city.fieldtypes import country, languages, opening_hours, website
from app.city.nodes import Entry, Register, suggestion
from app.city.types import FrameworkRow, GoalRow, HostRow, OccasionRow, PartnershipRow, PlaceRow

SOURCES = ("strategy", "assumed")
GOAL_KINDS = ("part", "goal", "priority", "aim", "area", "sdg")
Assumed = tuple[Entry, ...]  # the names of fields that are assumed
Row = Callable[[Entry, Assumed, Register], Any]


def read_rows(root: Entry, key: str, row: Row, register: Register) -> tuple[Any, ...]:
    """The rows under that key of a file, whose `assumed` names the fields that are assumed in each of them."""
    top = root.fields([key], ["assumed"])
    assumed = tuple(top["assumed"].items()) if "assumed" in top else ()
    return tuple(row(entry, assumed, register) for entry in top[key].items())


def common(fields: dict[str, Entry], assumed: Assumed, known: Iterable[str]) -> dict[str, Any]:
    """What every row has: names, source, and which of its fields are assumed."""
    names = [entry.text() for entry in with_own(fields, assumed)]
    known = [*known, "names.en", "names.nb", "names.nn"]
    for name, entry in zip(names, with_own(fields, assumed), strict=True):
        if name not in known:
            entry.fail(f"assumed names an unknown field {name!r}" + suggestion(name, known))
    source = fields["source"].one_of(SOURCES)
    return {"names": fields["names"].names(), "source": source, "assumed": tuple(names)}


def with_own(fields: dict[str, Entry], assumed: Assumed) -> Assumed:
    """The assumed fields of the file and of the row itself."""
    return (*assumed, *fields["assumed"].items()) if "assumed" in fields else assumed


def read_framework(entry: Entry, assumed: Assumed, register: Register) -> tuple[FrameworkRow, list[GoalRow]]:
    """A framework and its goals, parents first."""
    fields = entry.fields(["slug", "names", "source", "nodes"], ["adopted", "assumed"])
    slug = register.declare("framework", fields["slug"])
    shared = common(fields, assumed, ["adopted"])
    adopted = fields["adopted"].text() if "adopted" in fields else ""
    position = len(register.declared["framework"])
    goals = read_goals(fields["nodes"], slug, None, with_own(fields, assumed), register)
    return FrameworkRow(slug=slug, adopted=adopted, position=position, **shared), goals


def read_goals(nodes: Entry, framework: str, parent: str | None, assumed: Assumed, register: Register) -> list[GoalRow]:
    """The goals under a framework or goal, each followed by its children."""
    goals: list[GoalRow] = []
    for entry in nodes.items():
        fields = entry.fields(["code", "kind", "names", "source"], ["children", "assumed"])
        slug = register.declare("goal", fields["code"])
        kind = fields["kind"].one_of(GOAL_KINDS)
        shared = common(fields, assumed, ["code", "kind"])
        position = len(register.declared["goal"])
        goals.append(GoalRow(slug=slug, kind=kind, framework=framework, parent=parent, position=position, **shared))
        if "children" in fields:
            goals += read_goals(fields["children"], framework, slug, assumed, register)
    return goals


HOST_REQUIRED = ("slug", "kind", "source", "names", "description", "languages", "notice_days", "opening_hours")
HOST_OPTIONAL = ("aliases", "owner", "backup", "daily_cap", "weekly_cap", "monthly_cap", "website", "assumed")


def read_host(entry: Entry, assumed: Assumed, register: Register) -> HostRow:
    """A host with its profile."""
    fields = entry.fields(HOST_REQUIRED, HOST_OPTIONAL)
    slug = register.declare("host", fields["slug"])
    for role in ("owner", "backup"):
        if role in fields and fields[role].text() == slug:
            fields[role].fail(f"the host {slug!r} cannot be its own {role}")
    return HostRow(
        slug=slug,
        kind=fields["kind"].one_of(("department", "agency", "partner")),
        descriptions=fields["description"].names(),
        aliases=fields["aliases"].texts() if "aliases" in fields else (),
        owner=register.mention("host", fields["owner"]) if "owner" in fields else None,
        backup=register.mention("host", fields["backup"]) if "backup" in fields else None,
        languages=languages(fields["languages"]),
        daily_cap=fields["daily_cap"].whole(0, 20) if "daily_cap" in fields else None,
        weekly_cap=fields["weekly_cap"].whole(0, 100) if "weekly_cap" in fields else None,
        monthly_cap=fields["monthly_cap"].whole(0, 400) if "monthly_cap" in fields else None,
        notice_days=fields["notice_days"].whole(0, 365),
        opening_hours=opening_hours(fields["opening_hours"]),
        website=website(fields.get("website")),
        **common(fields, assumed, (*HOST_REQUIRED, *HOST_OPTIONAL)),
    )


PARTNERSHIP_REQUIRED = ("slug", "kind", "source", "names", "responsible")
PARTNERSHIP_OPTIONAL = ("practical", "aliases", "website", "country", "since", "note", "themes", "assumed")


def read_partnership(entry: Entry, assumed: Assumed, register: Register) -> PartnershipRow:
    """A twin city, network or project with the hosts that answer for it."""
    fields = entry.fields(PARTNERSHIP_REQUIRED, PARTNERSHIP_OPTIONAL)
    return PartnershipRow(
        slug=register.declare("partnership", fields["slug"]),
        kind=fields["kind"].one_of(("twin-city", "network", "project")),
        aliases=fields["aliases"].texts() if "aliases" in fields else (),
        website=website(fields.get("website")),
        country=country(fields.get("country")),
        since=str(fields["since"].whole(1000, 2999)) if "since" in fields else "",
        note=fields["note"].text() if "note" in fields else "",
        responsible=register.mention("host", fields["responsible"]),
        practical=register.mention("host", fields["practical"]) if "practical" in fields else None,
        themes=_themes(fields, register),
        **common(fields, assumed, (*PARTNERSHIP_REQUIRED, *PARTNERSHIP_OPTIONAL)),
    )


PLACE_REQUIRED = ("slug", "source", "names", "address", "exclusive")
PLACE_OPTIONAL = ("host", "latitude", "longitude", "capacity", "note", "assumed")


def read_place(entry: Entry, assumed: Assumed, register: Register) -> PlaceRow:
    """A place; both coordinates or none."""
    fields = entry.fields(PLACE_REQUIRED, PLACE_OPTIONAL)
    if ("latitude" in fields) != ("longitude" in fields):
        entry.fail("latitude and longitude go together")
    return PlaceRow(
        slug=register.declare("place", fields["slug"]),
        host=register.mention("host", fields["host"]) if "host" in fields else None,
        address=fields["address"].text(),
        latitude=fields["latitude"].number(-90, 90) if "latitude" in fields else None,
        longitude=fields["longitude"].number(-180, 180) if "longitude" in fields else None,
        exclusive=fields["exclusive"].flag(),
        capacity=fields["capacity"].whole(1, 100_000) if "capacity" in fields else None,
        note=fields["note"].text() if "note" in fields else "",
        **common(fields, assumed, (*PLACE_REQUIRED, *PLACE_OPTIONAL)),
    )


OCCASION_REQUIRED = ("slug", "source", "names")
OCCASION_OPTIONAL = ("aliases", "starts_on", "ends_on", "website", "note", "themes", "assumed")


def read_occasion(entry: Entry, assumed: Assumed, register: Register) -> OccasionRow:
    """A larger event; it ends on the day it starts or later."""
    fields = entry.fields(OCCASION_REQUIRED, OCCASION_OPTIONAL)
    starts_on = fields["starts_on"].day() if "starts_on" in fields else None
    ends_on = fields["ends_on"].day() if "ends_on" in fields else None
    if ends_on and (starts_on is None or ends_on < starts_on):
        fields["ends_on"].fail("ends_on must not be before starts_on")
    return OccasionRow(
        slug=register.declare("occasion", fields["slug"]),
        aliases=fields["aliases"].texts() if "aliases" in fields else (),
        starts_on=starts_on,
        ends_on=ends_on or starts_on,
        website=website(fields.get("website")),
        note=fields["note"].text() if "note" in fields else "",
        themes=_themes(fields, register),
        **common(fields, assumed, (*OCCASION_REQUIRED, *OCCASION_OPTIONAL)),
    )


def _themes(fields: dict[str, Entry], register: Register) -> tuple[str, ...]:
    return tuple(register.mention("theme", item) for item in fields["themes"].items()) if "themes" in fields else ()
