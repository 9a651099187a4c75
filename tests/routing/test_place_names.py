"""The name of a sender's place names no subject, whatever it means in another language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.routing import Enquiry, Proposal, propose
from tests.routing.test_hostile_text import SOUND, catalogue

pytestmark = pytest.mark.one_engine

PLACES = [
    ("Gemeente Leiden", "NL", "Leiden"),
    ("Reading Borough Council", "GB", "Reading"),
    ("Ville de Tours", "FR", "Tours"),
    ("Stadt Essen", "DE", "Essen"),
    ("Stadt Hof", "DE", "Hof"),
    ("Bath and North East Somerset Council", "GB", "Bath"),
    ("Stadt Halle", "DE", "Halle (Saale)"),
    ("Stadt Brandenburg", "DE", "Brandenburg an der Havel"),
    ("Comune di Parma", "IT", "Parma"),
    ("Miasto Łódź", "PL", "Łódź"),
    ("Comune di Porto Torres", "IT", "Porto Torres"),
    ("Câmara Municipal do Porto", "PT", "Porto"),
]


def asked_by(organisation: str, country: str, city: str, **changes: object) -> Proposal:
    enquiry: Enquiry = replace(
        SOUND, organisation=organisation, country=country, city=city, head_title="",
        purpose="We would like to meet colleagues.",
    )  # fmt: skip
    return propose(replace(enquiry, **changes), catalogue())  # type: ignore[arg-type]


def told_by_the_name(proposal: Proposal) -> list[str]:
    return [
        word
        for theme in proposal.themes
        for reason in theme.reasons
        if reason.source in ("organisation", "head_title")
        for word in reason.words
    ]


@pytest.mark.parametrize(("organisation", "country", "city"), PLACES)
def test_name_of_the_senders_city_is_no_subject(organisation: str, country: str, city: str) -> None:
    assert told_by_the_name(asked_by(organisation, country, city)) == []
    assert told_by_the_name(asked_by("Colleagues", country, city, head_title=f"From {city}")) == []


@pytest.mark.parametrize(
    "organisation",
    [
        "Gemeente Leiden", "Stadt Essen", "Ville de Tours", "Reading Borough Council", "Stadt Hof", "Comune di Parma",
        "Bath City Council", "City of Bath", "Miasto Łódź", "Stadt Brandenburg",
    ],
)  # fmt: skip
def test_place_beside_a_word_for_a_municipality_is_no_subject_whatever_the_form_says(organisation: str) -> None:
    country = {"Gemeente": "NL", "Stadt": "DE", "Ville": "FR", "Comune": "IT", "Miasto": "PL"}
    assert told_by_the_name(asked_by(organisation, country.get(organisation.split()[0], "GB"), "")) == []


def test_place_changes_neither_lead_nor_likeness() -> None:
    said = "We want to hear how you separate stormwater from sewage."
    plain = asked_by("Gemeente Xyzqu", "NL", "Xyzqu", purpose=said)
    leiden = asked_by("Gemeente Leiden", "NL", "Leiden", purpose=said)
    assert [(one.slug, one.score) for one in leiden.ranked] == [(one.slug, one.score) for one in plain.ranked]


@pytest.mark.parametrize(
    ("organisation", "country", "city", "word"),
    [
        ("Reading Libraries", "GB", "Reading", "Libraries"),
        ("Gemeente Utrecht, Bibliotheek", "NL", "Utrecht", "Bibliotheek"),
        ("Stadt Essen, Feuerwehr", "DE", "Essen", "Feuerwehr"),
        ("Bath City Council, Planning", "GB", "Bath", "Planning"),
        ("Oslo kommune Vann- og avløpsetaten", "NO", "Oslo", "avløpsetaten"),
    ],
)
def test_what_else_the_name_says_still_counts(organisation: str, country: str, city: str, word: str) -> None:
    assert word in told_by_the_name(asked_by(organisation, country, city))
