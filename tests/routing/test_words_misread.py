"""Words that look like another subject's are read as what they mean, in every language where the kind occurs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from app.city.catalogue import catalogue_from_files
from app.routing import Enquiry, propose
from app.routing.evidence import read_enquiry

pytestmark = pytest.mark.one_engine

CITY = catalogue_from_files(Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen")
TEXTS = yaml.safe_load((Path(__file__).parent / "words_misread.yaml").read_text(encoding="utf-8"))


def request(text: str) -> Enquiry:
    return Enquiry("E", "City of Aalst", "city", "BE", "Aalst", text, date(2027, 1, 11))


@pytest.mark.parametrize(("lead", "text"), [(lead, text) for lead, _language, text in TEXTS])
def test_the_host_whose_subject_is_meant_leads(lead: str, text: str) -> None:
    assert propose(request(text), CITY).lead == lead


@pytest.mark.parametrize(
    ("figure", "plain", "topic"),
    [
        ("How do you bridge the gap between generations?", "How do you repair the old bridge?", "mobility/roads"),
        ("Two schools of thought divide our board.", "Two schools would like to meet yours.", "schools-kindergartens"),
        ("Our teachers burn out, and are under fire.", "How do you put out a fire in a tunnel?", "emergency-rescue"),
        ("Hvordan lærer dere opp folk?", "Hva tjener en lærer i grunnskolen hos dere?", "schools-kindergartens"),
        ("Wir wollen Brücken zu den Jungen bauen.", "Wie sanieren Sie alte Brücken?", "mobility/roads"),
        ("Queremos tender un puente a los mayores.", "¿Cómo cuidan el puente viejo?", "mobility/roads"),
        ("Como opera a vossa equipa?", "Que apoio dão à ópera e à dança?", "arts-culture/performing"),
        ("Kor mange syklar om vinteren, og kor er vegen brøytt?", "Eit kor i byen syng.", "arts-culture/music"),
        ("Hvem har ansvaret for operasjonen?", "Vi vil se operahuset.", "arts-culture/performing"),
        ("Turyści zalewają miasto.", "Jak szkoły uczą czytania?", "schools-kindergartens"),
    ],
)
def test_a_figure_of_speech_names_no_subject_and_the_plain_word_does(figure: str, plain: str, topic: str) -> None:
    told = {text: {one.topic for one in read_enquiry(request(text), CITY).evidence} for text in (figure, plain)}
    assert not any(one.startswith(topic) for one in told[figure])
    assert any(one.startswith(topic) for one in told[plain])


@pytest.mark.parametrize(
    ("loose", "close", "topic"),
    [
        (
            "We would have one talk with those who build it.",
            "We want one-to-one talks with firms.",
            "business-investment",
        ),
        ("Gamle hus og mennesker der.", "Hvordan bor gamle mennesker hos dere?", "health-care/elderly-care"),
    ],
)
def test_a_phrase_with_a_word_of_every_day_stands_as_it_is_written(loose: str, close: str, topic: str) -> None:
    told = {text: {one.topic for one in read_enquiry(request(text), CITY).evidence} for text in (loose, close)}
    assert not any(one.startswith(topic) for one in told[loose])
    assert any(one.startswith(topic) for one in told[close])


@pytest.mark.parametrize(
    "text",
    [
        "Nous faisons la demande d'une visite de vos écoles maternelles.",
        "We would like to see the schools. Our deputy also sits on the board of Eurocities.",
        "Wir möchten Ihre Schulen sehen. Unser Dezernent sitzt auch im Vorstand von Eurocities.",
        "Vi vil gjerne se skolene. Ordføreren vår sitter også i styret i Eurocities.",
    ],
)
def test_a_word_like_another_and_a_network_in_passing_tell_of_nothing(text: str) -> None:
    assert propose(request(text), CITY).lead == "barnehage-skole-idrett"
    assert "health-care/elderly-care" not in {one.topic for one in read_enquiry(request(text), CITY).evidence}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Wir kommen wegen Ihrer Küche.", "mobility/roads"),
        ("Das wurde uns in Kiel gesagt.", "human-rights-democracy/human-rights-city"),
        ("Wir bauen Landstrom.", "gastronomy/local-food"),
        ("Det var mycket uppskattat.", "finance-procurement/finance"),
        ("Het is de moeite waard.", "human-rights-democracy/human-rights-city"),
        ("It is important to us.", "business-investment/trade"),
        ("Deseamos ver las escuelas.", "peace/disarmament"),
        ("Wie sanieren Sie alte Brücken?", "health-care/elderly-care"),
        ("Vogliamo portare venti studenti.", "maritime/port"),
    ],
)
def test_a_word_of_every_day_that_looks_like_a_subjects_tells_nothing(text: str, topic: str) -> None:
    assert topic not in {one.topic for one in read_enquiry(request(text), CITY).evidence}
