"""People: who may sign in, with which roles and hosts; their sign-in links, shown once."""

from __future__ import annotations

from flask import abort, current_app, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.time import now
from app.extensions import db
from app.people.links import mint_link
from app.people.models import User
from app.people.users import create_user, deactivate, normal_email, reactivate, set_rights
from app.visits.places import person_renamed
from app.visits.scopes import raise_scopes
from app.web import access
from app.web.admin import blueprint
from app.web.admin.forms import PersonForm, users_by_name
from app.web.coordinator.checks import BIGGEST_ID
from app.web.host.acting import reader
from app.web.language import page_language
from app.web.meanwhile import held

Page = str | tuple[str, int] | Response
FRESH_LINK = "fresh-sign-in-link"  # in the administrator's own session until it has been shown


@blueprint.get("/admin")
@access.for_administrators
def overview() -> str:
    """The people, and the way to the other pages."""
    return render_template("admin/people.html", people=users_by_name())


@blueprint.get("/admin/people/new")
@access.for_administrators
def person_new() -> str:
    """An empty form."""
    form = PersonForm(None, data={"language": page_language()})
    return render_template("admin/person.html", form=form, person=None)


@blueprint.post("/admin/people/new")
@access.for_administrators
def person_add() -> Page:
    """Add the person, and show the first sign-in link once."""
    form = PersonForm(None)
    if not form.validate():
        return render_template("admin/person.html", form=form, person=None), 422
    person = create_user(form.email.data, name=form.name.data, language=form.language.data, at=now())
    _fill(person, form)
    return _with_new_link(person)


@blueprint.get(f"/admin/people/<int(max={BIGGEST_ID}):user_id>")
@access.for_administrators
def person_page(user_id: int) -> str:
    """The form, filled in."""
    person = _get(user_id)
    return render_template("admin/person.html", form=_filled_in(person), person=person)


def _filled_in(person: User) -> PersonForm:
    """The form as whoever opens it now sees it."""
    form = PersonForm(person, formdata=None, obj=person)
    form.hosts.data = [host.slug for host in person.hosts]
    return form.showing()


@blueprint.post(f"/admin/people/<int(max={BIGGEST_ID}):user_id>")
@access.for_administrators
def person_change(user_id: int) -> Page:
    """Save the changes; nobody takes their own rights as administrator away."""
    person = held(User, user_id)
    form = PersonForm(person)
    form.meet(_filled_in(person), ("user", person.id))
    sound = form.is_settled()
    if sound and person.id == reader().id and not form.is_admin.data:
        form.is_admin.errors = [_("You cannot take this from yourself. Ask another administrator.")]
        sound = False
    if not sound:
        return render_template("admin/person.html", form=form, person=person), form.refusal
    form.keep(by=reader(), at=now())
    person.email = normal_email(form.email.data)
    _fill(person, form)
    db.session.commit()
    flash(_("%(name)s is saved.", name=person.name), "success")
    return redirect(url_for("admin.overview"), 303)


@blueprint.post(f"/admin/people/<int(max={BIGGEST_ID}):user_id>/deactivate")
@access.for_administrators
def person_deactivate(user_id: int) -> Response:
    """Keep the person out: every session ends at once, feeds stop."""
    person = _get(user_id)
    if person.id == reader().id:
        flash(_("You cannot deactivate yourself. Ask another administrator."), "error")
        return redirect(url_for("admin.person_page", user_id=user_id), 303)
    deactivate(person, at=now())
    raise_scopes([("user", person.id)])
    db.session.commit()
    flash(_("%(name)s is signed out everywhere and cannot sign in any more.", name=person.name), "success")
    return redirect(url_for("admin.overview"), 303)


@blueprint.post(f"/admin/people/<int(max={BIGGEST_ID}):user_id>/reactivate")
@access.for_administrators
def person_reactivate(user_id: int) -> Response:
    """Let the person in again, by a new link."""
    person = _get(user_id)
    reactivate(person)
    return _with_new_link(person)


@blueprint.post(f"/admin/people/<int(max={BIGGEST_ID}):user_id>/new-link")
@access.for_administrators
def person_new_link(user_id: int) -> Response:
    """A new sign-in link, for somebody whose mail does not arrive."""
    person = _get(user_id)
    if not person.is_active:
        abort(409)
    return _with_new_link(person)


@blueprint.get(f"/admin/people/<int(max={BIGGEST_ID}):user_id>/link")
@access.for_administrators
def person_link(user_id: int) -> str | Response:
    """The link just made, once; loading the page again leads back to the list."""
    person = _get(user_id)
    fresh = session.pop(FRESH_LINK, None)
    if fresh is None or fresh["user"] != user_id:
        return redirect(url_for("admin.overview"))
    link = f"{current_app.config['BASE_URL']}/sign-in/{fresh['token']}"
    return render_template("admin/link.html", person=person, link=link)


def _get(user_id: int) -> User:
    return db.session.get(User, user_id) or abort(404)


def _fill(person: User, form: PersonForm) -> None:
    renamed = person.id is not None and person.name != form.name.data
    person.name, person.title, person.phone = form.name.data, form.title.data, form.phone.data
    if renamed:
        person_renamed(person)
    person.language = form.language.data
    rights = (form.is_coordinator.data, form.is_admin.data)
    if set_rights(person, hosts=form.hosts.data or [], coordinator=rights[0], admin=rights[1]):
        raise_scopes([("user", person.id)])


def _with_new_link(person: User) -> Response:
    token = mint_link("first-sign-in", person.id, at=now())
    db.session.commit()
    session[FRESH_LINK] = {"user": person.id, "token": token}
    return redirect(url_for("admin.person_link", user_id=person.id), 303)
