"""How to get there and whom to call: a place on a map, a number to dial. Nothing is fetched from the map."""

from __future__ import annotations

from flask import Flask

from app.visits.half_words import half_line
from app.visits.known_stop import ShownStop
from app.visits.maps import map_address
from app.web.formats import city_name
from app.web.language import page_language


def map_url(stop: ShownStop) -> str:
    """Where the stop is on OpenStreetMap, empty where nothing is said of where it is."""
    return map_address(stop, language=page_language(), city=city_name())


def phone_url(number: str) -> str:
    """What a telephone dials: digits and the leading plus."""
    digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    return f"tel:{'+' if number.strip().startswith('+') else ''}{digits}" if digits else ""


def init_app(app: Flask) -> None:
    """Give templates these as filters, and where the other half of the group is."""
    app.add_template_filter(map_url, "map_url")
    app.add_template_filter(phone_url, "phone_url")
    app.add_template_filter(half_line, "half_line")
