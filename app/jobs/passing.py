"""What the passing of time alone does: to visits every few minutes, to what was kept long enough every night."""

from __future__ import annotations

from app.calendars import refreshing
from app.feeds.retention import drop_old_bodies
from app.jobs.rows import each, sweep_with
from app.notifications import calendars_left, replies
from app.notifications import retention as mail_retention
from app.visits import due, renewing, retention


def advance() -> None:
    """What time alone does to visits, and what rights that ended leave in calendars: every two minutes."""
    each(due.unconfirmed_ids, due.expire_visit)
    each(due.offer_ids, due.lapse_offer)
    each(due.hold_ids, due.lapse_hold_of)
    each(due.ended_ids, due.complete_visit)
    each(due.left_open_ids, due.tell_of_left_open)
    each(calendars_left.visits_left_in_calendars, calendars_left.settle_calendars)


def renew_texts() -> None:
    """After an upgrade calendars get what a new version writes into them: some visits every two minutes."""
    each(renewing.visits_in_earlier_form, renewing.renew_texts_of)


def forget() -> None:
    """What was kept long enough goes: every night at 04:00, an hour that no clock change skips or repeats."""
    mails = (mail_retention.erase_old_mails, replies.drop_old_replies)
    for sweep in (*retention.SWEEPS, *refreshing.SWEEPS, drop_old_bodies, *mails):
        sweep_with(sweep)
