"""The steps of a request: each shown, checked on Continue, and kept when going back."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.visits.drafts import drop_draft, find_sent
from app.web import access
from app.web.language import chosen_with_form, page_language, remember_language
from app.web.visitor import blueprint, choices
from app.web.visitor.advising import remarks
from app.web.visitor.forms import StepForm
from app.web.visitor.keeping import TRAP, Kept, remember, what_is_kept
from app.web.visitor.stale import is_stale
from app.web.visitor.steps import (
    BY_NAME,
    CHECK_TITLE,
    STEPS,
    Step,
    following,
    form_of,
    forms_of,
    position,
    previous,
    typed_in,
)

MOST_KEPT = 60_000  # characters of one step that are kept without being checked
LATER_STEPS = '<any("delegation", "visit", "when"):name>'


@blueprint.get("/request")
@access.for_everyone
def who() -> ResponseReturnValue:
    """The first step, and the way into the form."""
    return _show(BY_NAME["who"])


@blueprint.post("/request")
@access.for_everyone
def send_who() -> ResponseReturnValue:
    """Take the first step."""
    return _take(BY_NAME["who"])


@blueprint.get(f"/request/{LATER_STEPS}")
@access.for_everyone
def step(name: str) -> ResponseReturnValue:
    """One of the later steps."""
    return _show(BY_NAME[name])


@blueprint.post(f"/request/{LATER_STEPS}")
@access.for_everyone
def send_step(name: str) -> ResponseReturnValue:
    """Take one of the later steps."""
    return _take(BY_NAME[name])


@blueprint.post("/request/discard")
@access.for_everyone
def discard() -> Response:
    """Throw the draft away and begin afresh."""
    kept = what_is_kept()
    if kept.draft is not None and not is_stale():
        drop_draft(kept.draft)
        db.session.commit()
    return redirect(url_for("visitor.who"), 303)


def _show(step: Step) -> ResponseReturnValue:
    kept = what_is_kept()
    if kept.draft is None and step.name != "who":
        return redirect(url_for("visitor.who"))
    form = form_of(step, kept.answers.get(step.name))
    if "look" in request.args:
        form.validate()
    return _page(step, form, kept)


def _take(step: Step) -> ResponseReturnValue:
    kept, typed = what_is_kept(), typed_in(step, request.form)
    form = form_of(step, typed)
    kept.is_trapped = kept.is_trapped or bool(request.form.get(TRAP))
    if kept.is_old and find_sent(kept.key):
        return sent_already(kept)
    if is_stale() or (kept.is_old and not kept.shown_again):
        kept.answers = {**kept.answers, step.name: typed}
        return _page(step, form, kept, shown_again=True)
    if sum(len(value) for values in typed.values() for value in values) <= MOST_KEPT:
        kept.keep(step.name, typed)
        db.session.commit()
        if language := chosen_with_form():
            return remember_language(remember(redirect(_own_url(step), 303), kept), language)
        if request.form.get("go") == "back":
            return remember(redirect(_before_url(step), 303), kept)
    if not form.validate():
        return remember(make_response(_page(step, form, kept), 422), kept)
    kept.keep(step.name, typed)
    db.session.commit()
    return remember(redirect(_next_url(step), 303), kept)


def _own_url(step: Step) -> str:
    return f"{step.url}?change" if "change" in request.args else step.url


def _before_url(step: Step) -> str:
    before = previous(step)
    return before.url if before else step.url


def _next_url(step: Step) -> str:
    after = None if "change" in request.args else following(step)
    return after.url if after else url_for("visitor.check")


def _page(step: Step, form: StepForm, kept: Kept, *, shown_again: bool = False) -> str:
    language = page_language()
    before = previous(step)
    return render_template(
        f"visitor/{step.name}.html",
        step=step,
        form=form,
        carried=kept.sealed(shown_again=shown_again),
        shown_again=shown_again,
        steps=[*(str(one.title) for one in STEPS), str(CHECK_TITLE)],
        urls=[one.url for one in STEPS],
        current=position(step),
        back=before,
        remarks=remarks(forms_of(kept.answers), before.name) if before else [],
        begun=kept.draft is not None,
        themes=choices.themes(language) if step.name == "visit" else [],
        hosts=choices.hosts(language) if step.name == "visit" else [],
    )


def sent_already(kept: Kept) -> Response:
    """The form is that of a request which was sent: its page, and how to change something."""
    session["sent"] = kept.key
    flash(_("This request has been sent already. Write to us on its page if something has changed."), "info")
    return redirect(url_for("visitor.sent"), 303)
