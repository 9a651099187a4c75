"""The offers' clock on the pages: the deadline, its arithmetic, and that it stands still while the visitor is asked."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask

from app.core.time import now
from app.people.actors import SYSTEM
from app.visits import lifecycle
from tests import cast
from tests.factories import make_request
from tests.web.office import Store, find_visit, open_office, words_of

pytestmark = pytest.mark.usefixtures("clock")


def test_pages_show_the_offers_arithmetic_and_that_it_stands_still(
    app: Flask, store: Store, clock: time_machine.Traveller
) -> None:
    office = open_office(app, store)
    with store():
        ref = lifecycle.register(make_request(), by=SYSTEM, at=now()).ref
    clock.shift(86400)
    page = words_of(office.browser(cast.OLA).get(f"/visits/{ref}").text)
    assert "0.1 of 2 working days" in page
    assert "the host was asked; this day is not counted" in page
    with store() as session:
        lifecycle.ask_visitor(find_visit(session, ref), "How many are you?", by=SYSTEM, at=now())
    clock.shift(86400)
    host = office.browser(cast.OLA)
    assert "Standing still" in words_of(host.get(f"/visits/{ref}").text)
    inbox = words_of(host.get("/inbox").text)
    assert "your time to answer stands still" in inbox
    assert "Answer by" not in inbox
    with store() as session:
        lifecycle.answer(find_visit(session, ref), "Seven.", at=now())
    assert "Answer by" in words_of(host.get("/inbox").text)
    clock.shift(6 * 86400)
    triage = words_of(office.browser().get("/triage").text)
    assert "The host was asked; the day is not counted" in triage
    assert "Counted in part: the visitor was asked that day" in triage
