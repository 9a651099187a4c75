"""What decided visits teach: edges from subjects to hosts and goals count a little more or less; pure, reproducible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb
from typing import Any

from app.routing.catalogue import Catalogue, ThemeProfile, TopicProfile
from app.routing.edits import Factor
from app.routing.types import Proposal, RankedHost, Reason, Suggestion

AGREEING = 3  # visits that must agree, over those that speak against it
STEP = 0.1
LOWEST, HIGHEST = 0.7, 1.4
HANDFUL = 5  # visits given to one other host by which it may lead whatever the files say …
DOUBT = 0.1  # … where it is no likelier than this that fewer than two of three visits about the subject are its own
LEAD_STEP, MOST_GIVEN = 0.3, 8  # what each of them adds to the factor for leading, and how many count
LEAD, GOAL, CO_HOST = "lead", "goal", "co-host"
EDGE_OF = {LEAD: "host", GOAL: "goal", CO_HOST: "part"}


@dataclass(frozen=True, slots=True)
class Lesson:
    """One visit as people decided it: what routing suggested for its subject, and what they chose."""

    visit: str
    topic: str  # "theme/topic", or a theme
    kind: str  # lead | goal | co-host
    suggested: frozenset[str]
    chosen: frozenset[str]


@dataclass(frozen=True, slots=True)
class Weights:
    """Factors on edges, and the number of visits that were learned from."""

    factors: tuple[Factor, ...] = ()
    visits: int = 0

    def to_json(self) -> list[dict[str, Any]]:
        """The factors as plain data."""
        return [factor._asdict() for factor in self.factors]


@dataclass(frozen=True, slots=True)
class Teaching:
    """What visits agree on about one subject: who leads it, one goal that it serves, or one host's part in it."""

    topic: str
    kind: str  # lead | goal | co-host
    factors: tuple[Factor, ...]

    @property
    def visits(self) -> int:
        """How many visits speak for it."""
        return max(factor.visits for factor in self.factors)


def weights_from(rows: Iterable[Mapping[str, Any]], visits: int) -> Weights:
    """Weights as they were stored."""
    return Weights(tuple(Factor(**row) for row in rows), visits)


def learn(lessons: Sequence[Lesson], catalogue: Catalogue) -> Weights:
    """Factors from 0.7 to 1.4; the same lessons in any order give the same ones.

    Only an edge that the city's files have is weighed anew (any host may come to take part), and only where at least
    three more visits speak for the change than against it. A visit speaks for an edge when people chose it
    unsuggested, against it when they took the suggestion away; whoever kept the suggestion speaks against changing
    it. Of a visit its last lesson counts. A host to which people give a handful of visits, and nearly all, leads.
    """
    return together(teachings(lessons, catalogue), lessons)


def teachings(lessons: Sequence[Lesson], catalogue: Catalogue) -> tuple[Teaching, ...]:
    """What the lessons teach, piece by piece, the one that most visits speak for first."""
    groups: dict[tuple[str, str], list[Lesson]] = defaultdict(list)
    for lesson in _last(lessons):
        groups[lesson.topic, lesson.kind].append(lesson)
    edges, found = _edges(catalogue), []
    hosts = sorted(host.slug for host in catalogue.hosts)
    for (topic, kind), group in groups.items():
        targets = sorted(edges.get((topic, EDGE_OF[kind]), ()))
        factors = [one for target in targets if (one := _factor(topic, kind, target, group)) is not None]
        if kind == LEAD and (topic, "host") in edges and (over := _given_over(topic, group, hosts)) is not None:
            factors = [*(one for one in factors if one.target != over.target), over]
        pieces = [factors] if kind == LEAD else [[factor] for factor in factors]  # who leads is one question
        found += [Teaching(topic, kind, tuple(piece)) for piece in pieces if piece]
    return tuple(sorted(found, key=lambda one: (-one.visits, one.topic, one.kind, one.factors)))


def together(kept: Iterable[Teaching], lessons: Sequence[Lesson], *, left_out: Iterable[Teaching] = ()) -> Weights:
    """The weights of what is kept; visits that only say what is left out are not counted."""
    kept = tuple(kept)
    unheard = {(one.topic, one.kind) for one in left_out} - {(one.topic, one.kind) for one in kept}
    heard = {lesson.visit for lesson in _last(lessons) if (lesson.topic, lesson.kind) not in unheard}
    return Weights(tuple(sorted(factor for one in kept for factor in one.factors)), len(heard))


def _last(lessons: Sequence[Lesson]) -> list[Lesson]:
    return list({(lesson.visit, lesson.kind): lesson for lesson in lessons if lesson.topic}.values())


def _factor(topic: str, kind: str, target: str, lessons: list[Lesson]) -> Factor | None:
    added = sum(target in lesson.chosen - lesson.suggested for lesson in lessons)
    taken = sum(target in lesson.suggested - lesson.chosen for lesson in lessons)
    chosen = sum(target in lesson.chosen for lesson in lessons)
    more, less = added - (len(lessons) - chosen), taken - chosen
    if more >= AGREEING:
        return Factor(topic, EDGE_OF[kind], target, min(HIGHEST, _rounded(1 + STEP * (more - AGREEING + 1))), added)
    if less >= AGREEING:
        return Factor(topic, EDGE_OF[kind], target, max(LOWEST, _rounded(1 - STEP * (less - AGREEING + 1))), taken)
    return None


def _given_over(topic: str, lessons: list[Lesson], hosts: Sequence[str]) -> Factor | None:
    """The host to which people give nearly every visit about the subject, whether the files know it there or not."""
    for host in hosts:
        given = sum(host in lesson.chosen - lesson.suggested for lesson in lessons)
        chosen = sum(host in lesson.chosen for lesson in lessons)
        if given >= HANDFUL and _doubt(chosen, len(lessons) - chosen) <= DOUBT:
            return Factor(topic, LEAD, host, _rounded(1 + LEAD_STEP * min(given, MOST_GIVEN)), given)
    return None


def _doubt(chosen: int, others: int) -> float:
    """How likely fewer than two of three visits are a host's, by these, where every share was as likely before."""
    if chosen < 2 * others:
        return 1.0
    number = chosen + others + 1
    return sum(comb(number, its) * 2**its for its in range(chosen + 1, number + 1)) / 3**number


def _rounded(factor: float) -> float:
    return round(factor, 3)


def _edges(catalogue: Catalogue) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for theme in catalogue.themes:
        subjects: list[tuple[str, ThemeProfile | TopicProfile]] = [(theme.slug, theme)]
        subjects += [(f"{theme.slug}/{topic.slug}", topic) for topic in theme.topics]
        for name, own in subjects:
            found[name, "host"] = set(own.hosts or theme.hosts)
            found[name, "part"] = {host.slug for host in catalogue.hosts}
            sdgs = {f"sdg-{number}" for number in own.sdgs or theme.sdgs}
            found[name, "goal"] = set(own.goals or theme.goals) | sdgs
    return found


def leading_topic(routing: Mapping[str, Any]) -> str:
    """The subject that counted most in a stored proposal: "theme/topic", a theme, or empty."""
    reasons = [reason for host in routing.get("ranked", ()) for reason in host.get("reasons", ())]
    found = [reason for reason in reasons if reason.get("code") == "answers-for" and reason.get("subject")]
    if found:
        return str(max(found, key=lambda reason: float(reason.get("weight") or 0))["subject"])
    return next((str(theme["code"]) for theme in routing.get("themes", ())), "")


def explained(proposal: Proposal, weights: Weights) -> Proposal:
    """The proposal with a reason wherever a learned weight had its part."""
    if not weights.factors:
        return proposal
    factors = {(factor.topic, factor.kind, factor.target): factor for factor in weights.factors}
    subject = leading_topic(proposal.to_json())
    return replace(
        proposal,
        ranked=tuple(_host(host, factors, subject) for host in proposal.ranked),
        priorities=tuple(_goal(goal, factors) for goal in proposal.priorities),
        sdgs=tuple(_goal(goal, factors) for goal in proposal.sdgs),
    )


_Factors = Mapping[tuple[str, str, str], Factor]


def _host(host: RankedHost, factors: _Factors, subject: str) -> RankedHost:
    reasons = _with_learned(host.reasons, "answers-for", ("host", host.slug), factors)
    part = factors.get((subject, "part", host.slug))
    if part is not None and host.part != LEAD:
        reasons += (_learned(part, Reason("", "", (), 0.0, subject)),)
    return replace(host, reasons=reasons)


def _goal(goal: Suggestion, factors: _Factors) -> Suggestion:
    return replace(goal, reasons=_with_learned(goal.reasons, "serves", ("goal", goal.code), factors))


def _with_learned(
    reasons: tuple[Reason, ...], code: str, edge: tuple[str, str], factors: _Factors
) -> tuple[Reason, ...]:
    more: list[Reason] = []
    for reason in reasons:
        more.append(reason)
        known = (factors.get((reason.subject, kind, edge[1])) for kind in (edge[0], LEAD))
        factor = next(filter(None, known), None) if reason.code == code else None
        if factor is not None:
            more.append(_learned(factor, reason))
    return tuple(more)


def _learned(factor: Factor, reason: Reason) -> Reason:
    visits = (str(factor.visits),)
    if factor.factor > 1:
        return Reason("learned-more", "learned", visits, reason.weight, reason.subject)
    return Reason("learned-less", "learned", visits, reason.weight, reason.subject)
