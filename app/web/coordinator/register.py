"""Registering a request that came by mail, telephone or at a reception: the public form on one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response
from wtforms import EmailField, Field, StringField
from wtforms.validators import Email

from app.core.errors import Invalid
from app.core.tokens import hash_token, new_token
from app.extensions import db
from app.people.actors import by_user
from app.visits import lifecycle
from app.visits.drafts import find_sent
from app.visits.models import Visit
from app.web import access, transactions
from app.web.coordinator import blueprint
from app.web.coordinator.deciding import to_visit
from app.web.host.acting import reader
from app.web.host.fields import OptionField, required
from app.web.language import OWN_NAMES
from app.web.visitor.answers import request_from
from app.web.visitor.checks import Filled, PlainText
from app.web.visitor.forms import EMAIL_WORDS, NAME, StepForm, WhoForm
from app.web.visitor.steps import STEPS
from app.web.words import word

Page = str | tuple[str, int] | Response


class LanguageForm(FlaskForm):
    """In which language the visitor is written to."""

    class Meta:
        csrf = False

    language = OptionField(
        _l("In which language shall we write to the visitor?"),
        choices=list(OWN_NAMES.items()),
        default="en",
        validators=[required(_l("Choose a language."))],
    )


class AskerForm(WhoForm):
    """Who asks, spoken of to somebody who writes it down for them."""

    contact_name = StringField(
        _l("The contact's name"), [Filled(_l("Write the name of the contact.")), PlainText(NAME)]
    )
    contact_email = EmailField(
        _l("The contact's e-mail address"),
        [Filled(_l("Write the contact's e-mail address.")), PlainText(254), Email(EMAIL_WORDS)],
    )


@dataclass(frozen=True, slots=True)
class WholeForm:
    """Several forms on one page, as the error summary reads them."""

    parts: Mapping[str, Any]

    def __iter__(self) -> Iterator[Field]:
        return (field for form in self.parts.values() for field in form)

    @property
    def errors(self) -> dict[str, Any]:
        """Every field's errors."""
        return {name: words for form in self.parts.values() for name, words in form.errors.items()}

    @property
    def form_errors(self) -> list[str]:
        """None: every error belongs to a field."""
        return []

    def validate(self) -> bool:
        """Whether every part is sound; each is checked, so that all errors show at once."""
        sound = [form.validate() for form in self.parts.values()]
        return all(sound)


def _forms(sent: Any = None) -> tuple[dict[str, StepForm], LanguageForm]:
    forms = {step.name: step.form(formdata=sent) for step in STEPS}
    forms["who"] = AskerForm(formdata=sent)
    for form in forms.values():
        form.fill_choices()
    return forms, LanguageForm(formdata=sent)


@blueprint.get("/visits/new")
@access.for_coordinators
def register_page() -> str:
    """The empty form."""
    forms, language = _forms()
    return _page(forms, language)


@blueprint.post("/visits/new")
@access.for_coordinators
@transactions.writes_late
def register() -> Page:
    """Write the request down: it is received at once, and routed."""
    forms, language = _forms(request.form)
    if not WholeForm({**forms, "language": language}).validate():
        return _page(forms, language), 422
    try:
        wanted = replace(request_from(forms), language=language.language.data)
        transactions.start_writing()
        visit = _registered(wanted)
    except Invalid:  # nothing was left of the name after cleaning
        db.session.rollback()
        forms["who"]["organisation"].errors = [_("Write the name of the organisation.")]
        return _page(forms, language), 422
    flash(_("The request is registered. %(decision)s.", decision=word("decision", visit.decision)), "success")
    return to_visit(visit)


def _registered(wanted: lifecycle.Request) -> Visit:
    """The visit that this form makes; the same one where the form was sent before, also at the same moment."""
    typed = request.form.get("key", "")
    key = hash_token(typed) if typed else None
    try:
        visit = lifecycle.register(wanted, by=by_user(reader()), submit_key=key)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        known = find_sent(key or "")
        if known is None:
            raise
        return known
    return visit


def _page(forms: dict[str, StepForm], language: LanguageForm) -> str:
    whole = WholeForm({**forms, "language": language})
    key = request.form.get("key") or new_token()
    return render_template("coordinator/register.html", whole=whole, language=language, key=key, **forms)
