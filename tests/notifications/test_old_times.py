"""Mails about what was moved give the old time beside the new one, to everybody who gets them, each as they knew it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine

from app.core.time import now
from app.people.actors import by_user
from app.visits import lifecycle
from tests.cast import BRITA, OLA, SIRI, Person, bring
from tests.notifications.town import VISITOR_ADDRESS, Store, Town, user

ON_THE_DAY = datetime(2027, 5, 10, 6, 30, tzinfo=UTC)  # 08:30 in Bergen
LATER = timedelta(minutes=1)


def lines_to(town: Town, person: Person | str, subject: str) -> list[str]:
    """The lines about stops, and what was before, in the mails with that in their subject."""
    texts = [mail.get_body(("plain",)).get_content() for mail in town.new_to(person) if subject in mail["Subject"]]
    return [line for text in texts for line in text.splitlines() if line.startswith(("- ", "Before: ", "Før: "))]


def confirmed(town: Town, store: Store, **of: object) -> None:
    with store():
        town.add(OLA)
        if of:
            town.add(BRITA, start="13:00", end="14:00", title="Fire station")
            lifecycle.accept_part(town.stop("Fire station"), by=by_user(user(BRITA), user(BRITA).hosts[0]), at=now())
        town.confirm()
    town.tick()
    town.mailbox.mails.clear()


def run_late(town: Town, store: Store, minutes: int) -> None:
    with store():
        lifecycle.run_late(town.stop(), minutes, by=by_user(user(OLA), user(OLA).hosts[0]), at=now())


def test_a_visit_that_runs_late_tells_where_each_stop_was(
    town: Town, store: Store, clock: time_machine.Traveller
) -> None:
    confirmed(town, store, with_part=True)
    clock.move_to(ON_THE_DAY)
    run_late(town, store, 15)
    town.tick()
    first, second = lines_to(town, VISITOR_ADDRESS, "15 minutes later")
    assert first.startswith("- Monday 10 May, 09:15–11:15, Bergen: Pipe renewal on site")
    assert first.endswith("before: Monday 10 May, 09:00–11:00, Bergen")
    assert second.endswith("before: Monday 10 May, 13:00–14:00, Bergen")
    of_host = lines_to(town, BRITA, "15 minutt")
    assert [line.partition(" – før: ")[2] for line in of_host] == [
        "måndag 10. mai kl. 9–11, Bergen", "måndag 10. mai kl. 13–14, Bergen",
    ]  # fmt: skip


def test_a_visit_that_runs_later_still_tells_it_against_what_its_reader_knows(
    town: Town, store: Store, clock: time_machine.Traveller
) -> None:
    confirmed(town, store)
    clock.move_to(ON_THE_DAY)
    for minutes, known in ((15, "09:00–11:00"), (10, "09:15–11:15")):
        run_late(town, store, minutes)
        town.tick()
        (line,) = lines_to(town, VISITOR_ADDRESS, f"{minutes} minutes later")
        assert line.endswith(f"before: Monday 10 May, {known}, Bergen")
        clock.shift(LATER)


def test_a_changed_proposal_tells_what_was_before_and_the_first_one_has_no_before(
    town: Town, store: Store, clock: time_machine.Traveller
) -> None:
    with store():
        stop = town.add(OLA)
        town.move(stop, starts_at=stop.starts_at + timedelta(hours=2), ends_at=stop.ends_at + timedelta(hours=2))
        lifecycle.propose(town.visit, by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    town.tick()
    (line,) = lines_to(town, VISITOR_ADDRESS, "A programme for your visit")
    assert line.startswith("- Monday 10 May, 11:00–13:00")
    assert "before" not in line
    with store():
        lifecycle.accept(town.visit, at=now())
    town.tick()
    clock.shift(LATER)
    with store():
        stop = town.stop()
        town.move(stop, starts_at=stop.starts_at + timedelta(hours=3), ends_at=stop.ends_at + timedelta(hours=3))
        lifecycle.propose(town.visit, by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    town.mailbox.mails.clear()
    town.tick()
    (line,) = lines_to(town, VISITOR_ADDRESS, "A programme for your visit")
    assert "14:00–16:00" in line.partition("before: ")[0]
    assert "11:00–13:00" in line.partition("before: ")[2]


def test_a_host_that_is_asked_again_reads_the_old_time_and_a_new_one_does_not(
    town: Town, store: Store, clock: time_machine.Traveller
) -> None:
    confirmed(town, store, with_part=True)
    clock.shift(LATER)
    with store():
        stop = town.stop("Fire station")
        half = timedelta(minutes=30)
        town.move(stop, by=OLA, starts_at=stop.starts_at + half, ends_at=stop.ends_at + half)
    town.tick()
    stop, before = lines_to(town, BRITA, "denne delen")
    assert stop.startswith("- måndag 10. mai kl. 13.30–14.30")
    assert before.startswith("Før: måndag 10. mai kl. 13–14, Bergen")
    clock.shift(LATER)
    with store():
        (siri,) = bring(SIRI)
        town.move(town.stop("Fire station"), by=OLA, host=siri.hosts[0], contact=siri)
    town.tick()
    (line,) = lines_to(town, SIRI, "")
    assert "13" in line
