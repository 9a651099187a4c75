"""How visits are shown on the coordinator's pages, and what the visit page borrows from this door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.core.dates import written_days
from app.core.time import venue_date
from app.extensions import Named
from app.notifications.wording import decline_sentence
from app.people.models import Host
from app.planning.clock import ClockReading, Step
from app.planning.holidays import find_holiday
from app.strategy.settings import city_rules
from app.visits.clocks import response_clock
from app.visits.memory import Repeat, repeats_of
from app.visits.models import Visit
from app.visits.rules import may
from app.visits.suggestions import SuggestedHost, hosts_by_slug, to_be_asked
from app.visits.waiting import hosts_with_people
from app.web.coordinator import blueprint
from app.web.coordinator.filters import goal_words
from app.web.language import page_language


@dataclass(frozen=True, slots=True)
class ActionLink:
    """One thing a coordinator may do with a visit now: a link to the page that asks for its reason."""

    verb: str
    words: str
    url: str


def spans_of(visit: Visit) -> list[tuple[date, date]]:
    """The days of the programme, or before there is one, the spans wished for."""
    days = [venue_date(one.starts_at) for one in visit.appointments if not one.is_cancelled]
    if days:
        return [(min(days), max(days))]
    return [(window.starts_on, max(window.starts_on, window.ends_on)) for window in visit.windows]


blueprint.add_app_template_global(decline_sentence, "decline_sentence")


@blueprint.app_template_filter()
def name_of(row: Named) -> str:
    """The row's name in the reader's language; for `rows | map("name_of")`."""
    return row.name_in(page_language())


@blueprint.app_template_global()
def dates_of(visit: Visit) -> str:
    """When the visit is, or when it could be, in words; empty when nothing is known."""
    written = [written_days(first, last, page_language()) for first, last in spans_of(visit)]
    if len(written) < 2:
        return "".join(written)
    more = len(written) - 1
    return ngettext("%(first)s, or %(num)d other span", "%(first)s, or %(num)d other spans", more, first=written[0])


@blueprint.app_template_global()
def hosts_counted(hosts: Iterable[tuple[Host, int]]) -> str:
    """ "Water and Wastewater (2), The Fire Service (1)": hosts with the number of visits they received."""
    return ", ".join(f"{name_of(host)} ({number})" for host, number in hosts)


@blueprint.app_template_global()
def days_written(number: float) -> str:
    """Working days with at most one decimal: "1 working day", "2.5 working days"."""
    if round(number, 1) == 1:
        return _("1 working day")
    return _("%(number)s working days", number=figure_written(number))


@blueprint.app_template_global()
def figure_written(number: float) -> str:
    """A number with at most one decimal, as the reader's language writes it."""
    written = f"{round(number, 1):g}"
    return written if page_language() == "en" else written.replace(".", ",")


@blueprint.app_template_global()
def clock_step(step: Step) -> str:
    """What one day added to the clock, in words."""
    match step.kind:
        case "arrived":
            return _("The request came; the day is not counted")
        case "weekend":
            return _("Weekend")
        case "holiday":
            return find_holiday(step.on, page_language()) or step.holiday
        case "paused":
            return _("Stands still: the visitor has been asked")
    if step.paused:
        return _("Counted in part: the visitor was asked that day")
    return _("Counted")


@blueprint.app_template_global()
def clock_of(visit: Visit) -> ClockReading | None:
    """The visit's response clock now."""
    return response_clock(visit)


@blueprint.app_template_global()
def repeat_of(visit: Visit) -> Repeat | None:
    """Earlier visits of the same organisation within the city's months, or None."""
    return repeats_of([visit], months=city_rules().repeat_months).get(visit.id)


blueprint.add_app_template_global(goal_words, "goal_words")


@blueprint.app_template_global()
def hosts_to_ask(visit: Visit) -> list[SuggestedHost]:
    """Whom one click on "Offer to …" would ask now."""
    return to_be_asked(visit, hosts_by_slug(), hosts_with_people())


@blueprint.app_template_global()
def coordinator_actions(visit: Visit) -> list[ActionLink]:
    """What this reader, as a coordinator, may do with the visit now."""
    words = {
        "offer": _("Ask a host"),
        "invite": _("Ask another host to join"),
        "reassign": _("Give the lead to another host"),
        "ask-visitor": _("Ask the visitor"),
        "correct-goals": _("Correct the goals"),
        "merge": _("Merge with another request"),
        "decline": _("Decline"),
        "reopen": _("Reopen"),
    }
    if not current_user.is_coordinator:
        return []
    return [
        ActionLink(verb, said, url_for(f"coordinator.{PAGES[verb]}", ref=visit.ref))
        for verb, said in words.items()
        if may(current_user, verb, visit)
    ]


PAGES = {
    "offer": "offer_page",
    "invite": "offer_page",
    "reassign": "reassign_page",
    "ask-visitor": "ask_page",
    "correct-goals": "goals_page",
    "merge": "merge_page",
    "decline": "decline_page",
    "reopen": "reopen_page",
}
