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


WHOLE_TEXT = {
    "en": "The text as a whole resembles requests that belonged here.",
    "nb": "Teksten som helhet ligner forespørsler som hørte hjemme her.",
    "nn": "Teksten som heilskap liknar førespurnader som høyrde heime her.",
}
TRAFFIC = "On Saturday our eleven planners would like to see how much traffic calming costs."
LETTERS = {
    "en": (TRAFFIC, ("much", "Saturday", "our", "traffic"), "“traffic”"),
    "nb": ("Vi er elleve som gjerne vil snakke mye om gatelys på lørdag.", ("mye", "lørdag", "gatelys"), "“gatelys”"),
    "nn": ("Me er elleve som vil snakke mykje om gatelys laurdag.", ("mykje", "laurdag", "gatelys"), "“gatelys”"),
    "de": ("Am Samstag möchten wir viel über Brücken hören.", ("Samstag", "viel", "Brücken"), "“Brücken”"),
    "fr": ("Nous voulons parler beaucoup de tramways samedi.", ("samedi", "beaucoup", "tramways"), "“tramways”"),
    "pl": ("Chcemy w sobotę dużo rozmawiać o mostach.", ("sobotę", "dużo", "mostach"), "“mostach”"),
}


@pytest.mark.parametrize("language", LETTERS)
def test_likeness_names_only_words_that_tell_a_subject(english: None, language: str) -> None:
    text, words, kept = LETTERS[language]
    reasons = [reason("resembles", "purpose", words)]
    assert reason_sentences(reasons, 0, text) == [f"Earlier requests in such words belonged here: {kept}."]
    assert [f"“{piece.text}”" for piece in marked_pieces(text, reasons) if piece.marked] == [kept]


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_telling_word_is_left_the_text_as_a_whole_is_the_reason(app: Flask, language: str) -> None:
    reasons = [reason("resembles", "purpose", ("much", "Saturday", "our"))]
    with app.test_request_context("/", headers={"Accept-Language": language}):
        assert reason_sentences(reasons, 0, TRAFFIC) == [WHOLE_TEXT[language]]
        assert [piece for piece in marked_pieces(TRAFFIC, reasons) if piece.marked] == []


SENDER = {
    "en": (
        "Requests in words like those of the title of the delegation's head belonged here: “Archivist”.",
        "The sender's name and title resemble requests that belonged here.",
    ),
    "nb": (
        "Henvendelser med ord som i tittelen til delegasjonslederen hørte hjemme her: «Archivist».",
        "Avsenderens navn og tittel ligner henvendelser som hørte hjemme her.",
    ),
    "nn": (
        "Førespurnader med ord som i tittelen til delegasjonsleiaren høyrde heime her: «Archivist».",
        "Namnet og tittelen til avsendaren liknar førespurnader som høyrde heime her.",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_the_senders_title_are_said_to_be_of_the_title(app: Flask, language: str) -> None:
    with app.test_request_context("/", headers={"Accept-Language": language}):
        telling = reason_sentences([reason("sender-resembles", "head_title", ("Archivist", "Head"))], 0, TRAFFIC)
        nothing = reason_sentences([reason("sender-resembles", "head_title", ("Head",))], 0, TRAFFIC)
    assert (telling, nothing) == ([SENDER[language][0]], [SENDER[language][1]])


def test_word_of_every_day_in_another_language_stays_a_reason(english: None) -> None:
    """ "Fire" is four in Norwegian, "war" was in German: in an English letter they are what it is about."""
    reasons = [reason("resembles", "purpose", ("fire", "war"))]
    text = "We would like to learn how your fire brigade was rebuilt after the war."
    assert reason_sentences(reasons, 0, text) == ["Earlier requests in such words belonged here: “fire” and “war”."]


def test_words_that_the_city_lists_as_typical_stay_reasons_and_its_hints_of_every_day_do_not(english: None) -> None:
    reasons = [reason("answers-for", "purpose", ("pedagogy", "old", "the best", "abroad"), 3, "schools-kindergartens")]
    text = "The old school and its pedagogy, the best, also abroad, is what we would like to see."
    assert reason_sentences(reasons, 0, text) == [
        "This host answers for Schools and kindergartens. Words in the purpose: “pedagogy”, “the best” and “abroad”."
    ]


def test_what_the_host_answers_for_is_said_beside_much_heavier_likeness(english: None) -> None:
    reasons = [
        reason("resembles", "purpose", ("library",), 3.95, "biblioteket"),
        reason("answers-for", "purpose", ("public library",), 0.36, "libraries/public-library"),
        reason("answers-for", "purpose", ("night",), 0.1, "parks/trails"),
    ]
    assert reason_sentences(reasons) == [
        "Earlier requests in such words belonged here: “library”.",
        "This host answers for Libraries. Words in the purpose: “public library”.",
    ]


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
