"""What was sent, what waits and what failed; secret links are never shown."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.time import now
from app.extensions import db
from app.notifications.models import Notification
from app.notifications.outbox import cancel, drop_held, release, send_again
from app.notifications.queries import STATES, count_by_state, get_mail, mails_where, page_of, state_of
from app.notifications.render import with_link
from app.web import access
from app.web.mail import blueprint, words
from app.web.numbers import BIGGEST_ID


@blueprint.get("/mail")
@access.for_coordinators
def mails() -> str:
    """The list, newest first, narrowed to a state, a kind or a visit."""
    state, ref, kind = (request.args.get(name, "") for name in ("state", "visit", "kind"))
    number = request.args.get("page", 1, type=int)
    found, pages = page_of(mails_where(state=state, ref=ref, kind=kind), number)
    return render_template(
        "mail/list.html",
        mails=found,
        page=min(max(number, 1), pages),
        pages=pages,
        counts=count_by_state(),
        state=state if state in STATES else "",
        ref=ref.strip().upper(),
        kind=kind if kind in words.KINDS else "",
        kinds=sorted(words.KINDS.items(), key=lambda pair: str(pair[1]).casefold()),
        state_of=state_of,
        mail_words=words,
        page_url=lambda number: url_for(
            "mail.mails", state=state or None, visit=ref or None, kind=kind or None, page=number
        ),
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


@blueprint.post(f"/mail/<int(max={BIGGEST_ID}):mail_id>/release")
@access.for_coordinators
def release_mail(mail_id: int) -> Response:
    """Let a held mail go, if what it says is still true."""
    return _settled(mail_id, lambda found: release(found, at=now()), _("The mail is sent within a minute."))


@blueprint.post(f"/mail/<int(max={BIGGEST_ID}):mail_id>/drop")
@access.for_coordinators
def drop_mail(mail_id: int) -> Response:
    """A held mail is not to be sent at all."""
    return _settled(mail_id, drop_held, _("The mail is not sent."))


@blueprint.post(f"/mail/<int(max={BIGGEST_ID}):mail_id>/cancel")
@access.for_coordinators
def cancel_mail(mail_id: int) -> Response:
    """A waiting mail is not to be sent; too late once a sender has it in hand."""
    if cancel(get_mail(mail_id), at=now()):
        db.session.commit()
        flash(_("The mail is not sent."), "success")
    else:
        flash(_("This mail does not wait any more, or is being sent just now."), "warning")
    return redirect(url_for("mail.mail", mail_id=mail_id), 303)


@blueprint.post("/mail/release-all")
@access.for_coordinators
def release_all() -> Response:
    """Let every held mail go; each is compared with the present before it is sent."""
    for found in db.session.scalars(mails_where(state="held")):
        release(found, at=now())
    db.session.commit()
    flash(_("The mails are sent within a minute, those that are still true."), "success")
    return redirect(url_for("mail.mails"), 303)


def _settled(mail_id: int, settle: Callable[[Notification], None], words: str) -> Response:
    found = get_mail(mail_id)
    if found.status != "held":
        flash(_("This mail is not held any more."), "warning")
    else:
        settle(found)
        db.session.commit()
        flash(words, "success")
    return redirect(url_for("mail.mail", mail_id=mail_id), 303)


def shown_text(found: Notification) -> str:
    """The stored text, with a word where the secret link was."""
    return with_link(found.text, "[" + _("secret link, not shown here") + "]")
