"""Who comes through a network or appeals to it, in which words; and what only sounds like one or was heard there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.routing import propose
from tests.routing.test_hostile_text import catalogue
from tests.routing.test_understanding import PLAIN

pytestmark = pytest.mark.one_engine
WATER = "We want to learn how you renew water mains and manage stormwater."
APPEALS = [
    ("eurocities", "Wie kann eine Stadt, die nicht in der Union liegt, in Eurocities-Arbeitsgruppen so laut sein?"),
    ("eurocities", "We met your people in a Eurocities working group."),
    ("eurocities", "Ein Kollege aus den Eurocities-Gremien hat uns an Sie verwiesen."),
    ("enisa", "Vi mødtes i ENISAs øvelse."),
    ("iclei", "Vi sitter båda i ICLEIs arbetsgrupp."),
    ("ifla", "Our sections work together in IFLA's committee."),
    ("icorn", "As a member of Icorn we ask you for advice."),
    ("ifla", "Comme membres de l'Ifla, nous vous demandons conseil."),
    ("hansa", "Als medelid van de Internationale Hanze brengen wij graag kaas mee."),
    ("hansa", "Our town is in the modern Hanse as well."),
    ("hansa", "Via het stedenverband van de Hanze kwamen we bij jullie."),
    ("hansa", "We came to you through the Hanse."),
    ("hansa", "Unsere Stadt ist in der neuen Hanse."),
    ("hansa", "Til neste hansadag vil vi samarbeide med dere; begge byene er med i Hansaen."),
    ("hansa", "Over drie jaar zijn wij gastheer van de Internationale Hanzedag."),
    ("hansa", "We prepare our stand for the next International Hanseatic Day."),
    ("hansa", "Our teenagers go to the Hansa Youth each year."),
    ("owhc", "Ci siamo conosciuti all'assemblea delle città del patrimonio mondiale a Lione."),
    ("owhc", "Nos conocimos en la asamblea de las ciudades patrimonio mundial."),
    ("nordic-rits", "Somebody in the Nordic group for rescue at sea told us to see you."),
    ("memory-of-the-world", "Like yours, our patient records were listed by UNESCO, and we ask for advice."),
    ("intercultural-cities", "Jesteśmy członkiem sieci Miasta Międzykulturowe, tak jak Państwo."),
]
NONE = [
    "Nos boulangers font une tournée gastronomique de leur côté.",
    "Chcemy odwiedzić szkołę ze stolarzami i gastronomikami.",
    "Vorremmo incontrare chi cura la gastronomia della vostra città.",
    "Kan de gastronomie-ambtenaar erbij zijn?",
    "Los hoteles ofrecen gastronomía local.",
    "The gastronomic tour we make on our own.",
    "We heard of you at a Eurocities conference.",
    "I read about your city in the programme of the IFLA congress.",
    "Vi hørte om dere på en konferanse i Eurocities.",
    "Me høyrde om dykk på ein Eurocities-konferanse.",
    "Vi hörde talas om er på en Eurocities-konferens.",
    "Vi hørte om jer på en konference i Eurocities.",
    "Wir haben auf einer Eurocities-Konferenz von Ihnen gehört.",
    "Nous avons entendu parler de vous à une conférence d'Eurocities.",
    "Oímos hablar de ustedes en un congreso de Eurocities.",
    "Abbiamo sentito parlare di voi a una conferenza di Eurocities.",
    "Słyszeliśmy o Państwu na konferencji Eurocities.",
    "Wij hoorden over u op een congres van Eurocities.",
    "Ouvimos falar de vós numa conferência da Eurocities.",
    "Our city is not a member of Eurocities.",
    "Wir möchten Ihr Jugendhaus sehen.",
    "The Hansa ended here in the seventeenth century.",
]


@pytest.mark.parametrize(("slug", "text"), APPEALS)
def test_network_that_the_sender_comes_through_or_appeals_to(slug: str, text: str) -> None:
    proposal = propose(replace(PLAIN, purpose=f"{WATER} {text}"), catalogue())
    assert ("network" in proposal.flag_codes(), slug in proposal.partnerships) == (True, True)


@pytest.mark.parametrize("text", NONE)
def test_no_network_where_one_is_only_heard_at_or_sounds_alike(text: str) -> None:
    assert "network" not in propose(replace(PLAIN, purpose=f"{WATER} {text}"), catalogue()).flag_codes()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ENISA Municipal CSIRT Working Party", "eu-body"),
        ("Icorn secretariat", "network"),
        ("Gemeente Kampen, Bureau Hanze", "city"),
        ("Urząd Miasta Torunia, Biuro Hanzy", "city"),
        ("Hanse-Büro Stralsund", "ngo"),
    ],
)
def test_network_whose_own_office_writes(name: str, kind: str) -> None:
    sender = replace(PLAIN, organisation=name, organisation_type=kind, purpose=WATER)
    assert "network" in propose(sender, catalogue()).flag_codes()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Hansa Brewery, sales office", "business"),
        ("Hanse-Office Brüssel", "region"),
        ("ICA supermarket", "business"),
        ("Ifla AS", "business"),
    ],
)
def test_no_network_in_a_firms_name(name: str, kind: str) -> None:
    sender = replace(PLAIN, organisation=name, organisation_type=kind, purpose=WATER)
    assert "network" not in propose(sender, catalogue()).flag_codes()
