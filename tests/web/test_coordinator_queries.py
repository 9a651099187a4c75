"""Lists ask the database as often for three visits as for one."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask

from tests import cast
from tests.factories import make_visit
from tests.web.office import Store, counted_queries, open_office, user_called


@pytest.mark.parametrize("path", ["/triage", "/visits", "/board", "/calendar?month=2027-05&view=list", "/counterparts"])
def test_page_asks_as_often_for_four_visits_as_for_two(
    app: Flask, store: Store, clock: time_machine.Traveller, path: str
) -> None:
    office = open_office(app, store)
    counts = []
    for round_ in (1, 2):
        with store() as session:
            siri = user_called(session, cast.SIRI)
            ola = user_called(session, cast.OLA)
            make_visit("offered", user=ola, organisation=f"Stadt {round_}")
            for number in range(2):  # left to a coordinator, with what routing suggests today
                name = f"{round_}{number}"
                address = f"a@stadt{name}.example.net"
                make_visit("received", user=ola, organisation=f"Urbs {name}", group_size=60, contact_email=address)
            make_visit("planned", user=siri if round_ == 1 else ola, organisation=f"Ville {round_}", country="FR")
        browser = office.browser()
        browser.get(path)
        with counted_queries(app) as seen:
            assert browser.get(path).status_code == 200
        counts.append(len(seen))
    assert counts[1] == counts[0]
