"""The frame of every page: language, headers, errors, menu."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from wtforms import SelectField

from app.web.headers import FIXED
from tests.harness.web import CarefulClient


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("nb-NO,nb;q=0.9", "nb"),
        ("no", "nb"),
        ("nn-NO", "nn"),
        ("fr-FR,fr;q=0.9,nn;q=0.5", "nn"),
        ("fi", "en"),
        ("", "en"),
        ("en;q=0, nb", "nb"),
    ],
)
def test_language_follows_the_browser(client: CarefulClient, wanted: str, language: str) -> None:
    page = client.get("/no-such-page", headers={"Accept-Language": wanted})
    assert f'<html lang="{language}">' in page.text


def test_chosen_language_is_kept_and_wins_over_the_browser(client: CarefulClient) -> None:
    answer = client.get("/no-such-page?x=1&lang=nn&y=a+b")
    assert (answer.status_code, answer.location) == (303, "/no-such-page?x=1&y=a+b")
    page = client.get("/no-such-page", headers={"Accept-Language": "nb"})
    assert '<html lang="nn">' in page.text


def test_address_of_a_form_leads_to_the_page_it_stands_on(client: CarefulClient) -> None:
    page = client.get("/v/some-token/messages")
    assert page.status_code == 405
    assert '<a href="/v/some-token">Go to the page</a>' in page.text
    assert 'href="/v/some-token?lang=nn"' in page.text


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "///evil.example/%2f", "/%5cevil.example"])
def test_language_choice_never_leaves_the_site(client: CarefulClient, path: str) -> None:
    location = client.get(f"http://localhost{path}?lang=nb").location
    assert location is None or (location[0] == "/" and location[1:2] not in ("/", "\\"))


def test_unknown_language_is_ignored(client: CarefulClient) -> None:
    answer = client.get("/no-such-page?lang=xx")
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (404, [])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/sign-in", 200), ("GET", "/no-such-page", 404), ("DELETE", "/sign-in", 405), ("GET", "/my-feeds", 302)],
)
def test_every_answer_carries_the_security_headers(client: CarefulClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in FIXED} == FIXED
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"cookie", "accept-language"} <= {name.lower() for name in answer.vary}


def test_too_large_a_form_gets_a_page_and_not_an_error(client: CarefulClient) -> None:
    answer = client.post("/request", data={"purpose": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "too much at once" in answer.text


def test_failure_shows_an_id_and_nothing_else(client: CarefulClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise ZeroDivisionError("secret detail")

    app = client.application
    app.config["TESTING"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "account.sign_in", fail)
    fail.access_rule = "everyone"  # type: ignore[attr-defined]
    answer = client.get("/sign-in")
    assert answer.status_code == 500
    assert "tell us this number" in answer.text
    assert [word for word in ("secret detail", "ZeroDivision", "Traceback", ".py") if word in answer.text] == []


def test_built_files_are_kept_for_a_year(client: CarefulClient) -> None:
    address = re.findall(r'href="(/static/dist/app-[A-Z0-9]+\.css)"', client.get("/sign-in").text)
    answer = client.get(address[0])
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


def test_pages_do_without_the_front_end(client: CarefulClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client.application, "static_folder", str(tmp_path))
    page = client.get("/sign-in")
    assert page.status_code == 200
    assert [tag for tag in ("<link", "<script", "<img") if tag in page.text] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Choose one of the answers in the list."),
        ("nb", "Velg et av svarene i listen."),
        ("nn", "Vel eit av svara i lista."),
    ],
)
def test_wrong_values_are_explained_in_the_readers_language(app: Flask, language: str, words: str) -> None:
    class Question(FlaskForm):
        colour = SelectField("Colour", choices=[("blue", "Blue")])

    with app.test_request_context(method="POST", data={"colour": "red"}, headers={"Accept-Language": language}):
        app.preprocess_request()
        form = Question()
        assert not form.validate_on_submit()
        assert form.colour.errors == [words]


@pytest.mark.parametrize("path", ["/", "/request", "/sign-in", "/no-such-page", "/feeds/x.ics"])
def test_foreign_host_name_gets_no_page_and_no_link(app: Flask, client: CarefulClient, path: str) -> None:
    app.config["TRUSTED_HOSTS"] = ["bergen.example.org"]
    answer = client.get(path, base_url="http://evil.example")
    assert (answer.status_code, answer.text) == (400, "There is no such page\n")
    assert client.get("/", base_url="http://bergen.example.org").status_code == 200
