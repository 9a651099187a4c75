"""The administrator's door: people and their rights, hosts, and the strategy's data as it stands."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)

from app.web.admin import (  # noqa: E402, F401
    absences,
    bench,
    events,
    hosts,
    hours,
    people,
    reminders,
    strategy,
    timetable,
    word_drafts,
    words,
)
