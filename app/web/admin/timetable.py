"""What the scheduler did and will do, and how old the last backup is: for whoever looks after the installation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import current_app, render_template
from flask_babel import LazyString, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.dates import written_moment, written_second
from app.core.time import now
from app.scheduler import timetable
from app.upkeep.jobs import BACKUP, backup_alarm, runs
from app.web import access
from app.web.admin import blueprint
from app.web.language import page_language

JOBS: Mapping[str, LazyString] = {
    "announce": _l("Make mails of what happened"),
    "send": _l("Send the mails that are due"),
    "remind": _l("Make the reminders that a date brings"),
    "look_back": _l("Look again for reminders of the last two days"),
    "advance": _l("End offers and holds, complete visits"),
    "renew_texts": _l("Write calendar texts of an earlier version anew"),
    "refresh_calendars": _l("Fetch hosts' and people's own calendars"),
    "read_replies": _l("Read answers to invitations from the mailbox"),
    "forget": _l("Erase what was kept long enough"),
}
SECONDS_COUNT = timedelta(minutes=1)  # for a job that runs more often


def took(milliseconds: int) -> str:
    """ "0.4 s", in the reader's figures, on one line."""
    return f"{format_decimal(milliseconds / 1000, '0.0')}\N{NO-BREAK SPACE}s"


def late(seconds: int) -> str:
    """ "3 s"."""
    return f"{seconds}\N{NO-BREAK SPACE}s"


def moment_of(moment: datetime, period: timedelta) -> str:
    """When it ran or runs, with seconds where they tell runs apart."""
    written = written_second if period < SECONDS_COUNT else written_moment
    return written(moment, page_language())


def not_set_up() -> dict[str, str]:
    """Jobs that have nothing to do before somebody sets something, and what that is."""
    if current_app.config["IMAP_URL"]:
        return {}
    return {"read_replies": _("No mailbox is set. Set IMAP_URL in the environment, as README says, and start again.")}


@blueprint.get("/admin/timetable")
@access.for_administrators
def timetable_page() -> str:
    """Every job with its last run and its next one."""
    at = now()
    backup = runs().get(BACKUP)
    return render_template(
        "admin/timetable.html",
        states=timetable(at=at),
        words=JOBS,
        not_set_up=not_set_up(),
        backup=backup,
        backup_alarm=backup_alarm(backup, at=at),
        at_now=at,
        took=took,
        late=late,
        moment_of=moment_of,
    )
