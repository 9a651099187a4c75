"""The visitor's door: what the city offers, the request, and the visitor's own page behind a secret link."""

from flask import Blueprint

blueprint = Blueprint("visitor", __name__)

from app.web.visitor import (  # noqa: E402, F401
    asking,
    confirming,
    deciding,
    front,
    invitations,
    links,
    page,
    paper,
    sending,
    stale,
    telling,
    today,
)
