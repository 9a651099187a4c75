"""How to get there and whom to call: a place on a map, a number to dial. Nothing is fetched from the map."""

from __future__ import annotations

from flask import Flask

from app.people.models import Place

MAP = "https://www.openstreetmap.org/?mlat={latitude:.6f}&mlon={longitude:.6f}#map=17/{latitude:.6f}/{longitude:.6f}"


def map_url(place: Place | None) -> str:
    """The place on OpenStreetMap, by its coordinates; empty where they are not known."""
    if place is None or place.latitude is None or place.longitude is None:
        return ""
    return MAP.format(latitude=place.latitude, longitude=place.longitude)


def phone_url(number: str) -> str:
    """What a telephone dials: digits and the leading plus."""
    digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    return f"tel:{'+' if number.strip().startswith('+') else ''}{digits}" if digits else ""


def init_app(app: Flask) -> None:
    """Give templates both as filters."""
    app.add_template_filter(map_url, "map_url")
    app.add_template_filter(phone_url, "phone_url")
