"""The host door: the inbox, a visit's page, and every verb of those who receive."""

from flask import Blueprint

blueprint = Blueprint("host", __name__)

from app.web.host import (  # noqa: E402, F401
    absences,
    afterwards,
    arrange,
    checking,
    declined,
    falls,
    hours,
    inbox,
    offers,
    paper,
    parts,
    programme,
    refusals,
    suggesting,
    thread,
    times,
    visit,
)
