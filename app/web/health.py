"""For load balancers: is the process alive, and does the database answer. Says nothing else."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from app.scheduler import PERIODS
from app.upkeep.jobs import alarms
from app.web import access

blueprint = Blueprint("health", __name__)


def _plain(words: str, status: int) -> Response:
    return Response(words + "\n", status=status, mimetype="text/plain")


@blueprint.get("/healthz")
@access.for_everyone
def healthz() -> Response:
    """The process answers."""
    return _plain("ok", 200)


@blueprint.get("/readyz")
@access.for_everyone
def readyz() -> Response:
    """The database answers too; otherwise 503 with Retry-After. Jobs that somebody must look at are named."""
    try:
        late = alarms(PERIODS)
    except SQLAlchemyError:
        db.session.rollback()
        response = _plain("the database does not answer", 503)
        response.headers["Retry-After"] = "5"
        return response
    return _plain("\n".join(["ready", *(f"alarm: {name}" for name in late)]), 200)
