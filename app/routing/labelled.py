"""Labelled requests and predictions, read from JSON lines; what cannot be read is refused by line and case."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from rapidfuzz import process

from app.routing.catalogue import Catalogue
from app.routing.types import DECLINE, FLAGS, REVIEW, ROUTE

DECISIONS = (ROUTE, REVIEW, DECLINE)
LISTS = ("lead", "co_hosts", "not", "priorities", "sdgs", "flags")
KINDS = {
    "lead": "host",
    "co_hosts": "host",
    "not": "host",
    "priorities": "priority",
    "sdgs": "sdg",
    "flags": "flag",
}
SDGS = tuple(map(str, range(1, 18)))
ALIKE = 60  # from here in a hundred a slug is worth naming as what may have been meant
SAID = {
    "not-json": "not JSON: {detail}",
    "no-id": "an object with a text id is needed",
    "same-id": "the id {case} occurs twice",
    "decision": "{case}: expected.decision must be one of {choices}",
    "not-a-list": "{case}: expected.{name} must be a list",
    "unknown-host": "{case}: expected.{name} names the host {value!r}, which the city has not; {choices}",
    "unknown-priority": "{case}: expected.{name} names the priority {value!r}, which the city has not; {choices}",
    "unknown-sdg": "{case}: expected.{name} names {value}; {choices}",
    "unknown-flag": "{case}: expected.{name} names the flag {value!r}, which is never raised; {choices}",
    "no-request": "{case}: not a request: {detail}",
}


_ALL = {"host": "its hosts are", "priority": "its priorities are", "sdg": "the goals are", "flag": "the flags are"}


class Unreadable(ValueError):
    """What of a labelled file cannot be read, as data, and as text in English; line 0: only the case is known."""

    def __init__(self, code: str, line: int, **values: str) -> None:
        self.code, self.line, self.values = code, line, values
        said = SAID[code].format(**values)
        super().__init__(f"line {line}: {said}" if line else said)


def read_rows(lines: Iterable[str]) -> list[dict[str, Any]]:
    """JSON lines with an id each; raises Unreadable naming the line that is wrong."""
    return [row for _line, row in _numbered(lines)]


def _numbered(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.lstrip("\ufeff"))
        except (ValueError, RecursionError) as problem:
            column = str(getattr(problem, "colno", 1))
            raise Unreadable("not-json", number, detail=str(problem), column=column) from problem
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            raise Unreadable("no-id", number)
        if row["id"] in seen:
            raise Unreadable("same-id", number, case=row["id"])
        seen.add(row["id"])
        yield number, row


def known_labels(hosts: Iterable[str], priorities: Iterable[str]) -> dict[str, frozenset[str]]:
    """What labels may name, by kind, in a city with these hosts and priorities."""
    return {
        "host": frozenset(hosts),
        "priority": frozenset(priorities),
        "sdg": frozenset(SDGS),
        "flag": frozenset(FLAGS),
    }


def labels_of(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """What labels may name in the city of a catalogue."""
    goals = (goal.code for goal in catalogue.goals if not goal.code.startswith("sdg-"))
    return known_labels((host.slug for host in catalogue.hosts), goals)


def read_labelled(lines: Iterable[str], known: Mapping[str, Collection[str]] | None = None) -> list[dict[str, Any]]:
    """Labelled cases; raises Unreadable naming the case whose labels are wrong: each must be among the known ones.

    Where `known` (`labels_of`) is not given, only their shape is looked at.
    """
    rows = []
    for number, row in _numbered(lines):
        expected = row.get("expected")
        if not isinstance(expected, dict) or expected.get("decision") not in DECISIONS:
            raise Unreadable("decision", number, case=row["id"], choices=", ".join(DECISIONS))
        for name in LISTS:
            kind = int if name == "sdgs" else str
            value = expected.setdefault(name, [])
            if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
                raise Unreadable("not-a-list", number, case=row["id"], name=name)
        if known is not None:
            _check_labels(number, row["id"], expected, known)
        rows.append(row)
    return rows


def _check_labels(line: int, case: str, expected: dict[str, Any], known: Mapping[str, Collection[str]]) -> None:
    """A label that nothing has would count as an error of routing's, for ever and without a word."""
    for name, kind in KINDS.items():
        for value in map(str, expected[name]):
            if value not in known[kind]:
                values = {"case": case, "name": name, "value": value, **_instead(value, kind, known[kind])}
                raise Unreadable(f"unknown-{kind}", line, **values)


def _instead(value: str, kind: str, known: Collection[str]) -> dict[str, str]:
    """What may have been meant, or all there is."""
    everything = [one for one in (*FLAGS, *SDGS) if one in known] or sorted(known)
    alike = process.extractOne(value, everything, score_cutoff=ALIKE) if kind in ("host", "flag") else None
    meant = str(alike[0]) if alike else ""
    listed = ", ".join(everything)
    return {"meant": meant, "known": listed, "choices": f"did you mean {meant}?" if meant else f"{_ALL[kind]} {listed}"}


def read_predictions(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Predictions as `flask route` writes them; raises ValueError naming the one that cannot be read."""
    rows = read_rows(lines)
    for row in rows:
        for name in ("ranked", "priorities", "sdgs", "flags"):
            value = row.get(name) or []
            if not isinstance(value, list) or not all(_is_entry(one, name) for one in value):
                raise ValueError(f"{row['id']}: {name} must be a list")
        row["sdgs"] = [int(one) for one in row.get("sdgs") or ()]
    return rows


def _is_entry(value: object, name: str) -> bool:
    """Whether it may stand in that list; a number that was written as text is one."""
    if name == "sdgs":
        return isinstance(value, int) or (isinstance(value, str) and value.isdecimal())
    return isinstance(value, str)
