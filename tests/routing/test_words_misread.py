"""Words that look like another subject's are read as what they mean, in every language where the kind occurs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from app.city.catalogue import catalogue_from_files
from app.routing import Enquiry, propose

pytestmark = pytest.mark.one_engine

CITY = catalogue_from_files(Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen")
TEXTS = yaml.safe_load((Path(__file__).parent / "words_misread.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("lead", "text"), [(lead, text) for lead, _language, text in TEXTS])
def test_the_host_whose_subject_is_meant_leads(lead: str, text: str) -> None:
    assert propose(Enquiry("E", "City of Aalst", "city", "BE", "Aalst", text, date(2027, 1, 11)), CITY).lead == lead
