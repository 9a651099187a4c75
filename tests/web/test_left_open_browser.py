"""The page that settles a visit whose days have passed, in a real browser: accessible, and reached by its button."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.core.time import now
from app.people.models import User
from app.visits import lifecycle
from tests import factories
from tests.cast import OLA
from tests.harness.browser import DESK, PHONE, OpenPage, violations
from tests.web.office import Store, open_office

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


@pytest.mark.parametrize(("language", "width", "words"), [("en", DESK, "Settle it"), ("nn", PHONE, "Avgjer det")])
def test_page_that_settles_a_visit_is_accessible(
    app: Flask, store: Store, open_page: OpenPage, language: str, width: int, words: str
) -> None:
    office = open_office(app, store)
    with store() as session:
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        ola.language = language
        visit = factories.make_visit("confirmed", user=ola, at=now())
        lifecycle.ask_for_change(visit, text="A day later, please.", at=now())
        for stop in visit.appointments:
            stop.starts_at, stop.ends_at = now() - timedelta(days=2), now() - timedelta(days=2) + timedelta(hours=1)
        ref = visit.ref
    page = open_page(f"/visits/{ref}", language=language, width=width, user=office.sessions[OLA.email])
    page.get_by_role("link", name=words).first.click()
    expect(page.locator("main form button")).to_have_count(1)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.locator("main form button").click()
    expect(page.locator("a[href$='/report']").first).to_be_visible()
