"""The host's first page: offers to answer, things to do, and how the own visits stand."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.time import now, venue_date
from app.people.backups import stood_in_for
from app.visits.models import Offer
from app.visits.offer_clock import standing_still
from app.visits.queries import offers_for
from app.visits.todos import Todo, led_visits, todos_of
from app.web import access
from app.web.host import blueprint
from app.web.host.acting import reader
from app.web.host.summary import origin, summary, when_wanted

TODO_WORDS: dict[str, LazyString] = {
    "answer-part": _l("Answer whether you take this part"),
    "answer-visitor": _l("Answer the visitor"),
    "contact-declined": _l("A contact person cannot come: choose another, or keep them"),
    "change-asked": _l("Change the programme as the visitor asks"),
    "plan": _l("Plan the programme"),
    "propose": _l("Finish the programme and propose it"),
    "propose-again": _l("Propose the changed programme"),
    "hold-lapses": _l("Propose the programme before this hold runs out"),
    "settle": _l("Say whether the visit took place: its days have passed"),
    "report": _l("Record what came of the visit"),
    "follow-up": _l("Do what was promised"),
}


@dataclass(frozen=True, slots=True)
class Task:
    """A thing to do as the page shows it: words, where it is done, about what, and whether it is late."""

    todo: Todo
    words: str
    url: str
    about: str
    late: bool


@blueprint.get("/inbox")
@access.for_hosts
def inbox() -> str:
    """Offers and to-dos, soonest first."""
    user = reader()
    asked = _without_lesser(offers_for(user))
    offers = [(offer, origin(offer.visit), summary(offer.visit)) for offer in asked]
    visits = [(visit, when_wanted(visit)) for visit in led_visits(user)]
    waiting = len({offer.visit_id for offer in asked})
    tasks = [_task(todo) for todo in todos_of(user)]
    return render_template(
        "host/inbox.html",
        offers=offers,
        tasks=tasks,
        visits=visits,
        hosts=user.hosts,
        standing_in=stood_in_for(user),
        waiting=waiting,
        still=standing_still(asked),
    )


def _without_lesser(offers: list[Offer]) -> list[Offer]:
    """A host that is asked to lead a visit need not read that it is also asked for a part."""
    leading = {(offer.visit_id, offer.host_id) for offer in offers if offer.part == "lead"}
    return [offer for offer in offers if offer.part == "lead" or (offer.visit_id, offer.host_id) not in leading]


def _task(todo: Todo) -> Task:
    late = todo.due_on is not None and todo.due_on < venue_date(now())
    return Task(todo, str(TODO_WORDS[todo.kind]), _where(todo), _about(todo), late)


def _where(todo: Todo) -> str:
    """The page where it is done."""
    ref = todo.visit.ref
    match todo.kind:
        case "answer-part" if todo.appointment:
            return url_for("host.part_form", ref=ref, appointment_id=todo.appointment.id)
        case "plan":
            return url_for("host.suggest_programme", ref=ref)
        case "propose" | "propose-again":
            return url_for("host.propose_form", ref=ref)
        case "settle":
            return url_for("host.complete_form", ref=ref)
        case "report":
            return url_for("host.report_form", ref=ref)
    sections = {
        "answer-visitor": "messages",
        "contact-declined": "next",
        "follow-up": "follow-ups",
        "change-asked": "programme",
        "hold-lapses": "programme",
    }
    return url_for("host.visit_page", ref=ref, _anchor=sections.get(todo.kind))


def _about(todo: Todo) -> str:
    if todo.follow_up:
        return todo.follow_up.text
    if todo.appointment:
        return todo.appointment.title
    return _("“%(text)s”", text=_shortened(todo.text)) if todo.text else ""


def _shortened(text: str, longest: int = 140) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " …"
