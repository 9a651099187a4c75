"""The door for calendar programs, and the pages where a person keeps their subscriptions."""

from flask import Blueprint

blueprint = Blueprint("feeds", __name__)

from app.web.feeds import calendar, views  # noqa: E402, F401
