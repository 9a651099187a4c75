"""Reasons in words: sentences for every code that routing gives, and texts cut without losing a letter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from app.core.languages import LANGUAGES
from app.web.evidence import marked_pieces, reason_sentences
from app.web.evidence_words import SENTENCES


def reason(
    code: str, source: str = "", words: tuple[str, ...] = (), weight: float = 1.0, subject: str = ""
) -> dict[str, object]:
    return {"code": code, "source": source, "words": list(words), "weight": weight, "subject": subject}


@pytest.fixture
def english(app: Flask):  # type: ignore[no-untyped-def]
    with app.test_request_context("/"):
        yield


def test_words_of_one_field_and_subject_share_a_sentence(english: None) -> None:
    reasons = [
        reason("answers-for", "purpose", ("sewer",), 3, "water/pipes"),
        reason("answers-for", "purpose", ("stormwater",), 2, "water/stormwater"),
    ]
    expected = "This host answers for Water and wastewater. Words in the purpose: “sewer” and “stormwater”."
    assert reason_sentences(reasons) == [expected]


def test_a_word_found_in_several_spellings_is_said_once(english: None) -> None:
    reasons = [
        reason("answers-for", "purpose", ("Miljø", "Teknik"), 3, "water/pipes"),
        reason("answers-for", "purpose", ("miljø", "Miljø "), 2, "water/stormwater"),
    ]
    expected = "This host answers for Water and wastewater. Words in the purpose: “Miljø” and “Teknik”."
    assert reason_sentences(reasons) == [expected]


def test_heaviest_reason_comes_first_and_feathers_are_left_out(english: None) -> None:
    reasons = [
        reason("ticked", "themes", (), 1, "water"),
        reason("wished", "wanted_hosts", ("the water people",), 4),
        reason("words", "purpose", ("streets",), 0.06, "mobility"),
    ]
    assert reason_sentences(reasons) == [
        "They wish to meet this host: “the water people”.",
        "They ticked the theme Water and wastewater.",
    ]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            reason("no-such-code", "purpose", ("x",), 1, "water"),
            "Words in the purpose point to Water and wastewater: “x”.",
        ),
        (reason("no-such-code", "purpose", ("x",)), "Words in the purpose: “x”."),
        (reason("no-such-code", "", (), 1, "water"), "It has to do with Water and wastewater."),
        (reason("no-such-code", "purpose"), "This follows from the purpose."),
        (reason("languages", "languages", ("pl", "uk")), "Languages they speak: Polish and Ukrainian."),
        (
            reason("notice", "windows", ("2027-05-10/2027-05-12",), 12.0),
            "Days from the request to the first wished date: 12.",
        ),
        (reason("dates", "windows", ("2027-05-10/2027-05-12",)), "All wished dates are past: 10–12 May 2027."),
    ],
)
def test_reason_becomes_a_sentence(english: None, given: dict[str, object], sentence: str) -> None:
    assert reason_sentences([given]) == [sentence]


def test_every_code_of_routing_has_a_sentence() -> None:
    sources = (Path(__file__).resolve().parents[2] / "app" / "routing").glob("*.py")
    codes = {code for path in sources for code in re.findall(r'Reason\(\s*"([a-z-]+)"', path.read_text("utf-8"))}
    assert "answers-for" in codes
    assert codes - {key.split("/")[0] for key in SENTENCES} == set()


def test_reason_that_says_nothing_is_left_out(english: None) -> None:
    assert reason_sentences([reason("no-such-code"), {}]) == []


def test_visitors_percent_signs_and_markup_stay_text(english: None) -> None:
    words = ("%(subject)s", "<b>", "{0}")
    assert reason_sentences([reason("said", "purpose", words)]) == [
        "Words in the purpose: “%(subject)s”, “<b>” and “{0}”."
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_the_same_placeholders_in_every_language(app: Flask, language: str) -> None:
    placeholder = re.compile(r"%\((\w+)\)[sd]")
    with app.test_request_context("/"):
        english = {key: sorted(placeholder.findall(str(words))) for key, words in SENTENCES.items()}
    with app.test_request_context("/", headers={"Accept-Language": language}):
        assert {key: sorted(placeholder.findall(str(words))) for key, words in SENTENCES.items()} == english


@pytest.mark.parametrize("text", ["Sewer, SEWER and sewers", "", "no such word", "a sewer\n\n<b>sewer</b> &amp;"])
def test_pieces_joined_are_the_text_again(text: str) -> None:
    reasons = [reason("words", "purpose", ("sewer",))]
    assert "".join(piece.text for piece in marked_pieces(text, reasons)) == text


def test_pieces_mark_whole_beginnings_of_words_only() -> None:
    pieces = marked_pieces("Sewer and presewer", [reason("words", "purpose", ("sewer",))])
    assert [piece.text for piece in pieces if piece.marked] == ["Sewer"]
