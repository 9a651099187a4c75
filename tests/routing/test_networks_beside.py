"""A network or a twin city never picks who leads where the text names a subject; alone it is the subject itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.routing import propose
from tests.routing.test_hostile_text import catalogue
from tests.routing.test_understanding import PLAIN

pytestmark = pytest.mark.one_engine

WATER = "We want to learn how you renew water mains and manage stormwater."
SUBJECTS = [
    WATER,
    "We would like to see how your kindergartens work with outdoor play.",
    "We want to train with your fire brigade and see a fire station.",
    "We would like to learn how you look after elderly people with dementia.",
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_network_named_beside_a_subject_picks_no_lead(subject: str) -> None:
    alone = propose(replace(PLAIN, purpose=subject), catalogue()).lead
    networks = [one for one in catalogue().partnerships if one.kind == "network"]
    leads = {
        one.slug: propose(
            replace(PLAIN, purpose=f"{subject} We know your city from {one.names[0]}, of which we are both members."),
            catalogue(),
        ).lead
        for one in networks
    }
    assert {slug: lead for slug, lead in leads.items() if lead != alone} == {}


@pytest.mark.parametrize(
    "text",
    [
        f"Our mayor met yours in Mayors for Peace. {WATER}",
        f"We are your twin city. {WATER}",
        "Unsere Stadt kennt Sie aus dem Hansebund. Wir möchten sehen, wie Sie Wasserleitungen erneuern.",
        "Nous nous connaissons par les Maires pour la paix. Comment renouvelez-vous vos conduites d'eau potable?",
        "Vi kjenner dere fra Ordførere for fred. Vi vil se hvordan dere fornyer vannledninger.",
    ],
)
def test_how_the_sender_knows_the_city_is_not_what_it_comes_for(text: str) -> None:
    assert propose(replace(PLAIN, purpose=text), catalogue()).lead == "byutvikling"


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("We would like to talk about the UNESCO Creative Cities network of gastronomy.", "klima-kultur-naering"),
        ("We want to discuss ICORN and how you host persecuted writers.", "klima-kultur-naering"),
    ],
)
def test_network_that_is_itself_the_subject_leads(text: str, lead: str) -> None:
    assert propose(replace(PLAIN, purpose=text), catalogue()).lead == lead


def test_network_beside_a_subject_is_still_said_and_asked_to_take_part() -> None:
    text = f"{WATER} We know your city from World Urban Parks, of which we are both members."
    proposal = propose(replace(PLAIN, purpose=text), catalogue())
    assert "network" in proposal.flag_codes()
    parks = next(host for host in proposal.ranked if host.slug == "bymiljoetaten")
    assert "network" in {reason.code for reason in parks.reasons}


@pytest.mark.parametrize(
    "text",
    [
        "Our director also sits in IFLA's board.",
        "Our chief engineer is a board member of the International Water Association.",
        "The head of our delegation used to work for ICLEI in Bonn.",
        "My deputy chairs the Eurocities forum on culture.",
        "Unsere Direktorin sitzt auch im Vorstand der IFLA.",
        "Vår direktör sitter också i styrelsen för Eurocities.",
        "Direktøren vår har jobbet i ICLEI i Bonn.",
        "Notre directrice siège aussi au conseil de l'IFLA.",
        "Nuestra directora es vocal de la junta de la IFLA.",
        "Nasza dyrektorka zasiada w zarządzie IFLA.",
        "Onze directeur zit in het bestuur van Eurocities.",
    ],
)
def test_office_that_somebody_holds_in_a_network_is_no_appeal_to_it(text: str) -> None:
    proposal = propose(replace(PLAIN, purpose=f"{WATER} {text}"), catalogue())
    assert ("network" in proposal.flag_codes(), proposal.lead) == (False, "byutvikling")


@pytest.mark.parametrize(
    "text",
    [
        "As fellow members of Eurocities we ask you.",
        "Our director sits in IFLA's board and was told there to see you.",
        "Our city is on the board of Eurocities.",
        "IFLA, where two of us sit in the public libraries section, told us to come.",
        "The chair of our national IWA committee says that his counterpart works with you.",
        "Unsere Direktorin sitzt mit Ihnen im Vorstand der IFLA.",
        "Vi møtte dere på en konferanse i Eurocities.",
        "Notre directrice siège au conseil de l'IFLA, comme la vôtre.",
    ],
)
def test_office_in_a_network_that_ties_it_to_the_visit_is_one(text: str) -> None:
    assert "network" in propose(replace(PLAIN, purpose=f"{WATER} {text}"), catalogue()).flag_codes()


@pytest.mark.parametrize("name", ["Freie Hansestadt Bremen", "Hansestadt Lübeck", "Visby hansestad, tekniska kontoret"])
def test_title_of_a_town_is_no_appeal_to_the_network_of_such_towns(name: str) -> None:
    sender = replace(PLAIN, organisation=name, organisation_type="city")
    assert "network" not in propose(replace(sender, purpose=WATER), catalogue()).flag_codes()
    appeal = f"As members of the Hansa network of today we ask you. {WATER}"
    assert "network" in propose(replace(sender, purpose=appeal), catalogue()).flag_codes()
