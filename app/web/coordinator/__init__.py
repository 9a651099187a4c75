"""The coordinator's door: the whole picture, what is stuck, and every decision with its reason."""

from flask import Blueprint

blueprint = Blueprint("coordinator", __name__)

from app.web.coordinator import (  # noqa: E402, F401
    board,
    counterparts,
    deciding,
    declining,
    dry_run,
    goals,
    merging,
    occasions,
    places,
    register,
    shown,
    triage,
    visits,
)
