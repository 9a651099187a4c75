"""The notification centre: what concerns the reader, to be settled one by one or all at once, and taken back."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core.time import now
from app.extensions import db
from app.notifications.notices import mark_read, mark_unread, notices_of, unread_count
from app.web import access
from app.web.notices import blueprint, words
from app.web.numbers import BIGGEST_ID

READ = "read"


@blueprint.get("/notices")
@access.for_signed_in
def notices() -> str:
    """Unread ones, or those already read; after settling all of them, the way back."""
    is_read = request.args.get("state") == READ
    asked = request.args.get("page", 1, type=int)
    found, page, pages = notices_of(current_user, unread=not is_read, page=asked, at=now())
    return render_template(
        "notices/list.html",
        notices=found,
        page=page,
        pages=pages,
        is_read=is_read,
        unread=unread_notices(),
        settled_at=request.args.get("settled", "") if _moment(request.args.get("settled", "")) else "",
        words=words,
        page_url=lambda number: url_for("notices.notices", state=READ if is_read else None, page=number),
    )


@blueprint.post(f"/notices/<int(max={BIGGEST_ID}):notice_id>/read")
@access.for_signed_in
def settle(notice_id: int) -> Response:
    """Mark one notice as read; somebody else's is as little there as a missing one."""
    if not mark_read(current_user, only=notice_id, at=now()):
        abort(404)
    db.session.commit()
    return redirect(url_for("notices.notices"), 303)


@blueprint.post(f"/notices/<int(max={BIGGEST_ID}):notice_id>/unread")
@access.for_signed_in
def take_back(notice_id: int) -> Response:
    """Mark one notice as unread again."""
    if not mark_unread(current_user, only=notice_id):
        abort(404)
    db.session.commit()
    return redirect(url_for("notices.notices"), 303)


@blueprint.post("/notices/read")
@access.for_signed_in
def settle_all() -> Response:
    """Mark everything as read; the next page offers to take it back."""
    at = now()
    count = mark_read(current_user, at=at)
    db.session.commit()
    if not count:
        return redirect(url_for("notices.notices"), 303)
    flash(ngettext("%(num)d notice is marked as read.", "%(num)d notices are marked as read.", count), "success")
    return redirect(url_for("notices.notices", settled=at.isoformat()), 303)


@blueprint.post("/notices/undo")
@access.for_signed_in
def undo() -> Response:
    """Take back what was marked as read at one moment."""
    moment = _moment(request.form.get("settled", ""))
    if moment is None or not mark_unread(current_user, read_at=moment):
        flash(_("There is nothing to take back."), "warning")
    db.session.commit()
    return redirect(url_for("notices.notices"), 303)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def unread_notices() -> int:
    """How many notices the reader has not read; counted once for each request."""
    if g.get("without_database") or not current_user.is_authenticated:
        return 0
    if "unread_notices" not in g:
        g.unread_notices = unread_count(current_user, at=now())
    return int(g.unread_notices)


def init_app(app: Flask) -> None:
    """Give the frame its count."""
    app.add_template_global(unread_notices, "unread_notices")
