"""The built front end: names of hashed files, and how long browsers may keep them."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask, current_app, request, url_for
from flask.wrappers import Response

FOLDER = "dist"
YEAR_SECONDS = 365 * 24 * 3600


def _manifest() -> dict[str, str]:
    """Source name to built name; read again when the file changes, empty when the front end is not built."""
    path = Path(str(current_app.static_folder)) / FOLDER / "manifest.json"
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return {}
    kept: tuple[int, dict[str, str]] | None = current_app.extensions.get("vertskap-assets")
    if kept is None or kept[0] != changed:
        kept = (changed, json.loads(path.read_text(encoding="utf-8")))
        current_app.extensions["vertskap-assets"] = kept
    return kept[1]


def asset(name: str) -> str | None:
    """The URL of a built file such as app.css, or None: pages are plain HTML without it."""
    built = _manifest().get(name)
    return url_for("static", filename=f"{FOLDER}/{built}") if built else None


def _keep_long(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code in (200, 206, 304):
        hashed = request.path.startswith(f"/static/{FOLDER}/") and not request.path.endswith(".json")
        seconds = YEAR_SECONDS if hashed else 3600
        response.headers["Cache-Control"] = f"public, max-age={seconds}" + (", immutable" if hashed else "")
    return response


def init_app(app: Flask) -> None:
    """Give templates asset(); let hashed files be kept for a year."""
    app.add_template_global(asset, "asset")
    app.after_request(_keep_long)
