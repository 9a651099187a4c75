"""What was sent, what waits and what failed; secret links are never shown."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.time import now
from app.extensions import db
from app.notifications.models import Notification
from app.notifications.outbox import send_again
from app.notifications.queries import STATES, count_by_state, get_mail, mails_where, page_of, state_of
from app.notifications.render import with_link
from app.web import access
from app.web.mail import blueprint, words
from app.web.numbers import BIGGEST_ID


@blueprint.get("/mail")
@access.for_coordinators
def mails() -> str:
    """The list, newest first, narrowed to a state or a visit."""
    state, ref = request.args.get("state", ""), request.args.get("visit", "")
    number = request.args.get("page", 1, type=int)
    found, pages = page_of(mails_where(state=state, ref=ref), number)
    return render_template(
        "mail/list.html",
        mails=found,
        page=min(max(number, 1), pages),
        pages=pages,
        counts=count_by_state(),
        state=state if state in STATES else "",
        ref=ref.strip().upper(),
        state_of=state_of,
        mail_words=words,
        page_url=lambda number: url_for("mail.mails", state=state or None, visit=ref or None, page=number),
    )


@blueprint.get(f"/mail/<int(max={BIGGEST_ID}):mail_id>")
@access.for_coordinators
def mail(mail_id: int) -> str:
    """One mail as it was written, its link masked."""
    found = get_mail(mail_id)
    return render_template(
        "mail/mail.html", mail=found, text=shown_text(found), state=state_of(found), mail_words=words
    )


@blueprint.post(f"/mail/<int(max={BIGGEST_ID}):mail_id>/send-again")
@access.for_coordinators
def resend(mail_id: int) -> Response:
    """Try a failed mail anew, if what it says is still true."""
    found = get_mail(mail_id)
    if found.status != "failed":
        flash(_("Only a mail that failed can be sent again."), "warning")
    else:
        send_again(found, at=now())
        db.session.commit()
        flash(_("The mail is tried again within a minute."), "success")
    return redirect(url_for("mail.mail", mail_id=mail_id), 303)


def shown_text(found: Notification) -> str:
    """The stored text, with a word where the secret link was."""
    return with_link(found.text, "[" + _("secret link, not shown here") + "]")
