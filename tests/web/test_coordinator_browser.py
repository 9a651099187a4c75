"""A coordinator at a phone's width and without script: from a telephone call to a decline with dignity."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests import cast
from tests.harness.browser import DESK, PHONE, OpenPage
from tests.web.office import Store, find_visit, open_office

pytestmark = pytest.mark.browser


def test_request_by_telephone_is_registered_and_declined(app: Flask, store: Store, open_page: OpenPage) -> None:
    office = open_office(app, store)
    page = open_page("/triage", width=PHONE, script=False, user=office.sessions[cast.KARI.email])
    page.get_by_role("link", name="Register a request").click()
    page.get_by_role("button", name="Register the request").click()
    page.get_by_role("link", name="Organisation: Write the name of your organisation.").click()
    page.get_by_label("Organisation", exact=True).fill("Kerb Technologies")
    page.get_by_label("What kind of organisation is it?").select_option("business")
    page.get_by_label("Country").select_option("GB")
    page.get_by_label("The contact's name").fill("Sam Seller")
    page.get_by_label("The contact's e-mail address").fill("sam@kerb.example.org")
    page.get_by_label("How many people will come?").fill("2")
    page.get_by_label("English", exact=True).last.check()
    page.get_by_label("What do you want to learn, show or agree on?").fill("We sell parking sensors.")
    page.get_by_label("First day").first.fill("2027-06-08")
    page.get_by_role("button", name="Register the request").click()
    ref = page.url.rsplit("/", 1)[1]
    page.get_by_role("link", name="Decline").click()
    page.get_by_label("Sales visit").check()
    page.get_by_role("button", name="See what the visitor will read").click()
    assert page.get_by_text("The chamber of commerce and Innovation Norway arrange meetings").first.is_visible()
    page.get_by_role("button", name="Decline and send this").click()
    assert page.get_by_role("status").get_by_text("The request is declined").is_visible()
    with store() as session:
        visit = find_visit(session, ref)
        assert (visit.status, visit.closing_reason, visit.source) == ("declined", "commercial", "coordinator")


def test_filters_are_folded_on_a_phone_and_open_at_a_desk(app: Flask, store: Store, open_page: OpenPage) -> None:
    kari = open_office(app, store).sessions[cast.KARI.email]
    for path in ("/visits", "/board"):
        phone, desk = (open_page(path, width=width, script=False, user=kari) for width in (PHONE, DESK))
        words = ".filters [name=text]"
        assert (phone.locator(words).is_visible(), desk.locator(words).is_visible()) == (False, True)
        phone.get_by_text("Filter", exact=True).click()
        expect(phone.locator(words)).to_be_visible()
        phone.locator(words).fill("Utrecht")
        phone.locator(words).press("Enter")
        expect(phone.get_by_text("Filter (1 in use)")).to_be_visible()
