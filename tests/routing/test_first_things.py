"""The main errand is told first: words of the first sentences weigh more, and what follows does not change them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.city.catalogue import catalogue_from_files
from app.routing import Enquiry
from app.routing.evidence import for_the_lead, read_enquiry
from app.routing.model import features
from app.routing.text import read

pytestmark = pytest.mark.one_engine

CITY = Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen"
TEXT = "We want to see your smoke divers. We also wonder how your archivists keep maps."


def test_words_of_the_first_sentence_count_most() -> None:
    found = features(read("purpose", TEXT))
    assert found["smoke"] > found["maps"]


def test_sentences_that_follow_change_nothing_of_those_before() -> None:
    before, after = features(read("purpose", TEXT)), features(read("purpose", f"{TEXT} {'Good bye. ' * 200}"))
    assert {name: after[name] for name in before} == before


def test_evidence_for_the_lead_weighs_by_its_sentence() -> None:
    enquiry = Enquiry("E", "Gemeente Utrecht", "city", "NL", "Utrecht", TEXT, date(2027, 1, 11))
    plain = read_enquiry(enquiry, catalogue_from_files(CITY))
    shares = {
        was.topic: round(now.weight / was.weight, 2)
        for was, now in zip(plain.evidence, for_the_lead(plain).evidence, strict=True)
        if was.source == "purpose"
    }
    assert (shares["emergency-rescue/fire"], shares["archives/records"]) == (1.3, 1.2)
