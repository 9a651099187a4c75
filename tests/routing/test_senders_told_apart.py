"""Who the sender is does not pick the lead: neither a network nor a trade that is not meant does."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.routing import Enquiry, propose
from tests.routing.test_hostile_text import catalogue

pytestmark = pytest.mark.one_engine
WRITTEN_ON = date(2027, 1, 11)


@cache
def rows(name: str) -> Any:
    return yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))


def lead_of(country: str, organisation: str, kind: str, text: str, title: str = "") -> str | None:
    sender = Enquiry("E", organisation, kind, country, "Elsewhere", text, WRITTEN_ON, head_title=title)
    return propose(sender, catalogue()).lead


@pytest.mark.parametrize(("leads", "country", "organisation", "text"), rows("networks_in_few_words"))
def test_errand_in_few_words_leads_beside_a_network(
    leads: list[str], country: str, organisation: str, text: str
) -> None:
    assert lead_of(country, organisation, "city", text) in leads


@pytest.mark.parametrize(
    ("leads", "country", "organisation", "kind", "title", "text"),
    [*rows("denied_trades")["denied"], *rows("denied_trades")["meant"]],
)
def test_trade_leads_only_where_it_is_meant(
    leads: list[str], country: str, organisation: str, kind: str, title: str, text: str
) -> None:
    assert lead_of(country, organisation, kind, text, title) in leads
