"""What routing must know of the city besides its rows: who plays which role, units' names, other places of its name."""

from __future__ import annotations

from pathlib import Path

from app.city.nodes import Entry, Register
from app.city.rows import SOURCES
from app.city.types import Facts
from app.city.yamlfile import open_entry
from app.routing.catalogue import Rules

ROLES = ("representation", "coordination", "nordic_administration")
OPTIONAL = (
    "city_names",
    "landmarks",
    "namesakes",
    "host_words",
    "posts",
    "not_with",
    "type_hosts",
    "elsewhere",
    "only_with",
    "described",
)


def read_rules(path: Path, facts: Facts, register: Register) -> Rules:
    """The rules in routing.yaml; without that file the coordinating host plays every role."""
    if not path.exists():
        host, names = facts.coordinating_host, tuple(sorted(set(facts.names.values())))
        return Rules(representation=host, coordination=host, nordic_administration=host, city_names=names)
    fields = open_entry(path).fields(["source", "roles"], OPTIONAL)
    fields["source"].one_of(SOURCES)
    roles = {name: register.mention("host", entry) for name, entry in fields["roles"].fields(ROLES).items()}
    return Rules(
        representation=roles["representation"],
        coordination=roles["coordination"],
        nordic_administration=roles["nordic_administration"],
        city_names=_words(fields.get("city_names")),
        landmarks=_words(fields.get("landmarks")),
        elsewhere=_words(fields.get("elsewhere")),
        namesakes=_lists(fields.get("namesakes")),
        host_words={host: _lists(entry) for host, entry in _by_host(fields.get("host_words"), register).items()},
        posts={host: _words(entry) for host, entry in _by_host(fields.get("posts"), register).items()},
        not_with=_lists(fields.get("not_with")),
        type_hosts=_type_hosts(fields.get("type_hosts"), register),
        only_with=_lists(fields.get("only_with")),
        described=_lists(fields.get("described")),
    )


def _words(entry: Entry | None) -> tuple[str, ...]:
    """Words of a list; an item may hold several, separated by commas."""
    texts = [text for item in entry.items() for text in item.text().split(",")] if entry else []
    return tuple(" ".join(text.split()) for text in texts if text.strip())


def _lists(entry: Entry | None) -> dict[str, tuple[str, ...]]:
    return {name: _words(value) for name, value in entry.pairs().items()} if entry else {}


def _by_host(entry: Entry | None, register: Register) -> dict[str, Entry]:
    if entry is None:
        return {}
    pairs = entry.pairs()
    for key in entry.keys().values():
        register.mention("host", key)
    return pairs


def _type_hosts(entry: Entry | None, register: Register) -> dict[str, dict[str, float]]:
    kinds = entry.pairs() if entry else {}
    return {
        kind: {host: weight.number(0, 9) for host, weight in _by_host(hosts, register).items()}
        for kind, hosts in kinds.items()
    }
