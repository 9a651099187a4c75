"""Orders that set a priority, an answer or a host are flagged in text and title; work told of in these words is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.routing import propose
from app.routing.noise import order_for_name, orders_in
from tests.routing.test_hostile_text import SOUND, catalogue
from tests.routing.test_senders_told_apart import rows

pytestmark = pytest.mark.one_engine
ORDERS = rows("orders")


@pytest.mark.parametrize("text", ORDERS["told"])
def test_an_order_is_found(text: str) -> None:
    assert orders_in(text) == [text]


@pytest.mark.parametrize("text", ORDERS["plain"])
def test_work_that_is_told_of_in_the_same_words_is_no_order(text: str) -> None:
    assert orders_in(text) == []


@pytest.mark.parametrize("title", ORDERS["titles"])
def test_an_order_for_a_title_is_flagged_and_not_read(title: str) -> None:
    proposal = propose(replace(SOUND, head_title=title), catalogue())
    assert (proposal.lead, "unsafe-input" in proposal.flag_codes()) == ("byutvikling", True)


@pytest.mark.parametrize("title", ORDERS["plain_titles"])
def test_a_title_with_the_same_words_is_no_order(title: str) -> None:
    assert order_for_name(title) == ""
