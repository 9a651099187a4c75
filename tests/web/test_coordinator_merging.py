"""One request, one case: look-alikes are offered, compared side by side and merged; organisations likewise."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from app.strategy.models import Counterpart
from app.visits import lifecycle
from tests import cast
from tests.factories import make_visit
from tests.web.office import Office, Store, acting, find_visit, open_office, refs_in, user_called, words_of

LATER = cast.MONDAY + timedelta(days=3)


def two_requests(app: Flask, store: Store, name: str = "Gemeente Utrecht") -> tuple[Office, str, str]:
    """The same organisation wrote twice, the second time under a slightly different name."""
    office = open_office(app, store)
    with store() as session:
        ola = user_called(session, cast.OLA)
        first = make_visit("claimed", user=ola)
        second = make_visit("received", user=ola, at=LATER, organisation=name, purpose="Sewers, once more.")
        return office, first.ref, second.ref


def test_look_alike_is_offered_and_shown_side_by_side(app: Flask, store: Store) -> None:
    office, first, second = two_requests(app, store)
    page = office.browser().get(f"/visits/{second}/merge").text
    assert f"/visits/{second}/merge?other={first}" in page
    compare = words_of(office.browser().get(f"/visits/{second}/merge?other={first.lower()}").text)
    assert "Which one is kept? The one that is kept takes over" in compare
    assert "Sewers, once more." in compare
    assert "We want to see how you reline sewer pipes" in compare


def test_merge_moves_the_history_and_leads_to_the_one_kept(app: Flask, store: Store) -> None:
    office, first, second = two_requests(app, store)
    with store() as session:
        lifecycle.write(find_visit(session, second), "We are twelve.", by=acting(session, cast.KARI))
    answer = office.browser().post(f"/visits/{second}/merge", data={"other": first, "keep": first})
    assert (answer.status_code, answer.location) == (303, f"/visits/{first}")
    with store() as session:
        gone, kept = find_visit(session, second), find_visit(session, first)
        assert (gone.status, gone.merged_into_id, kept.status) == ("merged", kept.id, "claimed")
        assert [message.body for message in kept.messages] == ["We are twelve."]
        assert kept.activities[-1].verb == "absorb"


def test_merge_asks_which_one_is_kept_and_takes_no_other(app: Flask, store: Store) -> None:
    office, first, second = two_requests(app, store)
    answer = office.browser().post(f"/visits/{second}/merge", data={"other": first, "keep": "ZZZ-ZZZ"})
    assert answer.status_code == 422
    assert "Choose which of the two is kept." in words_of(answer.text)
    with store() as session:
        assert find_visit(session, second).status != "merged"


def test_merge_with_itself_or_nobody_is_refused_beside_the_field(app: Flask, store: Store) -> None:
    office, first, _second = two_requests(app, store)
    itself = office.browser().post(f"/visits/{first}/merge", data={"other": first, "keep": first})
    nobody = office.browser().get(f"/visits/{first}/merge?other=ABC-DEF")
    empty = office.browser().post(f"/visits/{first}/merge", data={})
    assert [answer.status_code for answer in (itself, nobody, empty)] == [422, 422, 422]
    assert "That is this request itself." in words_of(itself.text)
    assert "There is no request with the reference ABC-DEF." in words_of(nobody.text)


def test_ended_visits_cannot_be_merged(app: Flask, store: Store) -> None:
    office, first, second = two_requests(app, store)
    with store() as session:
        lifecycle.withdraw(find_visit(session, second))
    answer = office.browser().post(f"/visits/{first}/merge", data={"other": second, "keep": first})
    assert answer.status_code == 422
    assert "These two cannot be merged" in words_of(answer.text)


def counterparts(store: Store) -> dict[str, int]:
    with store() as session:
        return {one.name: one.id for one in session.scalars(select(Counterpart))}


def test_counterpart_page_shows_visits_hosts_and_look_alikes(app: Flask, store: Store) -> None:
    office, first, second = two_requests(app, store)
    ids = counterparts(store)
    page = office.browser().get(f"/counterparts/{ids['Gemeente Utrecht, Stadsingenieurs']}").text
    assert refs_in(page) == [first]
    assert "Received by Department of Urban Development (1)" in words_of(page)
    assert f"/counterparts/{ids['Gemeente Utrecht']}" in page
    assert second not in page


def test_merged_counterparts_share_visits_and_names(app: Flask, store: Store) -> None:
    office, first, second = two_requests(app, store)
    ids = counterparts(store)
    one, two = ids["Gemeente Utrecht"], ids["Gemeente Utrecht, Stadsingenieurs"]
    assert office.browser().get(f"/counterparts/{one}/merge?other={two}").status_code == 200
    assert office.browser().post(f"/counterparts/{one}/merge", data={"other": two}).status_code == 422
    answer = office.browser().post(f"/counterparts/{one}/merge", data={"other": two, "keep": two})
    assert (answer.status_code, answer.location) == (303, f"/counterparts/{two}")
    page = office.browser().get(f"/counterparts/{two}").text
    assert refs_in(page) == [second, first]
    assert "Also known as Gemeente Utrecht" in words_of(page)
    assert office.browser().get(f"/counterparts/{one}").location == f"/counterparts/{two}"
    again = office.browser().post(f"/counterparts/{one}/merge", data={"other": two, "keep": one})
    assert again.status_code == 409


def test_counterparts_are_found_by_name_former_name_and_country(app: Flask, store: Store) -> None:
    office, _first, _second = two_requests(app, store, name="Stadt Utrecht Tiefbau")
    ids = counterparts(store)
    one, two = ids["Stadt Utrecht Tiefbau"], ids["Gemeente Utrecht, Stadsingenieurs"]
    office.browser().post(f"/counterparts/{one}/merge", data={"other": two, "keep": two})
    found = office.browser().get("/counterparts?text=TIEFBAU").text
    assert f'href="/counterparts/{two}"' in found
    assert "1 organisation" in words_of(found)
    assert "No organisation fits." in words_of(office.browser().get("/counterparts?country=SE").text)


def test_strange_counterparts_are_not_found(app: Flask, store: Store) -> None:
    office, _first, _second = two_requests(app, store)
    one = next(iter(counterparts(store).values()))
    for path in ("/counterparts/99999", "/counterparts/99999999999999999999", f"/counterparts/{one}/merge?other=x"):
        assert office.browser().get(path).status_code == 404
    assert office.browser(cast.OLA).get(f"/counterparts/{one}").status_code == 403


def test_visit_page_tells_of_earlier_visits(app: Flask, store: Store) -> None:
    office, first, second = two_requests(app, store, name="Gemeente Utrecht, Stadsingenieurs")
    assert first in refs_in(office.browser().get(f"/visits/{second}").text)
