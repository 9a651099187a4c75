"""Parts of other hosts in the programme: asked, taken, declined, and who may plan."""

from __future__ import annotations

from flask import Flask

from tests import cast
from tests.web.hosting import Store, find_visit, open_case
from tests.web.stop_forms import WALL, planned


def test_another_hosts_part_waits_for_its_answer_in_its_inbox(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    case.browser(cast.OLA).post(case.url("/appointments/new"), data=WALL | {"host": "naeringsklyngene"})
    siri = case.browser(cast.SIRI)
    with store() as session:
        url = case.url(f"/appointments/{find_visit(session, case.ref).appointments[0].id}")
    assert f'href="{url}/answer"' in siri.get("/inbox").text
    assert siri.post(url + "/decline-part", data={"text": ""}).status_code == 422
    assert siri.post(url + "/accept-part").status_code == 303
    assert planned(case) == [("Pipe renewal on site", "naeringsklyngene", "hold", "accepted")]
    assert siri.post(url + "/accept-part").status_code == 409
    assert "/answer" not in siri.get("/inbox").text


def test_declined_part_is_cancelled_with_its_reason_on_the_page(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    case.browser(cast.OLA).post(case.url("/appointments/new"), data=WALL | {"host": "naeringsklyngene"})
    with store() as session:
        url = case.url(f"/appointments/{find_visit(session, case.ref).appointments[0].id}")
    case.browser(cast.SIRI).post(url + "/decline-part", data={"text": "We are <3 people & away."})
    assert planned(case) == [("Pipe renewal on site", "naeringsklyngene", "cancelled", "declined")]
    assert "We are &lt;3 people &amp; away." in case.browser(cast.OLA).get(case.url()).text


def test_lead_host_cannot_answer_for_another_host(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    case.browser(cast.OLA).post(case.url("/appointments/new"), data=WALL | {"host": "naeringsklyngene"})
    with store() as session:
        url = case.url(f"/appointments/{find_visit(session, case.ref).appointments[0].id}")
    assert case.browser(cast.OLA).post(url + "/accept-part").status_code == 403
    assert planned(case)[0][3] == "asked"


def test_co_host_adds_its_own_part_and_no_other(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    brita = case.browser(cast.BRITA)
    brita.post(case.url("/join"), data={"host": "brannvesen"})
    assert brita.post(case.url("/appointments/new"), data=WALL | {"host": "brannvesen"}).status_code == 303
    assert brita.post(case.url("/appointments/new"), data=WALL | {"host": "byutvikling"}).status_code == 422
    assert planned(case) == [("Pipe renewal on site", "brannvesen", "hold", "accepted")]


def test_asked_host_that_has_not_joined_cannot_plan(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    assert case.browser(cast.BRITA).post(case.url("/appointments/new"), data=WALL).status_code == 403
