"""The visitor door."""

from flask import Blueprint

blueprint = Blueprint("visitor", __name__)
