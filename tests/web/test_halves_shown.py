"""What was wished of a stop, its fixed time and a group that divides, is kept when a suggested programme is used."""

from __future__ import annotations

from datetime import timedelta

from bs4 import BeautifulSoup
from flask import Flask

from app.core.time import now
from app.people.actors import by_user
from app.people.links import mint_link
from app.visits import lifecycle
from tests import cast
from tests.harness.pdf import Pdf
from tests.web.hosting import Case, Store, find_visit, open_case
from tests.web.test_suggesting import PIPES, PUMPS, asks, first_choice

AT_TEN = {"on": "2027-05-10", "starts": "10:00", "splits": "y"}
NEXT_DAY = {"on": "2027-05-11", "splits": ""}
PIPES_HALF, PUMPS_HALF = "Half the group; the other half: Fire pumps", "Half the group; the other half: Pipes on site"


def divided(app: Flask, store: Store) -> Case:
    """Ola has used a programme in which half the group is at the pipes and half at the pumps."""
    case = open_case(app, store, "claimed")
    ola, address = case.browser(cast.OLA), case.url("/suggest?" + asks(PIPES | AT_TEN, PUMPS | AT_TEN))
    assert ola.post(address, data={"programme": first_choice(ola.get(address).text)}).status_code == 303
    return case


def kept(case: Case) -> dict[str, tuple[bool, bool]]:
    with case.store() as session:
        return {one.title: (one.fixed, one.splits) for one in find_visit(session, case.ref).appointments}


def words(page: str) -> str:
    return " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())


def test_what_was_wished_of_each_stop_is_kept(app: Flask, store: Store) -> None:
    assert kept(divided(app, store)) == {"Pipes on site": (True, True), "Fire pumps": (True, True)}
    case = open_case(app, store, "claimed")
    ola, address = case.browser(cast.OLA), case.url("/suggest?" + asks(PIPES, PUMPS | AT_TEN | NEXT_DAY))
    ola.post(address, data={"programme": first_choice(ola.get(address).text)})
    assert kept(case) == {"Pipes on site": (False, False), "Fire pumps": (True, False)}


def test_a_divided_group_is_in_nobodys_way_and_hosts_read_where_each_half_is(app: Flask, store: Store) -> None:
    case = divided(app, store)
    for end in ("", "/programme", "/propose"):
        page = words(case.browser(cast.OLA).get(case.url(end)).text)
        assert PIPES_HALF in page
        assert PUMPS_HALF in page
        assert "In the way" not in page
        assert ("Fixed time" in page) == (end != "/propose")  # that is what the visitor will see
    briefing = Pdf(case.browser(cast.OLA).get(case.url("/briefing.pdf")).data).text
    assert "The other half of the group: Fire pumps" in " ".join(briefing.split())


def test_the_visitor_reads_where_each_half_is(app: Flask, store: Store) -> None:
    case = divided(app, store)
    with store() as session:
        visit = find_visit(session, case.ref)
        (ola,) = cast.bring(cast.OLA)
        lifecycle.propose(visit, by=by_user(ola, ola.hosts[0]), at=cast.MONDAY + timedelta(hours=6))
        token = mint_link("visit", visit.id, at=now())
    client = app.test_client()
    for end in ("", "/programme"):
        assert PIPES_HALF in words(client.get(f"/v/{token}{end}").text)
    calendar = client.get(f"/v/{token}/programme.ics").text.replace("\r\n ", "")
    assert PIPES_HALF.replace(";", "\\;") in calendar
    sheet = " ".join(Pdf(client.get(f"/v/{token}/programme.pdf").data).text.split())
    assert "The other half of the group: Pipes on site" in sheet


def test_the_form_of_the_stop_shows_and_changes_both(app: Flask, store: Store) -> None:
    case = divided(app, store)
    with store() as session:
        number = next(one.id for one in find_visit(session, case.ref).appointments if one.title == "Pipes on site")
    ola, address = case.browser(cast.OLA), case.url(f"/appointments/{number}")
    page = BeautifulSoup(ola.get(address).data, "html.parser")
    assert all(page.select_one(f"[name={name}][checked]") for name in ("fixed", "splits"))
    data = {"title": "Pipes on site", "on": "2027-05-10", "starts": "10:00", "ends": "11:30", "host": "byutvikling"}
    assert ola.post(address, data=data | {"contact": "", "place": "svartediket"}).status_code == 303
    assert kept(case)["Pipes on site"] == (False, False)
    page_now = words(ola.get(case.url()).text)
    assert "The delegation is at “Fire pumps” then" in page_now
    assert "Half the group may be somewhere else meanwhile" in page_now  # the pumps are still ready for it


def test_while_the_form_is_filled_in_the_tick_counts(app: Flask, store: Store) -> None:
    case = divided(app, store)
    values = "on=2027-05-10&starts=10:00&ends=11:00&host=byutvikling&contact=&place="
    ola, new = case.browser(cast.OLA), case.url("/conflicts?" + values)
    with store() as session:
        number = next(one.id for one in find_visit(session, case.ref).appointments if one.title == "Pipes on site")
    said = [ola.get(f"{new}&appointment={number}&splits={tick}").get_json()["sentences"] for tick in ("yes", "")]
    assert said == [[], ["The delegation is at “Fire pumps” then, 10:00–11:00."]]
