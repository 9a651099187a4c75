"""The same delegation announced twice is found among stored visits, whatever office, country, size or language."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.people.actors import SYSTEM
from app.visits import lifecycle
from tests import cast
from tests.factories import make_request
from tests.routing.test_duplicates import EMBASSY, MAYOR, NORWEGIAN

pytestmark = pytest.mark.usefixtures("session", "clock")
FIELDS = (
    "organisation", "organisation_type", "country", "city", "contact_email", "purpose", "head_name", "head_title",
    "head_level", "group_size", "on_behalf_of",
)  # fmt: skip
FIRST = {name: getattr(MAYOR, name) for name in FIELDS} | {
    "windows": list(MAYOR.windows),
    "themes": ["mobility"],
    "languages": ["en", "fi"],
}
OFFICE = FIRST | {name: getattr(EMBASSY, name) for name in FIELDS}


@pytest.mark.parametrize(
    "again",
    [
        OFFICE,
        OFFICE | {"head_name": "Mr Pekka Virtanen", "group_size": None},
        OFFICE | {"head_name": "VIRTANEN Pekka", "group_size": 25},
        FIRST | {"purpose": NORWEGIAN, "themes": []},
        OFFICE | {"head_name": "", "group_size": 19},
    ],
    ids=["other-office", "spelt-otherwise", "surname-first", "norwegian", "no-head"],
)
def test_second_request_of_the_delegation_is_flagged(again: dict[str, object]) -> None:
    first = lifecycle.register(make_request(**FIRST), by=SYSTEM, at=cast.MONDAY)
    second = lifecycle.register(make_request(**again), by=SYSTEM, at=cast.MONDAY + timedelta(hours=3))
    assert "duplicate" in second.flags
    assert second.routing["duplicate_of"] == first.ref
    assert second.decision == "coordinator-review"
