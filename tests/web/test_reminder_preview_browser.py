"""A reminder rule's mail as it will be, in a real browser: accessible at a phone's width."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.time import now
from app.people.models import User
from tests import factories
from tests.cast import ADA, OLA
from tests.harness.browser import DESK, PHONE, OpenPage, violations
from tests.web.office import Store, open_office, rule_called

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


@pytest.mark.parametrize(("language", "width"), [("en", DESK), ("nb", PHONE)])
def test_preview_is_accessible(app: Flask, store: Store, open_page: OpenPage, language: str, width: int) -> None:
    office = open_office(app, store)
    with store() as session:
        session.scalars(select(User).where(User.email == ADA.email)).one().is_coordinator = True
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        ref, rule = factories.make_visit("confirmed", user=ola, at=now()).ref, rule_called(session, "day-before").id
    address = f"/admin/reminders/{rule}/preview?visit={ref}&language={language}"
    page = open_page(address, language=language, width=width, user=office.sessions[ADA.email])
    assert page.locator(".letter .ds-button").count() == 1
    page.locator("main details summary").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
