"""Requests as JSON lines: read into enquiries, routed, written as predictions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from app.routing.catalogue import Catalogue
from app.routing.decide import propose
from app.routing.types import Enquiry, Proposal, codes


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(str(part) for part in value)
    return "" if value is None else str(value)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return (str(value),) if value else ()
    return tuple(str(part) for part in value)


def _windows(request: Mapping[str, Any]) -> tuple[tuple[date, date], ...]:
    first, last = request.get("preferred_from"), request.get("preferred_to")
    if not first and not last:
        return ()
    begin, end = date.fromisoformat(str(first or last)), date.fromisoformat(str(last or first))
    return ((min(begin, end), max(begin, end)),)


def _size(value: object) -> int | None:
    """How many come, also where the number is written as text or with a point; raises ValueError on what is none."""
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"group_size must be a whole number, not {str(value)[:40]!r}")
    return value


def enquiry_from(identity: str, request: Mapping[str, Any]) -> Enquiry:
    """A request object of the case format as an enquiry; raises ValueError on a date or a size that is none."""
    head = request.get("head_of_delegation") or {}
    return Enquiry(
        id=identity,
        organisation=_text(request.get("organisation")),
        organisation_type=_text(request.get("organisation_type")),
        country=_text(request.get("country")),
        city=_text(request.get("city")),
        purpose=_text(request.get("purpose")),
        submitted_on=date.fromisoformat(request["submitted_on"]),
        contact_name=_text(request.get("contact_name")),
        contact_email=_text(request.get("contact_email")),
        website=_text(request.get("website")),
        on_behalf_of=_text(request.get("on_behalf_of")),
        head_name=_text(head.get("name")),
        head_title=_text(head.get("title")),
        head_level=_text(head.get("level")),
        group_size=_size(request.get("group_size")),
        languages=_texts(request.get("languages")),
        interpreter_needed=bool(request.get("interpreter_needed")),
        windows=_windows(request),
        duration_hours=request.get("duration_hours"),
        themes=_texts(request.get("themes")),
        wanted_hosts=_texts(request.get("wanted_hosts")),
        relation=_text(request.get("relation")),
        previous_visit=_text(request.get("previous_visit")),
        event=_text(request.get("event")),
        in_return=_text(request.get("in_return")),
    )


def prediction(identity: str, proposal: Proposal) -> dict[str, Any]:
    """A proposal as one line of output."""
    declined = proposal.lead is None
    return {
        "id": identity,
        "ranked": [] if declined else [host.slug for host in proposal.ranked],
        "lead": proposal.lead,
        "co_hosts": list(proposal.co_hosts),
        "priorities": codes(proposal.priorities),
        "sdgs": [int(code.removeprefix("sdg-")) for code in codes(proposal.sdgs)],
        "flags": list(proposal.flag_codes()),
        "decision": proposal.decision,
        "reasons": proposal.to_json(),
    }


def route_cases(lines: Iterable[str], catalogue: Catalogue) -> Iterator[str]:
    """Route each line's request; duplicates are looked for among requests submitted earlier in the same lines.

    Raises ValueError naming the line that is not a request.
    """
    enquiries = list(read_cases(lines))
    for enquiry in enquiries:
        earlier = [other for other in enquiries if other.submitted_on < enquiry.submitted_on]
        yield json.dumps(prediction(enquiry.id, propose(enquiry, catalogue, earlier=earlier)), ensure_ascii=False)


def read_cases(lines: Iterable[str]) -> Iterator[Enquiry]:
    """The requests of JSON lines as enquiries; raises ValueError naming the line that is none."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line.lstrip("\ufeff"))
                yield enquiry_from(str(row["id"]), row["request"])
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
                raise ValueError(f"line {number}: not a request: {problem}") from problem
