"""Answering an offer: one winner, the loser told who and able to join, no with a reason, giving back."""

from __future__ import annotations

import re

import time_machine
from flask import Flask

from app.people.actors import by_user
from app.visits import lifecycle
from tests import cast
from tests.web.hosting import Case, Store, find_visit, open_case


def statuses(case: Case) -> dict[tuple[str, str], str]:
    with case.store() as session:
        visit = find_visit(session, case.ref)
        return {(offer.host.slug, offer.part): offer.status for offer in visit.offers}


def test_claim_gives_the_visit_to_the_host_and_leads_to_its_programme(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    answer = case.browser(cast.OLA).post(case.url("/claim"), data={"host": "byutvikling"})
    assert (answer.status_code, answer.location) == (303, case.url("#programme"))
    with store() as session:
        visit = find_visit(session, case.ref)
        assert (visit.status, visit.lead_host.slug, visit.lead_user.name) == ("claimed", "byutvikling", "Ola Overvann")


def test_claim_without_naming_the_host_is_enough_for_a_member_of_one(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    assert case.browser(cast.OLA).post(case.url("/claim")).status_code == 303


def test_second_claim_is_told_who_has_it_and_may_join_with_one_button(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    case.browser(cast.OLA).post(case.url("/claim"))
    lost = case.browser(cast.BRITA).post(case.url("/claim"))
    assert lost.status_code == 409
    assert "Byrådsavdeling for byutvikling" in lost.text
    assert f'action="{case.url("/join")}"' in lost.text
    joined = case.browser(cast.BRITA).post(case.url("/join"), data={"host": "brannvesen"})
    assert joined.status_code == 303
    assert statuses(case) == {("byutvikling", "lead"): "claimed", ("brannvesen", "part"): "joined"}


def test_claim_pressed_twice_leads_to_the_visit(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    case.browser(cast.OLA).post(case.url("/claim"))
    again = case.browser(cast.ULRIK).post(case.url("/claim"))
    assert (again.status_code, again.location) == (303, case.url())


def test_claim_for_another_host_is_refused(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    answer = case.browser(cast.OLA).post(case.url("/claim"), data={"host": "brannvesen"})
    assert answer.status_code == 422
    assert statuses(case)[("byutvikling", "lead")] == "open"


def test_coordinator_who_was_not_asked_cannot_claim(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    assert case.browser(cast.KARI).post(case.url("/claim")).status_code == 409
    assert statuses(case)[("byutvikling", "lead")] == "open"


def test_host_that_was_never_asked_finds_no_visit(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    foreign = case.browser(cast.SIRI).post(case.url("/claim"))
    unknown = case.browser(cast.SIRI).post("/visits/ZZZ-ZZZ/claim")
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    tokens = re.compile(r'name="csrf_token" value="[^"]+"')
    assert tokens.sub("", foreign.text).replace(case.ref, "ZZZ-ZZZ") == tokens.sub("", unknown.text)


def test_declining_needs_a_reason_and_keeps_what_was_typed(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    page = case.browser(cast.OLA).post(case.url("/decline-offer"), data={"text": "Only <b>in June</b>"})
    assert page.status_code == 422
    assert "Choose a reason." in page.text
    assert "Only &lt;b&gt;in June&lt;/b&gt;" in page.text
    assert statuses(case)[("byutvikling", "lead")] == "open"


def test_declining_with_a_better_host_asks_that_host(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    case.browser(cast.BRITA).post(case.url("/decline-offer"), data={"reason": "not-ours"})
    data = {"reason": "not-ours", "better_host": "naeringsklyngene", "text": "They know the industry."}
    answer = case.browser(cast.OLA).post(case.url("/decline-offer"), data=data)
    assert (answer.status_code, answer.location) == (303, "/inbox")
    assert statuses(case) == {
        ("byutvikling", "lead"): "declined",
        ("brannvesen", "lead"): "declined",
        ("naeringsklyngene", "lead"): "open",
    }


def test_unknown_reason_or_host_is_refused(app: Flask, store: Store) -> None:
    case = open_case(app, store)
    for data in (
        {"reason": "no such"},
        {"reason": "dates", "better_host": "no-such-host"},
        {"reason": "dates", "offer": "x"},
    ):
        answer = case.browser(cast.OLA).post(case.url("/decline-offer"), data=data)
        assert (answer.status_code, "Choose one of the answers in the list." in answer.text) == (422, True)
    assert statuses(case)[("byutvikling", "lead")] == "open"


def test_release_asks_why_and_opens_the_other_offer_again(app: Flask, store: Store) -> None:
    with time_machine.travel(cast.MONDAY, tick=False):
        case = open_case(app, store, "claimed")
        ola = case.browser(cast.OLA)
        assert ola.post(case.url("/release"), data={"reason": ""}).status_code == 422
        assert ola.post(case.url("/release"), data={"reason": "Two of us are ill."}).status_code == 303
    with store() as session:
        assert find_visit(session, case.ref).status == "offered"
    assert statuses(case)[("brannvesen", "lead")] == "open"


def test_host_without_the_lead_cannot_release(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    assert case.browser(cast.BRITA).post(case.url("/release"), data={"reason": "No"}).status_code == 403


def test_verb_that_does_not_fit_any_more_says_how_the_visit_stands(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    with store() as session:
        visit = find_visit(session, case.ref)
        lifecycle.cancel(visit, reason="Storm", by=by_user(visit.lead_user, visit.lead_host))
    page = case.browser(cast.OLA).get(case.url("/release"))
    assert page.status_code == 409
    assert "Cancelled" in page.text
    assert f'href="{case.url()}"' in page.text
