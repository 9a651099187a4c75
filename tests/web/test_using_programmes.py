"""A suggested programme is used as a whole or not at all, whatever others book meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.calendars.models import BusyBlock, ExternalCalendar
from app.core.time import from_venue
from app.people.actors import by_user
from app.planning.answering import programmes
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.web.host import suggesting
from tests import cast, factories
from tests.harness.browser import PHONE, OpenPage
from tests.harness.crowd import Crowd, Post
from tests.web.hosting import Case, Store, find_visit, open_case
from tests.web.test_suggesting import PIPES, PUMPS, asks, first_choice, held

ROUNDS, RIVALS = 3, 6


def test_what_was_booked_meanwhile_is_named_and_nothing_is_half_added(
    app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first stop could be added, the second one could not: its person is taken since the search."""
    case = open_case(app, store, "claimed")
    ola, address = case.browser(cast.OLA), case.url("/suggest?" + asks(PIPES, PUMPS | {"after": "0"}))
    stale, old = [], programmes
    monkeypatch.setattr(suggesting, "programmes", lambda *asked: stale.append(old(*asked)) or stale[-1])
    choice = first_choice(ola.get(address).text)
    first, second = stale[0].programmes[0].stops
    book(store, int(second.contact), second.starts_at)
    answers = iter([stale[0]])
    monkeypatch.setattr(suggesting, "programmes", lambda *asked: next(answers, None) or old(*asked))
    answer = ola.post(address, data={"programme": choice})
    assert answer.status_code == 409
    assert "Nothing was added" in answer.text
    assert "Brita" in answer.text
    assert "is busy" in answer.text
    assert "Elsewhere" not in answer.text  # it is in a visit that Ola may not see
    assert "Search once more" in answer.text
    assert first_choice(answer.text) != choice
    assert held(case) == []
    ola.post(address, data={"programme": first_choice(answer.text)})
    assert len(held(case)) == 2
    assert first.starts_at < second.starts_at


def book(store: Store, contact_id: int, starts_at: datetime) -> None:
    """Another visit takes that person's hour."""
    with store() as session:
        owner = session.scalars(select(Visit).order_by(Visit.id)).first()
        assert owner is not None
        user = next(u for u in cast.host("brannvesen").members if u.id == contact_id)
        visit = factories.make_visit("claimed", user=user)
        plan = lifecycle.Plan(
            title="Elsewhere",
            host=user.hosts[0],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            contact=user,
        )
        lifecycle.add_appointment(visit, plan, by=by_user(user, user.hosts[0]), at=cast.MONDAY)


def test_many_who_use_the_same_programme_at_once_get_it_whole_or_not_at_all(crowd: Crowd, store: Store) -> None:
    for number in range(ROUNDS):
        refs, user, contacts = open_rivals(store)
        fixed = PIPES | {"on": f"2027-05-{10 + number}", "starts": "10:00", "contact": contacts[0]}
        later = PUMPS | {"on": f"2027-05-{10 + number}", "starts": "13:00", "contact": contacts[1]}
        question = asks(fixed, later)
        with crowd.app.test_client() as client:
            choice = first_choice(client.sign_in(user).get(f"/visits/{refs[0]}/suggest?{question}").text)
        posts = [Post(user, f"/visits/{ref}/suggest?{question}", {"programme": choice}) for ref in refs]
        answers = crowd.send(posts)
        won = [one for one in answers if "#programme" in one.location]
        lost = [one for one in answers if one not in won]
        assert len(won) == 1
        assert all(one.status == 409 or "/suggest?" in one.location for one in lost)
        assert sorted(stops_of(store, refs)) == [0] * (RIVALS - 1) + [2]


def open_rivals(store: Store) -> tuple[list[str], str, list[str]]:
    with store():
        ola, brita = cast.bring(cast.OLA, cast.BRITA)
        refs = [factories.make_visit("claimed", user=ola).ref for _number in range(RIVALS)]
        for slug in ("byutvikling", "brannvesen"):
            cast.host(slug).weekly_cap = None  # so many visits would be too many for a week
        return refs, ola.get_id(), [str(ola.id), str(brita.id)]


def stops_of(store: Store, refs: list[str]) -> list[int]:
    with store() as session:
        live = select(Appointment).join(Visit).where(Appointment.status != "cancelled")
        return [len(session.scalars(live.where(Visit.ref == ref)).all()) for ref in refs]


def take_mornings(store: Store) -> None:
    """Ola's host is taken in its own calendar on every day that the visitor gave."""
    with store() as session:
        host_id = cast.host("byutvikling").id
        own = ExternalCalendar(host_id=host_id, sealed_url="x", due_at=cast.MONDAY, created_at=cast.MONDAY)
        session.add(own)
        session.flush()
        for day in (10, 11, 12):
            starts_at = from_venue(datetime(2027, 5, day, 7))
            session.add(BusyBlock(calendar_id=own.id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=11)))


def test_a_time_left_out_of_account_needs_a_reason(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    take_mornings(store)
    with store() as session:
        blocks = " ".join(f"imported-{block.id}" for block in session.scalars(select(BusyBlock)))
    ola, address = case.browser(cast.OLA), case.url("/suggest?" + asks(PIPES, ignore=blocks))
    page = ola.get(address).text
    assert "Why all the same?" in page
    choice = first_choice(page)
    answer = ola.post(address, data={"programme": choice, "reason": " "})
    assert answer.status_code == 422
    assert "Say why it is used all the same." in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert held(case) == []
    answer = ola.post(address, data={"programme": choice, "reason": "Agreed by phone"})
    assert answer.status_code == 303
    with store() as session:
        visit = find_visit(session, case.ref)
        reasons: list[Any] = [one.reason for one in visit.activities if one.verb == "add-appointment"]
        assert reasons == ["Agreed by phone"]


def test_whichever_host_is_free_receives_and_is_asked(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    take_mornings(store)
    either = PIPES | {"or_host": "brannvesen", "place": "", "title": "Pipes or pumps"}
    ola, address = case.browser(cast.OLA), case.url("/suggest?" + asks(either))
    page = ola.get(address).text
    assert "<bdi>Bergen Fire Department</bdi>" in page
    assert ola.post(address, data={"programme": first_choice(page)}).status_code == 303
    assert held(case) == [("Pipes or pumps", "hold", "asked")]
    with store() as session:
        (stop,) = find_visit(session, case.ref).appointments
        assert stop.host.slug == "brannvesen"


def test_a_visit_without_a_programme_leads_to_the_search(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    page = case.browser(cast.OLA).get(case.url()).text
    card = page[page.index('aria-labelledby="next"') :]
    assert case.url("/suggest") in card[: card.index("</section>")]


@pytest.mark.browser
def test_a_programme_is_searched_and_used_without_a_script(app: Flask, store: Store, open_page: OpenPage, axe) -> None:
    case: Case = open_case(app, store, "claimed")
    page = open_page(case.url(), width=PHONE, script=False, user=case.sessions[cast.OLA.email])
    page.get_by_role("link", name="Suggest a programme").first.click()
    for number, title in enumerate(("Pipes on site", "Fire pumps")):
        page.locator(f"#stops-{number}-title").fill(title)
        page.locator(f"#stops-{number}-host").select_option("byutvikling")
    page.get_by_role("button", name="One more stop").click()
    expect(page.locator("#stops-3-title")).to_have_count(1)
    page.get_by_role("button", name="Suggest programmes").click()
    expect(page.get_by_role("button", name="Use this programme")).to_have_count(3)
    page.get_by_role("button", name="Use this programme").first.click()
    expect(page.get_by_text("2 stops are held.")).to_have_count(1)
    assert len(held(case)) == 2
