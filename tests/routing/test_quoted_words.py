"""Words are quoted as reasons where they stand, and only such as speak for the host themselves."""

from __future__ import annotations

import base64
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.city.catalogue import catalogue_from_files
from app.routing import Enquiry, propose
from app.routing.cases import read_cases
from app.routing.model import LONG, TextModel, model_of
from app.routing.text import read
from app.routing.types import Proposal, Reason

pytestmark = pytest.mark.one_engine

ROOT = Path(__file__).resolve().parents[2]
CITY = catalogue_from_files(ROOT / "app" / "city" / "data" / "bergen")
OPEN = list(read_cases((ROOT / "tests" / "cases" / "open.jsonl").read_text(encoding="utf-8").splitlines()))
PLAIN = Enquiry("E", "City of Aalst", "city", "BE", "Aalst", "", date(2027, 1, 11))


def all_reasons(proposal: Proposal) -> list[Reason]:
    holders = (*proposal.ranked, *proposal.priorities, *proposal.sdgs)
    return [reason for holder in holders for reason in holder.reasons]


def quoted(text: str, learnt: dict[str, int], *whole: str) -> tuple[str, ...]:
    """The words shown for the library by a model that learnt so much of each beginning, and some words whole."""
    weights = base64.b64encode(bytes(learnt.values())).decode("ascii")
    known = {"features": list(learnt), "rarity": [1.0] * len(learnt), "weights": weights}
    model = TextModel({"labels": [["lead", "biblioteket"]], "base": [0.0], "scale": [0.01], **known}, whole=whole)
    return model.read(read("purpose", text)).lead["biblioteket"].words


@pytest.mark.parametrize(
    ("text", "beginning", "words"),
    [
        ("We would like to see your libraries and what they lend.", "librari", ("libraries",)),
        ("Wir möchten die Bücherbusse und die Bücherhalle sehen.", "bucherb", ()),  # of any compound so begun
        ("Wir möchten wissen, was die Familienforscher bei Ihnen lesen.", "familie", ()),
        ("We would like to know how your professional readers work.", "profess", ()),
        ("Vi vil gjerne se skinnerne, som bogvognen kører på.", "skinner", ("skinnerne",)),
    ],
)
def test_a_word_of_which_only_the_beginning_was_learnt_is_not_quoted(
    text: str, beginning: str, words: tuple[str, ...]
) -> None:
    assert quoted(text, {beginning: 100}) == words


def test_a_long_word_that_was_learnt_whole_is_quoted() -> None:
    text = "Our city archivist and her archivar friends come."
    assert quoted(text, {"archivi": 100}) == ()
    assert quoted(text, {"archivi": 100}, "archivist") == ("archivist",)


def test_every_word_that_bergens_model_learnt_whole_begins_as_it_knows() -> None:
    model = model_of(CITY.model)
    known = {*model.places, *(model.leading.places if model.leading else ())}
    assert model.whole
    assert all(len(word) > LONG and word[:LONG] in known for word in model.whole)


def test_words_that_say_next_to_nothing_are_not_quoted_beside_one_that_tells() -> None:
    assert quoted("Our library has a narrow hall.", {"library": 100, "narrow": 6, "hall": 40}) == ("library", "hall")
    assert quoted("Our narrow hall.", {"narrow": 5, "hall": 5}) == ()


def test_every_quoted_word_stands_in_the_field_that_is_named() -> None:
    fields = ("purpose", "organisation", "head_title", "on_behalf_of", "relation", "event", "in_return")
    for enquiry in OPEN:
        for reason in all_reasons(propose(enquiry, CITY)):
            if reason.source in fields:
                text = unicodedata.normalize("NFC", getattr(enquiry, reason.source))
                assert [word for word in reason.words if word not in text] == [], (enquiry.id, reason)


def test_words_of_the_purpose_are_not_said_to_be_of_the_name() -> None:
    enquiry = replace(PLAIN, organisation="Coast Fisheries Council", purpose="How do you count fish, and who pays?")
    reasons = [one for one in all_reasons(propose(enquiry, CITY)) if one.source == "organisation"]
    assert {word for one in reasons for word in one.words} <= {"Coast", "Fisheries", "Council"}
    assert any("Fisheries" in one.words for one in reasons if one.code == "answers-for")
