"""The account door: signing in and out, and one's own settings."""

from flask import Blueprint

blueprint = Blueprint("account", __name__)

from app.web.account import views  # noqa: E402, F401
