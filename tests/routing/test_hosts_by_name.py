"""A host called by one of its names leads where no other subject is told; a name's words tell no other subject."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.routing import propose
from tests.routing.test_hostile_text import catalogue
from tests.routing.test_understanding import PLAIN

pytestmark = pytest.mark.one_engine

TEXTS = (
    "We would like to have a meeting with {} and hear about their work.",
    "Vi ønsker et møte med {} når vi er i Bergen.",
    "Nous aimerions rencontrer {} et connaître son travail.",
    "Wir möchten {} besuchen.",
    "Meeting with {}",
)
NAMES = {
    "UiB": "uib",
    "HVL": "hvl",
    "Grønn etat": "bymiljoetaten",
    "VNB": "vnb",
    "Vestlandets Europakontor": "vnb",
    "Plan- og bygningsetaten": "byutvikling",
    "Introduksjonssenteret": "sosial-bolig-inkludering",
    "IKT Konsern": "finans-innovasjon-eierskap",
    "Etat for skole": "barnehage-skole-idrett",
    "Climate Agency": "klima-kultur-naering",
    "Byrådsavdeling for helse og omsorg": "helse-omsorg",
    "Museum Vest": "museum-vest",
    "Ordførerens kontor": "bystyrets-kontor",
    "Internasjonalt kontor": "byradsleder",
}


@pytest.mark.parametrize(("name", "slug"), NAMES.items())
@pytest.mark.parametrize("text", TEXTS)
def test_host_named_in_the_text_leads(text: str, name: str, slug: str) -> None:
    proposal = propose(replace(PLAIN, purpose=text.format(name)), catalogue())
    assert (proposal.decision, proposal.lead, proposal.sure) == ("route", slug, True)
    assert "unclear-purpose" not in proposal.flag_codes()


@pytest.mark.parametrize(("name", "slug"), NAMES.items())
def test_host_wished_for_leads(name: str, slug: str) -> None:
    proposal = propose(replace(PLAIN, purpose="We would like to meet them.", wanted_hosts=(name,)), catalogue())
    assert (proposal.decision, proposal.lead) == ("route", slug)


def test_every_host_leads_by_each_of_its_names() -> None:
    missed = []
    for host in catalogue().hosts:
        for name in host.names:
            if propose(replace(PLAIN, purpose=TEXTS[0].format(name)), catalogue()).lead != host.slug:
                missed.append((host.slug, name))
    assert missed == []


def test_several_hosts_are_asked_for_together() -> None:
    proposal = propose(replace(PLAIN, purpose="We would like to meet UiB and the fire department."), catalogue())
    assert (proposal.lead, proposal.co_hosts) == ("uib", ("brannvesen",))


def test_a_told_subject_goes_before_a_name() -> None:
    text = "We want a meeting with Internasjonalt kontor about stormwater and sewers."
    assert propose(replace(PLAIN, purpose=text), catalogue()).lead == "byutvikling"


@pytest.mark.parametrize(
    "text",
    [
        "We would like a general meeting, but not with UiB.",
        "Our HVL would like to see you and exchange experience.",
        "We come from the Handelskammeret i Oslo and would like to see you.",
    ],
)
def test_a_name_that_is_not_meant_leads_nothing(text: str) -> None:
    assert "unclear-purpose" in propose(replace(PLAIN, purpose=text), catalogue()).flag_codes()
