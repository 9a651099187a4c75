"""The page of one visit: everything about it, and every button that is this reader's to press."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import render_template

from app.people.models import User
from app.strategy.settings import city_rules
from app.visits import rules
from app.visits.clocks import response_clock, taken_at
from app.visits.declined_contacts import declined_contacts
from app.visits.invitation_answers import answers_on, is_of_now
from app.visits.models import Visit
from app.visits.offer_clock import open_offer_clocks
from app.visits.queries import earlier_visits, get_visit
from app.visits.talking import is_waiting_for_visitor
from app.visits.whole import load_whole
from app.web import access
from app.web.host import blueprint
from app.web.host.acting import reader
from app.web.host.clock_words import offer_step_words, step_words, working_days
from app.web.host.days import cancelled, days_of
from app.web.host.facts import evidence_of, flags_of, goal_code, request_facts
from app.web.host.history import history
from app.web.host.message_form import MessageForm, kinds_for
from app.web.host.met import marks_of
from app.web.host.next_step import next_step
from app.web.host.summary import origin, summary
from app.web.replies.words import invited_words


@blueprint.get("/visits/<string:ref>")
@access.for_hosts
def visit_page(ref: str) -> str:
    """Everything about one visit."""
    return show_visit(get_visit(ref, reader()))


def show_visit(visit: Visit, *, message_form: MessageForm | None = None) -> str:
    """The page, with a form that was filled in wrongly as it was typed."""
    visit = load_whole(visit)
    city = city_rules()
    form = message_form or MessageForm(visit) if kinds_for(visit) else None
    return render_template(
        "host/visit.html",
        visit=visit,
        origin=origin(visit),
        summary=summary(visit),
        request_facts=request_facts(visit),
        evidence=evidence_of(visit),
        flags=flags_of(visit),
        goal_code=goal_code,
        working_days=working_days,
        step_words=step_words,
        offer_step_words=offer_step_words,
        next_step=next_step(visit, reader()),
        clock=response_clock(visit, working_days=city.answer_working_days),
        offer_clocks={one.id: clock for one, clock in open_offer_clocks(visit, working_days=city.offer_working_days)},
        answered_at=taken_at(visit),
        waiting_for_visitor=is_waiting_for_visitor(visit),
        days=days_of(visit),
        marks=marks_of(visit),
        invited=answers_on(visit),
        declined=declined_contacts([visit]),
        kept=declined_contacts([visit], settled=True),
        invited_words=invited_words,
        is_of_now=is_of_now,
        cancelled=cancelled(visit),
        history=history(visit),
        earlier=earlier_visits(visit, months=city.repeat_months) if visit.counterpart_id else [],
        message_form=form,
        **_rights(visit, reader()),
    )


def _rights(visit: Visit, user: User) -> dict[str, Any]:
    """What this reader may see and do, under the names of rules.py."""
    answerable = [offer for offer in visit.offers if offer.host_id in rules.host_ids(user)]
    return {
        "may": partial(_may, user, visit),
        "may_claim": rules.may_claim(user, visit),
        "own_open_offers": rules.open_offers_for(user, visit),
        "claim_as": [o.host for o in rules.open_offers_for(user, visit) if o.part == "lead"],
        "join_as": rules.hosts_to_join_as(user, visit),
        "may_decline_offer": any(offer.status == "open" for offer in answerable),
        "may_give_part_back": any(offer.status == "joined" for offer in answerable),
        "may_plan": rules.may_plan(user, visit),
        "may_suggest": rules.may_plan(user, visit) and rules.may_lead(user, visit),
        "may_edit": partial(rules.may_edit_appointment, user),
        "may_answer": partial(rules.may_answer_part, user),
        "may_finish": partial(rules.may_finish_follow_up, user),
        "may_see": partial(rules.may_see_visit, user),
        "may_see_contact": rules.may_see_contact(user, visit),
        "may_see_delegates": rules.may_see_delegates(user, visit),
    }


def _may(user: User, visit: Visit, verb: str) -> bool:
    return rules.may(user, verb, visit)
