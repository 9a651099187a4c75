"""Two people change one stop: what one saved is neither undone unseen by the other's form nor lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from app.core.time import in_venue
from tests import cast
from tests.harness.web import CarefulClient
from tests.web.hosting import Case, Store, find_visit, open_case
from tests.web.loaded import as_loaded
from tests.web.stop_forms import WALL, user_id

MOVED = {"starts": "13:00", "ends": "14:30"}


def stop_of(case: Case) -> int:
    with case.store() as session:
        return find_visit(session, case.ref).appointments[0].id


def said(case: Case) -> dict[str, Any]:
    """How the stop stands now."""
    with case.store() as session:
        stop = find_visit(session, case.ref).appointments[0]
        starts, ends = in_venue(stop.starts_at), in_venue(stop.ends_at)
        times = f"{starts:%H:%M}-{ends:%H:%M}"
        return {"times": times} | {name: getattr(stop, name) for name in ("note", "sequence", "answer", "title")}


@pytest.fixture
def case(app: Flask, store: Store) -> Case:
    """A claimed visit with one stop of Ola's at 9 to 11."""
    case = open_case(app, store, "claimed")
    case.browser(cast.OLA).post(case.url("/appointments/new"), data=WALL | {"contact": user_id(case, cast.OLA)})
    return case


def form_of(case: Case, reader: CarefulClient) -> tuple[str, dict[str, str | list[str]]]:
    """The stop's page, open in that browser."""
    url = case.url(f"/appointments/{stop_of(case)}")
    return url, as_loaded(reader.get(url).text)


def test_what_was_not_changed_in_the_form_is_not_written(case: Case) -> None:
    ola, ulrik = case.browser(cast.OLA), case.browser(cast.ULRIK)
    url, typed = form_of(case, ola)
    assert ulrik.post(url, data=form_of(case, ulrik)[1] | MOVED).status_code == 303
    moved = said(case)
    assert ola.post(url, data=typed | {"note": "Ring the bell"}).status_code == 303
    assert said(case) == moved | {"note": "Ring the bell", "sequence": moved["sequence"] + 1}


def test_coordinators_note_does_not_ask_the_host_again(case: Case) -> None:
    kari, ola = case.browser(cast.KARI), case.browser(cast.OLA)
    url, typed = form_of(case, kari)
    ola.post(url, data=form_of(case, ola)[1] | MOVED)
    assert kari.post(url, data=typed | {"note": "Ring the bell"}).status_code == 303
    assert (said(case)["times"], said(case)["answer"]) == ("13:00-14:30", "accepted")


def test_a_form_in_which_nothing_was_changed_writes_nothing(case: Case) -> None:
    ola, ulrik = case.browser(cast.OLA), case.browser(cast.ULRIK)
    url, typed = form_of(case, ola)
    ulrik.post(url, data=form_of(case, ulrik)[1] | MOVED)
    moved = said(case)
    assert ola.post(url, data=typed).status_code == 303
    assert said(case) == moved
    assert "Nothing was changed: it is as it was." in ola.get(case.url()).text


def test_both_changed_the_time_says_what_it_is_now_and_who_changed_it(case: Case) -> None:
    ola, ulrik = case.browser(cast.OLA), case.browser(cast.ULRIK)
    url, typed = form_of(case, ola)
    ulrik.post(url, data=form_of(case, ulrik)[1] | MOVED)
    moved = said(case)
    mine = typed | {"starts": "15:00", "ends": "16:00", "note": "Ring the bell"}
    answer = ola.post(url, data=mine)
    assert (answer.status_code, said(case)) == (409, moved)
    field = answer.text.split('id="on-error"')[1].split("</div>")[0]
    assert "Ulrik Utvikling changed this" in field
    assert "It is now: Monday 10 May 2027, 13:00–14:30, Bergen" in field
    again = as_loaded(answer.text)
    assert {name: again[name] for name in ("starts", "ends", "note")} == {
        "starts": "15:00",
        "ends": "16:00",
        "note": "Ring the bell",
    }


@pytest.mark.parametrize(("button", "times"), [({}, "15:00-16:00"), ({"theirs": "on"}, "13:00-14:30")])
def test_then_mine_is_saved_or_theirs_taken_and_the_rest_is_saved_with_it(
    case: Case, button: dict[str, str], times: str
) -> None:
    ola, ulrik = case.browser(cast.OLA), case.browser(cast.ULRIK)
    url, typed = form_of(case, ola)
    ulrik.post(url, data=form_of(case, ulrik)[1] | MOVED)
    page = ola.post(url, data=typed | {"starts": "15:00", "ends": "16:00", "note": "Ring the bell"}).text
    assert 'name="theirs" value="on"' in page
    assert ola.post(url, data=as_loaded(page) | button).status_code == 303
    assert (said(case)["times"], said(case)["note"]) == (times, "Ring the bell")


def test_a_third_change_after_the_refusal_is_not_lost_either(case: Case) -> None:
    ola, ulrik = case.browser(cast.OLA), case.browser(cast.ULRIK)
    url, typed = form_of(case, ola)
    ulrik.post(url, data=form_of(case, ulrik)[1] | MOVED)
    page = ola.post(url, data=typed | {"starts": "15:00", "ends": "16:00"}).text
    ulrik.post(url, data=form_of(case, ulrik)[1] | {"starts": "17:00", "ends": "18:00"})
    assert ola.post(url, data=as_loaded(page)).status_code == 409
    assert said(case)["times"] == "17:00-18:00"


def test_an_error_elsewhere_in_the_form_does_not_hide_the_other_change(case: Case) -> None:
    ola, ulrik = case.browser(cast.OLA), case.browser(cast.ULRIK)
    url, typed = form_of(case, ola)
    ulrik.post(url, data=form_of(case, ulrik)[1] | {"title": "Tour of the tunnels"})
    answer = ola.post(url, data=typed | {"title": "Tour of the pipes", "starts": "25:00"})
    assert "Write the time as 09:30." in answer.text
    assert "It is now: Tour of the tunnels" in answer.text
    page = as_loaded(answer.text) | {"starts": "09:00"}
    assert ola.post(url, data=page).status_code == 303  # mine, knowing theirs
    assert said(case)["title"] == "Tour of the pipes"


@pytest.mark.parametrize(
    ("way", "data"),
    [
        ("move-to", {"on": "2027-05-10", "starts": "15:00", "ends": "16:00"}),
        ("step", {"step": "later-30"}),
        ("contact", {"contact": "ulrik"}),
    ],
)
def test_the_board_moves_nothing_that_was_changed_under_it(case: Case, way: str, data: dict[str, str]) -> None:
    ola, ulrik = case.browser(cast.OLA), case.browser(cast.ULRIK)
    shown = as_loaded(ola.get(case.url("/arrange")).text)["shown"]
    url, typed = form_of(case, ulrik)
    taken = {"contact": ""} if way == "contact" else MOVED
    ulrik.post(url, data=typed | taken)
    moved = said(case)
    sent = {name: user_id(case, cast.ULRIK) if value == "ulrik" else value for name, value in data.items()}
    answer = ola.post(f"{url}/{way}", data=sent | {"shown": shown})
    assert (answer.status_code, said(case)) == (409, moved)
    assert "Ulrik Utvikling changed this" in answer.text
    again = as_loaded(answer.text)["shown"]
    assert ola.post(f"{url}/{way}", data=sent | {"shown": again}).status_code == 303


def test_the_board_moves_a_stop_of_which_somebody_changed_only_the_words(case: Case) -> None:
    ola, ulrik = case.browser(cast.OLA), case.browser(cast.ULRIK)
    shown = as_loaded(ola.get(case.url("/arrange")).text)["shown"]
    url, typed = form_of(case, ulrik)
    ulrik.post(url, data=typed | {"title": "Tour of the tunnels"})
    assert ola.post(f"{url}/step", data={"step": "later-30", "shown": shown}).status_code == 303
    assert (said(case)["times"], said(case)["title"]) == ("09:30-11:30", "Tour of the tunnels")


def test_of_many_who_save_the_same_field_at_once_one_wins_and_the_others_are_told(case: Case) -> None:
    readers = [case.browser(cast.OLA) for _one in range(6)]
    forms = [form_of(case, reader) for reader in readers]
    gate = Barrier(len(readers))

    def save(number: int) -> int:
        url, typed = forms[number]
        gate.wait()
        return int(readers[number].post(url, data=typed | {"title": f"Tour {number}"}).status_code)

    with ThreadPoolExecutor(len(readers)) as pool:
        answers = list(pool.map(save, range(len(readers))))
    assert sorted(answers) == [303, *[409] * (len(readers) - 1)]
    assert said(case)["title"] == f"Tour {answers.index(303)}"
