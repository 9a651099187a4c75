"""Read alike in all languages: Portuguese, words without accents, "to learn", and "anything but"."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from app.routing.evidence import read_enquiry
from tests.routing.test_flags_in_many_words import bergen, flags, request, routed

pytestmark = pytest.mark.one_engine
ROWS = yaml.safe_load((Path(__file__).parent / "many_tongues.yaml").read_text(encoding="utf-8"))
SENDER = {"country": "PT", "city": "Aveiro", "organisation": "Município de Aveiro", "languages": ("pt", "en")}


def topics(purpose: str, **fields: str) -> set[str]:
    evidence = read_enquiry(request(purpose, **fields), bergen()).evidence
    return {one.topic for one in evidence if one.source == "purpose"}


@pytest.mark.parametrize(("lead", "purpose"), ROWS["leads"])
def test_portuguese_text_finds_its_host(lead: str, purpose: str) -> None:
    proposal = routed(purpose, **SENDER)
    assert (proposal.lead, "unclear-purpose" in proposal.flag_codes()) == (lead, False)


def test_portuguese_has_words_for_every_topic_that_spanish_has_words_for() -> None:
    words = [theme_topic.words for theme in bergen().themes for theme_topic in theme.topics]
    assert [bool(one.get("pt")) for one in words] == [bool(one.get("es")) for one in words]


@pytest.mark.parametrize(
    ("with_accents", "without"),
    [
        ("Quisiéramos conocer la gestión de residuos.", "Quisieramos conocer la gestion de residuos."),
        ("Gostaríamos de ver a educação infantil.", "Gostariamos de ver a educacao infantil."),
        ("Nous étudions la médiation culturelle.", "Nous etudions la mediation culturelle."),
        ("Interesują nas oświata i żłobki.", "Interesuja nas oswiata i zlobki."),
    ],
)
def test_words_typed_without_accents_are_the_same_words(with_accents: str, without: str) -> None:
    assert topics(without) == topics(with_accents) != set()


@pytest.mark.parametrize(
    "purpose",
    [
        "We want to learn from you and are eager to learn more. Learning matters to us.",
        "Wir wollen von Ihnen lernen. Das Lernen voneinander ist uns wichtig.",
        "Vi vil lære av dere og tror på gjensidig læring.",
        "Me vil lære av dykk og har mykje å lære.",
        "Vi vill lära av er. Vi lär oss gärna, och lärandet är ömsesidigt.",
        "Vi vil gerne lære af jer; gensidig læring er vigtig for os.",
        "Nous voulons apprendre de vous. Nous apprenons volontiers.",
        "Queremos aprender de ustedes. Aprendemos con gusto.",
        "Vorremmo imparare da voi e apprendere di più.",
        "Chcemy uczyć się od Państwa i nauczyć się więcej.",
        "Wij willen van u leren. Wij leren graag bij.",
        "Queremos aprender convosco. Aprendemos com gosto.",
    ],
)
def test_who_wants_to_learn_names_no_subject(purpose: str) -> None:
    assert topics(purpose) == set()
    assert "unclear-purpose" in flags(purpose)


@pytest.mark.parametrize(
    ("topic", "purpose"),
    [
        ("schools-kindergartens/special-needs", "How do you support pupils with learning disabilities?"),
        ("schools-kindergartens/primary", "Wir möchten Ihre Lernmittel und Lernumgebungen sehen."),
        ("schools-kindergartens/primary", "Vi vil se læringsmiljøet."),
        ("digitalisation/data-ai", "What do you do with machine learning?"),
    ],
)
def test_words_of_teaching_are_subjects(topic: str, purpose: str) -> None:
    assert topic in topics(purpose)


@pytest.mark.parametrize("purpose", ROWS["anything_but"])
def test_anything_but_tourism_asks_for_the_other(purpose: str) -> None:
    proposal = routed(purpose)
    assert proposal.lead == "byarkivet"
    assert "bergen-reiselivslag" not in [host.slug for host in proposal.ranked]
    assert not any(topic.startswith("tourism/") for topic in topics(purpose))


@pytest.mark.parametrize(("flag", "raised", "kind", "purpose"), ROWS["flags"])
def test_portuguese_text_raises_its_flags(flag: str, raised: bool, kind: str, purpose: str) -> None:
    assert (flag in flags(purpose, **{**SENDER, "organisation": "Alvorada", "organisation_type": kind})) == raised


@pytest.mark.parametrize("purpose", ROWS["first_visits"])
def test_first_visit_is_no_return(purpose: str) -> None:
    assert "returning-visitor" not in flags(purpose)


@pytest.mark.parametrize(("lead", "purpose"), ROWS["not_but"])
def test_not_this_but_that_asks_for_that(lead: str, purpose: str) -> None:
    proposal = routed(purpose)
    assert (proposal.lead, "byarkivet" in [host.slug for host in proposal.ranked]) == (lead, False)


@pytest.mark.parametrize(
    "purpose", ["Not only the archives but the library too.", "We have no archive yet, but want to build one."]
)
def test_not_only_and_not_yet_still_ask(purpose: str) -> None:
    assert "archives/records" in topics(purpose)


@pytest.mark.parametrize("organisation", ROWS["kinds"])
def test_kind_of_organisation_is_no_subject(organisation: str) -> None:
    enquiry = request("We would like to meet colleagues.", organisation=organisation, organisation_type="ngo")
    assert [one.topic for one in read_enquiry(enquiry, bergen()).evidence if one.source == "organisation"] == []


@pytest.mark.parametrize(
    ("organisation", "kind", "city", "purpose"),
    [
        ("Institute", "university", "Utrecht", "We compare Aarhus, Ghent and Bergen in how they run their archives."),
        ("Institute", "university", "Aarhus", "We build digital twins and look for a sister institute."),
        ("Ministry", "national-government", "Den Haag", "Like our sister cities Aarhus and Turku we visit Bergen."),
    ],
)
def test_twin_city_named_or_twins_of_another_kind_are_no_twin(
    organisation: str, kind: str, city: str, purpose: str
) -> None:
    sender = {"organisation": organisation, "organisation_type": kind, "city": city, "country": "DK"}
    assert "twin-city" not in flags(purpose, **sender)


@pytest.mark.parametrize(("country", "purpose"), ROWS["women_writers"])
def test_women_who_write_are_writers(country: str, purpose: str) -> None:
    assert any(topic.startswith("literature-expression/") for topic in topics(purpose, country=country))
    assert routed(purpose, country=country).lead == "klima-kultur-naering"
