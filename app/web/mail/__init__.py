"""The door to the outbox, for coordinators."""

from flask import Blueprint

blueprint = Blueprint("mail", __name__)

from app.web.mail import views  # noqa: E402, F401
