"""Two subjects denied at once, or one beside a concession, bring no host of theirs into a visit."""

from __future__ import annotations

import pytest

from app.routing import Proposal, propose
from app.routing.types import Enquiry
from tests.routing.test_hostile_text import catalogue
from tests.routing.test_senders_told_apart import WRITTEN_ON, rows

pytestmark = pytest.mark.one_engine
NOT_MEANT = {"bymuseet", "museum-vest", "byarkivet"}


def routed(country: str, text: str) -> Proposal:
    return propose(Enquiry("E", "Town of Elsewhere", "city", country, "Elsewhere", text, WRITTEN_ON), catalogue())


@pytest.mark.parametrize(("lead", "country", "text"), rows("denied_beside")["denied"])
def test_host_of_what_is_denied_takes_no_part(lead: str, country: str, text: str) -> None:
    found = routed(country, text)
    assert (found.lead, NOT_MEANT.intersection(found.co_hosts)) == (lead, set())


@pytest.mark.parametrize(("lead", "country", "text"), rows("denied_beside")["meant"])
def test_host_of_what_is_asked_about_leads_all_the_same(lead: str, country: str, text: str) -> None:
    assert routed(country, text).lead == lead
