"""The calendar's door: month, week, day and list of a visit, a person, a host, a place or everything; and today."""

from flask import Blueprint

blueprint = Blueprint("calendar", __name__)

from app.web.calendar import (  # noqa: E402, F401
    late,
    today,
    views,
)
