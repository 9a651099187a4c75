"""The door to strategy and reports: what the visits were good for."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__)

from app.web.reports import views  # noqa: E402, F401
