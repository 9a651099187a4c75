"""The secret links of a visitor: the one that confirms the address, and what opens nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core.time import now
from app.people.links import mint_link
from app.visits import lifecycle
from app.visits.models import Visit
from tests import cast
from tests.factories import make_visit
from tests.harness.web import CarefulClient
from tests.web.visitor_pages import a_visit, status


@pytest.fixture
def submitted(store: Any, clock: Any) -> str:
    """The token in the mail that asks to confirm the address."""
    with store():
        (ola,) = cast.bring(cast.OLA)
        return mint_link("confirm-address", make_visit("submitted", user=ola, at=now()).id, at=now())


def test_opening_the_confirmation_link_changes_nothing(client: CarefulClient, store: Any, submitted: str) -> None:
    page = client.get(f"/v/{submitted}/confirm")
    assert (page.status_code, "Confirm your request" in page.text, status(store)) == (200, True, "submitted")


def test_confirming_receives_the_request_and_opens_the_visitors_page(
    client: CarefulClient, store: Any, submitted: str
) -> None:
    answer = client.post(f"/v/{submitted}/confirm")
    assert answer.status_code == 303
    assert re.fullmatch(r"/v/[\w-]{32}", answer.location)
    assert status(store) in ("received", "offered")
    page = client.get(answer.location)
    assert "We are looking for the right host" in page.text
    assert "Tuesday 9 March, 16:00, Bergen" in page.text


def test_confirming_twice_only_opens_the_page_again(client: CarefulClient, store: Any, submitted: str) -> None:
    first, second = (client.post(f"/v/{submitted}/confirm") for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert client.get(second.location).status_code == 200
    with store() as session:
        verbs = [activity.verb for activity in session.scalars(select(Visit)).one().activities]
        assert verbs.count("receive") == 1
    assert "Open my page" in client.get(f"/v/{submitted}/confirm").text


def test_confirmation_after_it_expired_explains_what_to_do(
    client: CarefulClient, store: Any, submitted: str, clock: Any
) -> None:
    with store() as session:
        lifecycle.expire(session.scalars(select(Visit)).one())
    assert "The request has expired" in client.get(f"/v/{submitted}/confirm").text
    answer = client.post(f"/v/{submitted}/confirm")
    assert (answer.status_code, status(store)) == (409, "expired")
    clock.shift(timedelta(hours=73))
    late = client.get(f"/v/{submitted}/confirm")
    assert (late.status_code, "good for 72 hours" in late.text) == (404, True)


def test_foreign_tokens_all_get_the_same_page(client: CarefulClient) -> None:
    for token in ("x", "x" * 32, "%00", "..", "ø" * 32, "a" * 5000):
        for path in ("", "/confirm", "/programme", "/programme.ics", "/withdraw"):
            assert (token, path, client.get(f"/v/{token}{path}").status_code) == (token, path, 404)


def test_foreign_tokens_change_nothing(client: CarefulClient) -> None:
    for path in ("confirm", "accept", "ask-for-change", "withdraw", "messages", "delegates", "delegates/1/remove"):
        assert (path, client.post(f"/v/{'x' * 32}/{path}", data={"body": "x"}).status_code) == (path, 404)


@pytest.mark.parametrize(
    "path", ["confirm", "accept", "ask-for-change", "withdraw", "messages", "delegates", "delegates/1/remove"]
)
def test_foreign_tokens_without_a_good_form_get_the_page_of_an_ended_link(
    client: CarefulClient, app: Any, path: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post(f"/v/abc/{path}", data={"body": "x", "csrf_token": "old"})
    assert (answer.status_code, "This link opens nothing any more" in answer.text) == (404, True)


def test_a_link_opens_only_what_it_is_for(client: CarefulClient, store: Any, submitted: str) -> None:
    token = a_token_for(store, "visit")
    assert client.get(f"/v/{submitted}").status_code == 404
    assert client.get(f"/v/{token}/confirm").status_code == 404


def a_token_for(store: Any, purpose: str) -> str:
    with store() as session:
        return mint_link(purpose, session.scalars(select(Visit.id)).one(), at=now())


def test_secret_pages_are_kept_out_of_search_and_referrers(client: CarefulClient, store: Any, clock: Any) -> None:
    page = client.get(f"/v/{a_visit(store, 'confirmed')}")
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "no-referrer"
