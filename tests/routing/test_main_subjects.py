"""A main subject that is stated leads, however much is told of side stops; these still take part."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from app.city.catalogue import catalogue_from_files
from app.routing import Enquiry, Proposal, propose

pytestmark = pytest.mark.one_engine

CITY = catalogue_from_files(Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen")
TEXTS = yaml.safe_load((Path(__file__).parent / "main_subjects.yaml").read_text(encoding="utf-8"))


def routed(purpose: str) -> Proposal:
    return propose(Enquiry("E", "City of Aalst", "city", "BE", "Aalst", purpose, date(2027, 1, 11)), CITY)


@pytest.mark.parametrize(("lead", "text"), [(lead, text) for lead, _language, text in TEXTS])
def test_the_stated_main_subject_leads(lead: str, text: str) -> None:
    assert routed(text).lead == lead


def test_a_side_stop_takes_part() -> None:
    found = routed(
        "The purpose of the trip is primary schools. On the second day we would also like to see the archive."
    )
    assert (found.lead, "byarkivet" in {host.slug for host in found.ranked}) == ("barnehage-skole-idrett", True)


def test_nothing_is_left_out_where_the_main_words_name_no_subject() -> None:
    assert routed("Our main aim is to learn from you. We would also like to see the city archive.").lead == "byarkivet"
