"""Where a stop is on a map: its coordinates, and an address of OpenStreetMap. Nothing is fetched from there."""

from __future__ import annotations

from urllib.parse import quote_plus

from app.visits.known_stop import ShownStop

MAP = "https://www.openstreetmap.org/?mlat={0:.6f}&mlon={1:.6f}#map=17/{0:.6f}/{1:.6f}"
SEARCH = "https://www.openstreetmap.org/search?query={words}"


def coordinates_of(stop: ShownStop) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, where those of its place are known."""
    place = stop.place
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def map_address(stop: ShownStop, *, language: str, city: str) -> str:
    """By its place's coordinates, else as a search for what is known of it; empty where nothing is."""
    if (where := coordinates_of(stop)) is not None:
        return MAP.format(*where)
    place = stop.place
    words = (place.address or place.name_in(language)) if place else stop.place_text
    if not words:
        return ""
    return SEARCH.format(words=quote_plus(words if city.casefold() in words.casefold() else f"{words}, {city}"))
