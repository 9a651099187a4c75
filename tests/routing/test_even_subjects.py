"""Two subjects told about equally, with no main one stated: the proposal is not sure, and asks for the main subject."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.city.catalogue import catalogue_from_files
from app.routing import Enquiry, Proposal, propose

pytestmark = pytest.mark.one_engine

CITY = catalogue_from_files(Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen")


def routed(purpose: str) -> Proposal:
    return propose(Enquiry("E", "City of Aalst", "city", "BE", "Aalst", purpose, date(2027, 1, 11)), CITY)


@pytest.mark.parametrize(
    "text",
    [
        "We would like to see the fire station and the public library.",
        "On this trip we study two things: waste water treatment and primary school meals.",
        "We ask for half a day on cyber security and half a day on urban trees and parks.",
        "Two questions bring us: how do you build social housing, and how do you run your light rail?",
        "Wir möchten zwei Themen behandeln: Pflegeheime und Abwasser.",
        "Wir interessieren uns für die Feuerwehr und die Stadtbibliothek.",
        "Nous souhaitons visiter une caserne de pompiers et les archives municipales.",
        "Queremos conocer el parque de bomberos y la biblioteca pública.",
        "Vorremmo visitare la biblioteca pubblica e la caserma dei vigili del fuoco.",
        "Chcielibyśmy zobaczyć bibliotekę publiczną i straż pożarną w mieście.",
        "We willen graag de brandweer en het gemeentearchief bezoeken.",
        "Vi vill se brandstationen och en grundskola.",
        "Vi vil gerne høre om plejehjem og om folkebiblioteket.",
        "Vi ønsker å lære om sykehjem og barnehager.",
        "Me vil gjerne sjå folkebiblioteket og høyre om vassforsyning.",
    ],
)
def test_two_even_subjects_are_not_sure(text: str) -> None:
    found = routed(text)
    assert (found.decision, found.sure, found.questions) == ("route", False, ("main-subject",))


@pytest.mark.parametrize(
    ("lead", "text"),
    [
        ("brannvesen", "We come for the fire station and would also like to see the public library."),
        ("brannvesen", "We come for the fire station and, if time allows, the public library."),
        ("brannvesen", "Our main subject is the fire service; we also want to see the public library and a school."),
        ("helse-omsorg", "We come to study nursing homes in depth: staffing, night shifts, dementia. A library too."),
        ("helse-omsorg", "We want to hear about fire safety in nursing homes and dementia care homes."),
        ("byutvikling", "We want to study drinking water and wastewater."),
        ("bymiljoetaten", "How do you look after parks and playgrounds?"),
        ("byarkivet", "We would like to see the city archives and hear about the digitisation of records."),
        ("museum-vest", "We want to see Bryggen and the Hanseatic museum."),
        ("brannvesen", "The mayor and our fire officers want to see your fire station and greet the mayor."),
    ],
)
def test_one_subject_or_a_main_one_is_sure(lead: str, text: str) -> None:
    found = routed(text)
    assert (found.lead, found.sure, found.questions) == (lead, True, ())
