"""Two hosts press Claim on the same delegation: one gets it, the other is told who and may join."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session

from app.people.actors import SYSTEM
from app.visits import lifecycle
from tests import cast
from tests.factories import make_visit
from tests.harness.browser import OpenPage

pytestmark = pytest.mark.browser


def test_claim_race_has_one_winner_and_the_loser_may_join(
    store: Callable[[], AbstractContextManager[Session]], open_page: OpenPage
) -> None:
    with store():
        ola, brita = cast.bring(cast.OLA, cast.BRITA)
        visit = make_visit("offered", user=ola)
        lifecycle.offer(visit, brita.hosts[0], part="lead", by=SYSTEM, at=cast.MONDAY)
        ids = ola.get_id(), brita.get_id()
    first = open_page("/inbox", user=str(ids[0]))
    second = open_page("/inbox", user=str(ids[1]), language="nn")
    second_button = second.get_by_role("button", name=re.compile("Utrecht"))
    assert second_button.count() == 1

    first.get_by_role("button", name=re.compile("^Claim")).click()
    assert "Utrecht" in first.locator("h1").inner_text()

    second_button.click()
    told = second.locator("main").inner_text()
    assert "byutvikling" in told.lower()
    second.locator("main").get_by_role("button").first.click()
    assert "Utrecht" in second.locator("h1").inner_text()
    first.reload()
    assert "Bergen Fire" in first.locator("main").inner_text()
