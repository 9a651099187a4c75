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
