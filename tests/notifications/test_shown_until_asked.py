"""A great change before it is proposed: page, paper, file and calendar of the visitor say what they know, and so."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from icalendar import Calendar

from app.core.time import from_venue, now
from app.people.actors import by_user
from app.people.links import mint_link
from app.visits import lifecycle
from app.visits.arranging import last_move_of, swap_appointments, undo_move
from app.visits.invitation_answers import Said, answer_invitation, answers_on
from app.visits.running_late import run_late
from app.visits.waiting import UNASKED
from app.web.visitor.paper import sheet_of
from tests.cast import OLA
from tests.harness.web import CarefulClient
from tests.notifications.town import DAY, VISITOR_ADDRESS, Store, Town, calendar_of, user

PIPES, TUNNEL = "Pipe renewal on site", "The tunnel"
MORNING = datetime(2027, 4, 22, 6, 0, tzinfo=UTC)
WHEN = r'<p class="time"><time datetime="([^"]*)">.*?<bdi>(.*?)</bdi></h4>'
Clock = time_machine.Traveller


@pytest.fixture
def confirmed(town: Town, store: Store, clock: Clock) -> Town:
    """Two stops of Ola's on 10 May, at 09:00 and at 13:00, each an invitation of its own; a morning in April."""
    with store():
        town.visit.invitations = "each"
        town.add(OLA)
        town.add(OLA, start="13:00", end="14:00", title=TUNNEL)
        town.confirm()
    town.tick()
    town.tick()
    clock.move_to(MORNING)
    town.mailbox.mails.clear()
    return town


@pytest.fixture
def token(confirmed: Town, store: Store) -> str:
    with store():
        return mint_link("visit", confirmed.visit_id, at=now())


def swap(town: Town, store: Store) -> None:
    with store():
        swap_appointments(town.stop(), town.stop(TUNNEL), by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    town.tick()


def clocks(client: CarefulClient, address: str) -> dict[str, str]:
    """When each stop of a page begins, in UTC."""
    page = client.get(address).text
    return {title: start[11:16] for start, title in re.findall(WHEN, page, re.S)}


def in_file(client: CarefulClient, token: str) -> list[tuple[Any, ...]]:
    """What the calendar file has of each event, without when it was written."""
    found: list[Any] = Calendar.from_ical(client.get(f"/v/{token}/programme.ics").data).walk("VEVENT")
    return [(str(e["UID"]), int(e["SEQUENCE"]), str(e["STATUS"]), e["DTSTART"].dt, e["DTEND"].dt) for e in found]


def words_of(client: CarefulClient, address: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", client.get(address).text).split())


def on_paper(town: Town, store: Store) -> list[tuple[str, str, str]]:
    with store(), town.app.test_request_context("/"):
        return [(stop.time, stop.title, stop.status) for day in sheet_of(town.visit).days for stop in day.stops]


def test_until_the_proposal_everything_stands_as_the_visitor_knows_it_and_says_that_it_changes(
    confirmed: Town, store: Store, client: CarefulClient, token: str
) -> None:
    before, paper = in_file(client, token), on_paper(confirmed, store)
    swap(confirmed, store)
    assert clocks(client, f"/v/{token}") == clocks(client, f"/v/{token}/programme") == {PIPES: "07:00", TUNNEL: "11:00"}
    assert in_file(client, token) == before
    assert [stop[:2] for stop in on_paper(confirmed, store)] == [stop[:2] for stop in paper]
    assert all(status.startswith("Being changed") for _time, _title, status in on_paper(confirmed, store))
    page = words_of(client, f"/v/{token}")
    assert "Your visit is confirmed, and a part of it is being changed" in page
    assert "The programme begins" not in page
    assert "This host has not answered yet" not in page
    assert page.count("Your hosts are changing this and will ask you. It is shown as you know it.") == 2
    file = client.get(f"/v/{token}/programme.ics").text.replace("\r\n ", "")
    assert file.count("This is being changed: your hosts will ask you.") == 2


def test_after_the_mail_about_it_the_page_has_the_planned_time_beside_the_known_one(
    confirmed: Town, store: Store, client: CarefulClient, token: str, clock: Clock
) -> None:
    before = in_file(client, token)
    swap(confirmed, store)
    clock.shift(UNASKED)
    confirmed.tick()
    assert len(confirmed.new_to(VISITOR_ADDRESS)) == 1  # of both
    page = words_of(client, f"/v/{token}")
    assert clocks(client, f"/v/{token}") == {PIPES: "07:00", TUNNEL: "11:00"}
    told = "Do not go by this any more. Planned now, and not settled: Monday 10 May,"
    assert f"{told} 12:00–14:00" in page
    assert f"{told} 09:00–10:00" in page
    assert in_file(client, token) == before


def test_the_proposal_shows_what_it_asks_about_everywhere(
    confirmed: Town, store: Store, client: CarefulClient, token: str
) -> None:
    swap(confirmed, store)
    with store():
        lifecycle.propose(confirmed.visit, by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    confirmed.tick()
    confirmed.tick()
    mails = [mail for mail in confirmed.new_to(VISITOR_ADDRESS) if "calendar" in str(mail)]
    told: list[Any] = [e for mail in mails for e in calendar_of(mail).walk("VEVENT")]
    pipes = next(e for e in told if str(e["SUMMARY"]) == PIPES)
    with store():
        uid = confirmed.stop().uid
    (mine,) = [one for one in in_file(client, token) if one[0] == uid]
    assert mine == (uid, int(pipes["SEQUENCE"]), "TENTATIVE", pipes["DTSTART"].dt, pipes["DTEND"].dt)
    assert clocks(client, f"/v/{token}") == {PIPES: "10:00", TUNNEL: "07:00"}
    assert "Being changed" not in words_of(client, f"/v/{token}")


def test_what_was_small_before_is_known_and_what_is_taken_back_is_not_being_changed(
    confirmed: Town, store: Store, client: CarefulClient, token: str
) -> None:
    with store():
        stop, later = confirmed.stop(), timedelta(minutes=30)
        confirmed.move(stop, starts_at=stop.starts_at + later, ends_at=stop.ends_at + later)
    assert clocks(client, f"/v/{token}")[PIPES] == "07:30"
    with store():
        stop, later = confirmed.stop(), timedelta(days=1)
        confirmed.move(stop, starts_at=stop.starts_at + later, ends_at=stop.ends_at + later)
    assert clocks(client, f"/v/{token}")[PIPES] == "07:30"
    with store():
        move = last_move_of(confirmed.stop())
        assert move is not None
        undo_move(move, by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    assert clocks(client, f"/v/{token}")[PIPES] == "07:30"
    page = words_of(client, f"/v/{token}")
    assert "Your visit is confirmed" in page
    assert "being changed" not in page


def test_running_late_on_the_day_is_shown_at_once_however_late(
    confirmed: Town, store: Store, client: CarefulClient, token: str, clock: Clock
) -> None:
    clock.move_to(from_venue(datetime(2027, 5, 10, 8, 30)))
    with store():
        for minutes in (60, 30):
            run_late(confirmed.stop(), minutes, by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    assert clocks(client, f"/v/{token}") == {PIPES: "08:30", TUNNEL: "12:30"}
    assert "Being changed" not in words_of(client, f"/v/{token}/today")


def test_today_has_what_was_told_to_be_planned_for_it(
    confirmed: Town, store: Store, client: CarefulClient, token: str, clock: Clock
) -> None:
    """The day before: who was to come tomorrow is wanted already today, and hears of it at once."""
    clock.move_to(from_venue(datetime(2027, 5, 9, 8, 30)))
    with store():
        earlier = timedelta(days=1)
        stop = confirmed.stop()
        confirmed.move(stop, starts_at=stop.starts_at - earlier, ends_at=stop.ends_at - earlier)
    assert PIPES not in words_of(client, f"/v/{token}/today")
    confirmed.tick()
    page = words_of(client, f"/v/{token}/today")
    assert PIPES in page
    assert "Not settled: your host will ask you." in page
    clock.move_to(from_venue(datetime.combine(DAY, datetime.min.time().replace(hour=8))))
    assert "Do not go by this any more." in words_of(client, f"/v/{token}/today")


def test_what_is_planned_over_midnight_is_on_the_page_of_today_until_it_is_over(
    confirmed: Town, store: Store, client: CarefulClient, token: str, clock: Clock
) -> None:
    """Known in the afternoon, planned and told for the night."""
    late = from_venue(datetime(2027, 5, 10, 23, 30))
    clock.move_to(from_venue(datetime(2027, 5, 10, 12, 30)))
    with store():
        confirmed.move(confirmed.stop(TUNNEL), starts_at=late, ends_at=late + timedelta(hours=1))
    confirmed.tick()
    for minute, is_there in ((45, True), (59, True), (61, False)):
        clock.move_to(late + timedelta(minutes=minute))
        page = words_of(client, f"/v/{token}/today")
        assert (TUNNEL in page, "Not settled" in page or "Do not go by this" in page) == (is_there, is_there), minute


def test_stop_removed_while_it_was_being_changed_is_gone_from_where_the_visitor_knew_it(
    confirmed: Town, store: Store, client: CarefulClient, token: str
) -> None:
    swap(confirmed, store)
    with store():
        lifecycle.remove_appointment(confirmed.stop(), by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
        uid, sequence = confirmed.stop().uid, confirmed.stop().sequence
    (gone,) = [one for one in in_file(client, token) if one[0] == uid]
    assert gone[1:4] == (sequence, "CANCELLED", datetime(2027, 5, 10, 7, 0, tzinfo=UTC))
    confirmed.tick()
    mail = next(one for one in confirmed.new_to(VISITOR_ADDRESS) if "will not take place" in str(one["Subject"]))
    assert "09:00–11:00, Bergen: Pipe renewal on site" in mail.get_body(("plain",)).get_content()
    (event,) = calendar_of(mail).walk("VEVENT")
    assert (event["DTSTART"].dt, int(event["SEQUENCE"])) == (gone[3], sequence)


def test_while_a_wish_for_a_change_is_worked_on_the_programme_is_as_it_was(
    confirmed: Town, store: Store, client: CarefulClient, token: str
) -> None:
    with store():
        lifecycle.ask_for_change(confirmed.visit, text="Later, please.", at=now())
    swap(confirmed, store)
    assert "This is the programme as it was" in words_of(client, f"/v/{token}")
    assert clocks(client, f"/v/{token}") == {PIPES: "07:00", TUNNEL: "11:00"}


def test_hosts_see_that_the_visitors_yes_was_to_the_earlier_time(
    confirmed: Town, store: Store, client: CarefulClient
) -> None:
    with store():
        (one,) = [row for row in answers_on(confirmed.visit)[confirmed.stop().id] if row.user_id is None]
        assert answer_invitation(one, Said("ACCEPTED", one.sequence), at=now())
        ref, session_id, name = confirmed.visit.ref, user(OLA).get_id(), confirmed.visit.contact_name
    client.sign_in(session_id)
    assert f"{name} accepts" in words_of(client, f"/visits/{ref}")
    swap(confirmed, store)
    page = words_of(client, f"/visits/{ref}")
    assert f"{name} accepts" not in page
    assert f"{name} accepted it as it was before" in page
