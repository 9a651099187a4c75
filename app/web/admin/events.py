"""Mails that something happening sends: one line of the catalogue, its own words, off and on, and what it says."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core.languages import LANGUAGES, known_language
from app.core.time import now
from app.extensions import db
from app.notifications import events
from app.notifications.event_lines import Line, find_line
from app.notifications.event_models import EventMail
from app.notifications.event_preview import event_previews, send_event_samples, visits_with
from app.notifications.own_words import usual_words
from app.people.models import User
from app.web import access
from app.web.admin import blueprint, event_words
from app.web.admin.event_form import EventForm
from app.web.admin.own_words_form import data_of_words, words_in
from app.web.admin.samples import asked, clean_ref, find_visit, tell_of_sample
from app.web.host.acting import reader
from app.web.language import OWN_NAMES

Page = str | tuple[str, int] | Response
ONE = "/admin/reminders/when/<string(maxlength=40):verb>/<string(maxlength=40):kind>"


@blueprint.get(ONE)
@access.for_administrators
def event_page(verb: str, kind: str) -> str:
    """The line, and its words where it has its own."""
    line = _get(verb, kind)
    return _form_page(line, _filled_in(events.find_row(line)))


def _filled_in(row: EventMail | None) -> EventForm:
    """The form as whoever opens it now sees it."""
    return EventForm(formdata=None, data=data_of_words(row.words if row else {})).showing()


@blueprint.post(ONE)
@access.for_administrators
def event_change(verb: str, kind: str) -> Page:
    """Save own words; empty fields bring the usual ones back."""
    line, form = _get(verb, kind), EventForm()
    row = events.hold_row(line)
    form.meet(_filled_in(row), ("event-mail", row.id))
    if not form.fits(line):
        db.session.rollback()  # a line that nothing was changed of has no row
        return _form_page(line, form), form.refusal
    form.keep(by=reader(), at=now())
    events.put_words(line, words_in(form))
    db.session.commit()
    flash(_("The words are saved. They count from the next mail on."), "success")
    return redirect(url_for("admin.event_preview", verb=verb, kind=kind), 303)


@blueprint.get(f"{ONE}/switch-off")
@access.for_administrators
def event_off(verb: str, kind: str) -> str:
    """What will be missing, before it is switched off."""
    line = _get(verb, kind)
    return render_template("admin/event_off.html", line=line, words=event_words)


@blueprint.post(f"{ONE}/switch")
@access.for_administrators
def event_switch(verb: str, kind: str) -> Response:
    """On or off; what may never be switched off stays on."""
    line, on = _get(verb, kind), request.form.get("to") == "on"
    if line.locked and not on:
        flash(event_words.locked_words(line), "warning")
        return _to_list(line)
    events.switch(line, on=on, at=now())
    db.session.commit()
    flash(_("The mail is switched on.") if on else _("The mail is switched off."), "success")
    return _to_list(line)


@blueprint.post(f"{ONE}/restore")
@access.for_administrators
def event_restore(verb: str, kind: str) -> Response:
    """On, and in the usual words."""
    line = _get(verb, kind)
    events.restore(line)
    db.session.commit()
    flash(_("The mail is as it was delivered."), "success")
    return _to_list(line)


@blueprint.get(f"{ONE}/preview")
@access.for_administrators
def event_preview(verb: str, kind: str) -> str:
    """What the mail says about a visit to which it has happened, in the language asked for."""
    line, me = _get(verb, kind), db.session.get_one(User, current_user.id)
    row, choices = events.find_row(line), visits_with(line, me)
    wanted = asked(lambda: choices[0].ref if choices else "")
    return render_template(
        "admin/event_preview.html",
        line=line, asked=wanted, choices=choices, languages={code: OWN_NAMES[code] for code in LANGUAGES},
        previews=event_previews(line, wanted.visit, wanted.language, by=me) if wanted.visit is not None else [],
        words=event_words, is_on=row is None or row.is_on,
    )  # fmt: skip


@blueprint.post(f"{ONE}/send-to-me")
@access.for_administrators
def event_send(verb: str, kind: str) -> Response:
    """A sample by mail, to the administrator alone."""
    line, visit = _get(verb, kind), find_visit(clean_ref(request.form.get("visit")))
    language = known_language(request.form.get("language"))
    me = db.session.get_one(User, current_user.id)
    made = send_event_samples(line, visit, language, to=me, at=now()) if visit is not None else 0
    db.session.commit()
    tell_of_sample(made, me.email)
    where: dict[str, Any] = {"visit": visit.ref if visit else None, "language": language}
    return redirect(url_for("admin.event_preview", verb=verb, kind=kind, **where), 303)


def _get(verb: str, kind: str) -> Line:
    return find_line(verb, kind) or abort(404)


def _to_list(line: Line) -> Response:
    return redirect(url_for("admin.reminder_list", _anchor=f"when-{line.verb}-{line.kind}"), 303)


def _form_page(line: Line, form: EventForm) -> str:
    return render_template(
        "admin/event.html", line=line, form=form, row=events.find_row(line), words=event_words,
        languages={code: (OWN_NAMES[code], *usual_words(line.kind, code)) for code in LANGUAGES},
    )  # fmt: skip
