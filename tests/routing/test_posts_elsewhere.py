"""The head of another place's institution is no host's: whoever asks for one names no subject and no host by that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.routing import propose
from tests.routing.test_hostile_text import catalogue
from tests.routing.test_understanding import PLAIN

pytestmark = pytest.mark.one_engine
ELSEWHERE = [
    "We would like to meet the rector of the University of Oslo.",
    "We would like to meet the rector of Oslo University.",
    "We would like to meet the president of KTH.",
    "We would like to meet the fire chief of Stockholm.",
    "We would like to meet Oslo's fire chief.",
    "We would like to meet the Oslo fire chief.",
    "We would like to meet the city archivist of Tromsø.",
    "We would like to meet the director of the Stavanger Chamber of Commerce.",
    "We would like to meet the Commissioner for Finance of Oslo.",
    "We would like to meet the director of the public library in Drammen.",
    "We would like to meet the vice-chancellor of Lund University.",
    "Vi ønsker et møte med rektor ved Universitetet i Oslo.",
    "Vi ber om et møte med rektoren ved Høgskolen i Molde.",
    "Vi vil treffe brannsjefen i Stavanger.",
    "Vi ønsker et møte med byråden for klima i Oslo.",
    "Me vil møte skulesjefen i Sogndal.",
    "Vi vill träffa räddningschefen i Göteborg.",
    "Vi vill träffa stadsarkivarien i Uppsala.",
    "Vi vil gerne møde brandchefen i Aarhus.",
    "Vi vil gerne møde direktøren for Københavns Universitet.",
    "Wir möchten den Rektor der Universität Hamburg treffen.",
    "Wir möchten den Branddirektor von Kiel treffen.",
    "Wir möchten die Leiterin des Stadtarchivs in Trondheim treffen.",
    "Nous souhaitons rencontrer le recteur de l'université de Lyon.",
    "Nous souhaitons rencontrer l'archiviste de la ville de Nantes.",
    "Quisiéramos reunirnos con el rector de la Universidad de Vigo.",
    "Vorremmo incontrare il rettore dell'Università di Pisa.",
    "Chcielibyśmy spotkać się z rektorem Uniwersytetu w Gdańsku.",
    "Wij willen de rector van de Universiteit van Utrecht ontmoeten.",
    "Gostaríamos de encontrar o reitor da Universidade do Porto.",
]
HERE = [
    ("uib", "We would like to meet the rector of the university in Bergen."),
    ("uib", "We would like to meet the rector of the university in May."),
    ("uib", "We would like to meet the Rector of the University of Bergen and the rector of the University of Oslo."),
    ("uib", "Vi ønsker et møte med rektor ved universitetet i Bergen."),
    ("hvl", "We would like to meet the rector of the Western Norway University of Applied Sciences."),
    ("museum-vest", "We would like to meet the director of Museum Vest."),
    ("brannvesen", "We would like to meet the fire chief at City Hall."),
    ("brannvesen", "Vi vil treffe brannsjefen i juni."),
    ("fylkeskommunen", "Me ber om eit møte med fylkesdirektøren i Vestland."),
    ("byarkivet", "Wir möchten die Direktorin des Stadtarchivs Bergen treffen."),
    ("finans-innovasjon-eierskap", "We would like to meet the Commissioner for Finance in Bergen."),
]


@pytest.mark.parametrize("text", ELSEWHERE)
def test_the_head_of_another_places_institution_is_nobody_here(text: str) -> None:
    proposal = propose(replace(PLAIN, purpose=text), catalogue())
    assert "named" not in {reason.code for host in proposal.ranked for reason in host.reasons}
    assert (proposal.decision, proposal.flag_codes()) == ("coordinator-review", ("unclear-purpose",))


@pytest.mark.parametrize("text", ELSEWHERE)
def test_the_head_of_another_places_institution_leads_no_other_errand(text: str) -> None:
    water = "We want to learn how you renew water mains and manage stormwater."
    proposal = propose(replace(PLAIN, purpose=f"{water} {text}"), catalogue())
    assert (proposal.decision, proposal.lead) == ("route", "byutvikling")


def test_the_head_of_another_places_institution_is_no_wished_host() -> None:
    wishing = replace(PLAIN, purpose="We would like to come.", wanted_hosts=("Rector of the University of Oslo",))
    ranked = propose(wishing, catalogue()).ranked
    assert "wished" not in {reason.code for host in ranked for reason in host.reasons}


@pytest.mark.parametrize(("slug", "text"), HERE)
def test_the_head_of_an_institution_here_is(slug: str, text: str) -> None:
    proposal = propose(replace(PLAIN, purpose=text), catalogue())
    assert (proposal.decision, proposal.lead) == ("route", slug)


def test_who_writes_as_the_head_of_an_institution_elsewhere_asks_of_its_subject() -> None:
    text = "As director of the public library in Drammen I would like to see how you run a library without staff."
    assert propose(replace(PLAIN, purpose=text), catalogue()).lead == "biblioteket"
