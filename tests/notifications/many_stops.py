"""What tests of invitations share: many appointments of one visit at one moment."""

from __future__ import annotations

from tests import cast
from tests.notifications.town import Town


def add_many(town: Town, number: int, contact: cast.Person) -> None:
    for hour in range(8, 8 + number):
        town.add(contact, start=f"{hour:02}:00", end=f"{hour:02}:45", title=f"Stop {hour}")
