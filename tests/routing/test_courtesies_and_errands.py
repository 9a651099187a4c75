"""Letters that name no subject, errands that are no holiday, pitches, and letters for a visa, in all languages read."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.routing.decide import propose
from tests.routing.test_flags_in_many_words import bergen, flags, request, routed

pytestmark = pytest.mark.one_engine


@cache
def rows(table: str) -> list[Any]:
    text = (Path(__file__).parent / "courtesies_and_errands.yaml").read_text(encoding="utf-8")
    tables: dict[str, list[Any]] = yaml.safe_load(text)
    return [tuple(row) if isinstance(row, list) else row for row in tables[table]]


@pytest.mark.parametrize("purpose", rows("no_subject"))
def test_a_courteous_letter_that_names_no_subject_goes_to_a_person(purpose: str) -> None:
    proposal = routed(purpose, organisation="Klarvik", organisation_type="region")
    assert ("unclear-purpose" in proposal.flag_codes(), proposal.decision) == (True, "coordinator-review")


@pytest.mark.parametrize("purpose", rows("no_subject_and_no_turn"))
def test_what_names_no_subject_in_any_words_is_doubted_by_the_model_only(purpose: str) -> None:
    asked = request(purpose, organisation="Klarvik", organisation_type="ngo")
    with_model, without = propose(asked, bergen()), propose(asked, replace(bergen(), model=""))
    assert ("unclear-purpose" in with_model.flag_codes(), with_model.sure) == (True, False)
    assert "unclear-purpose" not in without.flag_codes()


@pytest.mark.parametrize("purpose", rows("subject"))
def test_a_courtesy_beside_a_subject_is_clear(purpose: str) -> None:
    assert "unclear-purpose" not in flags(purpose, organisation="Klarvik", organisation_type="region")


@pytest.mark.parametrize(("organisation", "kind", "purpose"), rows("errands"))
def test_words_of_a_holiday_in_an_errand_do_not_decline_it(organisation: str, kind: str, purpose: str) -> None:
    proposal = routed(purpose, organisation=organisation, organisation_type=kind)
    assert ("not-a-delegation" in proposal.flag_codes(), proposal.decision) == (False, "route")


@pytest.mark.parametrize(("organisation", "purpose"), rows("leisure"))
def test_a_pleasant_day_is_no_delegation(organisation: str, purpose: str) -> None:
    assert "not-a-delegation" in flags(purpose, organisation=organisation, organisation_type="other")


@pytest.mark.parametrize("purpose", rows("sales"))
def test_who_sells_is_kindly_declined(purpose: str) -> None:
    proposal = routed(purpose, organisation="Klarvik", organisation_type="business")
    assert ("commercial" in proposal.flag_codes(), proposal.decision) == (True, "suggest-decline")


@pytest.mark.parametrize("purpose", rows("investors"))
def test_who_looks_for_a_site_sells_nothing(purpose: str) -> None:
    proposal = routed(purpose, organisation="Klarvik", organisation_type="business")
    assert (proposal.flag_codes(), proposal.lead) == ((), "invest-in-bergen")


@pytest.mark.parametrize("purpose", rows("no_visa_letter"))
def test_a_letter_for_something_else_is_none_for_a_visa(purpose: str) -> None:
    assert "invitation-letter" not in flags(purpose, organisation="Klarvik", organisation_type="ngo")


@pytest.mark.parametrize(("flag", "organisation", "purpose"), rows("not_raised"))
def test_a_bare_name_raises_no_flag(flag: str, organisation: str, purpose: str) -> None:
    assert flag not in flags(purpose, organisation=organisation, organisation_type="region")


@pytest.mark.parametrize(("flag", "organisation", "purpose"), rows("raised"))
def test_a_name_that_counts_raises_its_flag(flag: str, organisation: str, purpose: str) -> None:
    assert flag in flags(purpose, organisation=organisation, organisation_type="region")
