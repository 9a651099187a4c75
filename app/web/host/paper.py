"""The briefing as a PDF: for those who receive the visit, who comes, why, and the programme with the hosts' notes."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, request
from flask_babel import gettext as _

from app.core.errors import NotAllowed
from app.visits.half_words import other_titles
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.queries import get_visit
from app.visits.rules import may_see_contact, may_see_delegates
from app.web import access, paper
from app.web.host import blueprint
from app.web.host.acting import reader
from app.web.host.days import days_of
from app.web.host.facts import request_facts
from app.web.host.summary import origin, summary
from app.web.language import page_language
from app.web.ways import ways_to
from app.web.words import word


@blueprint.get("/visits/<string:ref>/briefing.pdf")
@access.for_hosts
def briefing_pdf(ref: str) -> Response:
    """The briefing for paper; what delegates need only for who may see it and asked for it."""
    visit = get_visit(ref, reader())
    if not (may_see_contact(reader(), visit) and may_see_delegates(reader(), visit)):
        raise NotAllowed("brief")
    return paper.pdf_response(briefing(visit, with_needs="needs" in request.args), f"briefing-{visit.ref}")


def briefing(visit: Visit, *, with_needs: bool) -> paper.Sheet:
    """The visit as a sheet for its hosts."""
    stops = [one for _day, group in days_of(visit) for one in group]
    ways, lead = ways_to(stops), visit.lead_host.name_in(page_language()) if visit.lead_host else ""
    return paper.Sheet(
        title=_("Briefing: %(organisation)s", organisation=visit.organisation),
        subtitle=" · ".join(filter(None, (origin(visit), *summary(visit)))),
        reference=_("Reference %(ref)s", ref=visit.ref),
        lead=[
            *([_("Lead host: %(host)s", host=lead)] if lead else []),
            paper.clock_words(stops),
            _("For those who receive the visit. Destroy it afterwards."),
        ],
        facts_heading=_("The delegation"),
        facts=_facts(visit),
        people=_people(visit, with_needs),
        days=paper.days_of_paper(
            (day, [_stop(one, ways.get(one.id, ""), stops) for one in group]) for day, group in days_of(visit)
        ),
    )


def _facts(visit: Visit) -> list[paper.Fact]:
    told = [(_("Status"), str(word("status", visit.status))), (_("Purpose"), visit.purpose), *request_facts(visit)]
    facts = [fact for what, value in told for fact in paper.line(f"{what}:", value)]
    contact = paper.contact_fact(_("Contact:"), visit.contact_name, visit.contact_phone, visit.contact_email)
    return [*contact, *facts]


def _people(visit: Visit, with_needs: bool) -> paper.People:
    columns = [_("Name"), _("Title"), *([_("Needs")] if with_needs else [])]
    rows = [[one.name, one.title, *([one.needs] if with_needs else [])] for one in visit.delegates]
    return paper.People(_("Delegates"), columns, rows)


def _stop(appointment: Appointment, way: str, among: Sequence[Appointment]) -> paper.Stop:
    return paper.Stop(
        time=paper.time_of(appointment),
        title=appointment.title,
        status=paper.status_of(appointment, _("Waits for the host's answer") + "."),
        way=way,
        facts=[
            *paper.line(_("Host:"), appointment.host.name_in(page_language())),
            *paper.contact_of(appointment, reachable=True),
            *paper.place_of(appointment),
            *paper.line(_("The other half of the group:"), other_titles(appointment, among)),
            *paper.line(_("Note for the visitor:"), appointment.visitor_note),
            *paper.line(_("Note for hosts:"), appointment.note),
        ],
    )
