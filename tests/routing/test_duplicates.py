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


MAYOR = Enquiry(
    id="mayor",
    organisation="City of Tampere",
    organisation_type="city",
    country="FI",
    city="Tampere",
    contact_email="anna.laine@tampere.example.fi",
    purpose=(
        "The Mayor of Tampere and his delegation wish to study the Bergen light rail extension, the tram depot and how "
        "you plan housing along the line. We would like a meeting with the urban planners and a ride on the line."
    ),
    submitted_on=date(2027, 1, 11),
    head_name="Pekka Virtanen",
    head_title="Mayor",
    head_level="mayor",
    group_size=18,
    languages=("en", "fi"),
    themes=("mobility",),
    windows=((date(2027, 5, 10), date(2027, 5, 12)),),
)
EMBASSY = replace(
    MAYOR,
    id="embassy",
    submitted_on=date(2027, 1, 12),
    organisation="Embassy of Finland in Oslo",
    organisation_type="embassy",
    country="NO",
    city="Oslo",
    contact_email="sanomat.osl@formin.example.fi",
    on_behalf_of="City of Tampere",
    group_size=20,
    purpose=(
        "The Embassy of Finland has the honour to announce a visit by the Mayor of Tampere, Mr Pekka Virtanen, with a "
        "delegation, to study the Bergen light rail extension, the tram depot and planning of housing along the line. "
        "A meeting with the urban planners would be appreciated."
    ),
)
NORWEGIAN = (
    "Ordføreren i Tampere ønsker å studere utvidelsen av Bybanen, verkstedet og boligbygging langs linja. Vi vil "
    "gjerne møte byplanleggerne."
)
FINNISH = "Kaupunginjohtaja haluaa tutustua Bergenin raitiotiehen."
AGAIN_OF_THE_MAYOR = replace(MAYOR, id="again", submitted_on=date(2027, 1, 13))


@pytest.mark.parametrize(
    "enquiry",
    [
        EMBASSY,
        replace(EMBASSY, country="FI"),
        replace(EMBASSY, group_size=18),
        replace(EMBASSY, group_size=None, head_name="Mr. Pekka Virtanen"),
        replace(EMBASSY, on_behalf_of=""),
        replace(AGAIN_OF_THE_MAYOR, purpose=NORWEGIAN, themes=()),
        replace(AGAIN_OF_THE_MAYOR, purpose=FINNISH, themes=()),
        replace(EMBASSY, purpose=NORWEGIAN, themes=()),
    ],
    ids=["another-office", "country", "size", "no-size", "not-on-behalf", "norwegian", "finnish", "both"],
)
def test_what_speaks_for_the_same_delegation_adds_up(enquiry: Enquiry) -> None:
    assert "duplicate" in propose(enquiry, catalogue(), earlier=[MAYOR]).flag_codes()


@pytest.mark.parametrize(
    "enquiry",
    [
        replace(AGAIN_OF_THE_MAYOR, purpose=WATERWORKS, themes=()),
        replace(EMBASSY, purpose=WATERWORKS, themes=(), head_name="Liisa Koski", on_behalf_of="City of Turku"),
        replace(EMBASSY, windows=((date(2027, 6, 10), date(2027, 6, 12)),)),
        replace(
            EMBASSY, head_name="Liisa Koski", on_behalf_of="", group_size=45, purpose="We study trams and housing."
        ),
    ],
    ids=["another-errand", "another-city", "other-days", "others"],
)
def test_other_errands_people_or_days_are_no_duplicates(enquiry: Enquiry) -> None:
    assert "duplicate" not in propose(enquiry, catalogue(), earlier=[MAYOR]).flag_codes()


LYON = Enquiry(
    id="lyon",
    organisation="City of Lyon, Water Department",
    organisation_type="city",
    country="FR",
    city="Lyon",
    contact_email="anne.morel@lyon-eau.example.fr",
    purpose=(
        "We would like to see how Bergen separates stormwater from sewage in old streets, renews drinking water mains "
        "without digging, and tells residents of works in time. Our engineers would spend a day with yours."
    ),
    submitted_on=date(2027, 1, 11),
    head_name="Anne Morel",
    head_title="Director of water",
    group_size=9,
    languages=("en", "fr"),
    windows=((date(2027, 6, 7), date(2027, 6, 8)),),
)
VILLE = replace(
    LYON,
    id="ville",
    submitted_on=date(2027, 1, 15),
    organisation="Ville de Lyon",
    contact_email="cabinet@mairie-lyon.example.fr",
    head_name="Paul Girard",
    head_title="Adjoint au maire",
)
A_WHOLE_MONTH = ((date(2027, 6, 1), date(2027, 6, 30)),)


def again_from_lyon(enquiry: Enquiry) -> bool:
    return "duplicate" in propose(enquiry, catalogue(), earlier=[LYON]).flag_codes()


@pytest.mark.parametrize(
    "enquiry",
    [
        VILLE,
        replace(VILLE, city="Lyon (69)", group_size=None),
        replace(VILLE, purpose=LYON.purpose.replace(". Our", ".\n\nOur").replace("without digging", "with no digging")),
        replace(LYON, id="month", submitted_on=date(2027, 1, 15), windows=A_WHOLE_MONTH),
        replace(LYON, id="month", submitted_on=date(2027, 1, 15), windows=A_WHOLE_MONTH, head_name="Paul Girard"),
    ],
    ids=["another-office", "city", "nearly", "wider", "wider-other-head"],
)
def test_same_text_from_the_same_city_is_the_same_whoever_signs(enquiry: Enquiry) -> None:
    assert again_from_lyon(enquiry)


@pytest.mark.parametrize(
    "enquiry",
    [
        replace(VILLE, city="Grenoble", organisation="Ville de Grenoble"),
        replace(VILLE, windows=((date(2027, 6, 14), date(2027, 6, 15)),)),
        replace(VILLE, purpose="We would like to see how Bergen runs its libraries without staff in the evening."),
        replace(VILLE, windows=A_WHOLE_MONTH, purpose="We want to hear how engineers of Bergen renew water mains."),
        replace(LYON, id="month", windows=A_WHOLE_MONTH, purpose="We want to see kindergartens and play outdoors."),
        replace(LYON, id="month", windows=((date(2027, 6, 8), date(2027, 6, 30)),)),
    ],
    ids=["city", "days", "text", "wider-other-sender", "wider-other-errand", "not-all-days"],
)
def test_another_city_text_or_week_is_another_request(enquiry: Enquiry) -> None:
    assert not again_from_lyon(enquiry)
