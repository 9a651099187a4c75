"""Both previews of mails: about which visit, chosen or typed, the next one to begin with; and what is switched off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from app.core.time import now
from app.notifications.event_lines import find_line
from app.notifications.events import switch
from app.notifications.samples import AT_HAND
from app.people.models import User
from app.visits.models import Visit
from tests import factories
from tests.cast import ADA, OLA
from tests.web.office import Office, Store, number_of, open_office, rule_called

EVENT = "/admin/reminders/when/accept/accepted/preview"


@pytest.fixture
def office(app: Flask, store: Store, clock: time_machine.Traveller) -> Office:
    """Everybody; Ada is a coordinator as well, so that she may see visits."""
    office = open_office(app, store)
    with store() as session:
        session.scalars(select(User).where(User.email == ADA.email)).one().is_coordinator = True
    return office


def make_visit(store: Store, step: str = "confirmed", *, day: date = date(2027, 5, 10), **changes: object) -> str:
    with store() as session:
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        visit = factories.make_visit(step, user=ola, **changes)
        for stop in visit.appointments:
            length, begins = stop.ends_at - stop.starts_at, stop.starts_at
            stop.starts_at = begins.replace(year=day.year, month=day.month, day=day.day)
            stop.ends_at = stop.starts_at + length
        return visit.ref


def page_of(office: Office, address: str, **query: str) -> BeautifulSoup:
    return BeautifulSoup(office.browser(ADA).get(address, query_string=query).data, "html.parser")


def chosen(page: BeautifulSoup) -> list[str]:
    return [str(one["value"]) for one in page.select("#visit option[selected]")]


def test_preview_begins_with_the_visit_that_comes_next_and_offers_the_others(office: Office, store: Store) -> None:
    days = (date(2027, 2, 1), date(2027, 6, 7), date(2027, 4, 5))
    over, later, next_one = (make_visit(store, day=day) for day in days)
    page = page_of(office, f"/admin/reminders/{number_of(store, 'day-before')}/preview")
    assert chosen(page) == [next_one]
    assert [str(one["value"]) for one in page.select("#visit option")] == [next_one, later, over]
    assert len(page.select(".letter")) == 1


def test_rule_about_offers_begins_with_a_visit_that_is_offered(office: Office, store: Store) -> None:
    make_visit(store)
    offered = make_visit(store, "offered")
    assert chosen(page_of(office, f"/admin/reminders/{number_of(store, 'offer-last-day')}/preview")) == [offered]


def test_reference_that_is_typed_counts_before_what_is_chosen(office: Office, store: Store) -> None:
    first, *_others = [make_visit(store, "received") for _ in range(2 * AT_HAND)]
    address = f"/admin/reminders/{number_of(store, 'day-before')}/preview"
    page = page_of(office, address, visit=_others[0], other=f" {first.lower()} ")
    assert chosen(page) == [first]
    unknown = page_of(office, address, visit=first, other="nowhere")
    (typed,) = unknown.select("#other")
    assert (typed["value"], typed["aria-describedby"]) == ("NOWHERE", "other-error")
    assert "No visit that you may see has this reference." in unknown.text


def test_nobody_is_offered_what_they_may_not_see(office: Office, store: Store) -> None:
    make_visit(store, organisation="Secret City")
    with store() as session:
        session.scalars(select(User).where(User.email == ADA.email)).one().is_coordinator = False
    for address in (f"/admin/reminders/{number_of(store, 'day-before')}/preview", EVENT):
        page = page_of(office, address)
        assert "Secret City" not in page.text
        assert "There is no visit that you may see" in page.text
        assert page.select("#visit") == []


def test_event_begins_with_the_visit_to_which_it_happened_last(office: Office, store: Store) -> None:
    make_visit(store, day=date(2027, 6, 7))
    latest = make_visit(store)
    make_visit(store, "received")
    page = page_of(office, EVENT)
    assert (chosen(page), len(page.select("#visit option")), len(page.select(".letter"))) == ([latest], 2, 1)


def test_preview_of_what_is_switched_off_says_so(office: Office, store: Store) -> None:
    ref = make_visit(store)
    line = find_line("accept", "accepted")
    assert line is not None
    address = f"/admin/reminders/{number_of(store, 'day-before')}/preview"
    assert "Will be sent" in page_of(office, address, visit=ref).text
    with store() as session:
        rule_called(session, "day-before").is_on = False
        switch(line, on=False, at=now())
    page = page_of(office, address, visit=ref)
    assert "This rule is switched off: nothing is sent by it." in page.text
    assert [one.text for one in page.select("dt")] == ["Would be sent, if the rule were on", "To"]
    assert "This mail is switched off." in page_of(office, EVENT).text


def test_visits_at_hand_are_few_however_many_there_are(office: Office, store: Store) -> None:
    for days in range(2 * AT_HAND + 2):
        make_visit(store, day=date(2027, 6, 7) + timedelta(days=days))
    page = page_of(office, f"/admin/reminders/{number_of(store, 'day-before')}/preview")
    assert len(page.select("#visit option")) == 2 * AT_HAND
    with store() as session:
        soonest = session.scalars(select(Visit.ref).order_by(Visit.id)).first()
    assert chosen(page) == [soonest]
