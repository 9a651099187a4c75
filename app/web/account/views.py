"""Signing in by a one-time link, and out; one's own settings."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user
from werkzeug.wrappers import Response

from app.core.text import clean_line
from app.core.time import now
from app.extensions import db, login_manager
from app.notifications.sign_in import ask_for_link
from app.people.links import find_link, use_link
from app.people.models import Link, User
from app.visits.places import person_renamed
from app.web import access
from app.web.account import blueprint
from app.web.account.forms import AccountForm, SignInForm
from app.web.account.paths import home_of, same_origin_path
from app.web.meanwhile import held

PURPOSES = ("sign-in", "first-sign-in")


@login_manager.user_loader
def load_user(identity: str) -> User | None:
    """The user of a session, unless deactivated or the session was ended."""
    row_id, _dot, version = identity.partition(".")
    user = db.session.get(User, int(row_id)) if row_id.isdecimal() and row_id.isascii() else None
    if user is None or not user.is_active or str(user.session_version) != version:
        return None
    return user


@blueprint.get("/sign-in")
@access.for_everyone
def sign_in() -> str | Response:
    """Ask for a sign-in link; after asking, say what happens next."""
    then = same_origin_path(request.args.get("then"))
    if current_user.is_authenticated:
        return redirect(then or home_of(current_user))
    if "sent" in request.args:
        return render_template("account/sent.html")
    form = SignInForm(formdata=None, data={"then": then})
    return render_template("account/sign_in.html", form=form, asked=bool(then))


@blueprint.post("/sign-in")
@access.for_everyone
def ask() -> tuple[str, int] | Response:
    """Mail a link to the address if it is known; the answer is the same if it is not."""
    form = SignInForm()
    if not form.validate():
        return render_template("account/sign_in.html", form=form, asked=False), 422
    ask_for_link(form.email.data, then=same_origin_path(form.then.data), at=now())
    db.session.commit()
    return redirect(url_for("account.sign_in", sent="1"), 303)


@blueprint.get("/sign-in/<string:token>")
@access.for_link_holders
def open_link(token: str) -> str | tuple[str, int]:
    """A page with a button: opening the link alone changes nothing, since mail scanners open links."""
    then = same_origin_path(request.args.get("then"))
    if _user_of(find_link(token, *PURPOSES, at=now())) is None:
        return _spent(then)
    return render_template("account/open_link.html", then=then)


@blueprint.post("/sign-in/<string:token>")
@access.for_link_holders
def enter(token: str) -> tuple[str, int] | Response:
    """Use the link up and sign the person in, in a session of its own."""
    then = same_origin_path(request.form.get("then"))
    link = find_link(token, *PURPOSES, at=now())
    user = _user_of(link)
    if link is None or user is None or not use_link(link, at=now()):
        return _spent(then)
    db.session.commit()
    session.clear()
    session.permanent = True
    login_user(user)
    return redirect(then or home_of(user), 303)


@blueprint.post("/sign-out")
@access.for_everyone
def sign_out() -> Response:
    """End every session of this person: a copied cookie must be worth nothing afterwards."""
    if current_user.is_authenticated:
        user = db.session.get_one(User, current_user.id)
        user.session_version += 1
        db.session.commit()
    session.clear()
    flash(_("You are signed out, on every device."), "success")
    return redirect(url_for("account.sign_in"), 303)


@blueprint.get("/account")
@access.for_signed_in
def account() -> str:
    """One's own name, telephone and language."""
    return render_template("account/account.html", form=_filled_in(current_user))


def _filled_in(user: User) -> AccountForm:
    """The form as it stands now."""
    return AccountForm(formdata=None, obj=user).showing()


@blueprint.post("/account")
@access.for_signed_in
def save_account() -> tuple[str, int] | Response:
    """Keep the changes; the page comes back in the chosen language."""
    user, form = held(User, current_user.id), AccountForm()
    form.meet(_filled_in(user), ("user", user.id))  # an administrator may be at the same
    if not form.is_settled():
        return render_template("account/account.html", form=form), form.refusal
    form.keep(by=user, at=now())
    name = clean_line(form.name.data) or user.name
    if name != user.name:
        user.name = name
        person_renamed(user)
    user.phone, user.language = clean_line(form.phone.data), form.language.data
    user.invitations = form.invitations.data
    db.session.commit()
    flash(_("Your settings are saved."), "success")
    return redirect(url_for("account.account", lang=user.language), 303)


def _user_of(link: Link | None) -> User | None:
    user = db.session.get(User, link.subject_id) if link else None
    return user if user is not None and user.is_active else None


def _spent(then: str) -> tuple[str, int]:
    return render_template("account/spent.html", then=then), 410
