"""The frame in a real browser: nothing to complain about for people who read with a screen reader or on a phone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.cast import KARI, OLA, bring
from tests.harness.browser import PHONE, OpenPage

Store = Callable[[], AbstractContextManager[Session]]
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


@pytest.mark.parametrize("language", ["en", "nb", "nn"])
def test_the_longest_menu_takes_one_line_on_a_desk_and_opens_without_script(
    open_page: OpenPage, store: Store, language: str
) -> None:
    """A coordinator who is an administrator and has a host: every entry there is."""
    with store():
        (ola,) = bring(OLA)
        ola.is_coordinator = ola.is_admin = True
        ola.language = language
        user = ola.get_id()
    page = open_page("/today", user=user, script=False)
    assert page.locator("html").get_attribute("lang") == language
    entries, more = page.locator(".site-nav .menu > ul > li"), page.locator(".site-nav .menu-more")
    tops = {entry.bounding_box()["y"] for entry in entries.all()}  # type: ignore[index]
    assert (len(tops), entries.count() + more.locator("a").count() - 1) == (1, 15)
    expect(more.locator("a[href='/admin']")).not_to_be_visible()
    more.locator("summary").press("Enter")
    expect(more.locator("a[href='/admin']")).to_be_visible()
    more.locator("a[href='/admin']").click()
    expect(more.locator("summary")).to_have_attribute("aria-current", "true")


def test_menu_opened_is_accessible_and_on_a_phone_holds_every_entry_at_once(
    open_page: OpenPage, axe: Callable[[Page], None], store: Store
) -> None:
    with store():
        (kari,) = bring(KARI)
        user = kari.get_id()
    desk = open_page("/today", user=user)
    desk.locator(".site-nav .menu-more > summary").click()
    axe(desk)
    page = open_page("/today", width=PHONE, user=user)
    page.locator(".site-nav .menu > summary").click()
    expect(page.locator(".site-nav a[href='/replies']")).to_be_visible()
    expect(page.locator(".site-nav .menu-more > summary")).not_to_be_visible()
    axe(page)
