"""Every route declares who may use it, in one decorator that reads as a sentence; nothing is open by default.

    @blueprint.get("/triage")
    @access.for_coordinators
    def triage(): ...

A route without a declaration stops the application from starting.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])

# rule -> who passes; "link" rules are checked by their view, which looks the token up
RULES = ("everyone", "link", "signed-in", "hosts", "coordinators", "administrators")


def _declare(rule: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return mark


for_everyone = _declare("everyone")
for_link_holders = _declare("link")
for_signed_in = _declare("signed-in")
for_hosts = _declare("hosts")  # members of a host, and coordinators
for_coordinators = _declare("coordinators")
for_administrators = _declare("administrators")


def rule_of(app: Flask, endpoint: str) -> str | None:
    """The declared rule of an endpoint; static files are everyone's."""
    if endpoint == "static":
        return "everyone"
    return getattr(app.view_functions[endpoint], "access_rule", None)


def _passes(rule: str) -> bool:
    if rule in ("everyone", "link"):
        return True
    if not current_user.is_authenticated:
        return False
    allowed: dict[str, bool] = {
        "signed-in": True,
        "hosts": bool(current_user.is_coordinator or current_user.hosts),
        "coordinators": current_user.is_coordinator,
        "administrators": current_user.is_admin,
    }
    return allowed[rule]


def _check(app: Flask) -> Response | None:
    if request.endpoint is None:
        return None
    rule = rule_of(app, request.endpoint)
    if rule is None:
        abort(403)
    if _passes(rule):
        return None
    if current_user.is_authenticated or request.method != "GET":
        abort(403)
    return redirect(url_for("account.sign_in", then=request.full_path.rstrip("?")))


def undeclared(app: Flask) -> list[str]:
    """Endpoints that say nothing about who may use them."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    return sorted(endpoint for endpoint in endpoints if rule_of(app, endpoint) not in RULES)


def init_app(app: Flask) -> None:
    """Check every request; refuse to start when a route declares nothing. Call after all routes are registered."""
    if missing := undeclared(app):
        raise RuntimeError(f"routes without an access rule: {', '.join(missing)}")
    app.before_request(lambda: _check(app))
