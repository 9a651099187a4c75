"""What happens next with a visit, seen by its reader: one sentence, at most one main action."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from app.core.time import now
from app.people.models import User
from app.visits.models import Visit
from app.visits.programming import needs_proposal
from app.visits.rules import is_left_open, may_claim, may_lead, may_see_visit
from app.visits.statuses import EXITS, Status
from app.visits.todos import change_asked
from app.web.formats import listed, moment
from app.web.host.summary import when_wanted
from app.web.language import page_language
from app.web.words import word


@dataclass(frozen=True, slots=True)
class NextStep:
    """Whose turn it is, in words; `url` and `button` when it is the reader's."""

    words: str
    advice: str = ""
    url: str = ""
    button: str = ""
    mine: bool = False


def next_step(visit: Visit, user: User) -> NextStep:
    """The next step as this reader should read it."""
    if visit.status in EXITS:
        return _ended(visit, user)
    if is_left_open(visit, at=now()) and may_lead(user, visit):
        url = url_for("host.complete_form", ref=visit.ref)
        return NextStep(
            _("All days in the programme have passed. Did the visit take place?"), "", url, _("Settle it"), True
        )
    steps = {
        Status.SUBMITTED: _submitted,
        Status.RECEIVED: _received,
        Status.OFFERED: _offered,
        Status.CLAIMED: _claimed,
        Status.PROPOSED: _proposed,
        Status.CONFIRMED: _confirmed,
        Status.COMPLETED: _completed,
        Status.REPORTED: _reported,
    }
    return steps[Status(visit.status)](visit, user)


def _submitted(visit: Visit, user: User) -> NextStep:
    return NextStep(_("The visitor has not confirmed the e-mail address yet. Nothing happens before that."))


def _received(visit: Visit, user: User) -> NextStep:
    if user.is_coordinator:
        return NextStep(
            _("Decide who should receive it."), _("Offer it to a host, or decline it with a reason."), mine=True
        )
    return NextStep(_("A coordinator decides who is asked."))


def _offered(visit: Visit, user: User) -> NextStep:
    if may_claim(user, visit):
        words = _("You are asked to receive this visit.")
        return NextStep(words, _("The first host to take it leads the visit."), mine=True)
    waiting = [offer for offer in visit.offers if offer.status == "open" and offer.part == "lead"]
    hosts = listed(offer.host.name_in(page_language()) for offer in waiting)
    if not waiting:
        return NextStep(_("No host is asked at the moment."))
    due = moment(min(offer.due_at for offer in waiting))
    return NextStep(_("It waits for an answer from %(hosts)s, until %(due)s.", hosts=hosts, due=due))


def _claimed(visit: Visit, user: User) -> NextStep:
    if not may_lead(user, visit):
        return NextStep(_("The programme is being planned by %(host)s.", host=_lead(visit)))
    if asked := change_asked(visit):
        return _to_programme(
            visit, _("The visitor asks for a change: “%(text)s”", text=asked.reason), _("Change the programme")
        )
    if all(appointment.is_cancelled for appointment in visit.appointments):
        url = url_for("host.suggest_programme", ref=visit.ref)
        advice = _("Have one suggested that suits everybody, or add the appointments one by one under Programme.")
        return NextStep(_("Plan the programme."), advice, url, _("Suggest a programme"), True)
    return _to_propose(visit, _("Propose the programme to the visitor when it is complete."))


def _proposed(visit: Visit, user: User) -> NextStep:
    if needs_proposal(visit) and may_lead(user, visit):
        return _to_propose(visit, _("Something new was added after the programme was proposed. Propose it once more."))
    proposed = [activity.at for activity in visit.activities if activity.verb == "propose"]
    if not proposed:
        return NextStep(_("The visitor has the proposed programme and is asked to accept it."))
    since = moment(proposed[-1])
    return NextStep(
        _("The visitor has had the proposed programme since %(since)s and is asked to accept it.", since=since)
    )


def _confirmed(visit: Visit, user: User) -> NextStep:
    if needs_proposal(visit) and may_lead(user, visit):
        words = _("The programme has changed so much that the visitor must be asked again.")
        return _to_propose(visit, words)
    days = when_wanted(visit)
    return NextStep(_("The visit is confirmed. It takes place %(days)s.", days=days))


def _completed(visit: Visit, user: User) -> NextStep:
    if not may_lead(user, visit):
        return NextStep(_("The visit is over. What came of it will be recorded by %(host)s.", host=_lead(visit)))
    url = url_for("host.report_form", ref=visit.ref)
    return NextStep(_("The visit is over. Record what came of it."), "", url, _("Record the outcome"), True)


def _reported(visit: Visit, user: User) -> NextStep:
    if any(one.done_at is None for one in visit.follow_ups):
        return NextStep(_("The outcome is recorded. Some follow-ups are still to be done."))
    return NextStep(_("The outcome is recorded, and nothing is left to do."))


def _ended(visit: Visit, user: User) -> NextStep:
    kept = visit.merged_into
    if kept is not None and may_see_visit(user, kept):
        words = _("This request was merged into another one, which goes on.")
        return NextStep(words, "", url_for("host.visit_page", ref=kept.ref), _("Go to the other one"))
    reason = word("decline_reason", visit.closing_reason) if visit.closing_reason else ""
    text = " – ".join(filter(None, (reason, visit.closing_text)))
    status = word("status", visit.status)
    return NextStep(_("Nothing more happens with this visit: %(status)s.", status=status), text)


def _to_programme(visit: Visit, words: str, button: str) -> NextStep:
    return NextStep(words, "", url_for("host.visit_page", ref=visit.ref, _anchor="programme"), button, True)


def _to_propose(visit: Visit, words: str) -> NextStep:
    url = url_for("host.propose_form", ref=visit.ref)
    return NextStep(
        words, _("You see what the visitor will see before it is sent."), url, _("Propose to the visitor"), True
    )


def _lead(visit: Visit) -> str:
    return visit.lead_host.name_in(page_language()) if visit.lead_host else ""
