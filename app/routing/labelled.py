"""Labelled requests and predictions, read from JSON lines; what cannot be read is refused by line and case."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from rapidfuzz import process

from app.routing.types import DECLINE, REVIEW, ROUTE

DECISIONS = (ROUTE, REVIEW, DECLINE)
LISTS = ("lead", "co_hosts", "not", "priorities", "sdgs", "flags")
OF_HOSTS = ("lead", "co_hosts", "not")
ALIKE = 60  # from here in a hundred a slug is worth naming as what may have been meant
SAID = {
    "not-json": "not JSON: {detail}",
    "no-id": "an object with a text id is needed",
    "same-id": "the id {case} occurs twice",
    "decision": "{case}: expected.decision must be one of {choices}",
    "not-a-list": "{case}: expected.{name} must be a list",
    "unknown-host": "{case}: expected.{name} names the host {value!r}, which the city has not; {choices}",
    "no-request": "{case}: not a request: {detail}",
}


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


def read_labelled(lines: Iterable[str], hosts: Collection[str] = ()) -> list[dict[str, Any]]:
    """Labelled cases; raises Unreadable naming the case whose labels are wrong: hosts must be among these, if any."""
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
        if hosts:
            _check_hosts(number, row["id"], expected, hosts)
        rows.append(row)
    return rows


def _check_hosts(line: int, case: str, expected: dict[str, Any], hosts: Collection[str]) -> None:
    """A slug that no host has would count as an error of routing's, for ever and without a word."""
    for name in OF_HOSTS:
        for slug in expected[name]:
            if slug not in hosts:
                alike = process.extractOne(slug, sorted(hosts), score_cutoff=ALIKE)
                meant = str(alike[0]) if alike else ""
                choices = f"did you mean {meant}?" if meant else f"its hosts are {', '.join(sorted(hosts))}"
                values = {"case": case, "name": name, "value": slug, "meant": meant, "choices": choices}
                raise Unreadable("unknown-host", line, **values)


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
