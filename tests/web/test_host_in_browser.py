"""The host's forms on a phone, in a real browser: wrong input, a double booking, an outcome; and pages that refuse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests import cast
from tests.harness.browser import PHONE, OpenPage
from tests.web.hosting import Store, open_case

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
Axe = Callable[[Page], None]


@pytest.mark.parametrize("language", ["en", "nn"])
def test_appointment_form_with_errors_on_a_phone(
    app: Flask, store: Store, open_page: OpenPage, axe: Axe, language: str
) -> None:
    case = open_case(app, store, "planned")
    url = case.url("/appointments/new")
    page = open_page(url, language=language, width=PHONE, user=case.sessions[cast.OLA.email])
    page.locator("button[type=submit]:not([name])").last.click()
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')") is True
    axe(page)
    page.locator(".ds-error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == "title"
    page.locator("#title").fill("Lunsj")
    page.locator("#starts").fill("10:00")
    page.locator("#ends").fill("10:30")
    page.locator("button[type=submit]:not([name])").last.click()
    assert "Pipe renewal on site" in page.locator("#contact-error").inner_text()
    assert page.locator("#title").input_value() == "Lunsj"
    axe(page)


def test_programme_is_planned_and_proposed_without_a_script(app: Flask, store: Store, open_page: OpenPage) -> None:
    case = open_case(app, store)
    page = open_page("/inbox", width=PHONE, script=False, user=case.sessions[cast.OLA.email])
    page.get_by_role("button", name="Claim").click()
    page.get_by_role("link", name="Add an appointment").first.click()
    page.get_by_label("What happens?").fill("Pipe renewal on site")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Propose to the visitor").click()
    page.get_by_role("button", name="Propose to the visitor").click()
    assert "Programme proposed" in page.locator("main header").inner_text()


def test_outcome_is_recorded_without_a_script(app: Flask, store: Store, open_page: OpenPage) -> None:
    case = open_case(app, store, "completed")
    page = open_page("/inbox", width=PHONE, script=False, user=case.sessions[cast.OLA.email])
    page.get_by_role("link", name="Record what came of the visit").click()
    page.get_by_label("4 – more than expected").check()
    page.get_by_label("In words").fill("They send us their drawings.")
    page.get_by_label("What was promised?").first.fill("Send ours")
    page.get_by_role("button", name="Add another row").click()
    assert page.get_by_label("Until when?").count() == 3
    page.get_by_label("Until when?").first.fill("2027-06-30")
    page.get_by_role("button", name="Record the outcome").click()
    assert "They send us their drawings." in page.locator("main").inner_text()
    assert "Send ours" in page.locator("main").inner_text()


def test_loser_of_a_claim_reads_an_accessible_page(app: Flask, store: Store, open_page: OpenPage, axe: Axe) -> None:
    case = open_case(app, store)
    brita = open_page("/inbox", language="nn", width=PHONE, user=case.sessions[cast.BRITA.email])
    open_page("/inbox", user=case.sessions[cast.OLA.email]).locator("form[action$='/claim'] button").click()
    brita.locator("form[action$='/claim'] button").click()
    axe(brita)
    brita.locator("form[action$='/join'] button").click()
    assert brita.url.endswith(case.url("#programme"))
