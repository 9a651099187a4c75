"""Pages where a person makes feeds, sees their links once, renews and revokes them."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core.errors import Invalid
from app.extensions import db
from app.feeds.actions import create_feed, renew_link, revoke
from app.feeds.models import Feed, Level
from app.feeds.queries import feeds_of, get_feed_of, scope_of, scopes_for
from app.web import access
from app.web.feeds import blueprint, words
from app.web.feeds.forms import FeedForm
from app.web.language import page_language
from app.web.numbers import BIGGEST_ID

FRESH_LINK = "fresh-feed-link"  # in the reader's own session until it has been shown


@blueprint.get("/my-feeds")
@access.for_signed_in
def my_feeds() -> str:
    """The reader's feeds: name, scope, last fetched; never the links."""
    feeds = [(feed, scope_of(feed)) for feed in feeds_of(current_user)]
    return render_template("feeds/list.html", feeds=feeds, feed_words=words)


@blueprint.get("/my-feeds/new")
@access.for_signed_in
def new_feed() -> str:
    """The form, filled in with what most people want."""
    form = FeedForm(data={"level": Level.TEAM.value, "language": page_language(), "show_cancelled": True})
    form.offer_scopes(scopes_for(current_user))
    return render_template("feeds/new.html", form=form, refusals=[])


@blueprint.post("/my-feeds/new")
@access.for_signed_in
def create() -> tuple[str, int] | Response:
    """Make the feed and show its link on the next page."""
    form, refusals = FeedForm(), []
    form.offer_scopes(scopes_for(current_user))
    if form.validate():
        try:
            return _created(form)
        except Invalid:
            db.session.rollback()
            refusals = [_("You have as many feeds as one person can have. Revoke one that you no longer use.")]
    return render_template("feeds/new.html", form=form, refusals=refusals), 422


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


def _created(form: FeedForm) -> Response:
    kind, scope_id = form.chosen_scope
    feed, token = create_feed(
        by=current_user,
        name=form.name.data,
        kind=kind,
        scope_id=scope_id,
        level=form.level.data,
        language=form.language.data,
        show_cancelled=form.show_cancelled.data,
    )
    db.session.commit()
    return _show_link(feed, token)


def _show_link(feed: Feed, token: str) -> Response:
    session[FRESH_LINK] = {"feed": feed.id, "token": token}
    return redirect(url_for("feeds.link", feed_id=feed.id), 303)
