"""The host door."""

from flask import Blueprint

blueprint = Blueprint("host", __name__)
