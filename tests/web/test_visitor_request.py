"""The request: four steps, check your answers, send; nothing is sent twice, and robots are asked once more."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.visits.models import Visit
from app.visits.programme_models import Draft
from tests.harness.web import CarefulClient
from tests.web.visitor_form import DELEGATION, STEPS, WHO, carried_by, error_links, fill_in
from tests.web.visitor_sending import count, send


def test_request_becomes_a_submitted_visit_with_every_answer(client: CarefulClient, store: Any, clock: Any) -> None:
    answer = send(client, clock)
    assert (answer.status_code, answer.location) == (303, "/request/sent")
    with store() as session:
        visit = session.scalars(select(Visit)).one()
        assert (visit.status, visit.source, visit.language) == ("submitted", "visitor", "en")
        assert {name: getattr(visit, name) for name in WHO} == WHO
        assert (visit.group_size, visit.languages, visit.interpreter_needed) == (7, ["en", "no", "fy"], True)
        assert visit.purpose == "How do you reline sewers?\nAnd the creek?"
        assert sorted(theme.slug for theme in visit.themes) == ["climate", "water"]
        assert visit.wanted_hosts == ["Bergen Vann", "NORCE"]
        assert visit.relation == "Eurocities; the Interreg project"
        assert visit.event.startswith("One Ocean Week")
        assert visit.occasion is not None
        assert visit.occasion.slug == "one-ocean-week"
        assert [(one.partnership.slug, one.origin) for one in visit.partnership_links] == [("eurocities", "visitor")]
        assert [(w.starts_on, w.ends_on) for w in visit.windows] == [
            (date(2027, 5, 10), date(2027, 5, 12)),
            (date(2027, 6, 8), date(2027, 6, 8)),
        ]
        assert (visit.duration_hours, visit.flexibility, visit.rest_of_stay) == (6.5, "Not on Thursdays.", "Then Oslo.")
        assert [activity.verb for activity in visit.activities] == ["submit"]
    assert count(store, Draft) == 0


def test_pages_that_are_only_opened_change_nothing(client: CarefulClient, store: Any) -> None:
    statuses = [client.get(url).status_code for url in ("/", "/request", "/privacy", "/accessibility")]
    assert statuses == [200, 200, 200, 200]
    assert count(store, Draft) == 0


def test_later_step_without_a_draft_leads_to_the_beginning(client: CarefulClient) -> None:
    later = ("delegation", "visit", "when", "check", "sent")
    assert [client.get(f"/request/{name}").location for name in later] == ["/request"] * 5


def test_step_left_empty_says_what_is_missing_and_links_to_it(client: CarefulClient) -> None:
    page = client.post("/request", data={})
    assert page.status_code == 422
    assert error_links(page) == ["organisation", "organisation_type", "country", "contact_name", "contact_email"]


def test_last_button_pressed_twice_makes_one_visit(client: CarefulClient, store: Any, clock: Any) -> None:
    page = fill_in(client)
    clock.shift(timedelta(minutes=4))
    answers = [client.post("/request/check", data={"carried": carried_by(page)}) for _ in range(2)]
    assert [answer.location for answer in answers] == ["/request/sent", "/request/sent"]
    assert count(store, Visit) == 1


def test_last_button_pressed_at_the_same_moment_makes_one_visit(
    client: CarefulClient, app: Any, store: Any, clock: Any
) -> None:
    page = fill_in(client)
    clock.shift(timedelta(minutes=4))
    token = client.get_cookie("request").value

    def press(_number: int) -> tuple[int, str | None]:
        other = app.test_client()
        other.set_cookie("request", token)
        answer = other.post("/request/check", data={"carried": carried_by(page)})
        return answer.status_code, answer.location

    with ThreadPoolExecutor(6) as people:
        assert list(people.map(press, range(6))) == [(303, "/request/sent")] * 6
    assert count(store, Visit) == 1


def test_page_of_a_request_that_was_sent_does_not_begin_a_second_one(
    client: CarefulClient, store: Any, clock: Any
) -> None:
    client.post("/request", data=WHO)
    old = client.get("/request/delegation")
    send(client, clock)
    answer = client.post("/request/delegation", data={**DELEGATION, "carried": carried_by(old)})
    assert (answer.location, count(store, Draft), count(store, Visit)) == ("/request/sent", 0, 1)


def test_second_request_from_the_same_browser_is_a_second_visit(client: CarefulClient, store: Any, clock: Any) -> None:
    send(client, clock)
    send(client, clock, organisation="Stadt Freiburg")
    with store() as session:
        assert sorted(session.scalars(select(Visit.organisation))) == ["Gemeente Utrecht", "Stadt Freiburg"]


@pytest.mark.parametrize("where", ["/request", "/request/check"])
def test_request_that_looks_like_a_robots_is_kept_and_taken_the_second_time(
    client: CarefulClient, store: Any, clock: Any, where: str
) -> None:
    trap = {"extra_words": "http://spam.example"}
    client.post("/request", data={**WHO, **(trap if where == "/request" else {})})
    for url, answers in STEPS[1:]:
        client.post(url, data=answers)
    clock.shift(timedelta(minutes=4))
    sent = trap if where == "/request/check" else {}
    answer = client.post("/request/check", data=sent)
    assert (answer.status_code, "press the button once more" in answer.text) == (200, True)
    assert (WHO["organisation"] in answer.text, count(store, Visit), count(store, Draft)) == (True, 0, 1)
    again = client.post("/request/check", data=sent | {"carried": carried_by(answer)})
    assert (again.location, count(store, Visit), count(store, Draft)) == ("/request/sent", 1, 0)


def test_no_field_of_the_form_is_one_that_browsers_fill_in_unseen(client: CarefulClient) -> None:
    page = client.get("/request").text
    hidden = page.partition('<div class="trap"')[2].partition("</div>")[0]
    assert re.findall(r' name="([^"]*)"', hidden) == ["extra_words"]


def test_form_filled_in_within_a_second_is_asked_for_once_more(client: CarefulClient, store: Any, clock: Any) -> None:
    page = fill_in(client)
    clock.shift(timedelta(seconds=1))
    answer = client.post("/request/check", data={"carried": carried_by(page)})
    assert (answer.status_code, count(store, Visit)) == (200, 0)
    client.post("/request/check", data={"carried": carried_by(answer)})
    assert count(store, Visit) == 1


def test_changing_one_step_leads_back_to_the_check(client: CarefulClient, clock: Any) -> None:
    fill_in(client)
    answer = client.post("/request/delegation?change=1", data={**DELEGATION, "group_size": "9"})
    assert answer.location == "/request/check"
    assert ">9</dd>" in client.get("/request/check").text


def test_send_with_a_step_unfinished_leads_there(client: CarefulClient, store: Any, clock: Any) -> None:
    fill_in(client)
    client.post("/request/visit", data={"purpose": "", "go": "back"})
    answer = client.post("/request/check", data={})
    assert (answer.location, count(store, Visit)) == ("/request/visit?look=1", 0)
    assert error_links(client.get("/request/visit?look=1")) == ["purpose"]


def test_mail_can_be_sent_again_to_a_corrected_address(client: CarefulClient, store: Any, clock: Any) -> None:
    send(client, clock)
    assert "marloes@utrecht.example.org" in client.get("/request/sent").text
    client.post("/request/sent", data={"contact_email": "m.dekkinga@utrecht.example.org"})
    with store() as session:
        visit = session.scalars(select(Visit)).one()
        assert visit.contact_email == "m.dekkinga@utrecht.example.org"
        assert [activity.verb for activity in visit.activities] == ["submit", "send-again"]


def test_mail_is_not_sent_again_and_again(client: CarefulClient, store: Any, clock: Any) -> None:
    send(client, clock)
    data = {"contact_email": "marloes@utrecht.example.org"}
    statuses = [client.post("/request/sent", data=data).status_code for _ in range(4)]
    assert statuses == [303, 303, 422, 422]
    clock.shift(timedelta(hours=1, minutes=1))
    assert client.post("/request/sent", data=data).status_code == 303
