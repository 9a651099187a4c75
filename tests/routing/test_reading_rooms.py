"""A reading room is the archive's or the library's by the other words of the text."""

from __future__ import annotations

import pytest

from tests.routing.test_senders_told_apart import lead_of

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("lead", "country", "text"),
    [
        ("byarkivet", "NL", "Wij komen voor de leeszaal: hoe vragen stamboomonderzoekers akten uit het depot aan?"),
        ("byarkivet", "NL", "Hoe bemant u de leeszaal waar bezoekers oude akten en kaarten uit het depot inzien?"),
        ("byarkivet", "NL", "Hoe richt u de leeszaal in waar historici handschriften en registers inzien?"),
        ("biblioteket", "NL", "We willen de leeszaal voor kranten zien en hoe de bibliotheek die bemant."),
        ("biblioteket", "NL", "Hoe houdt u de leeszaal met boeken en kranten open voor lezers en kinderen?"),
        ("biblioteket", "NL", "We willen uw leeszaal zien: uitleen, boeken en leesbevordering."),
        ("byarkivet", "DE", "Wie betreiben Sie den Lesesaal, in dem Familienforscher Kirchenbücher einsehen?"),
        ("byarkivet", "FR", "Comment gérez-vous la salle de lecture où l'on consulte des fonds d'archives?"),
        ("byarkivet", "NO", "Hvordan driver dere lesesalen der slektsforskere ser på arkivalier?"),
    ],
)
def test_reading_room_is_whose_the_other_words_tell(lead: str, country: str, text: str) -> None:
    assert lead_of(country, "Town of Elsewhere", "city", text) == lead
