"""Who asks to meet the head of a host, by the title, asks for that host; the sender's own people are not meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.routing import propose
from tests.routing.test_hostile_text import catalogue
from tests.routing.test_understanding import PLAIN

pytestmark = pytest.mark.one_engine

ASKED = [
    ("uib", "We would like to meet the rektor ved UiB."),
    ("uib", "We would like to meet the rector of the University of Bergen."),
    ("uib", "Vi ber om et møte med UiBs rektor."),
    ("uib", "We would like to meet UiB's rector."),
    ("byutvikling", "Vi ønsker et møte med kommunaldirektøren for byutvikling."),
    ("bymiljoetaten", "Vi vil gjerne treffe direktøren i Bymiljøetaten."),
    ("bymiljoetaten", "Vi vil treffe Bymiljøetatens direktør."),
    ("klima-kultur-naering", "Vi ønsker å møte byråden for klima."),
    ("klima-kultur-naering", "Wir möchten die Dezernentin für Kultur treffen."),
    ("finans-innovasjon-eierskap", "We would like to meet the Commissioner for Finance."),
    ("byarkivet", "Wir möchten die Direktorin des Stadtarchivs Bergen treffen."),
    ("brannvesen", "We would like to meet the fire chief of Bergen."),
    ("brannvesen", "Vi ønsker et møte med brannsjefen i Bergen."),
    ("brannvesen", "Vi vil gerne møde brandchefen i Bergen."),
    ("brannvesen", "Nous souhaitons rencontrer le chef des pompiers de Bergen."),
    ("bymuseet", "We would like to see the director of Bymuseet."),
    ("fylkeskommunen", "Vi ber om et møte med fylkesordføreren."),
    ("fylkeskommunen", "Me ber om eit møte med fylkesdirektøren i Vestland."),
    ("barnehage-skole-idrett", "We would like to meet the school director of Bergen."),
    ("bergen-naeringsrad", "Vi vil gjerne møte administrerende direktør i Bergen næringsråd."),
    ("museum-vest", "Wij willen de directeur van het Hanseatisk museum ontmoeten."),
    ("hvl", "Quisiéramos reunirnos con el rector de HVL."),
    ("hvl", "Chcielibyśmy spotkać się z rektorem HVL."),
    ("brannvesen", "Chcielibyśmy spotkać się z brannsjefen w Bergen."),
]


@pytest.mark.parametrize(("slug", "text"), ASKED)
def test_who_asks_for_the_head_of_a_host_asks_for_the_host(slug: str, text: str) -> None:
    proposal = propose(replace(PLAIN, purpose=text), catalogue())
    assert (proposal.decision, proposal.lead, proposal.sure) == ("route", slug, True)


def test_a_head_wished_for_in_the_form_is_the_host() -> None:
    wishing = replace(PLAIN, purpose="We would like to meet them.", wanted_hosts=("Byantikvaren", "The city librarian"))
    ranked = propose(wishing, catalogue()).ranked
    asked = {"byutvikling", "biblioteket"}
    assert asked == {one.slug for one in ranked[:2]} == {one.slug for one in ranked if one.part}


def test_the_heads_of_two_hosts_are_asked_for_together() -> None:
    text = "We wish to meet the director of the Hanseatic Museum and the rector of HVL."
    proposal = propose(replace(PLAIN, purpose=text), catalogue())
    assert (proposal.lead, proposal.co_hosts) == ("museum-vest", ("hvl",))


@pytest.mark.parametrize(
    "text",
    [
        "We would like to meet you. Our delegation is led by the fire chief and the commissioner for health.",
        "We would like you to meet our fire chief.",
        "The fire chief of Aalst would like to meet you.",
        "We would like to meet you, together with the fire chief and the school director.",
        "The visit of the commissioner for culture is planned in May.",
        "Die Dezernentin für Kultur der Stadt Kassel möchte Sie treffen.",
    ],
)
def test_the_senders_own_heads_name_no_host(text: str) -> None:
    proposal = propose(replace(PLAIN, purpose=text), catalogue())
    assert "named" not in {reason.code for host in proposal.ranked for reason in host.reasons}


def test_a_told_subject_goes_before_a_title() -> None:
    text = "We would like to meet the rector of UiB about stormwater and sewers in the city."
    assert propose(replace(PLAIN, purpose=text), catalogue()).lead == "byutvikling"


def test_a_sender_who_is_a_head_teacher_asks_of_schools() -> None:
    text = "I am a rector and want to see how you run primary schools and school meals."
    assert propose(replace(PLAIN, purpose=text), catalogue()).lead == "barnehage-skole-idrett"
