"""Leisure trips and sales pitches in all languages, and what is neither."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.routing import propose
from app.routing.cases import enquiry_from
from tests.routing.test_flags_in_many_words import BERGEN, bergen, flags, routed

pytestmark = pytest.mark.one_engine


@cache
def rows(table: str) -> list[Any]:
    text = (Path(__file__).parent / "leisure_and_sales.yaml").read_text(encoding="utf-8")
    tables: dict[str, list[Any]] = yaml.safe_load(text)
    return [tuple(row) if isinstance(row, list) else row for row in tables[table]]


@pytest.mark.parametrize(("organisation", "kind", "purpose"), rows("leisure"))
def test_a_family_on_holiday_is_no_delegation(organisation: str, kind: str, purpose: str) -> None:
    proposal = routed(purpose, organisation=organisation, organisation_type=kind)
    assert ("not-a-delegation" in proposal.flag_codes(), proposal.decision) == (True, "suggest-decline")


@pytest.mark.parametrize(("organisation", "kind", "purpose"), rows("professional"))
def test_a_purpose_beside_it_is_a_delegation(organisation: str, kind: str, purpose: str) -> None:
    assert "not-a-delegation" not in flags(purpose, organisation=organisation, organisation_type=kind)


@pytest.mark.parametrize("identity", ["X033", "X051", "X082"])
def test_a_holiday_that_is_only_spoken_of_is_none(identity: str) -> None:
    lines = (BERGEN / "training" / "requests" / "x.jsonl").read_text(encoding="utf-8").splitlines()
    row = next(row for row in map(json.loads, lines) if row["id"] == identity)
    assert "not-a-delegation" not in propose(enquiry_from(identity, row["request"]), bergen()).flag_codes()


@pytest.mark.parametrize("purpose", rows("sales"))
def test_a_pitch_in_any_language_and_trade_is_kindly_declined(purpose: str) -> None:
    proposal = routed(purpose, organisation="Klarvik", organisation_type="business")
    assert ("commercial" in proposal.flag_codes(), proposal.decision) == (True, "suggest-decline")


@pytest.mark.parametrize(("kind", "purpose"), rows("no_sales"))
def test_who_invests_trades_or_studies_does_not_sell(kind: str, purpose: str) -> None:
    assert "commercial" not in flags(purpose, organisation="Klarvik", organisation_type=kind)
