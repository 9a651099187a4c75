"""The request: four steps, check your answers, send; nothing typed is lost, and nothing is sent twice."""

from __future__ import annotations

import html
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from app.core.time import now
from app.visits.drafts import drop_expired_drafts
from app.visits.models import Visit
from app.visits.programme_models import Draft
from tests.harness.web import CarefulClient
from tests.web.visitor_form import DELEGATION, STEPS, VISIT, WHEN, WHO, carried_by, csrf_token, error_links, fill_in

BAD_TEXTS = ("x" * 100_000, "<script>alert(1)</script>", "Ministry \u202egro.live", "a\x00b\x1b[31m")
CHOICES = {
    "organisation_type",
    "country",
    "head_level",
    "other_language",
    "interpreter_needed",
    "partnership",
    "occasion",
}


def count(store: Any, model: Any) -> int:
    with store() as session:
        return int(session.scalar(select(func.count()).select_from(model)))


def send(client: CarefulClient, clock: time_machine.Traveller, **change: Any) -> Any:
    page = fill_in(client, change=change)
    clock.shift(timedelta(minutes=4))
    return client.post("/request/check", data={"carried": carried_by(page)})


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


def test_cookie_holds_only_a_secret_that_is_stored_hashed(client: CarefulClient, store: Any) -> None:
    answer = client.post("/request", data=WHO)
    cookie = answer.headers["Set-Cookie"]
    token = cookie.partition("=")[2].partition(";")[0]
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=604800"} <= set(cookie.split("; "))
    with store() as session:
        draft = session.scalars(select(Draft)).one()
        assert (len(token), token in draft.token_hash) == (32, False)


def test_step_left_empty_says_what_is_missing_and_links_to_it(client: CarefulClient) -> None:
    page = client.post("/request", data={})
    assert page.status_code == 422
    assert error_links(page) == ["organisation", "organisation_type", "country", "contact_name", "contact_email"]


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


def test_carried_answers_that_we_did_not_seal_are_ignored(client: CarefulClient) -> None:
    for carried in ("", "x", "ø", "gAAAAA", "x" * 500_000):
        answer = client.post("/request", data={**WHO, "carried": carried})
        assert (answer.status_code, answer.location) == (303, "/request/delegation")


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


@pytest.mark.parametrize(("url", "answers"), STEPS)
@pytest.mark.parametrize("typed", BAD_TEXTS, ids=["long", "markup", "bidi", "control"])
def test_bad_text_gives_field_errors_and_comes_back(
    client: CarefulClient, url: str, answers: dict[str, Any], typed: str
) -> None:
    client.post("/request", data=WHO)
    wrong = [name for name, value in answers.items() if isinstance(value, str) and name not in CHOICES]
    page = client.post(url, data={**answers, **dict.fromkeys(wrong, typed)})
    assert page.status_code == 422
    assert sorted(error_links(page)) == sorted(wrong)
    kept = typed.replace("\x00", "").replace("<", "&lt;").replace(">", "&gt;")
    assert page.text.count(kept) >= len(wrong)


@pytest.mark.parametrize(("url", "answers"), STEPS[:3])
def test_unknown_choices_give_field_errors(client: CarefulClient, url: str, answers: dict[str, Any]) -> None:
    client.post("/request", data=WHO)
    choices = [name for name in answers if name in CHOICES - {"interpreter_needed"}]
    ticks = [name for name, value in answers.items() if isinstance(value, list)]
    sent = dict.fromkeys([*choices, *ticks], "no-such-thing")
    page = client.post(url, data={**answers, **sent})
    assert page.status_code == 422
    assert sorted(error_links(page)) == sorted([*choices, *(f"{name}-0" for name in ticks)])
    assert page.text.count("Choose from the list") == 2 * len(sent)


UNREADABLE: tuple[tuple[dict[str, str], list[str]], ...] = (
    ({"starts_on_1": "next spring"}, ["starts_on_1"]),
    ({"starts_on_1": "2027-02-30"}, ["starts_on_1"]),
    ({"starts_on_1": "0001-01-01"}, ["starts_on_1"]),
    ({"starts_on_1": "99999-01-01"}, ["starts_on_1"]),
    ({"starts_on_1": ""}, ["starts_on_1"]),
    ({"ends_on_1": "2027-05-09"}, ["ends_on_1"]),
    ({"starts_on_2": "", "ends_on_2": "2027-06-01"}, ["starts_on_2"]),
    ({"starts_on_3": "x", "duration_hours": "a day"}, ["starts_on_3", "duration_hours"]),
    ({"duration_hours": "0"}, ["duration_hours"]),
    ({"duration_hours": "1e99"}, ["duration_hours"]),
)


def test_dates_and_hours_that_cannot_be_read_are_field_errors(client: CarefulClient) -> None:
    client.post("/request", data=WHO)
    for change, wrong in UNREADABLE:
        page = client.post("/request/when", data={**WHEN, **change})
        assert (change, page.status_code, error_links(page)) == (change, 422, wrong)
        assert all(f'value="{typed}"' in page.text for typed in change.values() if typed)


def test_group_size_must_be_a_number(client: CarefulClient) -> None:
    client.post("/request", data=WHO)
    for size in ("", "some", "0", "-3", "7.5", "٣", "1_000", "9" * 5000):
        page = client.post("/request/delegation", data={**DELEGATION, "group_size": size})
        assert (size, page.status_code, error_links(page)) == (size, 422, ["group_size"])
        assert ("Write a number from 1 to 999999." in page.text) == (size in ("0", "9" * 5000))


def test_address_that_cannot_receive_mail_is_a_field_error(client: CarefulClient) -> None:
    for email in ("marloes", "a@b", "a b@example.org", "a@example.org\nBcc: x@example.org", "@", "a@@b.no"):
        page = client.post("/request", data={**WHO, "contact_email": email})
        assert (email, page.status_code, error_links(page)) == (email, 422, ["contact_email"])


def test_website_must_be_a_web_address(client: CarefulClient) -> None:
    for website in ("javascript:alert(1)", "file:///etc/passwd", "no address", "localhost"):
        page = client.post("/request", data={**WHO, "website": website})
        assert (website, page.status_code, error_links(page)) == (website, 422, ["website"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"group_size": "52"}, "52 people is a large group"),
        ({"starts_on_1": "2027-03-10", "ends_on_1": "2027-03-12"}, "We ask for 30 days"),
        ({"starts_on_1": "2026-05-11", "ends_on_1": "2026-05-12"}, "are past. Is the year right?"),
        ({"starts_on_1": "2027-05-15", "ends_on_1": "2027-05-16"}, "is a weekend"),
        ({"starts_on_1": "2027-05-17", "ends_on_1": "2027-05-17"}, "has only public holidays"),
    ],
)
def test_difficult_wishes_are_advised_on_and_not_refused(
    client: CarefulClient, store: Any, clock: Any, change: dict[str, str], words: str
) -> None:
    page = fill_in(client, change=change)
    assert words in page.text
    clock.shift(timedelta(minutes=4))
    client.post("/request/check", data={"carried": carried_by(page)})
    assert count(store, Visit) == 1


def test_short_courtesy_call_by_a_minister_needs_less_notice(client: CarefulClient, clock: Any) -> None:
    wish = {"starts_on_1": "2027-03-22", "ends_on_1": "2027-03-22", "head_level": "minister", "duration_hours": "1"}
    assert "We ask for" not in fill_in(client, change=wish).text
    assert "We ask for 30 days" in fill_in(client, change={**wish, "head_level": "expert"}).text


def test_sound_request_gets_no_remarks(client: CarefulClient, clock: Any) -> None:
    assert "Before you send" not in fill_in(client).text


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


def test_draft_can_be_thrown_away(client: CarefulClient, store: Any) -> None:
    client.post("/request", data=WHO)
    assert client.post("/request/discard").location == "/request"
    assert count(store, Draft) == 0


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


def test_countries_are_in_the_readers_language_and_alphabet(client: CarefulClient) -> None:
    norwegian = client.get("/request", headers={"Accept-Language": "nb"}).text
    english = client.get("/request", headers={"Accept-Language": "en"}).text
    assert norwegian.index(">Zimbabwe<") < norwegian.index(">Østerrike<") < norwegian.index(">Åland<")
    assert english.index(">Afghanistan<") < english.index(">Åland Islands<") < english.index(">Albania<")
