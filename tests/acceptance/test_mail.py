"""Rows RM-2, RM-3, RM-5 to RM-7 and RM-12 at full length: a hundred kills each, days of greylisting, real timeouts."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.time import now
from app.extensions import db
from app.jobs.telling import tell
from app.notifications import claims, post
from app.people.actors import by_user
from app.people.models import User
from app.people.users import create_user
from app.strategy.models import CitySetting
from app.strategy.settings import city_rules
from app.visits import lifecycle
from app.visits.models import Visit
from tests import factories
from tests.cast import KARI, OLA, ULRIK, bring
from tests.harness.processes import Process, scheduler
from tests.harness.smtp import BadDay, ended_by, start_sender, wait_until_stopped
from tests.harness.web import CarefulClient
from tests.notifications.outbox_rows import Clock, Store, bad_day, queue, rows, run
from tests.notifications.test_senders import killed

__all__ = ["bad_day"]  # the fixture
Figures = Callable[..., None]
KILLS = 100


@pytest.mark.parametrize("answered", [False, True])
def test_a_hundred_killed_senders_lose_nothing(
    app: Flask, store: Store, bad_day: BadDay, answered: bool, figures: Figures
) -> None:
    lost, extra = killed(app, store, bad_day, kills=KILLS, answered=answered)
    figures("RM-3" if answered else "RM-2", kills=KILLS, lost=lost, extra_copies=extra)
    assert lost == 0
    assert extra <= KILLS


def test_sender_that_is_paused_for_longer_than_its_claim(
    app: Flask, store: Store, bad_day: BadDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With real clocks: six minutes. The connection's own end comes later here: only the claim stops what wakes."""
    monkeypatch.setattr(post, "WHOLE_SECONDS", 3600.0)
    (address,) = queue(app, store, 1)
    children: list[int] = []

    def pause(_address: str) -> None:
        bad_day.on_rcpt = None
        os.kill(children[0], signal.SIGSTOP)

    bad_day.on_rcpt = pause
    children.append(start_sender(app))
    wait_until_stopped(children[0])
    time.sleep(claims.CLAIM.total_seconds() + 5)
    run(app)
    os.kill(children[0], signal.SIGCONT)
    assert ended_by(children[0]) == 0
    assert [mail.to for mail in bad_day.taken] == [address]


def test_greylisting_for_a_day_and_longer(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock, figures: Figures
) -> None:
    addresses = queue(app, store, 60)
    for number, address in enumerate(addresses):
        bad_day.plans[address].extend(["451"] * (2 + number % 5) + (["421"] if number % 7 == 0 else []))
    hopeless = queue(app, store, 61)[-1]
    bad_day.plans[hopeless].extend(["451"] * 40)
    begun = now()
    while any(row.status in claims.WAITING for row in rows(app)):
        clock.move_to(min(row.next_attempt_at for row in rows(app) if row.next_attempt_at is not None))
        run(app)
        clock.shift(timedelta(seconds=5))
    tries, hours = Counter(one for one, _at in bad_day.asked)[hopeless], (now() - begun).total_seconds() / 3600
    figures("RM-5", mails=60, delivered=len(set(addresses) & {m.to for m in bad_day.taken}), tries=tries, hours=hours)
    assert {mail.to for mail in bad_day.taken} == set(addresses) - {hopeless}
    assert tries >= 8
    assert hours >= 24


def test_slow_server_with_real_timeouts(app: Flask, store: Store, bad_day: BadDay, figures: Figures) -> None:
    """Ten recipients the server hangs on or drips for, a hundred others."""
    addresses = queue(app, store, 110)
    slow = addresses[::11]
    for number, address in enumerate(slow):
        bad_day.plans[address].append("drip" if number % 2 else "hang")
    begun = time.monotonic()
    run(app)
    waited = sorted(mail.at - begun for mail in bad_day.taken if mail.to not in slow)
    p95 = waited[int(len(waited) * 0.95)]
    figures("RM-7", slow=len(slow), others=len(waited), p95_seconds=round(p95, 1), all=round(time.monotonic() - begun))
    assert len(waited) == 100
    assert p95 <= 90


def test_server_that_greets_after_a_minute_is_given_up_in_time(app: Flask, store: Store, bad_day: BadDay) -> None:
    queue(app, store, 3)
    bad_day.banner = 60.0
    begun = time.monotonic()
    run(app)
    assert time.monotonic() - begun <= 30
    assert {row.status for row in rows(app)} <= set(claims.WAITING)


def test_refusals_under_a_running_scheduler_are_told_within_a_minute_and_not_tried_again(
    app: Flask, store: Store, bad_day: BadDay, scheduler_process: Process, figures: Figures
) -> None:
    """Rows RM-6 and RM-12: of one event's people one gets the mail, one is greylisted, one refused, one after DATA."""
    with store():
        kari, ola, ulrik = bring(KARI, OLA, ULRIK)
        refused = create_user("gone@example.org", hosts=("byutvikling",), at=now())
        db.session.merge(CitySetting(key="quiet_from_hour", value=city_rules().quiet_until_hour))  # real clocks
        visit = factories.make_visit("claimed", user=ola)
        session_id, ref, kari_id = kari.get_id(), visit.ref, kari.id
        good, bad, grey, late = visit.contact_email, ola.email, ulrik.email, refused.email
    run(app, tell)
    bad_day.asked.clear()
    bad_day.taken.clear()
    bad_day.plans |= {bad: deque(["550"]), late: deque(["554"]), grey: deque(["451"])}
    coordinator = app.test_client()
    assert isinstance(coordinator, CarefulClient)
    coordinator.sign_in(session_id)
    scheduler_process.start()
    with store() as session:
        cancelled = session.scalars(select(Visit).where(Visit.ref == ref)).one()
        lifecycle.cancel(cancelled, reason="A strike.", by=by_user(session.get_one(User, kari_id)))
    happened = time.monotonic()
    while "2 mails could not be sent." not in coordinator.get("/triage").text and time.monotonic() - happened < 120:
        time.sleep(1)
    told = time.monotonic() - happened
    while not bad_day.to(grey) and time.monotonic() - happened < 180:
        time.sleep(1)
    time.sleep(60)  # long enough for another attempt, were there one
    tries = Counter(address for address, _at in bad_day.asked)
    figures("RM-6", told_after=round(told, 1), tries_of_refused=tries[bad] + tries[late])
    figures("RM-12", tries_of_good=tries[good], tries_of_greylisted=tries[grey], delivered=len(bad_day.taken))
    assert told <= 60
    assert tries == {good: 1, bad: 1, late: 1, grey: 2}
    assert Counter(mail.to for mail in bad_day.taken) == {good: 1, grey: 1}
    assert "A mail could not be sent" in coordinator.get("/notices").text


@pytest.fixture
def scheduler_process(app: Flask, bad_day: BadDay, tmp_path: Path) -> Iterator[Process]:
    """`flask scheduler` on this test's database, to be started."""
    settings = {name: str(app.config[name]) for name in ("SECRET_KEY", "DATA_KEY", "BASE_URL")}
    settings |= {"DATABASE_URL": str(app.config["SQLALCHEMY_DATABASE_URI"]), "SMTP_URL": bad_day.url}
    made = scheduler("scheduler", settings, tmp_path)
    yield made
    made.stop()
