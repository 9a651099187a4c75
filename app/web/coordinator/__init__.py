"""The coordinator door."""

from flask import Blueprint

blueprint = Blueprint("coordinator", __name__)
