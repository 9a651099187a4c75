"""What is only wished for "if time allows" weighs less and picks no lead; the rest of its sentence weighs as it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from app.city.catalogue import catalogue_from_files
from app.routing import Enquiry, Proposal, propose
from app.routing.evidence import read_enquiry

pytestmark = pytest.mark.one_engine

CITY = catalogue_from_files(Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen")
TEXTS = yaml.safe_load((Path(__file__).parent / "in_passing.yaml").read_text(encoding="utf-8"))


def sent(purpose: str) -> Enquiry:
    return Enquiry("E", "City of Aalst", "city", "BE", "Aalst", purpose, date(2027, 1, 11))


def routed(purpose: str) -> Proposal:
    return propose(sent(purpose), CITY)


def weights(purpose: str) -> dict[str, float]:
    """What each word tells at most."""
    found: dict[str, float] = {}
    for one in read_enquiry(sent(purpose), CITY).evidence:
        word = " ".join(one.words).lower()
        found[word] = max(found.get(word, 0.0), one.weight)
    return found


@pytest.mark.parametrize(("lead", "text"), [(lead, text) for lead, _language, text in TEXTS])
def test_what_time_must_allow_picks_no_lead(lead: str, text: str) -> None:
    assert routed(text).lead == lead


@pytest.mark.parametrize(
    "text",
    [
        "We want to see the fire station, and if time allows a museum.",
        "We want to see the fire station and, if time allows, a museum.",
        "We want to see the fire station and a museum if time allows.",
        "We want to see the fire station, and a museum, if time allows.",
        "We want to see the fire station and would also like a museum.",
        "If time allows we want to see a museum, but mainly the fire station.",
    ],
)
def test_only_the_clause_weighs_less(text: str) -> None:
    plain, found = weights("We want to see the fire station, and a museum."), weights(text)
    assert found["fire station"] == plain["fire station"]
    assert found["museum"] < plain["museum"]


def test_who_is_only_seen_if_time_allows_takes_part_all_the_same() -> None:
    found = routed("We want to see the fire station, and if time allows the city archives.")
    assert (found.lead, "byarkivet" in {host.slug for host in found.ranked}) == ("brannvesen", True)


def test_a_single_wish_for_when_time_allows_leads() -> None:
    assert routed("If you have time, we would like to see the fire station and hear how it works.").lead == "brannvesen"
