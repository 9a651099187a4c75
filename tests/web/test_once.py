"""Row RC-4: a form that is sent many times, by an impatient hand or a bad line, is carried out once."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import expect

from app import scheduler
from app.core.time import now
from app.people.sent_forms import SentForm, drop_sent_forms
from app.visits.models import Activity
from app.visits.programme_models import Appointment, Message
from tests import cast
from tests.harness.browser import OpenPage
from tests.harness.web import Mailbox
from tests.web.hosting import Case, Store, find_visit, open_case
from tests.web.stop_forms import WALL

TIMES = 20


def key_in(case: Case, address: str) -> str:
    """A key as the page hands it out."""
    found = re.search(r'<input type="hidden" name="once" value="([\w-]+)">', case.browser(cast.OLA).get(address).text)
    assert found is not None
    return found[1]


def stops(case: Case) -> int:
    with case.store() as session:
        return session.query(Appointment).count()


def additions(case: Case) -> int:
    with case.store() as session:
        return sum(activity.verb == "add-appointment" for activity in find_visit(session, case.ref).activities)


def test_every_form_that_changes_something_has_a_key_of_its_own(app: Flask, store: Store) -> None:
    case = open_case(app, store, "planned")
    with store() as session:
        number = find_visit(session, case.ref).appointments[0].id
    page = case.browser(cast.OLA).get(case.url(f"/appointments/{number}")).text
    forms = [form for form in re.findall(r"<form[^>]*method=.post.*?</form>", page, re.S) if "/sign-out" not in form]
    keys = [re.search(r'name="once" value="([\w-]+)"', form) for form in forms]
    assert None not in keys
    assert len({key[1] for key in keys if key}) == len(forms) >= 2


def test_the_same_form_sent_at_once_many_times_is_carried_out_once(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    form = WALL | {"once": key_in(case, case.url("/appointments/new"))}

    def send(_number: int) -> tuple[int, str]:
        answer = case.browser(cast.OLA).post(case.url("/appointments/new"), data=form)
        return answer.status_code, answer.location

    with ThreadPoolExecutor(8) as crowd:
        answers = Counter(crowd.map(send, range(TIMES)))
    assert answers == {(303, case.url("#programme")): TIMES}
    assert (stops(case), additions(case)) == (1, 1)


def test_without_a_key_it_would_be_done_each_time(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    for _number in range(3):
        assert case.browser(cast.OLA).post(case.url("/appointments/new"), data=WALL).status_code == 303
    assert (stops(case), additions(case)) == (3, 3)


def test_refused_form_may_be_sent_again(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    key = {"once": key_in(case, case.url("/appointments/new"))}
    assert (
        case.browser(cast.OLA).post(case.url("/appointments/new"), data=WALL | key | {"title": ""}).status_code == 422
    )
    assert case.browser(cast.OLA).post(case.url("/appointments/new"), data=WALL | key).status_code == 303
    assert stops(case) == 1


def test_form_changed_after_going_back_is_another_form(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    key = {"once": key_in(case, case.url("/appointments/new"))}
    for start in ("09:00", "10:00"):
        case.browser(cast.OLA).post(case.url("/appointments/new"), data=WALL | key | {"starts": start})
    assert stops(case) == 2


def test_a_key_is_worth_nothing_to_somebody_else(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    form = WALL | {"once": key_in(case, case.url("/appointments/new"))}
    for person in (cast.OLA, cast.ULRIK):
        case.browser(person).post(case.url("/appointments/new"), data=form)
    assert stops(case) == 2


def test_where_it_led_is_not_stored_in_plain_text_and_goes_after_a_day(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    form = WALL | {"once": key_in(case, case.url("/appointments/new"))}
    case.browser(cast.OLA).post(case.url("/appointments/new"), data=form)
    with store() as session:
        (row,) = session.query(SentForm).all()
        assert row.sealed_place != ""
        assert case.ref not in row.sealed_place
        assert drop_sent_forms(now() + timedelta(hours=23)) == 0
        assert drop_sent_forms(now() + timedelta(days=1, hours=1)) == 1


@pytest.mark.browser
@pytest.mark.one_engine
@pytest.mark.parametrize("script", [True, False])
def test_double_click_saves_one_stop(app: Flask, store: Store, open_page: OpenPage, script: bool) -> None:
    case = open_case(app, store, "claimed")
    page = open_page(case.url("/appointments/new"), script=script, user=case.sessions[cast.OLA.email])
    page.get_by_label("What happens?").fill("Pipe renewal on site")
    page.get_by_role("button", name="Save", exact=True).dblclick()
    expect(page).to_have_url(re.compile("/visits/[^/]+#programme$"))
    page.wait_for_load_state()
    assert (stops(case), additions(case)) == (1, 1)


def test_message_sent_many_times_is_one_message_one_mail_one_line_of_history(
    app: Flask, store: Store, mailbox: Mailbox, clock: time_machine.Traveller
) -> None:
    case = open_case(app, store, "claimed")
    with store() as session:
        session.query(Activity).update({"announced_at": now()})
        visitor = find_visit(session, case.ref).contact_email
    form = {"body": "Which entrance do you take?", "kind": "message", "once": "k" * 32}
    answers = Counter(case.browser(cast.OLA).post(case.url("/write"), data=form).status_code for _ in range(TIMES))
    with store() as session:
        scheduler.tell()
        written = session.query(Message).count(), session.query(Activity).filter_by(verb="write").count()
    assert (answers, written, len(mailbox.to(visitor))) == ({303: TIMES}, (1, 1), 1)
