"""The administrator's bench: measures, errors with their reasons, files that cannot be read, comparing."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from flask import Flask

from app.city.labelled import OWN
from tests import cast
from tests.test_cli_routing import SERVICE
from tests.web.office import Store, open_office, words_of

CASES = Path(__file__).resolve().parents[1] / "cases" / "open.jsonl"


def few(count: int = 3) -> str:
    return "\n".join(CASES.read_text("utf-8").splitlines()[:count])


def test_measures_of_a_file_of_the_project(app: Flask, store: Store) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    page = words_of(browser.get(f"/admin/routing?file={OWN}").text)
    assert "Measures on cases.jsonl" in page
    assert "56 requests" in page
    assert "routing decides by the city's files alone" in page
    assert "The decision is right 100 %" in page
    assert browser.get("/admin/routing?file=../../../etc/passwd").status_code == 404


def test_error_is_listed_with_what_both_say_and_links_to_its_reasons(app: Flask, store: Store) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    case = {**SERVICE, "expected": {**SERVICE["expected"], "lead": ["brannvesen"], "flags": ["network"]}}  # type: ignore[dict-item]
    page = browser.post("/admin/routing", data={"pasted": json.dumps(case)})
    assert page.status_code == 200
    assert '<a href="#case-1"><bdi>S1</bdi></a>' in page.text
    assert 'id="case-1"' in page.text
    said = words_of(page.text)
    with store():
        people, routing = cast.host("brannvesen").name_en, cast.host("finans-innovasjon-eierskap").name_en
    assert f"S1 The right lead host comes first {people} {routing}" in said
    assert "missing: " in said
    assert "This host answers for Running the municipality." in said
    assert "<mark>citizen service" in page.text


def test_uploaded_file_is_measured_and_nothing_of_it_kept(app: Flask, store: Store) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    upload = {"upload": (io.BytesIO(few().encode()), "mine.jsonl")}
    page = browser.post("/admin/routing", data=upload, content_type="multipart/form-data")
    assert "Measures on mine.jsonl 3 requests" in words_of(page.text)


def case_of(**expected: object) -> str:
    return json.dumps({**SERVICE, "expected": {**SERVICE["expected"], **expected}})  # type: ignore[dict-item]


NO_REQUEST = '{"id": "A", "expected": {"decision": "route"}, "request": {"submitted_on": "x"}}'
NO_OBJECT = '{"id": "A", "expected": {"decision": "route"}, "request": []}'
UNREADABLE: list[tuple[str, str, str]] = [
    ("", "en", "Choose a file, or paste labelled requests."),
    ("\n{", "en", "Line 2: This is not JSON from character 2 on. Each line must be one JSON object."),
    ("\n{", "nb", "Linje 2: Dette er ikke JSON fra og med tegn 2. Hver linje må være ett JSON-objekt."),
    ("\n{", "nn", "Linje 2: Dette er ikkje JSON frå og med teikn 2. Kvar linje må vere eitt JSON-objekt."),
    ("[]", "nb", "Linje 1: Linjen må være et JSON-objekt med en «id» som er tekst."),
    ("[]", "nn", "Linje 1: Linja må vere eit JSON-objekt med ein «id» som er tekst."),
    ('{"id": "A & B"}', "en", "Line 1: In “A & B”, expected.decision must be one of route, coordinator-review"),
    ('{"id": "A & B"}', "nb", "Linje 1: I «A & B» må expected.decision være en av route, coordinator-review"),
    ('{"id": "A & B"}', "nn", "Linje 1: I «A & B» må expected.decision vere ein av route, coordinator-review"),
    (case_of(flags="x"), "nn", "Linje 1: I «S1» må expected.flags vere ei liste"),
    (f"{case_of()}\n{case_of()}", "nb", "Linje 2: Id-en «S1» forekommer to ganger."),
    (case_of(flags=["nosuchflag"]), "en", "In “S1”, expected.flags names “nosuchflag”, and no flag has that name. Wri"),
    (
        case_of(flags=["nosuchflag"]),
        "nb",
        "I «S1» nevner expected.flags «nosuchflag», og ingen merknad har det navnet.",
    ),
    (
        case_of(flags=["twin-citi"]),
        "nn",
        "ingen merknad har det namnet. Meinte du «twin-city»? Rett det, eller ta det ut.",
    ),
    (
        case_of(priorities=["9.9"]),
        "en",
        "the city's strategy has no such priority. Write one of these, or take it out: 1.1,",
    ),
    (
        case_of(priorities=["9.9"]),
        "nb",
        "byens strategi har ingen slik prioritering. Skriv en av disse, eller ta den ut: 1.1,",
    ),
    (case_of(priorities=["9.9"]), "nn", "har inga slik prioritering. Skriv ei av desse, eller ta henne ut: 1.1, 1.2,"),
    (case_of(sdgs=[18]), "en", "In “S1”, expected.sdgs names 18, and the UN goals are numbered from 1 to 17."),
    (case_of(sdgs=[0]), "nn", "I «S1» nemner expected.sdgs 0, og FN-måla er nummererte frå 1 til 17."),
    (NO_OBJECT, "en", "The request of “A” cannot be read"),
    (NO_REQUEST, "nb", "Forespørselen i «A» kan ikke leses: den må være et objekt med «submitted_on»"),
    (NO_REQUEST, "nn", "Førespurnaden i «A» kan ikkje lesast: han må vere eit objekt med «submitted_on»"),
]


@pytest.mark.parametrize(("pasted", "language", "words"), UNREADABLE)
def test_requests_that_cannot_be_read_are_refused_in_the_readers_words(
    app: Flask, store: Store, pasted: str, language: str, words: str
) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    browser.set_cookie("lang", language)
    answer = browser.post("/admin/routing", data={"pasted": pasted})
    assert answer.status_code == 422
    assert words in words_of(answer.text)


@pytest.mark.parametrize("name", ["lead", "co_hosts", "not"])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "Line 2: In “S1”, expected.{name} names “brannvesenet”, and no host of the city has that slug. "
            "Did you mean “brannvesen”? Correct it, or take it out.",
        ),
        (
            "nb",
            "Linje 2: I «S1» nevner expected.{name} «brannvesenet», og ingen av byens verter har det kortnavnet. "
            "Mente du «brannvesen»? Rett det, eller ta det ut.",
        ),
        (
            "nn",
            "Linje 2: I «S1» nemner expected.{name} «brannvesenet», og ingen av vertane i byen har det kortnamnet. "
            "Meinte du «brannvesen»? Rett det, eller ta det ut.",
        ),
    ],
)
def test_label_that_names_no_host_of_the_city_is_refused_with_its_line(
    app: Flask, store: Store, name: str, language: str, words: str
) -> None:
    """Counted silently it would be an error of routing's for ever."""
    browser = open_office(app, store).browser(cast.ADA)
    browser.set_cookie("lang", language)
    answer = browser.post("/admin/routing", data={"pasted": "\n" + case_of(**{name: ["brannvesenet"]})})
    assert answer.status_code == 422
    assert words.format(name=name) in words_of(answer.text)


def test_what_was_pasted_and_could_not_be_read_stands_there_again(app: Flask, store: Store) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    page = browser.post("/admin/routing", data={"pasted": "\n<b>{"})
    assert "&lt;b&gt;{</textarea>" in page.text
    assert "\n\n&lt;b&gt;" in page.text.replace("\r", "")
    assert (
        '<textarea class="ds-input" id="pasted" name="pasted" rows="4">\n</textarea>'
        in browser.get("/admin/routing").text
    )


def test_label_like_no_host_says_what_to_do(app: Flask, store: Store) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    page = browser.post("/admin/routing", data={"pasted": case_of(lead=["zzz-9"])})
    assert "names “zzz-9”, and no host of the city has that slug. Write the slug of one of its hosts" in words_of(
        page.text
    )


def test_file_that_is_no_text_is_refused_in_words(app: Flask, store: Store) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    upload = {"upload": (io.BytesIO(b"\xff\xfe\x00"), "mine.jsonl")}
    page = browser.post("/admin/routing", data=upload, content_type="multipart/form-data")
    assert page.status_code == 422
    assert "The file is not text in UTF-8." in words_of(page.text)


def test_more_than_a_megabyte_is_refused(app: Flask, store: Store) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    upload = {"upload": (io.BytesIO(b" " * (1024 * 1024 + 1)), "big.jsonl")}
    answer = browser.post("/admin/routing", data=upload, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "The file is larger than one megabyte." in words_of(answer.text)


def test_strange_dates_and_hostile_texts_are_measured_like_any_other(app: Flask, store: Store) -> None:
    request = {**SERVICE["request"], "submitted_on": "0001-01-01", "preferred_to": "9999-12-31"}  # type: ignore[dict-item]
    request |= {"organisation": "<script>alert(1)</script>", "purpose": "=1+1 " * 20_000}
    answer = (
        open_office(app, store)
        .browser(cast.ADA)
        .post("/admin/routing", data={"pasted": json.dumps({**SERVICE, "request": request})})
    )
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_edited_words_are_compared_with_the_files(app: Flask, store: Store) -> None:
    browser = open_office(app, store).browser(cast.ADA)
    taught = {"word": "zorbling", "language": "en", "topic": "water/pipes", "weight": "3"}
    assert browser.post("/admin/words/edit", data=taught).status_code == 303
    page = words_of(browser.post("/admin/routing", data={"pasted": json.dumps(SERVICE)}).text)
    assert "By the city's files alone" in page
    assert "What changed here makes" in page
    assert "The decision is right 100 % 100 % The same" in page


def test_only_administrators_come_in(app: Flask, store: Store) -> None:
    browser = open_office(app, store).browser(cast.KARI)
    assert browser.get("/admin/routing").status_code == 403
    posts = (
        "/admin/routing",
        "/admin/routing/learn",
        "/admin/routing/no-weights",
        "/admin/routing/versions/1/activate",
    )
    assert [browser.post(path).status_code for path in posts] == [403] * 4
