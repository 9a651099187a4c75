"""A refused word, its draft, and undoing all the same, in a real browser: accessible at a desk and on a phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.city.labelled import OWN
from tests import cast
from tests.harness.browser import DESK, PHONE, OpenPage, violations
from tests.harness.web import start_server
from tests.web.office import Store, open_office
from tests.web.taught_words import TAUGHT, UNCLEAR, labelled, needing_words, put

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
BERGEN = Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen"


@pytest.fixture
def checked_city(tmp_path: Path) -> Path:
    """Bergen, whose labelled request says that nobody can know what zorbling is about."""
    city = shutil.copytree(BERGEN, tmp_path / "city", ignore=shutil.ignore_patterns("training", "cases.jsonl"))
    unclear = labelled("Z1", UNCLEAR, decision="coordinator-review", flags=["unclear-purpose"])
    (city / OWN).write_text(unclear, "utf-8")
    return city


@pytest.fixture
def server(app: Flask, settings: dict[str, str], checked_city: Path, tmp_path: Path) -> Iterator[str]:
    """A web server for that city, on this test's database."""
    url, process = start_server(settings | {"CITY_DIR": str(checked_city)}, tmp_path / "server.log")
    yield url
    process.terminate()
    process.wait()


def fits(page: Page) -> bool:
    """Whether nothing violates WCAG 2.2 AA, nor has to be scrolled sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return violations(page) == [] and wide <= 0


def test_refused_word_becomes_a_draft_and_a_needed_one_is_undone_with_a_reason(
    app: Flask, store: Store, open_page: OpenPage, server: str, checked_city: Path
) -> None:
    ada = open_office(app, store).sessions[cast.ADA.email]
    for language, width in (("en", DESK), ("nn", PHONE)):
        page = open_page(f"{server}/admin/words/edit", language=language, width=width, user=ada)
        page.locator("#word").fill(TAUGHT["word"])
        page.locator("#language").select_option("en")
        page.locator("#topic").select_option(TAUGHT["topic"])
        page.locator("form.form button").first.click()
        assert page.locator("#word-error").count() == 1
        assert page.locator("#word").input_value() == TAUGHT["word"]
        assert fits(page)
        page.locator("button[value='draft']").click()
        assert page.locator("#drafts").count() == 1
        assert fits(page)
    number = put(store, TAUGHT["word"])
    needing_words(checked_city)
    page.goto(f"{server}/admin/words?edited=y")
    page.locator(f"form[action$='/{number}/undo'] button").click()
    assert fits(page)
    page.locator("#reason").fill("Fasiten er feil.")
    page.locator(f"form[action$='/{number}/undo'] button").click()
    assert page.locator("section[aria-labelledby='latest']").get_by_text("Fasiten er feil.").count() == 1
    assert fits(page)
