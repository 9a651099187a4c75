"""Declining a request: reason, words and alternatives, shown as the visitor will read them before they are sent."""

from __future__ import annotations

from flask import flash, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.notifications.wording import decline_sentence
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.reasons import DECLINE_REASONS
from app.visits.suggestions import suggested_decline
from app.web import access
from app.web.coordinator import blueprint
from app.web.coordinator.deciding import to_visit
from app.web.coordinator.decision_forms import DeclineForm
from app.web.coordinator.decline_texts import is_suggested, suggested_alternatives
from app.web.formats import city_name
from app.web.host.acting import acting, visit_for
from app.web.words import word

Page = str | tuple[str, int] | Response


@blueprint.get("/visits/<string:ref>/decline")
@access.for_coordinators
def decline_page(ref: str) -> str:
    """The form, with the reason the flags speak for and words for it in the visitor's language."""
    visit = visit_for(ref, "decline")
    asked = request.args.get("reason", "")
    reason = asked if asked in DECLINE_REASONS else suggested_decline(visit)
    alternatives = suggested_alternatives(visit, reason)
    form = DeclineForm(data={"reason": reason or None, "alternatives": alternatives})
    return render_template("coordinator/decline.html", visit=visit, form=form)


@blueprint.post("/visits/<string:ref>/decline")
@access.for_coordinators
def decline(ref: str) -> Page:
    """First the preview, then, confirmed, the decline itself."""
    visit = visit_for(ref, "decline")
    form = DeclineForm()
    if not form.validate():
        return render_template("coordinator/decline.html", visit=visit, form=form), 422
    if request.form.get("step") != "send":
        _fit_alternatives(visit, form)
        return _preview(visit, form)
    lifecycle.decline(
        visit, reason=form.reason.data, text=form.text.data, alternatives=form.alternatives.data, by=acting(visit)
    )
    db.session.commit()
    flash(_("The request is declined, and the visitor is told why and what they could do instead."), "success")
    return to_visit(visit)


def _fit_alternatives(visit: Visit, form: DeclineForm) -> None:
    """A suggestion that nobody has changed follows the reason that was chosen in the end."""
    if not form.alternatives.data or is_suggested(form.alternatives.data, visit.language):
        form.alternatives.data = suggested_alternatives(visit, form.reason.data)


def _own_words(reason: str) -> dict[str, str]:
    """What the mail says of itself around the coordinator's text, in the language that is in force."""
    opening = _(
        "Thank you for wanting to visit %(city)s. We have looked at your request carefully, "
        "and are sorry that we cannot receive you this time.",
        city=city_name(),
    )
    return {"opening": opening, "why": decline_sentence(reason), "instead": _("What you could do instead:")}


def _preview(visit: Visit, form: DeclineForm) -> str:
    with force_locale(visit.language):
        letter = _own_words(form.reason.data)
    reason = word("decline_reason", form.reason.data)
    return render_template("coordinator/decline_preview.html", visit=visit, form=form, letter=letter, reason=reason)
