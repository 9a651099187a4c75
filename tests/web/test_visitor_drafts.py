"""The draft of a request: what is kept, for how long, and forms older than it."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.core.time import now
from app.visits.drafts import drop_expired_drafts
from app.visits.models import Visit
from app.visits.programme_models import Draft
from tests.harness.web import CarefulClient
from tests.web.visitor_form import DELEGATION, VISIT, WHEN, WHO, carried_by, csrf_token, fill_in
from tests.web.visitor_sending import count


def test_cookie_holds_only_a_secret_that_is_stored_hashed(client: CarefulClient, store: Any) -> None:
    answer = client.post("/request", data=WHO)
    cookie = answer.headers["Set-Cookie"]
    token = cookie.partition("=")[2].partition(";")[0]
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=604800"} <= set(cookie.split("; "))
    with store() as session:
        draft = session.scalars(select(Draft)).one()
        assert (len(token), token in draft.token_hash) == (32, False)


def test_going_back_keeps_even_what_is_wrong(client: CarefulClient) -> None:
    client.post("/request", data=WHO)
    client.post("/request/delegation", data=DELEGATION)
    back = client.post("/request/visit", data={"purpose": "half a sen", "themes": ["water"], "go": "back"})
    assert (back.status_code, back.location) == (303, "/request/delegation")
    page = client.get("/request/visit")
    assert "half a sen</textarea>" in page.text
    assert re.findall(r'<input[^>]* checked [^>]*value="([^"]+)"', page.text) == ["water"]
    assert 'value="Joost van Hemert"' in client.get("/request/delegation").text


def test_switching_the_language_keeps_what_is_typed(client: CarefulClient) -> None:
    page = client.get("/request")
    buttons = re.findall(r'<button[^>]*form="step"[^>]*>', page.text)
    assert ["lang" in re.findall(r' (name|lang)="', one) for one in buttons] == [False, True, True, True]
    answer = client.post("/request", data={"organisation": "Stadt Köln", "carried": carried_by(page), "lang": "nn"})
    assert (answer.status_code, answer.location) == (303, "/request")
    page = client.get("/request")
    assert '<html lang="nn">' in page.text
    assert 'value="Stadt Köln"' in page.text


def test_what_could_not_be_taken_is_kept_all_the_same(client: CarefulClient) -> None:
    page = client.get("/request")
    wrong = {**WHO, "contact_email": "marloes@"}
    assert client.post("/request", data={**wrong, "carried": carried_by(page)}).status_code == 422
    page = client.get("/request").text
    assert [value for value in wrong.values() if value and html.escape(value) not in page] == []


def test_draft_survives_a_closed_browser_for_seven_days(client: CarefulClient, app: Any, clock: Any) -> None:
    token = client.post("/request", data=WHO).headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    clock.shift(timedelta(days=6, hours=23))
    later = app.test_client()
    later.set_cookie("request", token)
    assert 'value="Gemeente Utrecht"' in later.get("/request").text
    clock.shift(timedelta(hours=2))
    assert 'value="Gemeente Utrecht"' not in later.get("/request").text


def test_form_older_than_its_draft_is_shown_once_more_and_then_taken(
    client: CarefulClient, store: Any, clock: Any
) -> None:
    client.post("/request", data=WHO)
    client.post("/request/delegation", data=DELEGATION)
    opened = client.get("/request/visit")
    clock.shift(timedelta(days=9))
    with store():
        assert drop_expired_drafts(at=now()) == 1
    shown = client.post("/request/visit", data={**VISIT, "carried": carried_by(opened)})
    assert shown.status_code == 200
    assert "open for a long time" in shown.text
    assert "And the creek?</textarea>" in shown.text
    taken = client.post("/request/visit", data={**VISIT, "carried": carried_by(shown)})
    assert (taken.status_code, taken.location) == (303, "/request/when")
    assert 'value="Joost van Hemert"' in client.get("/request/delegation").text
    client.post("/request/when", data=WHEN)
    page = client.get("/request/check")
    client.post("/request/check", data={"carried": carried_by(page)})
    assert count(store, Visit) == 1


def test_check_page_older_than_its_draft_is_sent_after_one_more_look(
    client: CarefulClient, store: Any, clock: Any
) -> None:
    opened = fill_in(client)
    clock.shift(timedelta(days=8))
    shown = client.post("/request/check", data={"carried": carried_by(opened)})
    assert (shown.status_code, "Joost van Hemert" in shown.text, count(store, Visit)) == (200, True, 0)
    sent = client.post("/request/check", data={"carried": carried_by(shown)})
    assert (sent.location, count(store, Visit)) == ("/request/sent", 1)
    again = client.post("/request/check", data={"carried": carried_by(shown)})
    assert (again.location, count(store, Visit)) == ("/request/sent", 1)


def test_form_with_an_old_token_keeps_its_input_and_works_the_second_time(client: CarefulClient, app: Any) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    stale = client.post("/request", data={**WHO, "csrf_token": "from last week"})
    assert (stale.status_code, 'value="Gemeente Utrecht"' in stale.text) == (200, True)
    data = {**WHO, "csrf_token": csrf_token(stale), "carried": carried_by(stale)}
    assert client.post("/request", data=data).location == "/request/delegation"


def test_carried_answers_that_we_did_not_seal_are_ignored(client: CarefulClient) -> None:
    for carried in ("", "x", "ø", "gAAAAA", "x" * 500_000):
        answer = client.post("/request", data={**WHO, "carried": carried})
        assert (answer.status_code, answer.location) == (303, "/request/delegation")


def test_draft_can_be_thrown_away(client: CarefulClient, store: Any) -> None:
    client.post("/request", data=WHO)
    assert client.post("/request/discard").location == "/request"
    assert count(store, Draft) == 0
