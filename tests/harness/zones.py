"""Another city's clock, for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.core.time import settle_venue_zone, venue_zone


@contextmanager
def venue_in(zone: str) -> Iterator[None]:
    """Inside, the venue's clock is that zone's."""
    before = venue_zone().key
    settle_venue_zone(zone)
    try:
        yield
    finally:
        settle_venue_zone(before)
