"""Every kind of mail on one page: what it expects of its reader, what must still be true, where its link leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.notifications import facts as f
from app.notifications import stale_feeds as stale
from app.visits.models import Visit
from app.visits.statuses import DONE, OPEN, PLANNING, Status


@dataclass(frozen=True, slots=True)
class Expected:
    """What a mail asks of its reader; it says so in its block `expected`, right before the button.

    `what` is nothing, something, to be there, or what stands elsewhere: on the page, in the parts of a digest. `by` is
    the value (context.py, by_when.py) that says by when; without one something is to be done as soon as they can.
    """

    what: str
    by: str = ""


def by(value: str) -> Expected:
    """Something is to be done by that date."""
    return Expected("something", value)


NOTHING, SOON, IN_TIME = Expected("nothing"), Expected("something"), Expected("be-there")
ON_PAGE, IN_PARTS = Expected("on-page"), Expected("in-parts")


@dataclass(frozen=True, slots=True)
class Kind:
    """`page` is where the reader goes next: visitor, confirm, sign-in (secret links); visit, inbox, triage, mail.

    Without a page the mail says all there is: whoever gets it may have lost sight of the visit by the same event.
    """

    page: str
    expected: Expected  # of every kind
    still: f.Reading = f.always
    too_late: Callable[[Visit, f.About], datetime | None] | None = None
    brings_calendar: bool = False  # what the reader's calendar does not know yet comes with it
    is_apart: bool = False  # nothing of it tells which visit it comes from, not even its thread


S = Status
KINDS: dict[str, Kind] = {
    # to the visitor
    "confirm-address": Kind("confirm", by("confirm_by"), f.address_unconfirmed),
    "confirm-reminder": Kind("confirm", by("confirm_by"), f.address_unconfirmed),
    "received": Kind("visitor", NOTHING, f.while_in(*OPEN)),
    "claimed": Kind("visitor", NOTHING, f.lead_host),
    "given-back": Kind("visitor", NOTHING, f.while_in(S.OFFERED, S.RECEIVED)),
    "question": Kind("visitor", SOON, f.question_is_open),
    "message": Kind("visitor", NOTHING),
    "proposed": Kind("visitor", by("accept_by"), f.while_in(S.PROPOSED), brings_calendar=True),
    "confirmed": Kind("visitor", NOTHING, f.while_in(S.CONFIRMED), brings_calendar=True),
    "moved": Kind("visitor", NOTHING, f.stop_takes_place, f.stop_begins, brings_calendar=True),
    "changing": Kind("visitor", NOTHING, f.is_changed_unasked, f.stop_begins),
    "removed": Kind("visitor", NOTHING, f.while_in(*PLANNING), f.stop_begins, brings_calendar=True),
    "running-late": Kind("visitor", NOTHING, f.late_stops, f.last_late_stop_begins, brings_calendar=True),
    "declined": Kind("visitor", NOTHING, f.while_in(S.DECLINED)),
    "cancelled": Kind("visitor", NOTHING, f.while_in(S.CANCELLED), brings_calendar=True),
    "merged": Kind("visitor", NOTHING, f.while_in(S.MERGED), brings_calendar=True),
    "reopened": Kind("visitor", NOTHING, f.while_in(*OPEN)),
    "invitation": Kind("visitor", NOTHING, f.calendar_due, brings_calendar=True),
    "invitation-cancelled": Kind("visitor", NOTHING, f.calendar_due, brings_calendar=True),
    "day-before": Kind("visitor", IN_TIME, f.programme_of_day, f.day_begins),
    "stop-soon": Kind("visitor", IN_TIME, f.stop_is_confirmed, f.stop_begins),
    "thanks": Kind("visitor", NOTHING, f.while_in(*DONE)),
    "reminder": Kind("visitor", ON_PAGE),  # words of the city's own
    # to hosts
    "offer": Kind("inbox", by("answer_by"), f.open_offer, f.offer_ends),
    "offer-lapsing": Kind("inbox", by("answer_by"), f.open_offer, f.offer_ends),
    "taken": Kind("visit", NOTHING, f.lead_host),
    "assigned": Kind("visit", by("plan_by"), f.lead_host),
    "reassigned": Kind("visit", NOTHING, f.lead_host),
    "joined": Kind("visit", NOTHING, f.while_in(*OPEN)),
    "part-refused": Kind("visit", SOON, f.while_in(*PLANNING)),
    "part-asked": Kind("visit", by("part_by"), f.part_is_asked, f.stop_begins, brings_calendar=True),
    "part-accepted": Kind("visit", NOTHING, f.stop_takes_place, brings_calendar=True),
    "part-declined": Kind("visit", SOON, f.while_in(*PLANNING), brings_calendar=True),
    "accepted": Kind("visit", NOTHING, f.while_in(S.CONFIRMED), brings_calendar=True),
    "change-asked": Kind("visit", SOON, f.while_in(S.CLAIMED)),
    "host-message": Kind("visit", NOTHING),
    "host-moved": Kind("visit", NOTHING, f.stop_takes_place, f.stop_begins, brings_calendar=True),
    "contact-named": Kind("visit", IN_TIME, f.is_contact, f.stop_begins, brings_calendar=True),
    "host-replaced": Kind("", NOTHING, f.is_with_another_host, f.stop_begins, brings_calendar=True),
    "contact-replaced": Kind("", NOTHING, f.is_contact_no_more, f.stop_begins, brings_calendar=True),
    "host-removed": Kind("", NOTHING, f.while_in(*PLANNING), f.stop_begins, brings_calendar=True),
    "host-invitation": Kind("visit", IN_TIME, f.calendar_due, brings_calendar=True),
    "host-invitation-cancelled": Kind("", NOTHING, f.calendar_due, brings_calendar=True),
    "host-running-late": Kind("visit", SOON, f.late_stops, f.last_late_stop_begins, brings_calendar=True),
    "answer-declined": Kind("visit", by("stop_begins"), f.answer_stands("DECLINED"), f.stop_begins),
    "answer-counter": Kind("visit", by("stop_begins"), f.answer_stands("COUNTER"), f.stop_begins),
    "hold-lapsing": Kind("visit", by("holds_end"), f.holds_lapsing, f.holds_end),
    "hold-lapsed": Kind("visit", NOTHING, f.while_in(*PLANNING), brings_calendar=True),
    "host-released": Kind("visit", NOTHING, f.while_in(S.OFFERED, S.RECEIVED)),
    "host-withdrawn": Kind("", NOTHING, f.while_in(S.WITHDRAWN, S.DECLINED), brings_calendar=True),
    "host-cancelled": Kind("", NOTHING, f.while_in(S.CANCELLED), brings_calendar=True),
    "host-merged": Kind("", NOTHING, f.while_in(S.MERGED), brings_calendar=True),
    "briefing": Kind("visit", by("day"), f.begins_on, f.day_begins),
    "host-day-before": Kind("visit", IN_TIME, f.programme_of_day, f.day_begins),
    "host-stop-soon": Kind("visit", IN_TIME, f.stop_is_confirmed, f.stop_begins),
    "host-reminder": Kind("visit", ON_PAGE),  # words of the city's own
    "please-report": Kind("visit", by("report_by"), f.while_in(S.COMPLETED)),
    "follow-up": Kind("", by("due"), f.follow_up_open),
    "follow-up-due": Kind("", by("due"), f.follow_up_open),
    # to whoever follows it in a calendar program that has not fetched the change
    "stale-feed": Kind("visit", NOTHING, stale.still_stale, stale.stops_begin),
    # the same, of a room whose times alone they may know
    "stale-busy": Kind("", NOTHING, stale.still_busy_elsewhere, stale.stops_begin, is_apart=True),
    # to coordinators: only what is wrong; decisions that wait are listed on /triage
    "released": Kind("visit", NOTHING, f.while_in(S.OFFERED, S.RECEIVED)),
    "nobody-left": Kind("triage", by("promised_by"), f.while_in(S.RECEIVED)),
    "nobody-there": Kind("visit", by("answer_by"), f.open_offer),
    "days-passed": Kind("visit", SOON, f.while_in(S.CLAIMED, S.PROPOSED)),
    "mail-failed": Kind("mail", SOON),  # a notice alone: a mail about mails that fail would fail too
    # several of these in one
    "digest": Kind("visitor", IN_PARTS),
    "host-digest": Kind("", IN_PARTS),
    # to a user
    "sample": Kind("", NOTHING),  # what a reminder rule would say, to the administrator who asked
    "sign-in": Kind("sign-in", by("sign_in_minutes")),
}
SECRET_PAGES = ("visitor", "confirm", "sign-in")
