"""The address of a question about a programme, with something in it changed."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.planning.results import Relaxation
from app.visits.models import Visit
from app.web.host.suggest_form import ANYBODY, MOST_STOPS


def relaxed_address(visit: Visit, relaxation: Relaxation) -> str:
    """The same question with one thing given up."""
    values = request.args
    data, row = relaxation.data, f"stops-{relaxation.data.get('wish', relaxation.data.get('second', ''))}"
    changes: dict[str, dict[str, Any]] = {
        "no-lunch": {"lunch": "no"},
        "shorten": {f"{row}-minutes": data.get("minutes")},
        "other-contact": {f"{row}-contact": ANYBODY},
        "other-place": {f"{row}-place": ""},
        "in-dark": {f"{row}-daylight": ""},
        "lunch-elsewhere": {f"{row}-serves_lunch": ""},
        "split": {f"stops-{number}-splits": "y" for number in range(MOST_STOPS) if values.get(f"stops-{number}-title")},
        "more-stops": {"most": data.get("stops_a_day")},
        "longer-stay": {"stay": data.get("days")},
        "other-days": {"first_on": data.get("first_on"), "last_on": data.get("last_on")},
        "free-time": {f"{row}-on": "", f"{row}-starts": ""},
        "free-day": {f"{row}-on": ""},
        "free-order": {f"{row}-after": ""},
        "drop": {f"{row}-title": ""},
        "ignore-busy": {"ignore": f"{values.get('ignore', '')} {getattr(data.get('busy'), 'key', '')}".strip()},
    }
    return address_with(visit, changes[relaxation.code])


def address_with(visit: Visit, changes: dict[str, Any]) -> str:
    """The same question with these values changed."""
    values: dict[str, Any] = request.args.to_dict() | changes
    return url_for("host.suggest_programme", ref=visit.ref, **values)
