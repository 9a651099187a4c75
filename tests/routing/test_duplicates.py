"""The same errand sent twice is one; two errands of one sender on the same days are two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.routing import Enquiry, propose
from tests.routing.test_hostile_text import catalogue

pytestmark = pytest.mark.one_engine

LIBRARIES = Enquiry(
    id="libraries",
    organisation="Gemeente Utrecht, Bibliotheek",
    organisation_type="city",
    country="NL",
    city="Utrecht",
    contact_email="a@utrecht.nl.example",
    purpose=(
        "We would like to visit your libraries in Bergen and learn about opening hours without staff. Our colleagues "
        "are interested in meeting people who plan this."
    ),
    submitted_on=date(2027, 1, 11),
    head_name="Joost Visser",
    head_title="Programme director",
    group_size=6,
    languages=("en",),
    windows=((date(2027, 6, 7), date(2027, 6, 8)),),
)
AGAIN = replace(LIBRARIES, id="again", submitted_on=date(2027, 1, 20))
WATERWORKS = (
    "We would like to visit your waterworks in Bergen and learn about leaks in pipes. Our colleagues are interested in "
    "meeting people who operate this."
)


def flagged(enquiry: Enquiry) -> bool:
    return "duplicate" in propose(enquiry, catalogue(), earlier=[LIBRARIES]).flag_codes()


def test_same_courtesies_about_another_subject_are_another_errand() -> None:
    other = replace(AGAIN, organisation="Gemeente Utrecht, Waterbeheer", purpose=WATERWORKS, head_name="Karin Mulder")
    assert not flagged(other)
    assert not flagged(replace(other, head_name="Joost Visser", themes=("libraries",)))


@pytest.mark.parametrize(
    "purpose",
    [
        LIBRARIES.purpose,
        "Our colleagues would like to learn how libraries in Bergen open without staff, and meet people who plan it.",
        "As we wrote, our colleagues are interested in meeting people in Bergen; is there an answer to our visit?",
        "We would like to visit your libraries and your waterworks in Bergen; our colleagues plan opening hours.",
    ],
)
def test_same_subject_or_none_in_other_words_is_the_same_errand(purpose: str) -> None:
    assert flagged(replace(AGAIN, purpose=purpose))
