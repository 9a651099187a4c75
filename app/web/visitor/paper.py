"""The visitor's programme as a PDF: what was proposed to them and still takes place, and nothing for hosts only."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response
from flask_babel import gettext as _

from app.visits.half_words import other_titles
from app.visits.known_stop import ShownStop
from app.visits.models import Visit
from app.web import access, paper
from app.web.formats import city_name
from app.web.language import page_language
from app.web.visitor import blueprint
from app.web.visitor.changing import change_words
from app.web.visitor.links import visit_for
from app.web.visitor.programme import by_day, shown
from app.web.ways import ways_to


@blueprint.get("/v/<string:token>/programme.pdf")
@access.for_link_holders
def programme_pdf(token: str) -> Response:
    """The programme for paper, in the reader's language."""
    visit = visit_for(token)
    return paper.pdf_response(sheet_of(visit), f"programme-{visit.ref}")


def sheet_of(visit: Visit) -> paper.Sheet:
    """The programme as a sheet."""
    stops = [one for one in shown(visit) if not one.is_cancelled]
    ways, changes, lead = ways_to(stops), change_words(visit, stops), visit.lead_host
    return paper.Sheet(
        title=_("Programme for %(organisation)s", organisation=visit.organisation),
        subtitle=_("Visit to %(city)s", city=city_name()),
        reference=_("Reference %(ref)s", ref=visit.ref),
        lead=[
            *([_("You are received by %(host)s", host=lead.name_in(page_language())) + "."] if lead else []),
            paper.clock_words(stops),
            _("Your page on the web always shows the newest programme."),
        ],
        days=paper.days_of_paper(
            (day.on, [_stop(one, ways.get(one.id, ""), changes.get(one.id, ""), stops) for one in day.appointments])
            for day in by_day(stops)
        ),
    )


def _stop(appointment: ShownStop, way: str, change: str, among: Sequence[ShownStop]) -> paper.Stop:
    certain = paper.status_of(appointment, _("This host has not answered yet."))
    return paper.Stop(
        time=paper.time_of(appointment),
        title=appointment.title,
        status=f"{_('Being changed')}. {change}" if change else certain,
        way=way,
        facts=[
            *paper.line(_("Host:"), appointment.host.name_in(page_language())),
            *paper.contact_of(appointment, reachable=appointment.visitor_may_call),
            *paper.place_of(appointment),
            *paper.line(_("The other half of the group:"), other_titles(appointment, among)),
            *paper.line(_("Note:"), appointment.visitor_note),
        ],
    )
