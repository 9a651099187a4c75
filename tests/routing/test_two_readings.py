"""Who leads and who takes part are asked of two readings; where these name two leads, nothing is sure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.city.catalogue import catalogue_from_files
from app.routing import Enquiry
from app.routing.decide import SURE_LEAD
from app.routing.evidence import read_enquiry
from app.routing.model import Guess, Guesses, TextModel
from app.routing.partners import find_partners
from app.routing.ranking import Heard, Read, Standing, rank_hosts
from app.routing.types import RankedHost

pytestmark = pytest.mark.one_engine

CITY = Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen"
ENQUIRY = Enquiry("E", "Gemeente Utrecht", "", "NL", "Utrecht", "", date(2027, 1, 11))


def told(**shares: float) -> Guesses:
    found = {slug.replace("_", "-"): Guess(slug.replace("_", "-"), share) for slug, share in shares.items()}
    return Guesses(lead=found, host=found)


def ranked(leading: Guesses, beside: Guesses) -> tuple[RankedHost, ...]:
    catalogue = replace(catalogue_from_files(CITY), model="")
    partners = find_partners(ENQUIRY, read_enquiry(ENQUIRY, catalogue), catalogue)
    heard = Heard(Read((), leading), Read((), beside), Read((), beside))
    standing = Standing(political=False, ceremonies=0, unclear=False)
    return rank_hosts(ENQUIRY, heard, partners, catalogue, standing, TextModel(), {})


def test_one_lead_of_both_readings_leaves_the_others_as_they_are() -> None:
    beside = told(brannvesen=0.9, byarkivet=0.6, biblioteket=0.58)
    assert [host.slug for host in ranked(told(brannvesen=0.9), beside)] == ["brannvesen", "byarkivet", "biblioteket"]


def test_another_lead_stands_first_and_the_others_keep_their_order() -> None:
    beside = told(brannvesen=0.9, byarkivet=0.6, biblioteket=0.58)
    assert [host.slug for host in ranked(told(biblioteket=0.9), beside)] == ["biblioteket", "brannvesen", "byarkivet"]


def test_the_lead_has_most_points_of_both_readings_together() -> None:
    beside = told(brannvesen=0.9, byarkivet=0.8)
    assert ranked(told(byarkivet=0.9, brannvesen=0.85), beside)[0].slug == "brannvesen"
    assert ranked(told(byarkivet=0.9, brannvesen=0.75), beside)[0].slug == "byarkivet"


def test_what_only_one_reading_finds_is_found() -> None:
    assert ranked(told(brannvesen=0.9), Guesses())[0].slug == "brannvesen"
    assert ranked(Guesses(), told(brannvesen=0.9))[0].slug == "brannvesen"


def test_two_leads_are_never_sure() -> None:
    first, second, *others = ranked(told(biblioteket=1.2), told(brannvesen=1.0, byarkivet=0.6))
    assert first.score < SURE_LEAD * second.score
    assert [one.score for one in others] == sorted((one.score for one in others), reverse=True)
    assert all(one.score < second.score for one in others)
