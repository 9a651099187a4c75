"""Hosts: their profiles, by which routing and programmes go, and retiring one."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.city.queries import assumed_fields
from app.core.time import now
from app.extensions import db
from app.people.models import Host
from app.visits.models import Visit
from app.visits.places import host_renamed
from app.visits.scopes import Scope, raise_scopes
from app.visits.statuses import PLANNING
from app.web import access
from app.web.admin import blueprint
from app.web.admin.forms import HostForm, written_hours
from app.web.coordinator.checks import BIGGEST_ID, by_name
from app.web.host.acting import reader
from app.web.language import page_language
from app.web.meanwhile import held

Page = str | tuple[str, int] | Response


@blueprint.get("/admin/hosts")
@access.for_administrators
def host_list() -> str:
    """Hosts by name, retired ones after them, with their people and the visits they lead now."""
    led = select(func.count(Visit.id)).where(Visit.lead_host_id == Host.id, Visit.status.in_(PLANNING))
    rows = {host.slug: (host, count) for host, count in db.session.execute(select(Host, led.scalar_subquery()))}
    names = by_name((slug, host.name_in(page_language())) for slug, (host, _count) in rows.items())
    ordered = sorted((rows[slug] for slug, _name in names), key=lambda row: row[0].retired_at is not None)
    return render_template("admin/hosts.html", rows=ordered, assumed=assumed_fields("host"))


@blueprint.get(f"/admin/hosts/<int(max={BIGGEST_ID}):host_id>")
@access.for_administrators
def host_page(host_id: int) -> str:
    """The profile, filled in."""
    host = _get(host_id)
    return _form_page(_filled_in(host), host)


def _filled_in(host: Host) -> HostForm:
    """The form as whoever opens it now sees it."""
    form = HostForm(host, formdata=None, obj=host)
    form.aliases.data = "\n".join(host.aliases)
    form.owner.data = host.owner.slug if host.owner else ""
    form.backup.data = host.backup.slug if host.backup else ""
    form.opening_hours.data = written_hours(host.opening_hours)
    return form.showing()


@blueprint.post(f"/admin/hosts/<int(max={BIGGEST_ID}):host_id>")
@access.for_administrators
def host_change(host_id: int) -> Page:
    """Save the profile; a new name reaches coming appointments in calendars. What others changed meanwhile stays."""
    host = held(Host, host_id)
    form = HostForm(host)
    form.meet(_filled_in(host), ("host", host.id))
    if not form.is_settled():
        return _form_page(form, host), form.refusal
    form.keep(by=reader(), at=now())
    count = host_renamed(host) if form.fill(host) else 0
    db.session.commit()
    flash(_("%(name)s is saved.", name=host.name_in(page_language())), "success")
    if count:
        words = ngettext(
            "%(num)d coming appointment shows the new name in calendars.",
            "%(num)d coming appointments show the new name in calendars.",
            count,
        )
        flash(words, "info")
    return redirect(url_for("admin.host_list"), 303)


@blueprint.post(f"/admin/hosts/<int(max={BIGGEST_ID}):host_id>/retire")
@access.for_administrators
def host_retire(host_id: int) -> Response:
    """The host is asked no more, and its people lose the rights they had through it."""
    host = _get(host_id)
    host.retired_at = host.retired_at or now()
    _rights_changed(host)
    flash(_("%(name)s is asked no more. Look at its visits: they need another lead.", name=_name(host)), "success")
    return redirect(url_for("admin.host_list"), 303)


@blueprint.post(f"/admin/hosts/<int(max={BIGGEST_ID}):host_id>/bring-back")
@access.for_administrators
def host_bring_back(host_id: int) -> Response:
    """The host may be asked again."""
    host = _get(host_id)
    host.retired_at = None
    _rights_changed(host)
    flash(_("%(name)s may be asked again.", name=_name(host)), "success")
    return redirect(url_for("admin.host_list"), 303)


def _get(host_id: int) -> Host:
    return db.session.get(Host, host_id) or abort(404)


def _name(host: Host) -> str:
    return host.name_in(page_language())


def _form_page(form: HostForm, host: Host) -> str:
    assumed = assumed_fields("host").get(host.slug, ())
    return render_template("admin/host.html", form=form, host=host, assumed=assumed)


def _rights_changed(host: Host) -> None:
    members: list[Scope] = [("user", membership.user_id) for membership in host.memberships]
    raise_scopes([("host", host.id), *members])
    db.session.commit()
