"""The visitor's door in a real browser: at a desk and at phone width, with and without script, in three languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core.time import now
from app.people.actors import by_user
from app.people.links import mint_link
from app.visits import lifecycle
from app.visits.models import Visit
from tests import cast
from tests.factories import make_visit

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
Axe = Callable[[Page], None]


def go_on(page: Page) -> None:
    """Press the page's main button."""
    page.locator("main .buttons button").first.click()


def fill_four_steps(page: Page, check: Axe | None = None) -> None:
    """From the front page to the check, looking at each page on the way."""
    look = check or (lambda _page: None)
    page.goto("/request")
    look(page)
    page.fill("#organisation", "Gemeente Utrecht")
    page.select_option("#organisation_type", "city")
    page.select_option("#country", "NL")
    page.fill("#contact_name", "Marloes Dekkinga")
    page.fill("#contact_email", "marloes@utrecht.example.org")
    go_on(page)
    look(page)
    page.fill("#group_size", "52")
    page.check("#languages-0")
    go_on(page)
    look(page)
    page.fill("#purpose", "We want to see how you reline sewers without digging.")
    page.check("input[name=themes][value=water]")
    go_on(page)
    look(page)
    page.fill("#starts_on_1", "2027-05-10")
    page.fill("#ends_on_1", "2027-05-12")
    go_on(page)
    look(page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_request_on_a_phone_ends_as_a_visit(open_page: OpenPage, store: Any, script: bool) -> None:
    page = open_page("/", width=360, script=script)
    page.locator("main .ds-button").click()
    fill_four_steps(page)
    page.get_by_role("link", name="Change – When").click()
    page.fill("#flexibility", "Not on Thursdays.")
    page.get_by_role("button", name="Back").click()
    expect(page.locator("#purpose")).to_have_value("We want to see how you reline sewers without digging.")
    page.goto("/request/when")
    expect(page.locator("#flexibility")).to_have_value("Not on Thursdays.")
    page.goto("/request/check")
    page.wait_for_timeout(2500)  # people read before they send; robots do not
    go_on(page)
    expect(page.locator("main")).to_contain_text("marloes@utrecht.example.org")
    with store() as session:
        visit = session.scalars(select(Visit)).one()
        assert (visit.status, visit.group_size, [theme.slug for theme in visit.themes]) == ("submitted", 52, ["water"])


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("nb", 360), ("nn", 360)])
def test_form_is_usable_by_everybody(open_page: OpenPage, axe: Axe, language: str, width: int) -> None:
    page = open_page("/", language=language, width=width)
    axe(page)
    page.goto("/request")
    go_on(page)
    axe(page)  # with its error summary
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    fill_four_steps(page, axe)
    for path in ("/privacy", "/accessibility"):
        page.goto(path)
        axe(page)


def test_enter_in_a_field_goes_on_and_not_back(open_page: OpenPage) -> None:
    page = open_page("/request")
    fill_four_steps(page)
    page.goto("/request/delegation")
    page.press("#head_title", "Enter")
    expect(page).to_have_url(page.url.replace("/delegation", "/visit"))


@pytest.mark.parametrize("until", ["received", "claimed", "proposed", "confirmed"])
def test_visitors_page_is_usable_by_everybody(open_page: OpenPage, axe: Axe, store: Any, until: str) -> None:
    with store():
        (ola,) = cast.bring(cast.OLA)
        visit = make_visit(until, user=ola, at=now() - timedelta(days=1))
        if until != "received":
            lifecycle.add_delegate(visit, name="Fatima El Idrissi", needs="Step-free access", consent=True)
        if until in ("claimed", "proposed"):
            lifecycle.ask_visitor(visit, "How many are you?", by=by_user(ola, ola.hosts[0]))
        token = mint_link("visit", visit.id, at=now())
    for width in (360, 1280):
        page = open_page(f"/v/{token}", width=width)
        axe(page)
        if until == "confirmed":
            for path in ("programme", "withdraw"):
                page.goto(f"/v/{token}/{path}")
                axe(page)
    if until == "proposed":
        page.get_by_role("button", name="Accept the programme").click()
        expect(page.locator("h1")).to_have_text("Your visit is confirmed")


def test_mail_scanner_and_person_at_the_confirmation_link(open_page: OpenPage, axe: Axe, store: Any) -> None:
    with store():
        (ola,) = cast.bring(cast.OLA)
        token = mint_link("confirm-address", make_visit("submitted", user=ola, at=now()).id, at=now())
    page = open_page(f"/v/{token}/confirm", width=360)
    axe(page)
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("h1")).to_have_text("We are looking for the right host")
    axe(page)
