"""The labelled texts and requests of a city, from which routing's word model learns: checked like every other file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.city.nodes import CityFileError
from app.city.types import City
from app.routing.labelled import Unreadable, known_labels, read_labelled

LISTS = ("themes", "lead", "co_hosts", "priorities", "sdgs")


def check_training(folder: Path, city: City) -> None:
    """Every line is a labelled text or request that names known things; raises CityFileError for the first other."""
    known = {
        "themes": {theme.slug for theme in city.themes},
        "lead": {host.slug for host in city.hosts},
        "co_hosts": {host.slug for host in city.hosts},
        "priorities": {goal.slug for goal in city.goals},
    }
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip() and (reason := _wrong(line, known)):
                raise CityFileError(path, number, reason)
    labels = known_labels(known["lead"], known["priorities"])
    for path in sorted((folder / "requests").glob("*.jsonl")):
        try:
            read_labelled(path.read_text(encoding="utf-8").splitlines(), labels)
        except Unreadable as error:
            raise CityFileError(path, error.line, str(error)) from error


def _wrong(line: str, known: dict[str, set[str]]) -> str:
    """What is wrong with a line, or nothing."""
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        return f"this is not JSON: {error}"
    if not isinstance(row, dict) or not isinstance(row.get("purpose"), str):
        return "a labelled text needs a purpose"
    for name in LISTS:
        values = row.get(name)
        if not isinstance(values, list):
            return f"{name} must be a list"
        if strange := [value for value in values if name in known and value not in known[name]]:
            return f"{name} names {strange[0]!r}, which is not in the city's files"
    if not all(isinstance(number, int) and 1 <= number <= 17 for number in row["sdgs"]):
        return "sdgs are numbers from 1 to 17"
    return ""
