"""Places where visits take place: list, add, change, retire; what a change does to appointments is said."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.city.queries import assumed_fields
from app.core.errors import Overlap
from app.core.slugs import free_slug
from app.core.time import now
from app.extensions import db
from app.notifications.place_holders import people_invited_to
from app.people.actors import by_user
from app.people.models import Place
from app.visits.places import place_put_on_map, place_renamed, set_exclusive, words_of
from app.visits.programme_models import Appointment
from app.visits.scopes import raise_scopes
from app.web import access
from app.web.coordinator import blueprint
from app.web.coordinator.checks import BIGGEST_ID, by_name
from app.web.coordinator.keeping_forms import PlaceForm
from app.web.formats import when
from app.web.host.acting import reader
from app.web.language import page_language
from app.web.meanwhile import held

Page = str | tuple[str, int] | Response


@blueprint.get("/places")
@access.for_coordinators
def place_list() -> str:
    """Places by name, retired ones after them, with how many coming appointments are there."""
    coming = (
        select(func.count(Appointment.id))
        .where(Appointment.place_id == Place.id, Appointment.ends_at > now(), Appointment.status != "cancelled")
        .scalar_subquery()
    )
    rows = {str(place.id): (place, count) for place, count in db.session.execute(select(Place, coming))}
    names = by_name((key, place.name_in(page_language())) for key, (place, _count) in rows.items())
    ordered = sorted((rows[key] for key, _name in names), key=lambda row: row[0].retired_at is not None)
    return render_template("coordinator/places.html", rows=ordered, assumed=assumed_fields("place"))


@blueprint.get("/places/new")
@access.for_coordinators
def place_new() -> str:
    """An empty form."""
    return _form_page(PlaceForm(), None)


@blueprint.post("/places/new")
@access.for_coordinators
def place_add() -> Page:
    """Add the place."""
    form = PlaceForm()
    if not form.validate():
        return _form_page(form, None), 422
    place = Place(slug=free_slug(form.any_name(), set(db.session.scalars(select(Place.slug)))))
    form.fill(place)
    place.exclusive = form.exclusive.data
    db.session.add(place)
    db.session.commit()
    return _saved(place, 0)


@blueprint.get(f"/places/<int(max={BIGGEST_ID}):place_id>")
@access.for_coordinators
def place_page(place_id: int) -> str:
    """The form, filled in."""
    place = _get(place_id)
    return _form_page(_filled_in(place), place)


def _filled_in(place: Place) -> PlaceForm:
    """The form as whoever opens it now sees it."""
    form = PlaceForm(formdata=None, obj=place)
    form.host.data = place.host.slug if place.host else ""
    return form.showing()


@blueprint.post(f"/places/<int(max={BIGGEST_ID}):place_id>")
@access.for_coordinators
def place_change(place_id: int) -> Page:
    """Save the changes; refused, with both names, when two coming appointments would meet in a place for one group."""
    place, form = held(Place, place_id), PlaceForm()
    form.meet(_filled_in(place), ("place", place.id))
    if not form.is_settled():
        return _form_page(form, place), form.refusal
    was, was_at = words_of(place), (place.latitude, place.longitude)
    form.fill(place)
    try:
        if form.exclusive.data != place.exclusive:
            set_exclusive(place, form.exclusive.data)
    except Overlap as clash:
        db.session.rollback()
        form.exclusive.errors = [clash_words(clash)]
        return _form_page(form, _get(place_id)), 409
    count = 0
    if words_of(place) != was:
        count = place_renamed(place, was=was, by=by_user(reader()))
    elif (place.latitude, place.longitude) != was_at:
        place_put_on_map(place)
    form.keep(by=reader(), at=now())
    raise_scopes([("place", place.id)])  # whose it is decides what its feed shows to whom
    db.session.commit()
    return _saved(place, count)


@blueprint.post(f"/places/<int(max={BIGGEST_ID}):place_id>/retire")
@access.for_coordinators
def place_retire(place_id: int) -> Response:
    """Take it out of the choices; appointments there stay as they are."""
    place = _get(place_id)
    place.retired_at = place.retired_at or now()
    db.session.commit()
    flash(_("%(name)s is no longer offered for appointments.", name=place.name_in(page_language())), "success")
    return redirect(url_for("coordinator.place_list"), 303)


@blueprint.post(f"/places/<int(max={BIGGEST_ID}):place_id>/bring-back")
@access.for_coordinators
def place_bring_back(place_id: int) -> Response:
    """Put it among the choices again."""
    place = _get(place_id)
    place.retired_at = None
    db.session.commit()
    flash(_("%(name)s is offered for appointments again.", name=place.name_in(page_language())), "success")
    return redirect(url_for("coordinator.place_list"), 303)


def clash_words(clash: Overlap) -> str:
    """Which appointment stands in the way."""
    data = clash.data
    if not data["ref"]:
        return str(_("Two coming appointments are there at the same time. Move one of them first."))
    return str(
        _(
            "Two groups would meet here: “%(title)s” of visit %(ref)s is there %(when)s. Move one of the two first.",
            title=data["title"],
            ref=data["ref"],
            when=when(data["starts_at"], data["ends_at"]),  # type: ignore[arg-type]
        )
    )


def _form_page(form: PlaceForm, place: Place | None) -> str:
    assumed = assumed_fields("place") if place else {}
    told = people_invited_to(place, besides=reader()) if place else 0
    return render_template("coordinator/place.html", form=form, place=place, assumed=assumed, told=told)


def _get(place_id: int) -> Place:
    return db.session.get(Place, place_id) or abort(404)


def _saved(place: Place, rewritten: int) -> Response:
    flash(_("%(name)s is saved.", name=place.name_in(page_language())), "success")
    if rewritten:
        words = ngettext(
            "%(num)d coming appointment shows the new name in calendars.",
            "%(num)d coming appointments show the new name in calendars.",
            rewritten,
        )
        flash(words, "info")
    return redirect(url_for("coordinator.place_list"), 303)
