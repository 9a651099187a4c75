"""The pages of feeds in a real browser: a link to copy, on a phone too, in three languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from app.core.time import now
from app.extensions import db
from app.people.links import mint_link
from tests.feeds.conftest import Region
from tests.harness.browser import PHONE, OpenPage

pytestmark = pytest.mark.browser


def sign_in(region: Region, open_page: OpenPage, language: str, **window: object) -> Page:
    with region.app.app_context():
        token = mint_link("sign-in", region.ola, at=now())
        db.session.commit()
    page = open_page(f"/sign-in/{token}?lang={language}", language=language, **window)
    page.locator("main form button").click()
    page.goto("/my-feeds")
    return page


@pytest.mark.parametrize("language", ["en", "nb", "nn"])
def test_feed_pages_are_accessible_on_a_phone(
    region: Region, open_page: OpenPage, axe: Callable[[Page], None], language: str
) -> None:
    page = sign_in(region, open_page, language, width=PHONE)
    axe(page)
    page.locator("main a.ds-button").click()
    axe(page)
    page.locator("main ul.choices a[href$=place]").click()
    axe(page)
    page.fill("#name", "")
    page.locator("main form button[type=submit]").click()
    axe(page)
    assert page.locator("[data-error-summary] a").get_attribute("href") == "#name"
    page.fill("#name", "Telefonen min")
    page.locator("main form button[type=submit]").click()
    assert page.locator(".secret").count() == 2
    axe(page)
    page.locator("main a.ds-button").click()
    for fold in page.locator("main summary").all():
        fold.click()
    axe(page)


def test_feed_is_made_renewed_and_revoked_without_script(region: Region, open_page: OpenPage) -> None:
    page = sign_in(region, open_page, "en", script=False)
    page.get_by_role("link", name="Make a feed").click()
    page.get_by_role("link", name="My own visits").click()
    page.get_by_label("Your own name for it").fill("My phone")
    page.get_by_role("button", name="Make the feed").click()
    first = page.locator("#feed-https").inner_text()
    page.get_by_role("link", name="I have saved it").click()
    page.get_by_text("Make a new link for My phone").click()
    page.get_by_role("button", name="Make a new link").click()
    second = page.locator("#feed-https").inner_text()
    answers = [page.request.get(link).status for link in (first, second)]
    page.get_by_role("link", name="I have saved it").click()
    page.get_by_text("Revoke My phone").click()
    page.get_by_role("button", name="Revoke the feed").click()
    assert page.get_by_text("You have no feeds yet.").is_visible()
    assert [*answers, page.request.get(second).status] == [404, 200, 404]
