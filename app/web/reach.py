"""How to get there and whom to call: a place on a map, a number to dial. Nothing is fetched from the map."""

from __future__ import annotations

from urllib.parse import quote_plus

from flask import Flask

from app.visits.programme_models import Appointment
from app.web.formats import city_name
from app.web.language import page_language

MAP = "https://www.openstreetmap.org/?mlat={latitude:.6f}&mlon={longitude:.6f}#map=17/{latitude:.6f}/{longitude:.6f}"
SEARCH = "https://www.openstreetmap.org/search?query={words}"


def map_url(stop: Appointment) -> str:
    """Where the stop is on OpenStreetMap: by its place's coordinates, else as a search for what is known of it.

    Empty where nothing is said of where it is.
    """
    place = stop.place
    if place is not None and place.latitude is not None and place.longitude is not None:
        return MAP.format(latitude=place.latitude, longitude=place.longitude)
    words = (place.address or place.name_in(page_language())) if place else stop.place_text
    if not words:
        return ""
    city = city_name()
    return SEARCH.format(words=quote_plus(words if city.casefold() in words.casefold() else f"{words}, {city}"))


def phone_url(number: str) -> str:
    """What a telephone dials: digits and the leading plus."""
    digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    return f"tel:{'+' if number.strip().startswith('+') else ''}{digits}" if digits else ""


def init_app(app: Flask) -> None:
    """Give templates both as filters."""
    app.add_template_filter(map_url, "map_url")
    app.add_template_filter(phone_url, "phone_url")
