"""A sender's rank, and the kind of town or firm it is, name no subject and are shown as no reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.city.catalogue import catalogue_from_files
from app.routing import Enquiry, Proposal, propose
from app.routing.evidence import read_enquiry

pytestmark = pytest.mark.one_engine

CITY = catalogue_from_files(Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen")
LIBRARY = "We would like to learn about your public library and its work with children."


def routed(purpose: str, name: str, title: str = "", country: str = "BE", city: str = "") -> Proposal:
    city = city or name.split()[-1]
    return propose(Enquiry("E", name, "city", country, city, purpose, date(2027, 1, 11), head_title=title), CITY)


def shown_of_sender(found: Proposal) -> Iterator[str]:
    """The words of the sender's name and title that are shown as a reason for anything."""
    for one in (*found.ranked, *found.priorities, *found.sdgs, *found.themes):
        for reason in one.reasons:
            if reason.source in ("organisation", "head_title") or reason.code == "sender-resembles":
                yield from reason.words


@pytest.mark.parametrize(
    ("name", "country"),
    [("Hansestadt Rostock", "DE"), ("Freie Hansestadt Bremen", "DE"), ("Hanzestad Deventer", "NL"),
     ("Hanseatic City of Wismar", "DE"), ("Miasto Hanzeatyckie Elbląg", "PL"), ("Ville hanséatique de Lübeck", "DE")],
)  # fmt: skip
@pytest.mark.parametrize(
    ("purpose", "lead"),
    [("Wir möchten Ihre Feuerwehr kennenlernen.", "brannvesen"), (LIBRARY, "biblioteket"),
     ("How do you look after parks and trees?", "bymiljoetaten"),
     ("We want to hear how you renew sewers.", "byutvikling")],
)  # fmt: skip
def test_a_hanseatic_city_asks_of_anything(name: str, country: str, purpose: str, lead: str) -> None:
    found = routed(purpose, name, country=country)
    assert (found.lead, {"museum-vest"} & {*found.co_hosts, found.lead}) == (lead, set())


def test_who_asks_of_the_hansa_meets_its_museum_all_the_same() -> None:
    purpose = "Wir möchten das Hanseatische Museum und Bryggen, das Kontor der hansischen Kaufleute, sehen."
    assert routed(purpose, "Hansestadt Rostock", country="DE").lead == "museum-vest"


@pytest.mark.parametrize(
    ("name", "country"),
    [("Stad Gent", "BE"), ("Landkreis Harburg", "DE"), ("Halifax Partners", "CA"),
     ("Powiat Gdańsk", "PL"), ("Comarca de Osona", "ES"), ("Province de Namur", "BE"), ("Fylket Troms", "NO")],
)  # fmt: skip
def test_a_kind_of_sender_is_no_subject(name: str, country: str) -> None:
    found = routed(LIBRARY, name, country=country)
    assert (found.lead, found.co_hosts, list(shown_of_sender(found))) == ("biblioteket", (), [])


@pytest.mark.parametrize(
    ("name", "country"),
    [("Instituto Provincial Teruel", "ES"), ("Istituto Provinciale Rieti", "IT"), ("Departement Vier Gent", "BE"),
     ("Institut départemental Mende", "FR"), ("Instytut Wojewódzki Opole", "PL")],
)  # fmt: skip
def test_what_an_institution_belongs_to_is_no_subject(name: str, country: str) -> None:
    asker = Enquiry("E", name, "city", country, "", "How do you keep storm surge out?", date(2027, 1, 11))
    told = {one.topic for one in read_enquiry(asker, CITY).evidence if one.source == "organisation"}
    assert "business-investment/regional-development" not in told
    assert "fylkeskommunen" not in propose(asker, CITY).co_hosts


@pytest.mark.parametrize(
    ("title", "country"),
    [("Senior adviser", "GB"), ("Director", "GB"), ("Deputy Director", "GB"), ("Managing Director", "GB"),
     ("Project manager", "GB"), ("Chair", "GB"), ("Board member", "GB"), ("Head of Department", "GB"),
     ("Head of unit", "GB"), ("Directrice", "FR"), ("Chargée de mission", "FR"), ("Referatsleiterin", "DE"),
     ("Seniorrådgiver", "NO"), ("Projektledare", "SE"), ("Specialkonsulent", "DK"),
     ("Dirigente", "IT"), ("Kierownik projektu", "PL"), ("Beleidsmedewerker", "NL"), ("Chefe de projeto", "PT")],
)  # fmt: skip
def test_a_rank_is_no_subject(title: str, country: str) -> None:
    found = routed(LIBRARY, "Aalst", title, country, "Aalst")
    assert (found.lead, found.co_hosts, list(shown_of_sender(found))) == ("biblioteket", (), [])


def test_a_title_that_names_a_subject_still_tells_it() -> None:
    assert "Fire" in " ".join(shown_of_sender(routed(LIBRARY, "Aalst", "Director, Fire and Rescue Service")))


@pytest.mark.parametrize("title", ["Museum director", "Theatre Director", "Director of the City Theatre"])
def test_a_director_of_something_tells_it(title: str) -> None:
    assert "director" in " ".join(shown_of_sender(routed(LIBRARY, "Aalst", title, "GB", "Aalst"))).lower()


@pytest.mark.parametrize(
    "text",
    [
        "The director and two colleagues would like to learn about your fire service.",
        "Our directors want to hear how the fire brigade works.",
        "Together with the director of the agency we come to see the fire station.",
    ],
)
def test_a_director_in_the_text_is_no_subject(text: str) -> None:
    found = routed(text, "Aalst", "", "GB", "Aalst")
    assert (found.lead, {"arts-culture", "governance"} & {theme.code for theme in found.themes}) == (
        "brannvesen",
        set(),
    )


def test_who_directs_a_play_is_of_the_stage() -> None:
    text = "Our director and our actors want to see how your theatre rehearses."
    told = read_enquiry(Enquiry("E", "Aalst", "other", "GB", "Aalst", text, date(2027, 1, 11)), CITY).evidence
    assert ("arts-culture/performing", ("director",)) in {(one.topic, one.words) for one in told}


def test_a_main_interest_is_no_water_main() -> None:
    found = routed("Our main interest is the fire service.", "City of Aalst")
    shown = {word for one in found.ranked for reason in one.reasons for word in reason.words}
    assert (found.lead, {"main", "interest"} & shown) == ("brannvesen", set())
