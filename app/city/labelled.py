"""The labelled requests that routing is measured on: the city's own, and the project's that lie beside the app."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from app.routing.labelled import read_labelled

OWN = "cases.jsonl"  # in the city's folder; learned weights are checked on it
BESIDE = Path(__file__).resolve().parents[2] / "tests" / "cases"  # absent in an installation


def labelled_files(city: Path | str) -> dict[str, Path]:
    """Name and place of every labelled file there is, the city's own first."""
    own = Path(city) / OWN
    found = {OWN: own} if own.is_file() else {}
    return found | {path.name: path for path in sorted(BESIDE.glob("*.jsonl"))}


def read_cases(path: Path | str, known: Mapping[str, Collection[str]] | None = None) -> list[dict[str, Any]]:
    """The labelled cases of a file; raises ValueError naming what cannot be read, or a label that is not known."""
    with Path(path).open(encoding="utf-8-sig") as lines:
        return read_labelled(lines, known)


def own_cases(city: Path | str) -> list[dict[str, Any]]:
    """The city's own labelled cases; empty where it has none."""
    own = Path(city) / OWN
    return read_cases(own) if own.is_file() else []


def count_own(city: Path | str) -> int:
    """How many labelled cases of its own the city has; whether they can be read is not looked at."""
    own = Path(city) / OWN
    if not own.is_file():
        return 0
    with own.open("rb") as lines:
        return sum(bool(line.strip()) for line in lines)
