"""What nobody wants to hear of counts for no host and is quoted nowhere; a contrast still tells the subject."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.routing import propose
from app.routing.evidence import read_enquiry
from tests.routing.test_hostile_text import SOUND, catalogue

pytestmark = pytest.mark.one_engine

WANTED = "How do you look after street trees and urban woodland with a small crew?"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("We are not interested in tourism or in the museums.", "museums"),
        ("The museums are not of interest this time.", "museums"),
        ("We know all that; fire drills do not interest us.", "drills"),
        ("Eine Stadtführung für Touristen brauchen wir nicht.", "touristen"),
        ("Die Krankenpflege interessiert uns nicht.", "krankenpflege"),
        ("Le lycée ne nous concerne pas.", "lycee"),
        ("Los museos no nos interesan.", "museos"),
        ("I musei non ci interessano.", "musei"),
        ("Museene trenger vi ikke.", "museene"),
        ("Musea treng vi ikkje.", "musea"),
        ("Museerna behöver vi inte.", "museerna"),
        ("Museerne interesserer os ikke.", "museerne"),
        ("De musea interesseren ons niet.", "musea"),
        ("Muzea nas nie interesują.", "muzea"),
        ("A tour of the museums or of the aquarium is not necessary.", "museums"),
        ("Visits to museums are not requested.", "museums"),
        ("No museums, please.", "museums"),
        ("We have seen your museums already.", "museums"),
        ("The museums we can leave out.", "museums"),
        ("We do not need the harbour, nor the museums.", "museums"),
        ("Museen, Kirchen und Archive kennen wir schon.", "museen"),
        ("Auf die Museen verzichten wir gern.", "museen"),
        ("Nous n'avons pas besoin de voir les musées.", "musees"),
        ("No pedimos reuniones con los museos.", "museos"),
        ("I musei non sono necessari.", "musei"),
        ("Museene kan vi hoppe over.", "museene"),
        ("Musea tek vi ein annan gong.", "musea"),
        ("Museerna hoppar vi över.", "museerna"),
        ("Vi har ikke brug for museerne denne gang.", "museerne"),
        ("De musea hoeven niet op het programma.", "musea"),
        ("Nie przyjeżdżamy w sprawie muzeów.", "muzeow"),
        ("Não precisamos de visitar os museus.", "museus"),
    ],
)
def test_unwanted_word_is_read_by_nobody(text: str, word: str) -> None:
    reading = read_enquiry(replace(SOUND, purpose=f"{WANTED} {text}"), catalogue())
    assert word in reading.negated
    assert word not in reading.asked.folded
    assert WANTED.lower() in reading.asked.folded


def test_unwanted_word_is_no_reason_for_a_host_or_goal() -> None:
    text = f"We are not interested in tourism or in the museums. {WANTED}"
    proposal = propose(replace(SOUND, purpose=text), catalogue())
    supported = (*proposal.ranked, *proposal.priorities, *proposal.sdgs, *proposal.themes)
    quoted = {word for one in supported for reason in one.reasons for word in reason.words}
    assert quoted & {"street trees", "urban"}
    assert not quoted & {"museums", "tourism"}


def test_host_of_what_is_not_wanted_is_not_suggested() -> None:
    text = "Nous souhaitons visiter des crèches et des écoles maternelles. Le lycée ne nous concerne pas."
    ranked = [host.slug for host in propose(replace(SOUND, purpose=text, languages=("fr",)), catalogue()).ranked]
    assert (ranked[0], "fylkeskommunen" in ranked) == ("barnehage-skole-idrett", False)


def test_host_named_where_it_is_not_wanted_is_not_named_for_it() -> None:
    text = "We are teachers of nursing and wish to see your simulation ward. We do not need a meeting at the library."
    ranked = propose(replace(SOUND, purpose=text), catalogue()).ranked
    library = [host for host in ranked if host.slug == "biblioteket"]
    assert all(reason.code == "refused" for host in library for reason in host.reasons)
    assert "biblioteket" not in [host.slug for host in ranked[:3]]


def test_host_of_whose_subject_a_part_is_wanted_stays() -> None:
    text = "We would like to see the fire station and the training of your fire brigade. No ladder trucks, please."
    assert propose(replace(SOUND, purpose=text), catalogue()).lead == "brannvesen"


@pytest.mark.parametrize(
    "text",
    [
        "Not only the museums, the trees too.",
        "We use meadows instead of lawns.",
        "Vi ønsker ikke bare å se museene, men trærne òg.",
        "How does the city plant where nobody needs shade?",
        "No doubt you have the oldest trees of the country.",
    ],
)
def test_what_is_only_contrasted_is_read(text: str) -> None:
    reading = read_enquiry(replace(SOUND, purpose=text), catalogue())
    assert reading.asked.folded == reading.purpose.folded
