"""Requests from a file, one JSON object a line, registered on the visitors' behalf; no mail leaves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import update

from app.core.text import clean_line
from app.extensions import db
from app.people.actors import SYSTEM
from app.visits.models import Activity, Visit
from app.visits.requesting import Request, register

TEXTS = (
    "organisation",
    "organisation_type",
    "country",
    "city",
    "website",
    "on_behalf_of",
    "contact_name",
    "contact_email",
    "purpose",
    "relation",
    "previous_visit",
    "event",
    "in_return",
)
LARGEST = 100_000  # people, or hours: anything above is a slip of the keyboard


class ImportFileError(ValueError):
    """A line that cannot be read; says which and why. Nothing of the file was taken."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the file with its own id and the day it was sent."""

    id: str
    request: Request
    submitted_on: date


def read_requests(lines: Iterable[str]) -> list[Line]:
    """Every line of the file, in `submitted_on` order; raises ImportFileError before anything is stored."""
    found: dict[str, Line] = {}
    for number, text in enumerate(lines, 1):
        if text.strip():
            line = _line(number, text)
            if line.id in found:
                raise ImportFileError(number, f"id {line.id} stands twice")
            found[line.id] = line
    return sorted(found.values(), key=lambda line: line.submitted_on)


def import_requests(lines: Iterable[Line], *, at: datetime) -> Iterator[dict[str, Any]]:
    """Register each request; its `submitted_on` is today for routing only. Yields id, ref, decision and offers."""
    for line in lines:
        visit = register(line.request, by=SYSTEM, at=at, source="import", routed_on=line.submitted_on)
        silence(visit, at=at)
        offers = [{"host": o.host.slug, "part": o.part} for o in visit.offers if o.status == "open"]
        yield {"id": line.id, "ref": visit.ref, "decision": visit.decision, "offers": offers}


def silence(visit: Visit, *, at: datetime) -> None:
    """Mark everything that happened to the visit as announced: nobody gets mail about it."""
    db.session.flush()
    quiet = update(Activity).where(Activity.visit_id == visit.id, Activity.announced_at.is_(None))
    db.session.execute(quiet.values(announced_at=at))


def _line(number: int, text: str) -> Line:
    try:
        row = json.loads(text)
        request = row["request"] if isinstance(row, dict) else None
        if not isinstance(request, dict):
            raise ValueError("no object with a request")
        return Line(str(row["id"]), request_of(request), date.fromisoformat(request["submitted_on"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise ImportFileError(number, reason) from error


def request_of(row: Mapping[str, Any]) -> Request:
    """A request as the public form would yield it, from its JSON form.

    Raises KeyError, TypeError, AttributeError or ValueError for what cannot be read.
    """
    head = row.get("head_of_delegation") or {}
    group_size, hours = _number(row, "group_size"), _number(row, "duration_hours")
    texts = {name: str(row.get(name) or "") for name in TEXTS}
    if not clean_line(texts["organisation"]):
        raise KeyError("organisation")
    return Request(
        **texts,
        head_name=str(head.get("name") or ""),
        head_title=str(head.get("title") or ""),
        head_level=str(head.get("level") or ""),
        group_size=None if group_size is None else int(group_size),
        languages=_words(row, "languages"),
        interpreter_needed=bool(row.get("interpreter_needed")),
        themes=_words(row, "themes"),
        wanted_hosts=_words(row, "wanted_hosts"),
        windows=_windows(row),
        duration_hours=hours,
    )


def _words(row: Mapping[str, Any], name: str) -> list[str]:
    words = row.get(name) or []
    if not isinstance(words, list):
        raise TypeError(f"{name} is no list")
    return [clean_line(str(word)) for word in words]


def _number(row: Mapping[str, Any], name: str) -> float | None:
    if row.get(name) is None:
        return None
    number = float(row[name])
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{name} is not between 0 and {LARGEST}")
    return number


def _windows(row: Mapping[str, Any]) -> list[tuple[date, date]]:
    if not row.get("preferred_from"):
        return []
    first = date.fromisoformat(row["preferred_from"])
    return [(first, date.fromisoformat(row.get("preferred_to") or row["preferred_from"]))]
