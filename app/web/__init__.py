"""The doors: pages by audience; forms, views, status codes and nothing else."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.extensions import babel
from app.web import (
    access,
    assets,
    doubts,
    errors,
    evidence,
    fields,
    formats,
    goals,
    headers,
    language,
    metrics,
    navigation,
    once,
    passed_over,
    policy,
    reach,
    request_log,
    transactions,
    words,
)
from app.web.account import blueprint as account
from app.web.admin import blueprint as admin
from app.web.calendar import blueprint as calendar
from app.web.coordinator import blueprint as coordinator
from app.web.feeds import blueprint as feeds
from app.web.feeds import door as feed_door
from app.web.health import blueprint as health
from app.web.host import blueprint as host
from app.web.mail import blueprint as mail
from app.web.notices import blueprint as notices
from app.web.notices import views as notice_views
from app.web.replies import blueprint as replies
from app.web.reports import blueprint as reports
from app.web.visitor import blueprint as visitor

DOORS = (
    *(visitor, host, coordinator, calendar, admin, account, feeds, reports, health, mail, notices, replies),
    metrics.blueprint,
)


def init_web(app: Flask) -> None:
    """Bind everything that answers HTTP; the order of the first six matters."""
    if hops := app.config["TRUSTED_PROXY_HOPS"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    headers.init_app(app)
    request_log.init_app(app)
    metrics.init_app(app)
    transactions.init_app(app)
    language.init_app(app)
    babel.init_app(app, locale_selector=language.select_locale)
    for part in (assets, doubts, errors, evidence, fields, formats, goals):
        part.init_app(app)
    for part in (navigation, notice_views, passed_over, reach, words):
        part.init_app(app)
    for door in DOORS:
        app.register_blueprint(door)
    access.init_app(app)
    feed_door.init_app(app)
    policy.init_app(app)
    transactions.init_views(app)
    once.init_app(app)
