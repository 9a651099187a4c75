"""Decisions on one visit: offer, reassign, decline with its preview, ask, reopen, goals; what is refused."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.strategy.models import Goal
from app.visits import lifecycle
from tests import cast
from tests.factories import make_visit
from tests.web.office import Office, Store, acting, find_visit, open_office, user_called, words_of


def office_with(app: Flask, store: Store, until: str, **changes: object) -> tuple[Office, str]:
    office = open_office(app, store)
    with store() as session:
        visit = make_visit(until, user=user_called(session, cast.OLA), **changes)
        return office, f"/visits/{visit.ref}"


def ref_of(url: str) -> str:
    return url.rsplit("/", 1)[1]


def test_offer_asks_the_chosen_host_with_a_note(app: Flask, store: Store) -> None:
    office, url = office_with(app, store, "offered")
    assert office.browser().get(f"{url}/offer").status_code == 200
    sent = {"host": "brannvesen", "part": "part", "note": "One hour at the station?"}
    answer = office.browser().post(f"{url}/offer", data=sent)
    assert (answer.status_code, answer.location) == (303, url)
    with store() as session:
        made = next(o for o in find_visit(session, ref_of(url)).offers if o.host.slug == "brannvesen")
        assert (made.part, made.status, made.note) == ("part", "open", "One hour at the station?")


def test_offer_to_a_host_that_is_asked_already_is_refused_beside_the_field(app: Flask, store: Store) -> None:
    office, url = office_with(app, store, "claimed")
    lead = office.browser().post(f"{url}/offer", data={"host": "byutvikling", "part": "part"})
    assert lead.status_code == 409
    assert "This host already has the lead." in words_of(lead.text)
    assert office.browser().post(f"{url}/offer", data={"host": "brannvesen", "part": "part"}).status_code == 303
    again = office.browser().post(f"{url}/offer", data={"host": "brannvesen", "part": "part", "note": "Please"})
    assert again.status_code == 409
    assert "Please" in again.text


@pytest.mark.parametrize("data", [{}, {"host": "nobody", "part": "lead"}, {"host": "brannvesen", "part": "boss"}])
def test_offer_without_a_known_host_or_part_says_so(app: Flask, store: Store, data: dict[str, str]) -> None:
    office, url = office_with(app, store, "offered")
    answer = office.browser().post(f"{url}/offer", data=data)
    assert answer.status_code == 422
    assert "Something needs another look" in words_of(answer.text)


def test_after_the_claim_only_a_part_can_be_offered(app: Flask, store: Store) -> None:
    office, url = office_with(app, store, "claimed")
    assert office.browser().post(f"{url}/offer", data={"host": "brannvesen", "part": "lead"}).status_code == 422


def test_reassign_gives_the_lead_away_with_its_reason(app: Flask, store: Store) -> None:
    office, url = office_with(app, store, "confirmed")
    missing = office.browser().post(f"{url}/reassign", data={"host": "brannvesen", "reason": "  "})
    assert missing.status_code == 422
    answer = office.browser().post(f"{url}/reassign", data={"host": "brannvesen", "reason": "Ola is ill."})
    assert answer.status_code == 303
    with store() as session:
        visit = find_visit(session, ref_of(url))
        assert (visit.status, visit.lead_host.slug) == ("claimed", "brannvesen")
        assert visit.activities[-1].reason == "Ola is ill."


def test_decline_shows_what_the_visitor_will_read_before_it_is_sent(app: Flask, store: Store) -> None:
    office, url = office_with(app, store, "offered", language="nn")
    assert "Sales visit" in office.browser().get(f"{url}/decline?reason=commercial").text
    sent = {"reason": "no-capacity", "text": "We are <3 sorry.", "alternatives": "Try October."}
    preview = office.browser().post(f"{url}/decline", data=sent)
    assert preview.status_code == 200
    assert 'lang="nn"' in preview.text
    assert '<div class="card narrow" lang="nn"><p>Takk for at de ønskjer å besøkje Bergen.' in " ".join(
        preview.text.replace("> ", ">").split()
    )
    assert "<bdi>We are &lt;3 sorry.</bdi>" in preview.text
    assert "&lt;p&gt;" not in preview.text
    with store() as session:
        assert find_visit(session, ref_of(url)).status == "offered"
    done = office.browser().post(f"{url}/decline", data={**sent, "step": "send"})
    assert done.status_code == 303
    with store() as session:
        visit = find_visit(session, ref_of(url))
        assert (visit.status, visit.closing_reason) == ("declined", "no-capacity")
        assert (visit.closing_text, visit.alternatives) == ("We are <3 sorry.", "Try October.")
        assert {o.status for o in visit.offers} == {"closed"}


def test_suggested_alternatives_follow_the_chosen_reason_until_somebody_writes_better(app: Flask, store: Store) -> None:
    office, url = office_with(app, store, "offered")
    suggested = "The tourist office helps private groups, with guides and opening hours."
    assert suggested in office.browser().get(f"{url}/decline?reason=leisure").text
    other = office.browser().post(f"{url}/decline", data={"reason": "too-late", "alternatives": suggested}).text
    assert suggested not in other
    assert "at least a month ahead, or ask for a video meeting" in other
    own = office.browser().post(f"{url}/decline", data={"reason": "too-late", "alternatives": "Call me."}).text
    assert "Call me." in own


@pytest.mark.parametrize("data", [{}, {"reason": "boredom"}, {"reason": "dates", "text": "x" * 5000}])
def test_decline_without_a_known_reason_or_with_too_much_text_is_refused(
    app: Flask, store: Store, data: dict[str, str]
) -> None:
    office, url = office_with(app, store, "offered")
    answer = office.browser().post(f"{url}/decline", data={**data, "step": "send"})
    assert answer.status_code == 422
    with store() as session:
        assert find_visit(session, ref_of(url)).status == "offered"


def test_question_to_the_visitor_stops_the_clock(app: Flask, store: Store) -> None:
    office, url = office_with(app, store, "received")
    assert office.browser().post(f"{url}/ask-visitor", data={"body": "\u200f "}).status_code == 422
    assert office.browser().post(f"{url}/ask-visitor", data={"body": "How many are you?"}).status_code == 303
    with store() as session:
        message = find_visit(session, ref_of(url)).messages[-1]
        assert (message.kind, message.body) == ("question", "How many are you?")


def test_reopened_visit_waits_for_a_decision_again(app: Flask, store: Store) -> None:
    office, url = office_with(app, store, "offered")
    with store() as session:
        lifecycle.decline(find_visit(session, ref_of(url)), reason="dates", by=acting(session, cast.KARI))
    assert office.browser().post(f"{url}/reopen", data={}).status_code == 422
    assert office.browser().post(f"{url}/reopen", data={"reason": "New dates came."}).status_code == 303
    with store() as session:
        assert find_visit(session, ref_of(url)).status == "received"
    assert ref_of(url) in office.browser().get("/triage").text


def test_goals_ticked_are_confirmed_and_the_others_removed(app: Flask, store: Store) -> None:
    office, url = office_with(app, store, "claimed")
    assert 'value="1.3"' in office.browser().get(f"{url}/goals").text
    answer = office.browser(cast.OLA).post(f"{url}/goals", data={"goals": ["1.3", "sdg-14"]})
    assert answer.status_code == 303
    with store() as session:
        links = find_visit(session, ref_of(url)).goal_links
        assert {link.goal.slug for link in links if link.state == "confirmed"} == {"1.3", "sdg-14"}
        assert {link.state for link in links if link.goal.slug not in ("1.3", "sdg-14")} <= {"removed"}


def test_unknown_goal_is_named_and_nothing_is_saved(app: Flask, store: Store) -> None:
    office, url = office_with(app, store, "claimed")
    answer = office.browser().post(f"{url}/goals", data={"goals": ["1.3", "7.7"]})
    assert answer.status_code == 422
    assert "There is no goal “7.7”. Nothing was saved." in words_of(answer.text)
    with store() as session:
        links = find_visit(session, ref_of(url)).goal_links
        assert all(link.state == "suggested" for link in links)
        assert session.scalars(select(Goal).where(Goal.slug == "1.3")).one() is not None


@pytest.mark.parametrize("page", ["decline", "reopen", "offer"])
def test_what_does_not_fit_the_status_is_refused_in_words(app: Flask, store: Store, page: str) -> None:
    office, url = office_with(app, store, "reported")
    for answer in (office.browser().get(f"{url}/{page}"), office.browser().post(f"{url}/{page}", data={})):
        assert answer.status_code == 409
        assert "Reported" in answer.text


@pytest.mark.parametrize("page", ["offer", "reassign", "decline", "merge", "reopen", "ask-visitor", "offer-suggested"])
def test_hosts_may_not_decide(app: Flask, store: Store, page: str) -> None:
    office, url = office_with(app, store, "offered")
    assert office.browser(cast.OLA).post(f"{url}/{page}", data={}).status_code == 403


def test_another_hosts_member_does_not_find_the_goals(app: Flask, store: Store) -> None:
    office, url = office_with(app, store, "claimed", themes=[], purpose="Tunnels.")
    with store() as session:
        visit = find_visit(session, ref_of(url))
        for offer in visit.offers:
            if offer.host.slug != "byutvikling":
                session.delete(offer)
    assert office.browser(cast.BRITA).get(f"{url}/goals").status_code == 404
    assert office.browser().get("/visits/ZZZ-ZZZ/offer").status_code == 404


def test_visit_page_offers_the_coordinator_what_is_possible_now(app: Flask, store: Store) -> None:
    office, url = office_with(app, store, "offered")
    page = office.browser().get(url).text
    for name in ("offer", "reassign", "decline", "merge", "goals", "ask-visitor"):
        assert f'href="{url}/{name}"' in page
    assert f'href="{url}/reopen"' not in page
    assert "As coordinator" not in office.browser(cast.OLA).get(url).text
