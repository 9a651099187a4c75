"""The list of pending decisions: what waits, since when, what routing says, and the buttons that settle it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.planning.clock import ClockReading
from app.strategy.settings import city_rules
from app.visits.memory import Repeat, repeats_of
from app.visits.models import Offer
from app.visits.offer_clock import open_offer_clocks
from app.visits.suggestions import (
    SuggestedHost,
    hosts_by_slug,
    is_undecided,
    offer_suggested,
    ranked_hosts,
    suggested_decline,
    to_be_asked,
)
from app.visits.waiting import Case, Heading, count_under, hosts_with_people, waiting_cases
from app.visits.waves import rankings_now
from app.web import access, formats
from app.web.coordinator import blueprint
from app.web.coordinator.elsewhere import waiting_elsewhere
from app.web.host.acting import acting, visit_for
from app.web.language import page_language

URGENT = (Heading.ALARM, Heading.LATE, Heading.DECIDE, Heading.OVERDUE, Heading.NEAR)
CALM = (Heading.ASKED, Heading.RUNNING)


@dataclass(frozen=True, slots=True)
class Card:
    """One case and everything a coordinator needs to decide it."""

    case: Case
    ranked: list[SuggestedHost]
    to_ask: list[SuggestedHost]
    decline_reason: str
    repeat: Repeat | None
    offer_clocks: list[tuple[Offer, ClockReading]]


@blueprint.get("/triage")
@access.for_coordinators
def triage() -> str:
    """What needs a decision and what is stuck, alarms first."""
    hosts, manned = hosts_by_slug(), hosts_with_people()
    cases = waiting_cases(manned=manned)
    urgent = [case for case in cases if case.heading in URGENT]
    rules = city_rules()
    repeats = repeats_of([case.visit for case in urgent], months=rules.repeat_months)
    today = rankings_now([case.visit for case in urgent if is_undecided(case.visit)])
    cards = [
        Card(
            case,
            ranked_hosts(case.visit, hosts, today.get(case.visit.id)),
            to_be_asked(case.visit, hosts, manned, today.get(case.visit.id)),
            suggested_decline(case.visit),
            repeats.get(case.visit.id),
            open_offer_clocks(case.visit, working_days=rules.offer_working_days),
        )
        for case in urgent
    ]
    sections = [(heading, [card for card in cards if card.case.heading == heading]) for heading in URGENT]
    calm = [(heading, [case for case in cases if case.heading == heading]) for heading in CALM]
    return render_template(
        "coordinator/triage.html",
        sections=sections,
        calm=calm,
        counts=count_under(cases),
        words=heading_words(),
        elsewhere=waiting_elsewhere(),
    )


@blueprint.post("/visits/<string:ref>/offer-suggested")
@access.for_coordinators
def offer_to_suggested(ref: str) -> Response:
    """One click: ask everybody that routing suggests."""
    visit = visit_for(ref, "offer")
    made = offer_suggested(visit, by=acting(visit))
    names = formats.listed(one.host.name_in(page_language()) for one in made)
    organisation = visit.organisation
    db.session.commit()
    if made:
        flash(_("%(organisation)s was offered to %(hosts)s.", organisation=organisation, hosts=names), "success")
    else:
        flash(_("Everybody that routing suggests has been asked already."), "info")
    if request.form.get("back") == "visit":
        return redirect(url_for("host.visit_page", ref=ref.upper()), 303)
    return redirect(url_for("coordinator.triage"), 303)


def heading_words() -> dict[Heading, tuple[str, str]]:
    """Each heading's title and what it means."""
    return {
        Heading.ALARM: (
            _("Alarms"),
            _("Nobody can answer, or the days have passed unsettled. Without you nothing happens."),
        ),
        Heading.LATE: (_("Answer overdue"), _("The visitor was promised an answer before now.")),
        Heading.DECIDE: (_("To decide"), _("Received, and not offered to anybody yet.")),
        Heading.OVERDUE: (_("Offers past their time"), _("A host was asked and has not answered in time.")),
        Heading.NEAR: (_("Dates are near"), _("The wished dates come soon, and no programme is confirmed.")),
        Heading.ASKED: (_("Waiting for the visitor"), _("A question was asked; the clock stands still.")),
        Heading.RUNNING: (_("With hosts, in time"), _("Nothing to do for you.")),
    }
