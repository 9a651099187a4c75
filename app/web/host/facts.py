"""What the visitor told us, as pairs of name and value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _

from app.extensions import Named
from app.strategy.models import Goal
from app.visits.models import Visit
from app.web.formats import days, language_name, listed
from app.web.host.summary import either, themes
from app.web.language import page_language
from app.web.words import word

Fact = tuple[str, str]


def request_facts(visit: Visit) -> list[Fact]:
    """Everything in the request besides who writes; what was left empty is left out."""
    return [(what, value) for what, value in _request_facts(visit) if value]


def evidence_of(visit: Visit) -> list[dict[str, Any]]:
    """The reasons for suggested hosts, recognised themes, goals and flags, for marking the words in the purpose."""
    hosts = [host for host in visit.routing.get("ranked", []) if host.get("part")]
    others = [one for kind in ("themes", "priorities", "sdgs", "flags") for one in visit.routing.get(kind, [])]
    return [reason for one in [*hosts, *others] for reason in one.get("reasons", [])]


def flags_of(visit: Visit) -> list[tuple[str, list[dict[str, Any]]]]:
    """The visit's flags with routing's reasons, where it gave any."""
    reasons = {flag["code"]: flag.get("reasons", []) for flag in visit.routing.get("flags", [])}
    return [(code, reasons.get(code, [])) for code in visit.flags]


def goal_code(goal: Goal) -> str:
    """The number people know a goal by: "1.3", "SDG 11"; empty for goals without one."""
    if goal.kind == "sdg":
        return str(_("SDG %(number)s", number=goal.slug.removeprefix("sdg-")))
    return goal.slug if goal.kind == "priority" else ""


def _request_facts(visit: Visit) -> Iterator[Fact]:
    head = ", ".join(filter(None, (visit.head_name, visit.head_title, word("level", visit.head_level))))
    occasion = visit.occasion.name_in(page_language()) if visit.occasion else visit.event
    yield _("Wished dates"), either([days((window.starts_on, window.ends_on)) for window in visit.windows])
    yield _("Flexibility"), visit.flexibility
    yield _("The rest of their stay"), visit.rest_of_stay
    yield _("Themes"), themes(visit)
    yield _("Kind of organisation"), word("organisation_type", visit.organisation_type)
    yield _("Head of the delegation"), head
    yield _("Languages"), listed(language_name(code) for code in visit.languages)
    yield _("Interpreter"), _("They need one") if visit.interpreter_needed else ""
    yield _("Hosts they wish for"), listed(visit.wanted_hosts)
    yield _("Comes through"), _names(link.partnership for link in visit.partnership_links)
    yield _("Relation, in their words"), visit.relation
    yield _("Earlier visit, in their words"), visit.previous_visit
    yield _("Larger event"), occasion
    yield _("In return they offer"), visit.in_return


def _names(rows: Iterable[Named]) -> str:
    return listed(row.name_in(page_language()) for row in rows)
