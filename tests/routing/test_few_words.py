"""A short errand is clear, one beside a letter is routed, and nobody is asked without a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.city.catalogue import catalogue_from_files
from app.routing import Enquiry, propose

pytestmark = pytest.mark.one_engine

CITY = catalogue_from_files(Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen")
PLAIN = Enquiry("E", "City of Aalst", "city", "BE", "Aalst", "", date(2027, 1, 11))


@pytest.mark.parametrize(
    ("lead", "text"),
    [
        ("sosial-bolig-inkludering", "The purpose of our visit is debt advice for families."),
        ("byutvikling", "Queremos ver a vossa estação de água."),
        ("finans-innovasjon-eierskap", "Wij komen voor de personeelsplanning van de gemeente."),
        ("brannvesen", "Nous venons voir vos pompiers."),
    ],
)
def test_a_short_errand_is_clear(lead: str, text: str) -> None:
    found = propose(replace(PLAIN, purpose=text), CITY)
    assert (found.decision, found.lead) == ("route", lead)


@pytest.mark.parametrize(
    "text",
    [
        "We would like to meet you.",
        "We come on Tuesday with the boat and hope for good weather.",
        "Nous venons en mai.",
        "Please confirm our visit as agreed.",
    ],
)
def test_courtesy_alone_is_not(text: str) -> None:
    assert "unclear-purpose" in propose(replace(PLAIN, purpose=text), CITY).flag_codes()


@pytest.mark.parametrize(
    "text",
    [
        "Queremos ver a vossa estação de água. Precisamos de uma carta-convite para o visto.",
        "We want to learn about your archives. Please send a visa invitation letter.",
    ],
)
def test_an_errand_beside_a_letter_is_routed(text: str) -> None:
    found = propose(replace(PLAIN, purpose=text), CITY)
    assert (found.decision, "invitation-letter" in found.flag_codes()) == ("route", True)


@pytest.mark.parametrize(
    "text",
    [
        "Ми хочемо побачити, як ви ремонтуєте водогони. Water mains please.",
        "Θέλουμε να δούμε το τραμ σας. Light rail, please.",
    ],
)
def test_in_a_language_that_nobody_reads_no_host_is_asked_without_a_reason(text: str) -> None:
    found = propose(replace(PLAIN, purpose=text), CITY)
    assert found.lead in {"byutvikling", "fylkeskommunen"}
    assert all(host.reasons for host in found.ranked)
