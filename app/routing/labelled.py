"""Labelled requests and predictions, read from JSON lines; what cannot be read is refused by line or case."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from app.routing.types import DECLINE, REVIEW, ROUTE

DECISIONS = (ROUTE, REVIEW, DECLINE)
LISTS = ("lead", "co_hosts", "not", "priorities", "sdgs", "flags")


def read_rows(lines: Iterable[str]) -> list[dict[str, Any]]:
    """JSON lines with an id each; raises ValueError naming the line that is wrong."""
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.lstrip("\ufeff"))
        except (ValueError, RecursionError) as problem:
            raise ValueError(f"line {number}: not JSON: {problem}") from problem
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            raise ValueError(f"line {number}: an object with a text id is needed")
        if row["id"] in seen:
            raise ValueError(f"line {number}: the id {row['id']} occurs twice")
        seen.add(row["id"])
        rows.append(row)
    return rows


def read_labelled(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Labelled cases; raises ValueError naming the case whose labels cannot be read."""
    rows = read_rows(lines)
    for row in rows:
        expected = row.get("expected")
        if not isinstance(expected, dict) or expected.get("decision") not in DECISIONS:
            raise ValueError(f"{row['id']}: expected.decision must be one of {', '.join(DECISIONS)}")
        for name in LISTS:
            kind = int if name == "sdgs" else str
            value = expected.setdefault(name, [])
            if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
                raise ValueError(f"{row['id']}: expected.{name} must be a list")
    return rows


def read_predictions(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Predictions as `flask route` writes them; raises ValueError naming the one that cannot be read."""
    rows = read_rows(lines)
    for row in rows:
        for name in ("ranked", "priorities", "sdgs", "flags"):
            value = row.get(name) or []
            kind = int if name == "sdgs" else str
            if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
                raise ValueError(f"{row['id']}: {name} must be a list")
    return rows
