"""The administrator's words: look up, teach, weigh anew, take out, undo, download in the files' own format."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import select

from app.city.files import read_city
from app.city.labelled import OWN
from app.core.languages import LANGUAGES
from app.routing.edits import Themes
from app.strategy.edit_models import Correction, WordEdit
from app.visits.reading import current_catalogue
from tests import cast
from tests.factories import make_visit
from tests.test_cli_routing import SERVICE
from tests.web.office import Store, open_office, user_called, words_of

TAUGHT: dict[str, Any] = {
    "word": "zorbling",
    "language": "en",
    "topic": "water/pipes",
    "weight": "3",
    "note": "",
    "visit": "",
}
FOLDER = Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen"


@pytest.fixture(autouse=True)
def one_case(app: Flask, tmp_path: Path) -> None:
    """One labelled request, that none of these words touches: edits are checked quickly."""
    city = tmp_path / "checked"
    city.mkdir()
    (city / OWN).write_text(json.dumps(SERVICE), "utf-8")
    app.config["CITY_DIR"] = str(city)


def edits(store: Store) -> list[tuple[str, str, str, float, bool]]:
    with store() as session:
        return [(e.topic, e.language, e.word, e.weight, e.removed) for e in session.scalars(select(WordEdit))]


def test_word_is_taught_shown_and_undone(app: Flask, store: Store) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    answer = browser.post("/admin/words/edit", data={**TAUGHT, "note": "From a call"}, follow_redirects=True)
    page = words_of(answer.text)
    assert "“zorbling” means Water and wastewater: pipes now." in page
    assert "1 word" in page
    assert "Taught here" in page
    assert "From a call" in page
    with store() as session:
        assert next(t for t in current_catalogue().themes if t.slug == "water").topics[0].words["en"]["zorbling"] == 3
        edit = session.scalars(select(WordEdit)).one()
        assert edit.author is not None
        assert edit.author.name == "Ada Administrator"
        number = edit.id
    undone = browser.post(f"/admin/words/{number}/undo", follow_redirects=True)
    assert "“zorbling” is as the city's files have it again." in words_of(undone.text)
    assert "No word has been changed here." in words_of(undone.text)
    assert edits(store) == []
    assert browser.post(f"/admin/words/{number}/undo").status_code == 404


def test_default_is_weighed_anew_and_taken_out_whatever_its_capitals(app: Flask, store: Store) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    form = browser.get("/admin/words/edit?topic=water/pipes&language=en&word=sewer")
    assert "In the city's files: Decides." in words_of(form.text)
    sent = {**TAUGHT, "word": "SEWER"}
    browser.post("/admin/words/edit", data={**sent, "weight": "1"})
    assert edits(store) == [("water/pipes", "en", "sewer", 1.0, False)]
    taken = browser.post("/admin/words/edit", data={**sent, "act": "take-out"}, follow_redirects=True)
    assert "Taken out" in words_of(taken.text)
    assert edits(store) == [("water/pipes", "en", "sewer", 3.0, True)]
    with store():
        pipes = next(t for t in current_catalogue().themes if t.slug == "water").topics[0]
        assert "sewer" not in pipes.words["en"]


def test_taught_word_is_found_weighed_and_taken_out_whatever_its_capitals(app: Flask, store: Store) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    browser.post("/admin/words/edit", data={**TAUGHT, "note": "From a call"})
    browser.post("/admin/words/edit", data={**TAUGHT, "word": "ZORBLING", "weight": "2"})
    assert edits(store) == [("water/pipes", "en", "zorbling", 2.0, False)]
    form = browser.get("/admin/words/edit?topic=water/pipes&language=en&word=Zorbling").text
    assert re.findall(r'checked[^>]*value="(\d)"', form) == ["2"]
    taken = browser.post("/admin/words/edit", data={**TAUGHT, "word": "Zorbling", "act": "take-out"})
    page = words_of(browser.get(taken.headers["Location"]).text)
    assert "does not mean Water and wastewater: pipes any more." in page
    assert edits(store) == [("water/pipes", "en", "zorbling", 3.0, True)]
    with store():
        pipes = next(t for t in current_catalogue().themes if t.slug == "water").topics[0]
        assert "zorbling" not in {word.casefold() for word in pipes.words["en"]}


def test_word_seen_in_a_visit_is_kept_with_it(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        visit = make_visit("received", user=user_called(session, cast.OLA))
        ref, number = visit.ref, visit.id
    browser = office.browser(cast.ADA)
    assert browser.post("/admin/words/edit", data={**TAUGHT, "visit": ref.lower()}).status_code == 303
    with store() as session:
        kept = session.scalars(select(Correction).where(Correction.kind == "word")).one()
        assert (kept.visit_id, kept.topic, kept.before, kept.after) == (number, "water/pipes", [], ["en/zorbling"])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"word": ""}, "Write a word or a phrase."),
        ({"word": "a, b"}, "Write a word of at least two letters"),
        ({"word": "ab*"}, "Write a word of at least two letters"),
        ({"word": "<b>bold</b>"}, "Write it as plain text"),
        ({"topic": "water/ice"}, "Choose"),
        ({"language": "tlh"}, "Choose"),
        ({"weight": "9"}, "Choose one of the answers in the list."),
        ({"visit": "NO-ONE"}, "No visit has this reference."),
    ],
)
def test_word_with_a_mistake_is_refused_beside_its_field(
    app: Flask, store: Store, wrong: dict[str, str], words: str
) -> None:
    answer = open_office(app, store).browser(cast.ADA).post("/admin/words/edit", data={**TAUGHT, **wrong})
    assert answer.status_code == 422
    assert words in words_of(answer.text)
    assert edits(store) == []


REFUSED = {
    "en": "“{word}” is a word of every day in some language: it stands in texts about anything. "
    "Write a rarer word, or a phrase of which it is a part.",
    "nb": "«{word}» er et hverdagsord på et eller annet språk: det står i tekster om hva som helst. "
    "Skriv et sjeldnere ord, eller et uttrykk som det er en del av.",
    "nn": "«{word}» er eit kvardagsord på eitt eller anna språk: det står i tekstar om kva som helst. "
    "Skriv eit sjeldnare ord, eller eit uttrykk som det er ein del av.",
}


@pytest.mark.parametrize("language", REFUSED)
@pytest.mark.parametrize(
    ("word", "of"), [("the", "en"), ("og", "no"), ("und", "en"), ("Saturday", "en"), ("fire", "no"), ("of the", "en")]
)
def test_word_of_every_day_is_refused_beside_its_field(
    app: Flask, store: Store, word: str, of: str, language: str
) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    browser.set_cookie("lang", language)
    answer = browser.post("/admin/words/edit", data={**TAUGHT, "word": word, "language": of})
    assert answer.status_code == 422
    assert REFUSED[language].format(word=word) in words_of(answer.text).partition("zorbling")[0]
    assert f'value="{word}"' in answer.text
    assert edits(store) == []


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("xq", "“xq” is too short to tell a subject. Write the whole word, or a phrase."),
        ("XQ", "If it is an abbreviation that visitors write in capitals, say so below; otherwise write it out."),
        ("WHO", "If it is an abbreviation that visitors write in capitals, say so below; otherwise write it out."),
    ],
)
def test_short_word_is_refused_unless_it_is_said_to_be_an_abbreviation(
    app: Flask, store: Store, word: str, words: str
) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    answer = browser.post("/admin/words/edit", data={**TAUGHT, "word": word})
    assert (answer.status_code, edits(store)) == (422, [])
    assert words in words_of(answer.text)
    confirmed = browser.post("/admin/words/edit", data={**TAUGHT, "word": word, "abbreviation": "y"})
    assert confirmed.status_code == (303 if word.isupper() else 422)
    assert [edit[2] for edit in edits(store)] == ([word] if word.isupper() else [])


@pytest.mark.parametrize(
    ("word", "topic", "act"),
    [
        ("fire", "emergency-rescue/fire", ""),  # the English file has it, though it is four in Norwegian
        ("open data", "digitalisation/data-ai", ""),
        ("old", "world-heritage/conservation", ""),  # a hint of the files may be weighed anew
        ("the", "water/pipes", "take-out"),
    ],
)
def test_word_that_the_files_have_may_be_weighed_and_any_taken_out(
    app: Flask, store: Store, word: str, topic: str, act: str
) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    sent = {**TAUGHT, "word": word, "topic": topic, "act": act}
    assert browser.post("/admin/words/edit", data=sent).status_code == 303
    assert [edit[2] for edit in edits(store)] == [word]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Health and care: staffing of care"),
        ("nb", "Helse og omsorg: bemanning i omsorgen"),
        ("nn", "Helse og omsorg: bemanning i omsorga"),
    ],
)
def test_subject_of_a_word_is_named_in_the_readers_language(
    app: Flask, store: Store, language: str, words: str
) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    browser.set_cookie("lang", language)
    assert words in words_of(browser.get("/admin/words?theme=health-care&page=1&language=en&text=workforce").text)
    assert words in words_of(browser.get("/admin/words/edit").text)


def test_every_topic_of_the_city_has_a_name_of_its_own_in_every_language(app: Flask) -> None:
    for theme in file_themes_of(app):
        for language in LANGUAGES:
            named = [topic.names.get(language, "") for topic in theme.topics]
            assert all(named)
            assert len(set(named)) == len(named)


def file_themes_of(app: Flask) -> Themes:
    themes: Themes = app.extensions["city-catalogue"].themes
    return themes


def test_list_is_filtered_by_word_theme_and_language(app: Flask, store: Store) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    page = words_of(browser.get("/admin/words?text=sewer&theme=water&language=en").text)
    assert "sewer" in page
    assert "Water and wastewater: pipes" in page
    assert "German" not in page.partition("How much it says")[2].partition("Download")[0]
    assert "No word fits." in words_of(browser.get("/admin/words?text=zorbling").text)
    assert browser.get("/admin/words?page=99999&theme=nothing&text=%00%22").status_code == 200


@pytest.mark.parametrize("language", ["en", "no", "de", "pl"])
def test_download_without_changes_reads_as_the_file_does(app: Flask, store: Store, language: str) -> None:
    answer = open_office(app, store).browser(cast.ADA).get(f"/admin/words.yaml?language={language}")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={language}.yaml"
    assert weights(answer.text) == weights((FOLDER / "words" / f"{language}.yaml").read_text("utf-8"))


def weights(text: str) -> dict[str, dict[str, float]]:
    """Word weights per topic, as routing takes them from such a file."""
    found: dict[str, dict[str, float]] = {}
    for topic, lists in yaml.safe_load(text).items():
        for weight, words in lists.items():
            for word in words.split(","):
                own = found.setdefault(topic, {})
                own[" ".join(word.split())] = max(weight, own.get(" ".join(word.split()), 0))
    return {topic: {word: weight for word, weight in own.items() if word} for topic, own in found.items()}


def test_download_put_into_the_citys_folder_gives_what_the_application_had(
    app: Flask, store: Store, tmp_path: Path
) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    browser.post("/admin/words/edit", data=TAUGHT)
    browser.post("/admin/words/edit", data={**TAUGHT, "word": "sewer", "act": "take-out"})
    browser.post("/admin/words/edit", data={**TAUGHT, "word": "rock 'n' roll & R+D*"[:-1], "weight": "2"})
    for path in FOLDER.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "en.yaml").write_text(browser.get("/admin/words.yaml?language=en").text, "utf-8")
    loaded = {theme.slug: theme for theme in read_city(tmp_path).themes}
    with store():
        for theme in current_catalogue().themes:
            for own, topic in zip(theme.topics, loaded[theme.slug].topics, strict=True):
                assert topic.words.get("en", {}) == own.words.get("en", {})
    assert loaded["water"].topics[0].words["en"]["zorbling"] == 3


def test_only_administrators_come_in(app: Flask, store: Store) -> None:
    browser = open_office(app, store).browser(cast.KARI)
    assert [browser.get(path).status_code for path in ("/admin/words", "/admin/words.yaml")] == [403, 403]
    assert browser.post("/admin/words/edit", data=TAUGHT).status_code == 403
