"""Two people at one form: of hosts, people, places, events, rules, words of mails, hours, goals, outcomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from app.notifications.event_models import EventMail
from app.notifications.reminder_models import ReminderRule
from app.people.models import Host, Place, User
from app.strategy.models import Occasion
from tests import cast
from tests.harness.web import CarefulClient
from tests.web.hosting import Case, Store, find_visit, open_case
from tests.web.loaded import as_loaded

Fields = dict[str, Any]
WORDS = {f"{part}_{code}": f"{part} {code}" for part in ("subject", "body") for code in ("en", "nb", "nn")}


def _first(model: type[Any], **having: str) -> Callable[[Any], int]:
    return lambda session: int(session.scalars(select(model.id).filter_by(**having).order_by(model.id)).first())


@dataclass(frozen=True)
class Form:
    """A form that two may have open: where it is, what one changes, what the other, and the label of that field."""

    where: str
    theirs: Fields
    mine: Fields
    label: str
    number: Callable[[Any], int] = lambda _session: 0
    readers: tuple[cast.Person, cast.Person] = (cast.ADA, cast.ADA)

    def url(self, case: Case) -> str:
        with case.store() as session:
            return self.where.format(number=self.number(session), ref=case.ref)


HOST = _first(Host, slug="byutvikling")
PAGE = "https://a.example"
FORMS = {
    "host": Form("/admin/hosts/{number}", {"website": PAGE}, {"email": "b@example.org"}, "Website", HOST),
    "person": Form(
        "/admin/people/{number}", {"phone": "+47 55 00 00 01"}, {"title": "Engineer"}, "Telephone",
        _first(User, email=cast.OLA.email),
    ),
    "account": Form(
        "/account", {"phone": "+47 55 00 00 01"}, {"language": "nb"}, "Telephone", readers=(cast.OLA, cast.OLA)
    ),
    "place": Form(
        "/places/{number}", {"address": "Torget 1"}, {"note": "Ring"}, "Address", _first(Place),
        readers=(cast.KARI, cast.KARI),
    ),
    "occasion": Form(
        "/occasions/{number}", {"website": PAGE}, {"note": "Full"}, "Website", _first(Occasion),
        readers=(cast.KARI, cast.KARI),
    ),
    "rule": Form(
        "/admin/reminders/{number}", {"amount": "3"}, {"direction": "before", "clock": "exact"}, "How long",
        _first(ReminderRule, kind="day-before"),
    ),
    "event": Form("/admin/reminders/when/claim/claimed", WORDS, {}, "Subject in English"),
    "host hours": Form(
        "/inbox/hours/hosts/{number}", {"mon-opens": "10:15"}, {"tue-opens": "10:00"}, "From", HOST,
        (cast.OLA, cast.ULRIK),
    ),
    "own hours": Form("/inbox/hours/mine", {"mon-opens": "10:15"}, {"tue-opens": "10:00"}, "From",
        readers=(cast.OLA, cast.OLA)),
    "outcome": Form(
        "/visits/{ref}/report", {"text": "A letter of intent"}, {"achieved": "5"}, "In words",
        readers=(cast.OLA, cast.ULRIK),
    ),
}  # fmt: skip


@pytest.fixture
def case(app: Flask, store: Store) -> Case:
    """A visit with a report, whose host's people sign in beside the office."""
    return open_case(app, store, "reported")


def _opened(reader: CarefulClient, url: str) -> Fields:
    page = reader.get(url)
    assert page.status_code == 200
    return dict(as_loaded(page.text))


def _differs(form: Form, fields: Fields) -> Fields:
    """Another value for what the others change."""
    name, value = next(iter(form.theirs.items()))
    other = {"amount": "4", "mon-opens": "10:45", "phone": "+47 55 00 00 02"}.get(name, f"{value}2")
    return fields | form.theirs | {name: other}


@pytest.mark.parametrize("name", FORMS)
def test_what_only_one_of_two_changed_is_kept(case: Case, name: str) -> None:
    form = FORMS[name]
    url = form.url(case)
    one, two = (case.browser(person) for person in form.readers)
    before, after = _opened(one, url), _opened(two, url)
    assert two.post(url, data=after | form.theirs).status_code == 303
    assert one.post(url, data=before | form.mine).status_code == 303
    now_is = _opened(one, url)
    assert {field: now_is[field] for field in form.theirs | form.mine} == form.theirs | form.mine


@pytest.mark.parametrize("name", FORMS)
def test_what_both_changed_is_told_beside_its_field_and_saved_only_on_purpose(case: Case, name: str) -> None:
    form = FORMS[name]
    url = form.url(case)
    one, two = (case.browser(person) for person in form.readers)
    before, after = _opened(one, url), _opened(two, url)
    two.post(url, data=after | form.theirs)
    theirs = _opened(one, url)
    answer = one.post(url, data=_differs(form, before) | form.mine)
    assert answer.status_code == 409
    assert f"{form.label}: {form.readers[1].name} changed this" in answer.text.replace("<bdi>", "")
    assert _opened(one, url) == theirs  # nothing is written
    typed = dict(as_loaded(answer.text))
    field = next(iter(form.theirs))
    assert typed[field] == _differs(form, before)[field]
    assert one.post(url, data=typed).status_code == 303  # mine, knowing theirs
    assert _opened(one, url)[field] == typed[field]


def test_goals_that_somebody_confirmed_meanwhile_are_not_taken_away(case: Case) -> None:
    url = case.url("/goals")
    one, two = case.browser(cast.OLA), case.browser(cast.ULRIK)
    before = _opened(one, url)
    assert two.post(url, data={**before, "goals": ["1.1", "2.1"]}).status_code == 303
    answer = one.post(url, data={**before, "goals": ["3.1"]})
    assert answer.status_code == 409
    assert "Ulrik Utvikling changed this" in answer.text
    with case.store() as session:
        names = {link.goal.slug for link in find_visit(session, case.ref).goal_links if link.state != "removed"}
    assert names == {"1.1", "2.1"}


def test_word_that_somebody_weighed_anew_meanwhile_is_not_weighed_back(case: Case) -> None:
    url = "/admin/words/edit"
    ada = case.browser(cast.ADA)
    word = {"topic": "water/pipes", "language": "en", "word": "zorbling"}
    assert ada.post(url, data={**word, "weight": "3"}).status_code == 303
    query = urlencode(word)
    before = _opened(ada, f"{url}?{query}")
    assert ada.post(url, data=before | {"weight": "1"}).status_code == 303
    assert ada.post(url, data=before | {"note": "They asked for it"}).status_code == 303  # the weight stays theirs
    now_is = _opened(ada, f"{url}?{query}")
    assert (now_is["weight"], now_is["note"]) == ("1", "They asked for it")
    answer = ada.post(url, data=before | {"weight": "2"})
    assert answer.status_code == 409
    assert "Ada Administrator changed this" in answer.text
    assert ada.post(url, data=before | {"word": "zorblings", "weight": "2"}).status_code == 303  # another word


def test_lead_that_somebody_gave_away_meanwhile_is_not_given_away_again(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    url, kari = case.url("/reassign"), case.browser(cast.KARI)
    before = _opened(kari, url) | {"reason": "They know the harbour"}
    assert kari.post(url, data=before | {"host": "brannvesen"}).status_code == 303
    answer = kari.post(url, data=before | {"host": "naeringsklyngene"})
    assert answer.status_code == 409
    assert "Kari Koordinator changed this" in answer.text
    typed = dict(as_loaded(answer.text))
    assert (typed["host"], typed["reason"]) == ("naeringsklyngene", "They know the harbour")
    assert kari.post(url, data=typed).status_code == 303


def test_a_refused_form_leaves_no_line_of_the_catalogue_as_changed(case: Case) -> None:
    url = FORMS["event"].where
    ada = case.browser(cast.ADA)
    assert ada.post(url, data=_opened(ada, url) | {"subject_en": "Only one"}).status_code == 422
    with case.store() as session:
        assert session.scalars(select(EventMail)).all() == []


def test_a_coordinate_that_was_not_touched_keeps_all_its_digits(case: Case) -> None:
    url, kari = FORMS["place"].url(case), case.browser(cast.KARI)
    kari.post(url, data=_opened(kari, url) | {"latitude": "60.39251234"})
    kari.post(url, data=_opened(kari, url) | {"note": "Ring"})
    assert _opened(kari, url)["latitude"] == "60.39251234"
