"""One typing error in a word, and what stands inside a long compound, do not hide the subject."""

from __future__ import annotations

import random
import tracemalloc
from dataclasses import replace
from string import ascii_lowercase

import pytest

from app.routing import propose
from app.routing.spelling import Spelling
from tests.routing.test_hostile_text import catalogue
from tests.routing.test_understanding import PLAIN

pytestmark = pytest.mark.one_engine

MISTYPED = {
    "Visit to the publik libary and its childrens deparment, please.": "biblioteket",
    "We want to hear about toursim statistics and crusie ships.": "bergen-reiselivslag",
    "Our nurses want visit nursng homes and homecare.": "helse-omsorg",
    "Wir möchten die Feuerwer und ihre Leitstele sehen.": "brannvesen",
    "We want to see the archieves and how you keep old documents digitaly.": "byarkivet",
    "Vi vil besøke bibloteket og barneavdelingen.": "biblioteket",
    "Queremos visitar la bibilioteca pública.": "biblioteket",
    "Vorremmo visitare la bibiloteca pubblica.": "biblioteket",
}
COMPOUNDS = {
    "Im Mittelpunkt stehen Trinkwasserversorgungssicherheit und Leitungserneuerungsstrategien.": "byutvikling",
    "Unsere Themen: Wohnungslosenhilfestrukturen und Sozialwohnungsvergabeverfahren.": "sosial-bolig-inkludering",
    "Vi är intresserade av grundskolelärarutbyten.": "barnehage-skole-idrett",
    "Kollektivtransportfinansiering og hurtigbåtelektrifisering.": "fylkeskommunen",
    "Drinkwatervoorzieningszekerheid is ons onderwerp.": "byutvikling",
    "Vi vil høre om drikkevandsforsyningssikkerhed.": "byutvikling",
}


@pytest.mark.parametrize(("text", "slug"), (MISTYPED | COMPOUNDS).items())
def test_subject_is_found(text: str, slug: str) -> None:
    proposal = propose(replace(PLAIN, purpose=text), catalogue())
    assert (proposal.lead, "unclear-purpose" in proposal.flag_codes()) == (slug, False)


def test_libraries_and_archives_with_a_wrong_accent_and_a_missing_letter() -> None:
    proposal = propose(replace(PLAIN, purpose="Nous voulons voir la bibliothéque et les archves."), catalogue())
    assert {proposal.lead, *proposal.co_hosts} >= {"biblioteket", "byarkivet"}


@pytest.mark.parametrize("typed", ["libary", "librrary", "lirbary", "librari", "ilbrary"])
def test_one_error_is_found(typed: str) -> None:
    spelling = Spelling()
    spelling.add("library", "librari")
    assert spelling.stem_of(typed) == "librari"


@pytest.mark.parametrize("typed", ["binary", "liberal", "library", "bibrary", "libr"])
def test_two_errors_and_another_first_letter_are_another_word(typed: str) -> None:
    spelling = Spelling()
    spelling.add("library", "librari")
    assert spelling.stem_of(typed) == ""


def test_of_several_words_the_one_that_lost_a_letter_goes_first_and_of_these_the_one_known_first() -> None:
    spelling = Spelling()
    for word in ("planter", "plaster", "elector", "lecturer", "lecturr"):
        spelling.add(word, word)
    assert spelling.stem_of("plater") == "planter"
    assert spelling.stem_of("lecturrr") == "lecturr"
    assert spelling.stem_of("lector") == "elector"


def test_knowing_words_costs_little_memory() -> None:
    letters = random.Random(5)
    words = ["".join(letters.choices(ascii_lowercase, k=letters.randint(7, 14))) for _ in range(2000)]
    tracemalloc.start()
    spelling = Spelling()
    for word in words:
        spelling.add(word, word)
    used, _most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spelling.stem_of(words[0][:3] + words[0][4:])
    assert used < 1_000_000


@pytest.mark.parametrize("text", ["We want to hear of horses and boots.", "We break bread with your fellows."])
def test_words_that_only_look_alike_name_no_subject(text: str) -> None:
    assert "unclear-purpose" in propose(replace(PLAIN, purpose=text), catalogue()).flag_codes()
