"""Where a request stands, in plain words for the visitor: what has happened, what happens next, by when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.core.time import now
from app.strategy.settings import city_rules
from app.visits.clocks import response_clock
from app.visits.known_stop import is_changing
from app.visits.models import Visit
from app.visits.rules import is_left_open
from app.visits.statuses import Status
from app.visits.talking import is_waiting_for_visitor
from app.web.formats import city_name
from app.web.language import page_language
from app.web.visitor.programme import shown
from app.web.words import word


@dataclass(frozen=True, slots=True)
class Standing:
    """A heading, what is the case, what happens next, and until when; `tone` as cards have it."""

    title: str
    now: str
    then: str = ""
    due_at: datetime | None = None
    tone: str = ""


def standing(visit: Visit) -> Standing:
    """The visitor's view of the status."""
    if is_waiting_for_visitor(visit) and visit.status in (Status.RECEIVED, Status.OFFERED):
        return _asked(visit)
    return WORDS[visit.status](visit)


def lead_name(visit: Visit) -> str:
    """Who has it: the lead host, or the city while nobody has."""
    return visit.lead_host.name_in(page_language()) if visit.lead_host else city_name()


def is_being_changed(visit: Visit) -> bool:
    """Whether the host is at work on a change the visitor asked for."""
    verbs = [activity.verb for activity in visit.activities if activity.verb in ("propose", "ask-for-change")]
    return visit.status == Status.CLAIMED and bool(verbs) and verbs[-1] == "ask-for-change"


def _submitted(visit: Visit) -> Standing:
    until = visit.submitted_at + timedelta(hours=city_rules().confirm_hours)
    then = _("Open the mail we sent you and press the button there. Only then does the request reach us.")
    return Standing(_("Your address is not confirmed yet"), "", then, until, "waiting")


def _asked(_visit: Visit) -> Standing:
    return Standing(
        _("We have a question for you"),
        _("Your request is with us. Before we go on we need to know something from you: see the messages below."),
        _("The clock stands still until you answer, and goes on then."),
        None,
        "waiting",
    )


def _received(visit: Visit) -> Standing:
    clock = response_clock(visit)
    if clock is not None and clock.late:
        return Standing(
            _("We are late"),
            _("Your request is with us, and you should have had an answer by now. We are sorry."),
            _("The international office has been told and looks for a host. You can write to us below."),
            None,
            "alarm",
        )
    return Standing(
        _("We are looking for the right host"),
        _("Your request has reached us. It goes to the hosts in the city and its region who know the subject."),
        _("One of them takes the visit and plans it with you, or you hear why it is not possible."),
        clock.due_at if clock else None,
        "next",
    )


def _claimed(visit: Visit) -> Standing:
    host = lead_name(visit)
    if is_being_changed(visit):
        return Standing(
            _("Your programme is being changed"),
            _("Your wish has reached %(host)s, and the programme is being worked on.", host=host),
            _("The new programme is shown here, and you are told by mail."),
            None,
            "next",
        )
    return Standing(
        _("You are received by %(host)s", host=host),
        _("Your visit has been taken by %(host)s, and the programme is being planned.", host=host),
        _("You get a mail when there is a proposal to look at. Until then you can say who comes, and write below."),
        None,
        "next",
    )


def _proposed(visit: Visit) -> Standing:
    if is_left_open(visit, at=now()):
        return Standing(
            _("The days of this programme have passed"),
            _("It can no longer be accepted. If the visit took place, you need not do anything."),
            _("If it did not, ask for a change below and say which days would suit you, or call the visit off."),
            None,
            "waiting",
        )
    return Standing(
        _("There is a programme for you to look at"),
        _("The programme below is proposed by %(host)s. The times are kept for you.", host=lead_name(visit)),
        _("Accept it, or say what should be different."),
        None,
        "waiting",
    )


def _confirmed(visit: Visit) -> Standing:
    live = [one for one in shown(visit) if not one.is_cancelled]
    if any(is_changing(one) for one in live):
        return _changing(visit)
    first = min((one.starts_at for one in live), default=None)
    host = lead_name(visit)
    glad = _("%(host)s and everybody in the programme look forward to meeting you.", host=host)
    if any(one.answer == "asked" for one in live):
        glad = _(
            "%(host)s will be glad to meet you. One or more parts still wait for their host's answer.",
            host=host,
        )
    return Standing(
        _("Your visit is confirmed"),
        glad,
        _("The programme begins:") if first else "",
        first,
        "done",
    )


def _changing(visit: Visit) -> Standing:
    return Standing(
        _("Your visit is confirmed, and a part of it is being changed"),
        _(
            "What is marked below is being changed by %(host)s, and you will be asked whether it suits you. Until then "
            "you see the programme as you know it.",
            host=lead_name(visit),
        ),
        _("You get a mail about it. If something does not suit you, write to your host below."),
        None,
        "next",
    )


def _completed(visit: Visit) -> Standing:
    host = lead_name(visit)
    thanks = _("Thank you for coming. What came of the visit is being written down by %(host)s.", host=host)
    if visit.status == Status.REPORTED:
        thanks = _("Thank you for coming. What came of the visit has been written down by %(host)s.", host=host)
    return Standing(
        _("The visit has been carried out"), thanks, _("You can still write to your host below."), None, "done"
    )


def _declined(visit: Visit) -> Standing:
    reason = word("decline_reason", visit.closing_reason)
    return Standing(_("We cannot receive you this time"), _("The reason: %(reason)s.", reason=reason))


def _cancelled(visit: Visit) -> Standing:
    again = _("You may ask for a visit again at another time.")
    return Standing(_("The visit is cancelled"), _("%(host)s had to call it off.", host=lead_name(visit)), again)


def _withdrawn(_visit: Visit) -> Standing:
    return Standing(
        _("You have called the visit off"),
        _("The hosts have been told, and all appointments are cancelled."),
        _("You are welcome to ask again another time."),
    )


def _no_show(_visit: Visit) -> Standing:
    return Standing(
        _("We missed you"),
        _("Your hosts waited, but nobody came."),
        _("If this is a misunderstanding, write to the international office."),
    )


def _expired(_visit: Visit) -> Standing:
    return Standing(
        _("The request has expired"),
        _("The address was never confirmed, so the request did not reach us."),
        _("You are welcome to send it again."),
    )


def _merged(_visit: Visit) -> Standing:
    return Standing(_("This request goes on together with another one"), "")


WORDS: Mapping[str, Callable[[Visit], Standing]] = {
    Status.SUBMITTED: _submitted,
    Status.RECEIVED: _received,
    Status.OFFERED: _received,
    Status.CLAIMED: _claimed,
    Status.PROPOSED: _proposed,
    Status.CONFIRMED: _confirmed,
    Status.COMPLETED: _completed,
    Status.REPORTED: _completed,
    Status.EXPIRED: _expired,
    Status.DECLINED: _declined,
    Status.WITHDRAWN: _withdrawn,
    Status.CANCELLED: _cancelled,
    Status.NO_SHOW: _no_show,
    Status.MERGED: _merged,
}
