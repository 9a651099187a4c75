"""A host's quiet periods and own calendars, as an administrator keeps them; its hours stand in its profile."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.calendars.external import add_calendar, ask_for_fetch, remove_calendar
from app.calendars.models import ExternalCalendar
from app.core.errors import Invalid
from app.core.time import now
from app.extensions import db
from app.people.models import Host, QuietPeriod
from app.people.quiet import enter_quiet_period
from app.web import access
from app.web.admin import blueprint
from app.web.coordinator.checks import BIGGEST_ID
from app.web.host.acting import reader
from app.web.host.hours_forms import CalendarForm, QuietForm, address_words
from app.web.host.hours_page import page_parts

Page = str | tuple[str, int] | Response


@blueprint.get(f"/admin/hosts/<int(max={BIGGEST_ID}):host_id>/hours")
@access.for_administrators
def host_hours(host_id: int) -> str:
    """Everything about the host's time."""
    return _page(_get(host_id))


@blueprint.post(f"/admin/hosts/<int(max={BIGGEST_ID}):host_id>/quiet-periods")
@access.for_administrators
def host_quiet_add(host_id: int) -> Page:
    """Days on which the host takes no visits."""
    host = _get(host_id)
    form = QuietForm(host)
    if not form.validate():
        return _page(host, quiet=form), 422
    enter_quiet_period(host, form.span, note=form.words, by=reader(), at=now())
    return _saved(host.id, _("The quiet period is entered."))


@blueprint.post(f"/admin/hosts/quiet-periods/<int(max={BIGGEST_ID}):quiet_id>/remove")
@access.for_administrators
def host_quiet_remove(quiet_id: int) -> Response:
    """Take one of a host back."""
    found = db.session.get(QuietPeriod, quiet_id) or abort(404)
    host_id = found.host_id or abort(404)
    db.session.delete(found)
    return _saved(host_id, _("The quiet period is removed."))


@blueprint.post(f"/admin/hosts/<int(max={BIGGEST_ID}):host_id>/calendars")
@access.for_administrators
def host_calendar_add(host_id: int) -> Page:
    """Give the address of the host's own calendar."""
    host = _get(host_id)
    form = CalendarForm(host)
    if not form.validate():
        return _page(host, calendar=form), 422
    try:
        add_calendar(host, form.url.data, by=reader(), at=now(), name=form.name.data or "")
    except Invalid as error:
        form.url.errors = [address_words(error.code)]
        return _page(host, calendar=form), 422
    return _saved(host.id, _("The calendar is added. It is fetched within a minute: look again then."))


@blueprint.post(f"/admin/hosts/calendars/<int(max={BIGGEST_ID}):calendar_id>/fetch")
@access.for_administrators
def host_calendar_fetch(calendar_id: int) -> Response:
    """Ask for a fetch of a host's calendar."""
    found, host_id = _calendar(calendar_id)
    ask_for_fetch(found, at=now())
    return _saved(host_id, _("The calendar is fetched within a minute: look again then."))


@blueprint.post(f"/admin/hosts/calendars/<int(max={BIGGEST_ID}):calendar_id>/remove")
@access.for_administrators
def host_calendar_remove(calendar_id: int) -> Response:
    """Forget a host's address and the busy times."""
    found, host_id = _calendar(calendar_id)
    remove_calendar(found)
    return _saved(host_id, _("The calendar and its busy times are removed."))


def _get(host_id: int) -> Host:
    return db.session.get(Host, host_id) or abort(404)


def _calendar(calendar_id: int) -> tuple[ExternalCalendar, int]:
    """A host's calendar and that host; people's own ones are nobody else's."""
    found = db.session.get(ExternalCalendar, calendar_id) or abort(404)
    return found, found.host_id or abort(404)


def _page(host: Host, quiet: QuietForm | None = None, calendar: CalendarForm | None = None) -> str:
    return render_template("admin/hours.html", host=host, **page_parts([host], quiet, calendar))


def _saved(host_id: int, words: str) -> Response:
    db.session.commit()
    flash(words, "success")
    return redirect(url_for("admin.host_hours", host_id=host_id), 303)
