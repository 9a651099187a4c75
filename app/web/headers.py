"""Security headers on every answer, whatever its status."""

from __future__ import annotations

from flask import Flask, request
from flask.wrappers import Response

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SENSORS = ("camera", "display-capture", "geolocation", "microphone", "payment", "publickey-credentials-create", "usb")
FIXED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{sensor}=()" for sensor in SENSORS),
    "Strict-Transport-Security": "max-age=31536000",
}
VARY = ("Cookie", "Accept-Language")
NOT_INDEXED = "noindex, nofollow"
# The only pages a search engine may keep; everything else is somebody's business.
INDEXED = ("/", "/request", "/privacy", "/accessibility")


def _add_headers(response: Response) -> Response:
    for name, value in FIXED.items():
        response.headers[name] = value
    if request.endpoint != "static":
        response.vary.update(VARY)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        if request.path not in INDEXED:
            response.headers["X-Robots-Tag"] = NOT_INDEXED
    return response


def init_app(app: Flask) -> None:
    """Register first: Flask calls these in reverse, so every other header is already there."""
    app.after_request(_add_headers)
