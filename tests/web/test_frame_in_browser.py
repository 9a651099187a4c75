"""The frame in a real browser: nothing to complain about for people who read with a screen reader or on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.harness.browser import PHONE, OpenPage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["en", "nb", "nn"])
@pytest.mark.parametrize("path", ["/sign-in", "/no-such-page"])
def test_frame_is_accessible_on_a_phone(
    open_page: OpenPage, axe: Callable[[Page], None], path: str, language: str
) -> None:
    page = open_page(path, language=language, width=PHONE)
    assert page.locator("html").get_attribute("lang") == language
    axe(page)


def test_language_switch_works_without_script(open_page: OpenPage) -> None:
    page = open_page("/sign-in?then=/visits", script=False)
    page.get_by_role("link", name="Nynorsk").click()
    assert page.url.endswith("/sign-in?then=%2Fvisits")
    assert page.locator("html").get_attribute("lang") == "nn"
    page.goto("/no-such-page")
    assert page.locator("html").get_attribute("lang") == "nn"


def test_what_was_typed_survives_the_language_switch(open_page: OpenPage) -> None:
    page = open_page("/sign-in")
    page.get_by_label("Your e-mail address").fill("ola@example.org")
    page.get_by_role("link", name="Nynorsk").click()
    field = page.locator("main input[type=text], main input[type=email]").first
    expect(field).to_have_value("ola@example.org")
    assert page.evaluate("sessionStorage.length") == 0
    page.get_by_role("link", name="English").click()
    page.get_by_label("Your e-mail address").fill("")
    page.reload()
    expect(page.get_by_label("Your e-mail address")).to_have_value("")


def test_first_tab_stop_leads_to_the_content(open_page: OpenPage) -> None:
    page = open_page("/sign-in")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_page_reads_as_plain_html_when_the_front_end_is_not_built(open_page: OpenPage) -> None:
    page = open_page("/sign-in", script=False)
    page.route("**/*.css", lambda route: route.abort())
    page.reload()
    assert page.get_by_role("main").get_by_role("heading", level=1).is_visible()
