"""How long it takes between the city's places: travel.yaml, which may be left out."""

from __future__ import annotations

from pathlib import Path

from app.city.nodes import Entry, Register
from app.city.rows import SOURCES
from app.city.types import Travel, Way
from app.city.yamlfile import open_entry

LONGEST = 600  # minutes


def read_travel(path: Path, register: Register) -> Travel:
    """The ways in the file, each pair of places once, either direction; none where there is no file."""
    if not path.exists():
        return Travel((), "assumed")
    fields = open_entry(path).fields(["source", "ways"])
    source, ways = fields["source"].one_of(SOURCES), []
    first: dict[frozenset[str], Entry] = {}
    for entry in fields["ways"].items():
        way = _way(entry, register)
        known = first.setdefault(frozenset(way.places), entry)
        if known is not entry:
            entry.fail(f"the way between {way.places[0]!r} and {way.places[1]!r} stands already in line {known.line}")
        ways.append(way)
    return Travel(tuple(ways), source)


def _way(entry: Entry, register: Register) -> Way:
    fields = entry.fields(["between", "and"], ["walk", "drive"])
    one, other = (register.mention("place", fields[name]) for name in ("between", "and"))
    if one == other:
        fields["and"].fail(f"a way leads to another place, not back to {one!r}")
    walk, drive = (fields[name].whole(0, LONGEST) if name in fields else None for name in ("walk", "drive"))
    if walk is None and drive is None:
        entry.fail("a way needs minutes to walk, to drive, or both")
    return Way((one, other), walk, drive)
