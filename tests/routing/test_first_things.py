"""The main errand is told first: the same words find another lead when their sentences change places."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.city.catalogue import catalogue_from_files
from app.routing import Enquiry, propose

pytestmark = pytest.mark.one_engine

CITY = Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen"
FIRE = "We want to see how your fire crews train smoke diving, and how a fire engine gets through narrow streets."
ARCHIVE = "We also wonder how your archivists keep old maps and photographs, and how the archive is digitised."


def test_first_sentence_decides_who_leads_and_the_next_who_takes_part() -> None:
    catalogue = catalogue_from_files(CITY)
    ask = Enquiry("E", "Gemeente Utrecht", "city", "NL", "Utrecht", f"{FIRE} {ARCHIVE}", date(2027, 1, 11))
    swapped = replace(ask, purpose=f"{ARCHIVE.replace('also ', '')} {FIRE.replace('We', 'We also')}")
    first, second = propose(ask, catalogue), propose(swapped, catalogue)
    assert (first.lead, second.lead) == ("brannvesen", "byarkivet")
    assert "byarkivet" in [host.slug for host in first.ranked[:3]]
    assert "brannvesen" in [host.slug for host in second.ranked[:3]]
