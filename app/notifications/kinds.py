"""Every kind of mail on one page: what must still be true, when it comes too late, where its link leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.notifications import facts as f
from app.notifications import stale_feeds as stale
from app.visits.models import Visit
from app.visits.statuses import DONE, OPEN, PLANNING, Status


@dataclass(frozen=True, slots=True)
class Kind:
    """`page` is where the reader goes next: visitor, confirm, sign-in (secret links); visit, inbox, triage, mail.

    Without a page the mail says all there is: whoever gets it may have lost sight of the visit by the same event.
    """

    page: str
    still: f.Reading = f.always
    too_late: Callable[[Visit, f.About], datetime | None] | None = None
    brings_calendar: bool = False  # what the reader's calendar does not know yet comes with it


S = Status
KINDS: dict[str, Kind] = {
    # to the visitor
    "confirm-address": Kind("confirm", f.address_unconfirmed),
    "confirm-reminder": Kind("confirm", f.address_unconfirmed),
    "received": Kind("visitor", f.while_in(*OPEN)),
    "claimed": Kind("visitor", f.lead_host),
    "given-back": Kind("visitor", f.while_in(S.OFFERED, S.RECEIVED)),
    "question": Kind("visitor", f.question_is_open),
    "message": Kind("visitor"),
    "proposed": Kind("visitor", f.while_in(S.PROPOSED), brings_calendar=True),
    "confirmed": Kind("visitor", f.while_in(S.CONFIRMED), brings_calendar=True),
    "moved": Kind("visitor", f.stop_takes_place, f.stop_begins, brings_calendar=True),
    "changing": Kind("visitor", f.is_changed_unasked, f.stop_begins),
    "removed": Kind("visitor", f.while_in(*PLANNING), f.stop_begins, brings_calendar=True),
    "running-late": Kind("visitor", f.late_stops, f.last_late_stop_begins, brings_calendar=True),
    "declined": Kind("visitor", f.while_in(S.DECLINED)),
    "cancelled": Kind("visitor", f.while_in(S.CANCELLED), brings_calendar=True),
    "merged": Kind("visitor", f.while_in(S.MERGED), brings_calendar=True),
    "reopened": Kind("visitor", f.while_in(*OPEN)),
    "invitation": Kind("visitor", f.calendar_due, brings_calendar=True),
    "invitation-cancelled": Kind("visitor", f.calendar_due, brings_calendar=True),
    "day-before": Kind("visitor", f.programme_of_day, f.day_begins),
    "stop-soon": Kind("visitor", f.stop_is_confirmed, f.stop_begins),
    "thanks": Kind("visitor", f.while_in(*DONE)),
    "reminder": Kind("visitor"),  # words of the city's own
    # to hosts
    "offer": Kind("inbox", f.open_offer, f.offer_ends),
    "offer-lapsing": Kind("inbox", f.open_offer, f.offer_ends),
    "taken": Kind("visit", f.lead_host),
    "assigned": Kind("visit", f.lead_host),
    "reassigned": Kind("visit", f.lead_host),
    "joined": Kind("visit", f.while_in(*OPEN)),
    "part-refused": Kind("visit", f.while_in(*PLANNING)),
    "part-asked": Kind("visit", f.part_is_asked, f.stop_begins, brings_calendar=True),
    "part-accepted": Kind("visit", f.stop_takes_place, brings_calendar=True),
    "part-declined": Kind("visit", f.while_in(*PLANNING), brings_calendar=True),
    "accepted": Kind("visit", f.while_in(S.CONFIRMED), brings_calendar=True),
    "change-asked": Kind("visit", f.while_in(S.CLAIMED)),
    "host-message": Kind("visit"),
    "host-moved": Kind("visit", f.stop_takes_place, f.stop_begins, brings_calendar=True),
    "contact-named": Kind("visit", f.is_contact, f.stop_begins, brings_calendar=True),
    "host-replaced": Kind("", f.is_with_another_host, f.stop_begins, brings_calendar=True),
    "contact-replaced": Kind("", f.is_contact_no_more, f.stop_begins, brings_calendar=True),
    "host-removed": Kind("", f.while_in(*PLANNING), f.stop_begins, brings_calendar=True),
    "host-invitation": Kind("visit", f.calendar_due, brings_calendar=True),
    "host-invitation-cancelled": Kind("", f.calendar_due, brings_calendar=True),
    "host-running-late": Kind("visit", f.late_stops, f.last_late_stop_begins, brings_calendar=True),
    "answer-declined": Kind("visit", f.answer_stands("DECLINED"), f.stop_begins),
    "answer-counter": Kind("visit", f.answer_stands("COUNTER"), f.stop_begins),
    "hold-lapsing": Kind("visit", f.holds_lapsing, f.holds_end),
    "hold-lapsed": Kind("visit", f.while_in(*PLANNING), brings_calendar=True),
    "host-released": Kind("visit", f.while_in(S.OFFERED, S.RECEIVED)),
    "host-withdrawn": Kind("", f.while_in(S.WITHDRAWN, S.DECLINED), brings_calendar=True),
    "host-cancelled": Kind("", f.while_in(S.CANCELLED), brings_calendar=True),
    "host-merged": Kind("", f.while_in(S.MERGED), brings_calendar=True),
    "briefing": Kind("visit", f.begins_on, f.day_begins),
    "host-day-before": Kind("visit", f.programme_of_day, f.day_begins),
    "host-stop-soon": Kind("visit", f.stop_is_confirmed, f.stop_begins),
    "host-reminder": Kind("visit"),  # words of the city's own
    "please-report": Kind("visit", f.while_in(S.COMPLETED)),
    "follow-up": Kind("", f.follow_up_open),
    "follow-up-due": Kind("", f.follow_up_open),
    # to whoever follows it in a calendar program that has not fetched the change
    "stale-feed": Kind("visit", stale.still_stale, stale.stops_begin),
    # to coordinators: only what is wrong; decisions that wait are listed on /triage
    "released": Kind("visit", f.while_in(S.OFFERED, S.RECEIVED)),
    "nobody-left": Kind("triage", f.while_in(S.RECEIVED)),
    "nobody-there": Kind("visit", f.open_offer),
    "days-passed": Kind("visit", f.while_in(S.CLAIMED, S.PROPOSED)),
    "mail-failed": Kind("mail"),  # a notice alone: a mail about mails that fail would fail too
    # several of these in one
    "digest": Kind("visitor"),
    "host-digest": Kind(""),
    # to a user
    "sample": Kind(""),  # what a reminder rule would say, to the administrator who asked
    "sign-in": Kind("sign-in"),
}
SECRET_PAGES = ("visitor", "confirm", "sign-in")
