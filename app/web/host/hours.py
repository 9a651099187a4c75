"""A member's own time and that of their hosts: opening hours, quiet periods, and calendars kept elsewhere."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.calendars.external import add_calendar, ask_for_fetch, remove_calendar
from app.calendars.models import ExternalCalendar
from app.core.errors import Invalid
from app.core.time import now
from app.extensions import db
from app.people.models import Host, QuietPeriod, User
from app.people.quiet import Hours, enter_quiet_period
from app.web import access
from app.web.host import blueprint
from app.web.host.acting import reader
from app.web.host.hours_forms import CalendarForm, HostHoursForm, HoursForm, QuietForm, address_words
from app.web.host.hours_page import page_parts
from app.web.meanwhile import held
from app.web.numbers import BIGGEST_ID

Page = str | tuple[str, int] | Response


@blueprint.get("/inbox/hours")
@access.for_hosts
def hours() -> str:
    """Everything about one's time, and the forms to add to it."""
    return _page()


@blueprint.get("/inbox/hours/mine")
@access.for_hosts
def own_hours() -> str:
    """One's own week, filled in; the host's where one has none of one's own."""
    return _week(HoursForm.of(_own_week(reader()), formdata=None).showing())


def _own_week(user: User) -> Hours:
    if user.opening_hours is not None:
        return user.opening_hours
    return user.hosts[0].opening_hours if user.hosts else {}


@blueprint.post("/inbox/hours/mine")
@access.for_hosts
def own_hours_save() -> Page:
    """From now on one's own hours, whatever the host's are."""
    user, form = held(User, reader().id), HoursForm()
    form.meet(HoursForm.of(_own_week(user), formdata=None).showing(), ("user", user.id))
    if not form.is_settled():
        return _week(form), form.refusal
    user.opening_hours = form.over(_own_week(user))
    form.keep(by=user, at=now())
    return _saved(_("Your opening hours are saved."))


@blueprint.post("/inbox/hours/mine/as-host")
@access.for_hosts
def own_hours_drop() -> Response:
    """From now on one is open as long as one's host is."""
    reader().opening_hours = None
    return _saved(_("From now on your host's opening hours are yours."))


@blueprint.get(f"/inbox/hours/hosts/<int(max={BIGGEST_ID}):host_id>")
@access.for_hosts
def host_hours(host_id: int) -> str:
    """The host's week and caps, filled in."""
    host = _own_host(host_id)
    return _week(_host_week(host), host)


def _host_week(host: Host) -> HostHoursForm:
    """The form as whoever opens it now sees it."""
    caps = {name: getattr(host, name) for name in ("daily_cap", "weekly_cap", "monthly_cap")}
    return HostHoursForm.of(host.opening_hours, formdata=None, **caps).showing()


@blueprint.post(f"/inbox/hours/hosts/<int(max={BIGGEST_ID}):host_id>")
@access.for_hosts
def host_hours_save(host_id: int) -> Page:
    """Save the host's week and caps."""
    host, form = held(Host, _own_host(host_id).id), HostHoursForm()
    form.meet(_host_week(host), ("host", host.id))
    if not form.is_settled():
        return _week(form, host), form.refusal
    form.fill(host)
    form.keep(by=reader(), at=now())
    return _saved(_("The host's hours are saved."))


@blueprint.post("/inbox/quiet-periods")
@access.for_hosts
def quiet_add() -> Page:
    """Days without visits: one's own, or of a host one belongs to."""
    form = QuietForm(reader(), *reader().hosts)
    if not form.validate():
        return _page(quiet=form), 422
    enter_quiet_period(form.chosen, form.span, note=form.words, by=reader(), at=now())
    return _saved(_("The quiet period is entered."))


@blueprint.post(f"/inbox/quiet-periods/<int(max={BIGGEST_ID}):quiet_id>/remove")
@access.for_hosts
def quiet_remove(quiet_id: int) -> Response:
    """Take one back."""
    found = db.session.get(QuietPeriod, quiet_id) or abort(404)
    db.session.delete(_mine(found))
    return _saved(_("The quiet period is removed."))


@blueprint.post("/inbox/calendars")
@access.for_hosts
def calendar_add() -> Page:
    """Give the address of an own calendar; the scheduler fetches it."""
    form = CalendarForm(reader(), *reader().hosts)
    if not form.validate():
        return _page(calendar=form), 422
    try:
        add_calendar(form.chosen, form.url.data, by=reader(), at=now(), name=form.name.data or "")
    except Invalid as error:
        form.url.errors = [address_words(error.code)]
        return _page(calendar=form), 422
    return _saved(_("The calendar is added. It is fetched within a minute: look again then."))


@blueprint.post(f"/inbox/calendars/<int(max={BIGGEST_ID}):calendar_id>/fetch")
@access.for_hosts
def calendar_fetch(calendar_id: int) -> Response:
    """Ask for a fetch; it is the scheduler that does it, so that no page waits for another's server."""
    ask_for_fetch(_own_calendar(calendar_id), at=now())
    return _saved(_("The calendar is fetched within a minute: look again then."))


@blueprint.post(f"/inbox/calendars/<int(max={BIGGEST_ID}):calendar_id>/remove")
@access.for_hosts
def calendar_remove(calendar_id: int) -> Response:
    """Forget the address and the busy times."""
    remove_calendar(_own_calendar(calendar_id))
    return _saved(_("The calendar and its busy times are removed."))


def _page(quiet: QuietForm | None = None, calendar: CalendarForm | None = None) -> str:
    owners: list[Host | User] = [reader(), *reader().hosts]
    return render_template("host/hours.html", user=reader(), **page_parts(owners, quiet, calendar))


def _week(form: HoursForm, host: Host | None = None) -> str:
    return render_template("host/week.html", form=form, host=host, user=reader())


def _saved(words: str) -> Response:
    db.session.commit()
    flash(words, "success")
    return redirect(url_for("host.hours"), 303)


def _own_host(host_id: int) -> Host:
    return next((host for host in reader().hosts if host.id == host_id), None) or abort(404)


def _own_calendar(calendar_id: int) -> ExternalCalendar:
    found = db.session.get(ExternalCalendar, calendar_id) or abort(404)
    _mine(found)
    return found


def _mine(row: QuietPeriod | ExternalCalendar) -> QuietPeriod | ExternalCalendar:
    """The row itself when it is the reader's or of one of their hosts; otherwise as if it did not exist."""
    if row.user_id != reader().id and row.host not in reader().hosts:
        abort(404)
    return row
