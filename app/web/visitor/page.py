"""The visitor's page: where the request stands, the programme, who comes, the conversation."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue

from app.core.time import now
from app.strategy.settings import city_rules
from app.visits.models import Visit
from app.visits.programme_models import Message
from app.visits.rules import is_left_open
from app.visits.statuses import is_legal
from app.visits.talking import is_waiting_for_visitor
from app.web import access
from app.web.visitor import blueprint
from app.web.visitor.asked_for import asked_for, host_names
from app.web.visitor.changing import change_words
from app.web.visitor.links import visit_for
from app.web.visitor.page_forms import ChangeForm, DelegateForm, InvitationsForm, MessageForm
from app.web.visitor.programme import by_day, calendar_of, mark_of, shown
from app.web.visitor.standing import is_being_changed, lead_name, standing
from app.web.ways import ways_to

BUTTONS = ("accept", "ask-for-change", "withdraw", "write", "edit-delegates")


@dataclass(slots=True)
class PageForms:
    """The forms of the page; one of them may be what was just sent. `refusals` are sentences above them all."""

    change: ChangeForm = field(default_factory=lambda: ChangeForm(formdata=None))
    message: MessageForm = field(default_factory=lambda: MessageForm(formdata=None))
    delegate: DelegateForm = field(default_factory=lambda: DelegateForm(formdata=None))
    invitations: InvitationsForm | None = None
    refusals: list[str] = field(default_factory=list)


def messages_for_visitor(visit: Visit) -> list[Message]:
    """The conversation without the hosts' notes among themselves."""
    return [message for message in visit.messages if message.kind != "note"]


def show(visit: Visit, token: str, forms: PageForms | None = None) -> str:
    """The page, with what was sent and refused where there is such."""
    appointments = shown(visit)
    forms = forms or PageForms()
    forms.invitations = forms.invitations or InvitationsForm(formdata=None, data={"invitations": visit.invitations})
    return render_template(
        "visitor/page.html",
        visit=visit,
        token=token,
        forms=forms,
        standing=standing(visit),
        lead=lead_name(visit),
        co_hosts=host_names(visit.co_hosts),
        asked_for=asked_for(visit),
        days=by_day(appointments),
        ways=ways_to([one for one in appointments if not one.is_cancelled]),
        changes=change_words(visit, appointments),
        mark=mark_of(appointments),
        changing=is_being_changed(visit),
        messages=messages_for_visitor(visit),
        asked=is_waiting_for_visitor(visit),
        rules=city_rules(),
        may=_buttons(visit),
    )


def _buttons(visit: Visit) -> dict[str, bool]:
    """What the visitor may do now; a programme whose days have passed is not to be accepted."""
    may = {verb: is_legal(verb, visit.status) for verb in BUTTONS}
    return may | {"accept": may["accept"] and not is_left_open(visit, at=now())}


@blueprint.get("/v/<string:token>")
@access.for_link_holders
def page(token: str) -> ResponseReturnValue:
    """Where the request stands."""
    return show(visit_for(token), token)


@blueprint.get("/v/<string:token>/programme")
@access.for_link_holders
def programme(token: str) -> ResponseReturnValue:
    """The programme alone, for paper."""
    visit = visit_for(token)
    stops = shown(visit)
    return render_template(
        "visitor/programme.html",
        visit=visit,
        token=token,
        days=by_day(stops),
        ways=ways_to([one for one in stops if not one.is_cancelled]),
        changes=change_words(visit, stops),
        lead=lead_name(visit),
    )


@blueprint.get("/v/<string:token>/programme.ics")
@access.for_link_holders
def programme_file(token: str) -> Response:
    """The programme as a calendar file, in the reader's language."""
    visit = visit_for(token)
    response = make_response(calendar_of(visit))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="programme-{visit.ref}.ics"'
    return response
