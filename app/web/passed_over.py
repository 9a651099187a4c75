"""Hosts that a wave of offers passed over because they cannot receive: by name, with the reason in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from app.routing.availability import OBSTACLES
from app.visits.models import Visit
from app.web.evidence import names, reason_sentences


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A host that was not asked in a wave, and what stood in its way."""

    wave: int
    host: str
    reasons: list[str]


def passed_over(visit: Visit) -> list[PassedOver]:
    """In the order of the waves; none for a visit that went to the best hosts each time."""
    found = visit.routing.get("passed_over", []) if visit.routing else []
    return [PassedOver(one["wave"], names().get(one["slug"], one["slug"]), _why(one["reasons"])) for one in found]


def _why(reasons: list[dict[str, object]]) -> list[str]:
    return reason_sentences([one for one in reasons if one["code"] in OBSTACLES])


def init_app(app: Flask) -> None:
    """Give templates passed_over()."""
    app.add_template_global(passed_over, "passed_over")
