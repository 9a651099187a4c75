"""The main errand is told first: words of the first sentences weigh more, and what follows does not change them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.city.catalogue import catalogue_from_files
from app.routing import Enquiry
from app.routing.evidence import Reading, for_the_lead, for_the_parts, read_enquiry
from app.routing.model import early_features, features
from app.routing.text import Passage, read

pytestmark = pytest.mark.one_engine

CITY = Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen"
TEXT = "We want to see your smoke divers. We also wonder how your archivists keep maps."


BOTH = pytest.mark.parametrize("read_by", [features, early_features])


@BOTH
def test_words_told_first_count_most(read_by: Callable[[Passage], dict[str, float]]) -> None:
    found = read_by(read("purpose", TEXT))
    assert found["smoke"] > found["maps"]


@BOTH
def test_sentences_that_follow_change_nothing_of_those_before(read_by: Callable[[Passage], dict[str, float]]) -> None:
    before = read_by(read("purpose", f"{TEXT} Good bye."))
    after = read_by(read("purpose", f"{TEXT} {'Good bye. ' * 200}"))
    told = features(read("purpose", TEXT))
    assert {name: after[name] for name in told} == {name: before[name] for name in told}


def test_the_last_sentence_of_several_says_less_of_who_leads() -> None:
    last, followed = (early_features(read("purpose", text)) for text in (TEXT, f"{TEXT} Good bye."))
    assert last["smoke"] == followed["smoke"]
    assert last["maps"] < followed["maps"]
    alone, at_its_end = (early_features(read("purpose", f"maps{end}")) for end in ("", ". Good bye."))
    assert alone["maps"] == at_its_end["maps"]


@pytest.mark.parametrize(
    ("weighed", "expected"), [(for_the_parts, (1.3, 1.2)), (for_the_lead, (1.51, 1.4))], ids=["sentence", "place"]
)
def test_evidence_weighs_by_its_sentence_and_for_the_lead_by_its_place(
    weighed: Callable[[Reading], Reading], expected: tuple[float, float]
) -> None:
    enquiry = Enquiry("E", "Gemeente Utrecht", "city", "NL", "Utrecht", TEXT, date(2027, 1, 11))
    plain = read_enquiry(enquiry, catalogue_from_files(CITY))
    shares = {
        was.topic: round(now.weight / was.weight, 2)
        for was, now in zip(plain.evidence, weighed(plain).evidence, strict=True)
        if was.source == "purpose"
    }
    assert (shares["emergency-rescue/fire"], shares["archives/records"]) == expected
