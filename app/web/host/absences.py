"""A member's absences: one's own and one's hosts', with who stands in."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.time import now, venue_date
from app.extensions import db
from app.people.absences import coming_absences, enter_absence, remove_absence
from app.people.backups import stood_in_for
from app.people.models import Absence
from app.web import access
from app.web.host import blueprint
from app.web.host.absence_form import AbsenceForm, words_for
from app.web.host.acting import reader
from app.web.numbers import BIGGEST_ID

Page = str | tuple[str, int] | Response


@blueprint.get("/inbox/absences")
@access.for_hosts
def absences() -> str:
    """Coming absences, and a form for another."""
    return _page(AbsenceForm(reader(), *reader().hosts))


@blueprint.post("/inbox/absences")
@access.for_hosts
def absence_add() -> Page:
    """Enter one: of oneself, or of a host one belongs to."""
    form = AbsenceForm(reader(), *reader().hosts)
    if not form.validate():
        return _page(form), 422
    enter_absence(form.chosen, form.span, backup=form.stand_in, note=form.words, by=reader(), at=now())
    db.session.commit()
    flash(_("The absence is entered."), "success")
    return redirect(url_for("host.absences"), 303)


@blueprint.post(f"/inbox/absences/<int(max={BIGGEST_ID}):absence_id>/remove")
@access.for_hosts
def absence_remove(absence_id: int) -> Response:
    """Take one back: one's own, or of a host one belongs to."""
    found = db.session.get(Absence, absence_id) or abort(404)
    if found.user_id != reader().id and found.host not in reader().hosts:
        abort(404)
    remove_absence(found)
    db.session.commit()
    flash(_("The absence is removed."), "success")
    return redirect(url_for("host.absences"), 303)


def _page(form: AbsenceForm) -> str:
    user = reader()
    rows = coming_absences(hosts=user.hosts, users=[user], today=venue_date(now()))
    return render_template(
        "host/absences.html", form=form, rows=rows, words_for=words_for, standing_in=stood_in_for(user)
    )
