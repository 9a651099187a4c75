"""Hosts that later rounds of offers passed over stand beside the offers' arithmetic, with what was in their way."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.office import Store, find_visit, open_office, words_of
from tests.web.test_doubts import arrived, change_routing, left_to_a_coordinator

AWAY = {
    "code": "out-of-office",
    "source": "out_of_office",
    "words": ["2027-05-01/2027-05-31"],
    "weight": -3.0,
    "subject": "",
}
SUBJECT = {"code": "answers-for", "source": "purpose", "words": ["sewer"], "weight": 9.0, "subject": "water"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Not asked in round 2 of offers: Bergen Fire Department. Nobody is there on any of the wished days:"),
        ("nb", "Ikke spurt i tilbudsrunde 2: Bergen brannvesen. Ingen er til stede noen av de ønskede dagene:"),
        ("nn", "Ikkje spurt i tilbodsrunde 2: Bergen brannvesen. Ingen er til stades nokon av dei ønskte dagane:"),
    ],
)
def test_who_was_passed_over_stands_on_triage_and_visit(app: Flask, store: Store, language: str, said: str) -> None:
    office = open_office(app, store)
    ref = arrived(store)
    change_routing(store, ref, passed_over=[{"wave": 2, "slug": "brannvesen", "reasons": [SUBJECT, AWAY]}])
    with store() as session:
        left_to_a_coordinator(find_visit(session, ref))
    for page in ("/triage", f"/visits/{ref}"):
        words = words_of(office.browser().get(f"{page}?lang={language}", follow_redirects=True).text)
        assert said in words
        assert "sewer" not in words.partition(said)[2][:40]
