"""What routing is not sure of stands on the pages where it is decided, with what to ask; so do the marked words."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask

from app.visits import lifecycle
from app.visits.models import Visit
from tests import cast
from tests.factories import make_request
from tests.web.office import Office, Store, find_visit, open_office, words_of

TURKISH = (
    "Okyanus araştırmaları ve iklim üzerine çalışan araştırmacılarla görüşmek istiyoruz. Ortak projeler ve öğrenci "
    "değişimi hakkında konuşacağız."
)
ESTONIAN = "Soovime tutvuda teie ühistranspordi ja parvlaevade korraldusega."
TWO_SUBJECTS = "We want to see your sewers and pumping stations, and the care homes where people with dementia live."


def arrived(store: Store, **changes: object) -> str:
    with store():
        visit = lifecycle.submit(make_request(**changes), at=cast.MONDAY)
        lifecycle.receive(visit, at=cast.MONDAY)
        return visit.ref


def change_routing(store: Store, ref: str, **changes: object) -> None:
    with store() as session:
        visit = find_visit(session, ref)
        visit.routing = {**visit.routing, **changes}


def left_to_a_coordinator(visit: Visit) -> None:
    visit.status, visit.decision = "received", "coordinator-review"
    for offer in visit.offers:
        offer.status = "closed"


def marked_in(page: str) -> list[str]:
    return [html.unescape(word) for word in re.findall(r"<mark>([^<]*)</mark>", page)]


@pytest.mark.parametrize(
    ("language", "said", "asked"),
    [
        ("en", "Not sure Several hosts fit almost equally well:", "Which matters more to you:"),
        ("nb", "Ikke sikkert Flere vertskap passer nesten like godt:", "Hva er viktigst for dere:"),
        ("nn", "Ikkje sikkert Fleire vertskap passar nesten like godt:", "Kva er viktigast for dykk:"),
    ],
)
def test_what_is_unsure_and_what_to_ask_is_said_on_triage_inbox_and_visit(
    app: Flask, store: Store, language: str, said: str, asked: str
) -> None:
    office, ref = open_office(app, store), arrived(store, purpose=TWO_SUBJECTS, themes=[])
    change_routing(store, ref, sure=False, questions=["main-subject"], decision="route")
    inbox = words_of(office.browser(cast.OLA).get(f"/inbox?lang={language}", follow_redirects=True).text)
    visit = words_of(office.browser().get(f"/visits/{ref}?lang={language}", follow_redirects=True).text)
    with store() as session:
        left_to_a_coordinator(find_visit(session, ref))
    triage = words_of(office.browser().get(f"/triage?lang={language}", follow_redirects=True).text)
    assert [said in page and asked in page for page in (triage, inbox, visit)] == [True, True, True]


@pytest.mark.parametrize("purpose", [TURKISH, ESTONIAN])
def test_language_that_is_not_read_is_said(app: Flask, store: Store, purpose: str) -> None:
    office = open_office(app, store)
    ref = arrived(store, purpose=purpose, languages=["tr", "en"])
    page = words_of(office.browser().get(f"/visits/{ref}").text)
    assert "The language of the purpose is not one that routing reads" in page
    assert "Could you tell us in English or Norwegian" in page


@pytest.mark.parametrize(
    ("code", "said"), [("over-cap", "Something stands in the way of a host that fits"), ("named", "could not be told")]
)
def test_unsure_without_a_question_says_whether_a_host_is_away_or_full(
    app: Flask, store: Store, code: str, said: str
) -> None:
    office, ref = open_office(app, store), arrived(store)
    ranked = [{"slug": "byutvikling", "score": 3.0, "part": "lead", "reasons": [{"code": code, "words": ["3"]}]}]
    change_routing(store, ref, sure=False, questions=[], decision="route", ranked=ranked)
    page = words_of(office.browser().get(f"/visits/{ref}").text)
    assert said in page
    assert "What to ask the visitor" not in page


def test_few_words_may_be_of_any_language(app: Flask, store: Store) -> None:
    ref = arrived(store, purpose="Sewer renewal, pumping stations")
    with store() as session:
        assert "language" not in find_visit(session, ref).routing["questions"]


def test_nothing_is_unsure_of_a_sure_case_nor_once_a_host_has_it(app: Flask, store: Store) -> None:
    office, ref = open_office(app, store), arrived(store)
    change_routing(store, ref, sure=True, questions=[])
    assert "Not sure" not in words_of(office.browser(cast.OLA).get("/inbox").text)
    change_routing(store, ref, sure=False, questions=["main-subject"])
    assert "Not sure" in words_of(office.browser(cast.OLA).get("/inbox").text)
    assert office.browser(cast.OLA).post(f"/visits/{ref}/claim", data={"host": "byutvikling"}).status_code == 303
    assert "Not sure" not in words_of(office.browser(cast.OLA).get(f"/visits/{ref}").text)


def test_page_that_asks_the_visitor_begins_with_the_question_in_their_language(app: Flask, store: Store) -> None:
    office, ref = open_office(app, store), arrived(store, language="nn")
    change_routing(store, ref, sure=False, questions=["subject", "days"], decision="coordinator-review")
    page = office.browser().get(f"/visits/{ref}/ask-visitor").text
    expected = "Kva meir bestemt ønskjer de å sjå, lære eller bli samde om?\nKan de kome på virkedagar?"
    assert expected in html.unescape(page).replace("\r\n", "\n")


def test_words_that_reasons_rest_on_are_marked_in_the_text_on_triage_and_inbox(app: Flask, store: Store) -> None:
    office, ref = open_office(app, store), arrived(store)
    inbox = marked_in(office.browser(cast.OLA).get("/inbox").text)
    with store() as session:
        left_to_a_coordinator(find_visit(session, ref))
    triage = marked_in(_card(office, ref))
    assert ("reline" in inbox, "reline" in triage) == (True, True)


def _card(office: Office, ref: str) -> str:
    page = office.browser().get("/triage").text
    return page.partition(f'id="visit-{ref}"')[2].partition("</li>\n")[0] or page
