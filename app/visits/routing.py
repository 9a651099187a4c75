"""What routing says of a visit, and what is done with its answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import select

from app.core.time import venue_date
from app.extensions import db
from app.people.actors import SYSTEM
from app.people.models import Host
from app.routing import Proposal, propose, weigh_availability
from app.routing.learning import explained
from app.routing.types import ROUTE, Suggestion
from app.strategy.models import Goal, Occasion, Partnership, Theme
from app.visits.comparing import comparable
from app.visits.models import Visit, VisitGoal, VisitPartnership, VisitTheme
from app.visits.offering import first_wave, offer
from app.visits.reading import current_catalogue, enquiry_of
from app.visits.scopes import raise_for_visit
from app.visits.taught import weights_in_force
from app.visits.waves import cannot

ALIVE = Host.retired_at.is_(None)
THEME_SHARE = 0.5  # of the strongest theme; weaker ones are noise in lists and figures


def proposal_for(visit: Visit, *, today: date | None = None) -> Proposal:
    """What routing says of the visit now; changes nothing."""
    enquiry = enquiry_of(visit, today=today)
    catalogue = current_catalogue(besides=visit)
    proposal = propose(enquiry, catalogue, earlier=comparable(visit))
    weighed = weigh_availability(proposal, enquiry, catalogue.hosts, holiday_calendar=catalogue.holiday_calendar)
    return explained(weighed, weights_in_force())


def route(visit: Visit, *, at: datetime, today: date | None = None) -> Proposal:
    """Ask routing, keep its answer with the visit, and offer at once where the decision is `route`."""
    proposal = proposal_for(visit, today=today)
    visit.routing = {**proposal.to_json(), "today": (today or venue_date(at)).isoformat()}
    visit.decision = proposal.decision
    visit.flags = list(proposal.flag_codes())
    raise_for_visit(visit)
    _suggest(visit, proposal)
    raise_for_visit(visit)
    if proposal.decision == ROUTE and proposal.lead:
        offer_ranked(visit, proposal, at=at)
    return proposal


def offer_ranked(visit: Visit, proposal: Proposal, *, at: datetime) -> None:
    """The first wave for the lead (one host where routing is sure), and the suggested co-hosts as part."""
    asked = {one.host.slug for one in first_wave(visit, at=at)}
    ranked = {one["slug"]: one for one in visit.routing["ranked"]}
    parts = [slug for slug in proposal.co_hosts if slug not in asked and not (slug in ranked and cannot(ranked[slug]))]
    hosts = {one.slug: one for one in db.session.scalars(select(Host).where(Host.slug.in_(parts), ALIVE))}
    for slug in parts if asked else []:
        if slug in hosts:
            found = ranked.get(slug, {"score": 0.0, "reasons": []})
            offer(visit, hosts[slug], part="part", score=found["score"], reasons=found["reasons"], by=SYSTEM, at=at)


def _suggest(visit: Visit, proposal: Proposal) -> None:
    _suggest_goals(visit, [*proposal.priorities, *proposal.sdgs])
    themes = {link.theme.slug for link in visit.theme_links}
    best = max((theme.score for theme in proposal.themes), default=0.0)
    found = [theme.code for theme in proposal.themes[:3] if theme.score >= THEME_SHARE * best]
    wanted = [code for code in found if code not in themes]
    for theme in db.session.scalars(select(Theme).where(Theme.slug.in_(wanted))):
        visit.theme_links.append(VisitTheme(theme=theme, origin="router"))
    known = {link.partnership.slug for link in visit.partnership_links}
    slugs = [slug for slug in proposal.partnerships if slug not in known]
    for partnership in db.session.scalars(select(Partnership).where(Partnership.slug.in_(slugs))):
        visit.partnership_links.append(VisitPartnership(partnership=partnership))
    if proposal.occasion and visit.occasion_id is None:
        visit.occasion = db.session.scalar(select(Occasion).where(Occasion.slug == proposal.occasion))


def _suggest_goals(visit: Visit, suggestions: Iterable[Suggestion]) -> None:
    """Replace earlier suggestions; what a person confirmed or removed stays as it is."""
    for link in [link for link in visit.goal_links if link.state == "suggested"]:
        visit.goal_links.remove(link)
    db.session.flush()
    decided = {link.goal.slug for link in visit.goal_links}
    by_code = {one.code: one for one in suggestions}
    for goal in db.session.scalars(select(Goal).where(Goal.slug.in_(by_code), Goal.retired_at.is_(None))):
        if goal.slug not in decided:
            one = by_code[goal.slug]
            reasons = [{**asdict(reason), "words": list(reason.words)} for reason in one.reasons]
            visit.goal_links.append(VisitGoal(goal=goal, score=one.score, reasons=reasons))
