"""Appointments of random visits, with every kind of letter in every text; the same seed gives the same ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from app.people.models import Host, Place, User
from app.visits.fragments import EVENT_STATUSES
from app.visits.models import Visit
from app.visits.programme_models import Appointment

PIECES = (
    "Omvisning", "på Bryggen", "Ærlig ölberg", "学校訪問", "מבקר",
    "زيارة", "👩‍👩‍👧‍👦", "e\u0301\u0308", "A" * 90, "ß" * 60,
    "a;b,c\\d", 'say "hi"', "line\nbreak", "line\r\nbreak", "lone\rreturn", "BEGIN:VEVENT", "x\nATTENDEE:mailto:a@b.c",
    "\u202eesrever", "tab\there", "\x07bell", "nul\x00", "\u2028separator", ":", ";", ",", "\\n", "\\",
    "%(x)s {0} {{ 1 }}",
)  # fmt: skip
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
HOURS = 12 * 366 * 24


def words(chance: random.Random, most: int = 6) -> str:
    """Some pieces in a row; never nothing."""
    return " ".join(chance.choices(PIECES, k=chance.randint(1, most)))


def random_appointments(count: int, *, seed: int) -> Iterator[Appointment]:
    """Appointments that are in no database, each of another visit, host, place and contact person."""
    chance = random.Random(seed)
    for number in range(count):
        starts_at = FIRST + timedelta(minutes=15 * chance.randrange(4 * HOURS))
        made = FIRST + timedelta(hours=chance.randrange(HOURS))
        place = Place(slug="p", name_en=words(chance), address=words(chance)) if chance.random() < 0.5 else None
        yield Appointment(
            id=number + 1,
            uid=f"{chance.getrandbits(128):032x}@vertskap",
            visit=Visit(ref=f"R{number:05d}", organisation=words(chance), group_size=chance.choice([None, 7])),
            host=Host(slug="h", name_en=words(chance), name_nb=words(chance)),
            contact=User(name=words(chance), email="a@b.c") if chance.random() < 0.5 else None,
            place=place,
            place_text=words(chance) if chance.random() < 0.5 else "",
            title=words(chance),
            note=words(chance, 20) if chance.random() < 0.5 else "",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=chance.randint(1, 1440)),
            status=chance.choice(list(EVENT_STATUSES)),
            sequence=chance.randrange(10_000),
            created_at=made,
            changed_at=made + timedelta(hours=chance.randrange(1000)),
        )
