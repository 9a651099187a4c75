"""The door to what concerns the reader: the notification centre, and how each wants to be told."""

from flask import Blueprint

blueprint = Blueprint("notices", __name__)

from app.web.notices import choices, views  # noqa: E402, F401
