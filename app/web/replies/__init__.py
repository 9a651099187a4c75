"""The door to mails that came back: answers to invitations that a person must look at."""

from flask import Blueprint

blueprint = Blueprint("replies", __name__)

from app.web.replies import views  # noqa: E402, F401
