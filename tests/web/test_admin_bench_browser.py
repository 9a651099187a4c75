"""The bench with results, and words with changes, in a real browser: accessible at a phone's width."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from tests import cast
from tests.harness.browser import DESK, MEASURED_WITHIN, PHONE, OpenPage, violations
from tests.test_cli_routing import SERVICE
from tests.web.office import Store, open_office
from tests.web.test_admin_bench_learning import moved_away

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


@pytest.mark.parametrize(("language", "width"), [("en", DESK), ("nn", PHONE)])
def test_results_and_versions_are_accessible(
    app: Flask, store: Store, open_page: OpenPage, language: str, width: int
) -> None:
    office = open_office(app, store)
    moved_away(office, store, 3)
    page = open_page("/admin/routing", language=language, width=width, user=office.sessions[cast.ADA.email])
    page.locator("form[action$='/learn'] button").click(timeout=MEASURED_WITHIN)
    wrong = {**SERVICE, "expected": {"decision": "coordinator-review", "flags": ["network"]}}
    page.locator("#pasted").fill(json.dumps(wrong))
    page.locator("form[enctype] button").click(timeout=MEASURED_WITHIN)
    assert page.locator("#errors").count() == 1
    assert page.locator("details#case-1").count() == 1
    page.locator("details#case-1 summary").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_word_is_taught_and_undone(app: Flask, store: Store, open_page: OpenPage) -> None:
    office = open_office(app, store)
    page = open_page("/admin/words", width=PHONE, user=office.sessions[cast.ADA.email])
    page.get_by_role("link", name="Teach a word").first.click()
    page.get_by_label("Word or phrase").fill("zorbling")
    page.get_by_label("Means").select_option("water/pipes")
    page.get_by_role("button", name="Save").click(timeout=MEASURED_WITHIN)
    assert page.locator("table").get_by_text("zorbling").count() == 1
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.get_by_role("button", name="Undo").click(timeout=MEASURED_WITHIN)
    assert page.get_by_text("No word has been changed here.").count() == 1
