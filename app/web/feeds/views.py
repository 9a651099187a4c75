"""Pages where a person makes feeds, sees their links once, renews and revokes them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core.errors import Invalid, NotFound
from app.extensions import db
from app.feeds.actions import LONGEST_NAME, create_feed, renew_link, revoke
from app.feeds.models import SHARED, Feed, Level, ScopeKind
from app.feeds.queries import Scope, feeds_of, find_scope, get_feed_of, kinds_for, scopes_for
from app.web import access
from app.web.feeds import blueprint, words
from app.web.feeds.forms import FeedForm
from app.web.language import page_language
from app.web.numbers import BIGGEST_ID

KINDS = ", ".join(words.IN_ADDRESSES)
FRESH_LINK = "fresh-feed-link"  # in the reader's own session until it has been shown


@blueprint.get("/my-feeds")
@access.for_signed_in
def my_feeds() -> str:
    """The reader's feeds: name, scope, last fetched; never the links."""
    feeds = [(feed, find_scope(feed.scope_kind, feed.scope_id)) for feed in feeds_of(current_user)]
    return render_template("feeds/list.html", feeds=feeds, feed_words=words)


@blueprint.get("/my-feeds/new")
@access.for_signed_in
def new_feed() -> str:
    """The first choice: what the feed is about."""
    allowed = kinds_for(current_user)
    kinds = [(word, words.KINDS[kind]) for word, kind in words.IN_ADDRESSES.items() if kind in allowed]
    return render_template("feeds/kinds.html", kinds=kinds)


@blueprint.get(f"/my-feeds/new/<any({KINDS}):kind>")
@access.for_signed_in
def feed_form(kind: str) -> str:
    """The form, filled in with what most people want; `of` is the id of the row on whose page the reader was."""
    form = FeedForm(data={"level": Level.TEAM.value, "language": page_language(), "show_cancelled": True})
    scopes = _scopes(kind)
    form.offer(scopes, current_user)
    if form.scope is not None and request.args.get("of", "").isdecimal():
        form.scope.data = int(request.args["of"][:18])
    wanted = form.scope.data if form.scope is not None else form.chosen
    form.name.data = _free_name(next((scope for scope in scopes if scope.id == wanted), None), kind)
    return _form_page(kind, form)


@blueprint.post(f"/my-feeds/new/<any({KINDS}):kind>")
@access.for_signed_in
def create(kind: str) -> tuple[str, int] | Response:
    """Make the feed and show its link on the next page."""
    form, refusals = FeedForm(), []
    form.offer(_scopes(kind), current_user)
    if form.validate():
        try:
            return _created(words.IN_ADDRESSES[kind], form)
        except Invalid:
            db.session.rollback()
            refusals = [_("You have as many feeds as one person can have. Revoke one that you no longer use.")]
    return _form_page(kind, form, refusals), 422


@blueprint.get(f"/my-feeds/<int(max={BIGGEST_ID}):feed_id>/link")
@access.for_signed_in
def link(feed_id: int) -> str | Response:
    """The new link, once; reloading the page leads back to the list."""
    fresh = session.pop(FRESH_LINK, None)
    feed = get_feed_of(current_user, feed_id)
    if fresh is None or fresh["feed"] != feed_id:
        return redirect(url_for("feeds.my_feeds"))
    address = current_app.config["BASE_URL"] + url_for("feeds.calendar_file", token=fresh["token"])
    webcal = "webcal://" + address.partition("://")[2]
    return render_template("feeds/link.html", feed=feed, address=address, webcal=webcal)


@blueprint.post(f"/my-feeds/<int(max={BIGGEST_ID}):feed_id>/renew")
@access.for_signed_in
def renew(feed_id: int) -> Response:
    """Another link for the feed; the old one stops at once."""
    feed = get_feed_of(current_user, feed_id)
    token = renew_link(feed, by=current_user)
    db.session.commit()
    return _show_link(feed, token)


@blueprint.post(f"/my-feeds/<int(max={BIGGEST_ID}):feed_id>/revoke")
@access.for_signed_in
def end(feed_id: int) -> Response:
    """End the feed for good."""
    feed = get_feed_of(current_user, feed_id)
    revoke(feed, by=current_user)
    db.session.commit()
    flash(_("The feed %(name)s is revoked. Its link no longer works.", name=feed.name), "success")
    return redirect(url_for("feeds.my_feeds"), 303)


def _free_name(scope: Scope | None, kind: str) -> str:
    """What the feed is about, with a number where the reader has one of that name."""
    title, _hint = words.KINDS[words.IN_ADDRESSES[kind]]
    about = words.scope_words(scope) if scope is not None and scope.row is not None else str(title)
    taken, name, number = {feed.name for feed in feeds_of(current_user)}, about[:LONGEST_NAME], 1
    while name in taken:
        number += 1
        name = f"{about[: LONGEST_NAME - 4]} {number}"
    return name


def _scopes(kind: str) -> list[Scope]:
    """What the reader may choose of that kind; nothing at all is no page."""
    scopes = scopes_for(current_user, words.IN_ADDRESSES[kind])
    if not scopes:
        raise NotFound()
    return scopes


def _form_page(kind: str, form: FeedForm, refusals: Sequence[str] = ()) -> str:
    scope_kind = words.IN_ADDRESSES[kind]
    is_limited = scope_kind in SHARED and not current_user.is_coordinator
    about = {"kind": kind, "heading": words.KINDS[scope_kind], "is_limited": is_limited}
    return render_template("feeds/new.html", form=form, refusals=refusals, **about)


def _created(kind: ScopeKind, form: FeedForm) -> Response:
    feed, token = create_feed(
        by=current_user,
        name=form.name.data,
        kind=kind,
        scope_id=form.chosen,
        level=form.level.data,
        language=form.language.data,
        show_cancelled=form.show_cancelled.data,
    )
    db.session.commit()
    return _show_link(feed, token)


def _show_link(feed: Feed, token: str) -> Response:
    session[FRESH_LINK] = {"feed": feed.id, "token": token}
    return redirect(url_for("feeds.link", feed_id=feed.id), 303)
