"""Mails that came back and wait for a person: whose answer is it, or is nothing to be done?"""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.errors import Invalid
from app.core.time import now
from app.extensions import db
from app.notifications import replies
from app.notifications.reply_models import Reply
from app.notifications.reply_pasted import read_pasted
from app.people.models import User
from app.visits.invitation_models import Invitation
from app.web import access
from app.web.numbers import BIGGEST_ID
from app.web.replies import blueprint, words

LONGEST_PASTE = 200_000


class PasteForm(FlaskForm):  # type: ignore[misc]
    """An answer that reached somebody's own mailbox."""

    mail = TextAreaField(
        _l("The whole mail, or its calendar file, as text"),
        validators=[InputRequired(_l("Paste the mail first.")), Length(max=LONGEST_PASTE)],
        description=_l(
            "The source of the mail, from its first line on. Outlook: the three dots, View, View message source. "
            "Thunderbird: More, View source, or Ctrl+U. Gmail: the three dots, Show original. Or open the calendar "
            "file (.ics) that came with it in a text editor."
        ),
    )


@blueprint.get("/replies")
@access.for_coordinators
def waiting() -> str:
    """What waits, the oldest first."""
    return _page(PasteForm(formdata=None))


@blueprint.post("/replies")
@access.for_coordinators
def paste() -> tuple[str, int] | Response:
    """Take a pasted mail into the list."""
    form = PasteForm()
    if not form.validate():
        return _page(form), 422
    mail = read_pasted(form.mail.data)
    if not replies.is_of_use(mail):
        unread = _("Neither a sender nor an answer can be read in this. Paste the source as described here.")
        form.mail.errors = [unread]
        return _page(form), 422
    found = replies.take_mail(mail, at=now(), pasted_by=_reader())
    db.session.commit()
    if found is None:
        flash(_("This mail was taken before."), "warning")
    elif found.state == "taken":
        flash(_("The answer stands on the page of the visit."), "success")
    elif found.state == "outdated":
        flash(_why_not(found), "warning")
    else:
        flash(_("The mail is in the list. Nothing follows from it before you decide."), "success")
    return redirect(url_for("replies.waiting"), 303)


@blueprint.post(f"/replies/<int(max={BIGGEST_ID}):reply_id>/assign")
@access.for_coordinators
def assign(reply_id: int) -> Response:
    """It is this person's answer."""
    found = replies.get_reply(reply_id)
    chosen = request.form.get("invitation", "")
    invitation = next((one for one in replies.candidates(found) if str(one.id) == chosen), None)
    try:
        if invitation is None:
            raise Invalid("choice", "invitation")
        counted = replies.assign(found, invitation, by=_reader(), at=now())
    except Invalid:
        flash(_("Choose whose answer it is."), "warning")
        return redirect(url_for("replies.waiting"), 303)
    db.session.commit()
    if counted:
        flash(_("The answer stands on the page of the visit."), "success")
    else:
        flash(_why_not(found), "warning")
    return redirect(url_for("replies.waiting"), 303)


@blueprint.post(f"/replies/<int(max={BIGGEST_ID}):reply_id>/put")
@access.for_coordinators
def put(reply_id: int) -> Response:
    """These are the visitor's words: they belong into the visit's messages."""
    found = replies.get_reply(reply_id)
    try:
        replies.put(found, by=_reader(), at=now())
    except Invalid:
        flash(_("This mail cannot be put into the messages any more."), "warning")
        return redirect(url_for("replies.waiting"), 303)
    db.session.commit()
    flash(_("The words stand among the messages of the visit."), "success")
    return redirect(url_for("replies.waiting"), 303)


@blueprint.post(f"/replies/<int(max={BIGGEST_ID}):reply_id>/dismiss")
@access.for_coordinators
def dismiss(reply_id: int) -> Response:
    """Nothing follows from it."""
    replies.dismiss(replies.get_reply(reply_id), by=_reader(), at=now())
    db.session.commit()
    flash(_("The mail is put aside."), "success")
    return redirect(url_for("replies.waiting"), 303)


def person_of(invitation: Invitation) -> str:
    """Who was invited, by name and address."""
    visit = invitation.appointment.visit
    name = invitation.user.name if invitation.user else visit.contact_name or visit.organisation
    return f"{name} ({invitation.address})"


def _page(form: PasteForm) -> str:
    return render_template(
        "replies/list.html",
        form=form,
        found=replies.waiting(),
        candidates=replies.candidates,
        may_be_put=replies.may_be_put,
        person_of=person_of,
        words=words,
        moment_of=lambda text: datetime.fromisoformat(text) if text else None,
    )


def _reader() -> User:
    return db.session.get_one(User, current_user.id)


def _why_not(found: Reply) -> str:
    if found.why == "overtaken":
        return _("A later answer from the same person counts already.")
    return _("The appointment has changed since; the answer does not count any more.")
