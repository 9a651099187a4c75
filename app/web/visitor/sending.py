"""The end of the form: check your answers, send, and what happens with the mail that asks to confirm."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.core.errors import IllegalMove, Refused
from app.core.time import now
from app.core.tokens import hash_token
from app.extensions import db
from app.strategy.settings import city_rules
from app.visits import lifecycle
from app.visits.addresses import MOST_REQUESTS, times_asked
from app.visits.drafts import drop_draft, find_sent
from app.visits.models import Visit
from app.visits.statuses import Status
from app.web import access
from app.web.visitor import blueprint
from app.web.visitor.advising import remarks
from app.web.visitor.answers import Forms, request_from, sections
from app.web.visitor.asking import sent_already
from app.web.visitor.forms import AddressForm
from app.web.visitor.keeping import TRAP, Kept, token_in_cookie, what_is_kept
from app.web.visitor.stale import is_stale
from app.web.visitor.steps import CHECK_TITLE, STEPS, Step, forms_of, unfinished

SHORTEST_SECONDS = 2  # nobody reads and fills in four pages faster


@blueprint.get("/request/check")
@access.for_everyone
def check() -> ResponseReturnValue:
    """Every answer once more, with the city's honest remarks."""
    kept = what_is_kept()
    if kept.draft is None:
        return redirect(url_for("visitor.who"))
    forms = forms_of(kept.answers)
    missing = next(unfinished(kept.answers, forms), None)
    return _to(missing, kept) if missing else _page(forms, kept)


@blueprint.post("/request/check")
@access.for_everyone
def send() -> ResponseReturnValue:
    """Send the request; a second press, or a form that was sent before, makes no second visit."""
    kept = what_is_kept(locked=True)
    key = kept.key or hash_token(token_in_cookie())
    if kept.draft is None and find_sent(key):
        kept.key = key
        return sent_already(kept)
    if kept.draft is None and not kept.is_old:
        return redirect(url_for("visitor.who"), 303)
    forms = forms_of(kept.answers)
    missing = next(unfinished(kept.answers, forms), None)
    if is_stale() or (kept.is_old and not kept.shown_again):
        return _page(forms, kept, shown_again=True)
    if missing:
        return _to(missing, kept)
    if times_asked(forms["who"]["contact_email"].data, at=now()) >= MOST_REQUESTS:
        return _page(forms, kept, refusals=[_too_often()]), 429
    if _is_like_a_robots(kept) and not kept.is_doubted:
        return _ask_once_more(forms, kept)
    return _send(forms, kept)


def _ask_once_more(forms: Forms, kept: Kept) -> str:
    kept.doubt()
    page = _page(forms, kept)
    db.session.commit()
    return page


def _send(forms: Forms, kept: Kept) -> Response:
    """Make the visit."""
    session["sent"] = kept.key
    if kept.draft is not None:
        drop_draft(kept.draft)
    try:
        lifecycle.submit(request_from(forms), submit_key=kept.key)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()  # the same form, sent twice at the same moment
    return redirect(url_for("visitor.sent"), 303)


def _is_like_a_robots(kept: Kept) -> bool:
    """The hidden field was filled in, or four pages were answered faster than they load.

    People's browsers do that too, so nothing is thrown away: they are asked to press once more.
    """
    shortest = timedelta(seconds=int(current_app.config.get("SHORTEST_REQUEST_SECONDS", SHORTEST_SECONDS)))
    return kept.is_trapped or bool(request.form.get(TRAP)) or now() - kept.begun_at < shortest


def _to(step: Step, kept: Kept) -> Response:
    flash(_("Something is still missing on this page."), "warning")
    return redirect(step.url + ("?look=1" if step.name in kept.answers else ""), 303)


def _page(forms: Forms, kept: Kept, *, shown_again: bool = False, refusals: list[str] | None = None) -> str:
    return render_template(
        "visitor/check.html",
        sections=sections(forms),
        carried=kept.sealed(shown_again=shown_again),
        shown_again=shown_again,
        doubted=kept.is_doubted,
        remarks=remarks(forms, "delegation", "when"),
        refusals=refusals or [],
        steps=[*(str(one.title) for one in STEPS), str(CHECK_TITLE)],
        urls=[one.url for one in STEPS],
        rules=city_rules(),
    )


@blueprint.get("/request/sent")
@access.for_everyone
def sent() -> ResponseReturnValue:
    """Check your mail: where the link went, and what to do when it does not come."""
    if "sent" not in session and _visit_sent() is None:
        return redirect(url_for("visitor.who"))
    visit = _visit_sent()
    form = AddressForm(formdata=None, data={"contact_email": visit.contact_email if visit else ""})
    return _sent_page(visit, form, [])


@blueprint.post("/request/sent")
@access.for_everyone
def send_again() -> ResponseReturnValue:
    """Send the mail once more, to a corrected address where one was typed."""
    visit, form, refusals = _visit_sent(), AddressForm(), []
    if visit is None:
        return redirect(url_for("visitor.who"), 303)
    if is_stale():
        return _sent_page(visit, form, [_("This page was open for a long time. Press the button once more.")])
    if form.validate():
        try:
            return _sent_again(visit, form.contact_email.data)
        except IllegalMove:
            db.session.rollback()
            refusals = [_("The address is confirmed already. Follow the link in your mail to see the request.")]
        except Refused:
            db.session.rollback()
            refusals = [_too_often()]
    return _sent_page(visit, form, refusals), 422


def _sent_again(visit: Visit, email: str) -> Response:
    lifecycle.send_again(visit, email=email)
    db.session.commit()
    flash(_("The mail is on its way to %(email)s.", email=visit.contact_email), "success")
    return redirect(url_for("visitor.sent"), 303)


def _sent_page(visit: Visit | None, form: AddressForm, refusals: list[str]) -> str:
    waiting = visit is None or visit.status == Status.SUBMITTED
    return render_template(
        "visitor/sent.html", visit=visit, waiting=waiting, form=form, refusals=refusals, rules=city_rules()
    )


def _visit_sent() -> Visit | None:
    """The visit this browser sent: by its session, or by the cookie of the draft it was."""
    return find_sent(str(session.get("sent", ""))) or find_sent(hash_token(token_in_cookie()))


def _too_often() -> str:
    return _("Several mails went to this address within the last hour. Look for them, or try again in an hour.")
