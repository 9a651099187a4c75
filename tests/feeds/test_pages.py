"""The pages where a person keeps their feeds."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from app.extensions import db
from app.people.models import Membership
from tests.feeds.conftest import Region, csrf_token

ANSWERS = {"name": "My phone", "level": "team", "language": "nb", "show_cancelled": "y"}


def make_feed(client: FlaskClient, kind: str = "mine", scope: int | str = "", **changes: str) -> TestResponse:
    address = f"/my-feeds/new/{kind}"
    data = {**ANSWERS, "scope": str(scope), "csrf_token": csrf_token(client.get(address).text), **changes}
    return client.post(address, data=data)


def press(client: FlaskClient, path: str) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client.get("/my-feeds").text)})


def text_of(page: str) -> str:
    return " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())


def shown_link(page: str) -> str:
    found = re.search(r"/feeds/[\w-]+\.ics", page)
    assert found is not None
    return found[0]


def test_my_feeds_without_feeds_says_what_to_do(region: Region) -> None:
    page = text_of(region.signed_in(region.ola).get("/my-feeds").text)
    assert "You have no feeds yet." in page


def test_new_feed_shows_its_link_once_as_https_and_webcal(region: Region) -> None:
    client = region.signed_in(region.ola)
    made = make_feed(client)
    first, again = client.get(made.location), client.get(made.location)
    path, base = shown_link(first.text), region.app.config["BASE_URL"]
    assert (made.status_code, first.status_code) == (303, 200)
    assert [base + path in first.text, "webcal://" + base.partition("://")[2] + path in first.text] == [True, True]
    assert (again.status_code, again.location) == (302, "/my-feeds")
    assert region.app.test_client().get(path).status_code == 200
    assert path not in client.get("/my-feeds").text


def test_my_feeds_lists_name_scope_level_language_and_last_fetch(region: Region) -> None:
    client = region.signed_in(region.ola)
    path = shown_link(client.get(make_feed(client, "host").location).text)
    before = text_of(client.get("/my-feeds").text)
    region.app.test_client().get(path, headers={"User-Agent": "Microsoft Office/16.0 (Outlook)"})
    after = text_of(client.get("/my-feeds").text)
    words = ["My phone", "Department of Urban Development", "What and where", "Bokmål", "Last fetched"]
    assert [word for word in words if word not in before] == []
    assert ("Not yet" in before, "Not yet" in after, "Outlook" in before, ", Outlook" in after) == (
        True,
        False,
        False,
        True,
    )


def test_my_feeds_says_which_feeds_have_stopped(region: Region) -> None:
    client = region.signed_in(region.ola)
    path = shown_link(client.get(make_feed(client, "host").location).text)
    make_feed(client, "mine", name="My own")
    assert "the link has stopped" not in text_of(client.get("/my-feeds").text)
    with region.app.app_context():
        db.session.execute(delete(Membership).where(Membership.user_id == region.ola))
        db.session.commit()
    page = BeautifulSoup(client.get("/my-feeds").text, "html.parser")
    cards = [text_of(str(card)) for card in page.select("section.ds-card")]
    assert {"My own" in card: "the link has stopped" in card for card in cards} == {True: False, False: True}
    assert region.app.test_client().get(path).status_code == 404


def test_new_feed_without_a_name_keeps_what_was_chosen(region: Region) -> None:
    answer = make_feed(region.signed_in(region.kari), "host", region.klyngene, name=" ", level="full")
    page = BeautifulSoup(answer.text, "html.parser")
    chosen = [str(box["value"]) for box in page.select("input[checked], option[selected]")]
    assert answer.status_code == 422
    assert page.select_one('[data-error-summary] a[href="#name"]') is not None
    assert [str(region.klyngene) in chosen, "full" in chosen] == [True, True]


def test_new_feed_offers_members_their_hosts_and_coordinators_everything(region: Region) -> None:
    def offered(user_id: int) -> list[str]:
        page = BeautifulSoup(region.signed_in(user_id).get("/my-feeds/new").text, "html.parser")
        return [str(link["href"]).rsplit("/", 1)[1] for link in page.select("main ul.choices a")]

    def hosts(user_id: int) -> list[str]:
        page = BeautifulSoup(region.signed_in(user_id).get("/my-feeds/new/host").text, "html.parser")
        return [str(option["value"]) for option in page.select("#scope option")]

    assert offered(region.ola) == ["mine", "host", "place", "theme", "goal", "partnership"]
    assert offered(region.kari) == ["mine", "host", "all", "place", "theme", "goal", "partnership"]
    assert hosts(region.ola) == []  # there is only one, so it is not asked
    assert {str(region.byutvikling), str(region.klyngene)} <= set(hosts(region.kari))


def test_new_feed_of_a_foreign_scope_is_refused(region: Region) -> None:
    client = region.signed_in(region.ola)
    token = csrf_token(client.get("/my-feeds/new/mine").text)
    others = {**ANSWERS, "csrf_token": token}
    assert [client.post(f"/my-feeds/new/{kind}", data=others).status_code for kind in ("all", "x", "user")] == [404] * 3
    assert [make_feed(client, "goal", scope).status_code for scope in (10**6, "x", "", "-1")] == [422] * 4
    assert make_feed(client, "place", 1, level="full").status_code == 422
    assert "You have no feeds yet." in text_of(client.get("/my-feeds").text)


def test_link_to_subscribe_opens_the_form_with_that_place_chosen(region: Region) -> None:
    page = BeautifulSoup(region.signed_in(region.ola).get("/my-feeds/new/place?of=3").text, "html.parser")
    assert [str(option["value"]) for option in page.select("option[selected]")] == ["3"]


def test_renewing_stops_the_old_link_and_shows_a_new_one(region: Region) -> None:
    client = region.signed_in(region.ola)
    old = shown_link(client.get(make_feed(client).location).text)
    new = shown_link(client.get(press(client, "/my-feeds/1/renew").location).text)
    program = region.app.test_client()
    assert (program.get(old).status_code, program.get(new).status_code, old == new) == (404, 200, False)


def test_revoking_stops_the_link_and_leaves_the_list(region: Region) -> None:
    client = region.signed_in(region.ola)
    path = shown_link(client.get(make_feed(client).location).text)
    answer = press(client, "/my-feeds/1/revoke")
    page = text_of(client.get(answer.location).text)
    assert region.app.test_client().get(path).status_code == 404
    assert ["is revoked" in page, "You have no feeds yet." in page] == [True, True]


def test_a_foreign_feed_is_not_found(region: Region) -> None:
    make_feed(region.signed_in(region.ola))
    stranger = region.signed_in(region.kari)
    make_feed(stranger, "all")
    answers = [press(stranger, f"/my-feeds/1/{verb}").status_code for verb in ("renew", "revoke")]
    assert [*answers, stranger.get("/my-feeds/1/link").status_code] == [404, 404, 404]


def test_feeds_have_an_end(region: Region) -> None:
    for _ in range(20):
        region.subscribe(region.ola)
    answer = make_feed(region.signed_in(region.ola))
    assert answer.status_code == 422
    assert "as many feeds as one person can have" in text_of(answer.text)


def test_a_name_with_markup_is_shown_as_text(region: Region) -> None:
    client = region.signed_in(region.ola)
    make_feed(client, name="<img src=x onerror=alert(1)>")
    page = BeautifulSoup(client.get("/my-feeds").text, "html.parser")
    assert page.select("img[src=x]") == []
    assert page.select_one("section h2").get_text() == "<img src=x onerror=alert(1)>"  # type: ignore[union-attr]


def test_my_feeds_asks_strangers_to_sign_in(region: Region) -> None:
    answers = [region.app.test_client().get(path) for path in ("/my-feeds", "/my-feeds/new", "/my-feeds/1/link")]
    assert [(answer.status_code, "/sign-in" in answer.location) for answer in answers] == [(302, True)] * 3


def test_a_new_feed_has_a_name_that_is_still_free(region: Region) -> None:
    client = region.signed_in(region.ola)

    def name(end: str) -> str:
        page = BeautifulSoup(client.get(f"/my-feeds/new/{end}").text, "html.parser")
        return str(page.select("#name")[0]["value"])

    assert [name("mine"), name("host")] == ["My own visits", "Department of Urban Development"]
    make_feed(client, name="My own visits")
    assert name("mine") == "My own visits 2"
