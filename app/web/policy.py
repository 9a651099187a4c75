"""policy.json: every route and who may use it, kept beside the declarations in the code; both must say the same.

A view declares its rule where it stands (access.py). The file says it again, for everybody to read in one place and for
a review to see in one line; the application does not start while they differ. `make policy` writes the file.
"""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask

from app.web.access import rule_of

FILE = "policy.json"
# rule -> the roles that pass; whose visit it is, is decided by the view (rules.py)
ROLES: dict[str, list[str]] = {
    "everyone": ["anyone"],
    "link": ["link holder"],
    "signed-in": ["signed in"],
    "hosts": ["host", "coordinator"],
    "coordinators": ["coordinator"],
    "administrators": ["administrator"],
}
IMPLIED = {"HEAD", "OPTIONS"}


class PolicyError(RuntimeError):
    """The file and the routes do not agree."""


def policy_of(app: Flask) -> dict[str, list[str]]:
    """What the code declares: "GET /triage" -> the roles that pass."""
    return {
        f"{method} {rule.rule}": ROLES[str(rule_of(app, rule.endpoint))]
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        for method in sorted((rule.methods or set()) - IMPLIED)
    }


def path_of(app: Flask) -> Path:
    """Where the file lies."""
    return Path(app.root_path) / FILE


def write_policy(app: Flask) -> Path:
    """Write what the code declares, a route a line."""
    path = path_of(app)
    lines = [f" {json.dumps(route)}: {json.dumps(roles)}" for route, roles in policy_of(app).items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return path


def disagreements(app: Flask) -> list[str]:
    """Each route that is missing in the file, gone from the code, or open to others than the file says."""
    try:
        written = json.loads(path_of(app).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return [f"it cannot be read: {error}"]
    declared = policy_of(app)
    return [
        f"{route}: the file says {written.get(route)}, the code {declared.get(route)}"
        for route in sorted({*written, *declared})
        if written.get(route) != declared.get(route)
    ]


def init_app(app: Flask) -> None:
    """Refuse to start while they differ. Call after access.init_app."""
    if app.config.get("POLICY_IS_BEING_WRITTEN"):
        return
    if wrong := disagreements(app):
        raise PolicyError(
            f"app/{FILE} and the routes do not agree. {'; '.join(wrong)}. "
            "Run `make policy`, look at the difference and commit it."
        )
