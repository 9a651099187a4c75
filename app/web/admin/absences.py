"""A host's absences and its people's, with who stands in, as an administrator enters them."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.time import now, venue_date
from app.extensions import db
from app.people.absences import coming_absences, enter_absence, remove_absence
from app.people.models import Absence, Host
from app.web import access
from app.web.admin import blueprint
from app.web.coordinator.checks import BIGGEST_ID
from app.web.host.absence_form import AbsenceForm, words_for
from app.web.host.acting import reader

Page = str | tuple[str, int] | Response


@blueprint.get(f"/admin/hosts/<int(max={BIGGEST_ID}):host_id>/absences")
@access.for_administrators
def host_absences(host_id: int) -> str:
    """Coming absences of the host and its people, and a form for another."""
    host = _get(host_id)
    return _page(AbsenceForm(host, *host.members), host)


@blueprint.post(f"/admin/hosts/<int(max={BIGGEST_ID}):host_id>/absences")
@access.for_administrators
def host_absence_add(host_id: int) -> Page:
    """Enter one."""
    host = _get(host_id)
    form = AbsenceForm(host, *host.members)
    if not form.validate():
        return _page(form, host), 422
    enter_absence(form.chosen, form.span, backup=form.stand_in, note=form.words, by=reader(), at=now())
    db.session.commit()
    flash(_("The absence is entered."), "success")
    return redirect(url_for("admin.host_absences", host_id=host.id), 303)


@blueprint.post(f"/admin/hosts/absences/<int(max={BIGGEST_ID}):absence_id>/remove")
@access.for_administrators
def host_absence_remove(absence_id: int) -> Response:
    """Take one back; to the page of the host it belongs to."""
    found = db.session.get(Absence, absence_id) or abort(404)
    host = found.host or next(iter(found.user.hosts if found.user else []), None)
    back = url_for("admin.host_absences", host_id=host.id) if host else url_for("admin.host_list")
    remove_absence(found)
    db.session.commit()
    flash(_("The absence is removed."), "success")
    return redirect(back, 303)


def _get(host_id: int) -> Host:
    return db.session.get(Host, host_id) or abort(404)


def _page(form: AbsenceForm, host: Host) -> str:
    rows = coming_absences(hosts=[host], users=host.members, today=venue_date(now()))
    return render_template("admin/absences.html", form=form, rows=rows, host=host, words_for=words_for)
