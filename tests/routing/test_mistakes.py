"""A neighbour of the subject that has nothing to do with the errand stands behind others, or is not named."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.city.catalogue import catalogue_from_files
from app.routing import Enquiry, propose
from app.routing.evidence import read_enquiry
from app.routing.model import Guess, Guesses, TextModel
from app.routing.partners import find_partners
from app.routing.parts import Known, Odds, log_odds, shares
from app.routing.weighing import PartWeights

pytestmark = pytest.mark.one_engine

CITY = Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen"
ENQUIRY = Enquiry("E", "Gemeente Utrecht", "city", "NL", "Utrecht", "", date(2027, 1, 11))
RARE, EVEN, OFTEN = -4.0, 0.0, 2.0  # log odds


def worth(**odds: Odds) -> dict[str, float]:
    return shares({"brannvesen": 9.0}, "brannvesen", odds)


def known_of(learned: Mapping[str, float] | None = None) -> Known:
    catalogue = replace(catalogue_from_files(CITY), model="")
    partners = find_partners(ENQUIRY, read_enquiry(ENQUIRY, catalogue), catalogue)
    return Known(ENQUIRY, partners, catalogue, political=False, ceremonies=0, learned=learned or {})


def test_of_two_as_likely_the_one_goes_first_that_is_less_likely_a_mistake() -> None:
    found = worth(uib=Odds(EVEN, OFTEN), hvl=Odds(EVEN, RARE))
    assert found["hvl"] > found["uib"]


def test_a_host_that_is_rather_a_mistake_than_a_part_is_not_named() -> None:
    likely = math.log(0.15 / 0.85)
    assert worth(uib=Odds(likely, RARE)).keys() == {"uib"}
    assert worth(uib=Odds(likely, OFTEN)) == {}


def test_who_surely_takes_part_is_named_whatever_speaks_against_it() -> None:
    assert worth(uib=Odds(5.0, OFTEN))["uib"] >= 0.2


def test_texts_in_which_a_host_was_a_mistake_speak_against_it() -> None:
    model = TextModel()
    model.mistake_weights = PartWeights(base=-2.0, tempting=5.0, apart=1.0)
    model.apart = {"brannvesen": {"hvl": 0.5}}
    known = known_of()
    guesses = Guesses(
        host={slug: Guess(slug, 0.3) for slug in ("uib", "hvl", "byarkivet")}, mistake={"uib": Guess("uib", 0.8)}
    )
    odds, _ = log_odds("brannvesen", {}, guesses, model, known)
    assert odds["uib"].mistake > odds["byarkivet"].mistake
    assert odds["hvl"].mistake > odds["byarkivet"].mistake
    assert odds["uib"].part == odds["byarkivet"].part


def test_who_was_asked_for_a_part_unsuggested_is_less_of_a_mistake() -> None:
    guesses = Guesses(host={"uib": Guess("uib", 0.3)})
    before, after = (
        log_odds("brannvesen", {}, guesses, TextModel(), known_of(learned))[0]["uib"] for learned in ({}, {"uib": 1.5})
    )
    assert after.part > before.part
    assert after.mistake < before.mistake


def test_bergen_names_no_schools_department_where_nurses_are_trained() -> None:
    purpose = (
        "We run the nurse training of a small canton and would like to see how your students practise on dolls in the "
        "simulation ward, how the placements in nursing homes are agreed, and who examines them."
    )
    enquiry = replace(ENQUIRY, organisation="Berufsschule Pflege", organisation_type="school", purpose=purpose)
    ranked = [host.slug for host in propose(enquiry, catalogue_from_files(CITY)).ranked]
    assert ranked[0] == "hvl"
    assert "barnehage-skole-idrett" not in ranked[:3]
