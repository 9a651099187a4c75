"""Rows RM-1, RM-4, RM-9 and RM-10: two schedulers on one PostgreSQL, and a clock that is moved while they run."""

from __future__ import annotations

import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import func, select, update

from app import create_app
from app.core.time import in_venue
from app.extensions import db
from app.notifications.models import Notification
from app.notifications.reminder_models import ReminderRule
from app.people.actors import by_user
from app.people.models import User
from app.people.users import create_user
from app.visits import lifecycle
from app.visits.models import Activity
from tests import cast, factories
from tests.harness.cluster import Cluster, cluster_on, find_faketime, missing
from tests.harness.traffic import Traffic, session_cookie

REMINDERS, SPREAD = 1_000, timedelta(minutes=10)
QUEUED = 500
LATE_SECONDS, AFTER_OUTAGE = 60, timedelta(minutes=5)
OUTAGE, IN_OUTAGE = timedelta(hours=8), 50
ASKED_AFTER = timedelta(hours=24)  # the rule confirm-address
START = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)  # a Tuesday
Report = Callable[..., None]


def lacking() -> list[str]:
    return missing() + ([] if find_faketime() else ["libfaketime (Debian: apt-get install libfaketime)"])


@pytest.fixture
def cluster(engine_name: str) -> Iterator[Cluster]:
    """Two nodes and two schedulers whose clock stands at START when they begin."""
    with cluster_on(engine_name, lacking(), begins=START, workers=1, clock=True) as made:
        yield made


@pytest.fixture
def world(cluster: Cluster) -> Iterator[Flask]:
    """The application in this process, on the cluster's database and with its keys; its times are given by `at=`."""
    keys = {name: cluster.settings[name] for name in ("SECRET_KEY", "BASE_URL")}
    app = create_app(
        keys
        | {"DATA_KEY": f"data:{cluster.settings['SECRET_KEY']}"}
        | {
            "SQLALCHEMY_DATABASE_URI": cluster.settings["DATABASE_URL"].replace(
                "postgresql://", "postgresql+psycopg://"
            )
        }
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def unconfirmed(number: int, *, at: datetime) -> None:
    """A request whose address is not confirmed: reminded of 24 hours later, each at an address of its own."""
    lifecycle.submit(factories.make_request(contact_email=f"visitor{number}@example.org"), at=at)


def nobody_is_told_of_the_past(at: datetime) -> None:
    db.session.execute(update(Activity).values(announced_at=at))
    db.session.commit()


def addresses(cluster: Cluster) -> Counter[str]:
    """How many mails came to each address."""
    return Counter(str(mail["X-Envelope-To"]) for mail in list(cluster.mailbox.mails))


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if done():
            return True
        time.sleep(0.5)
    return done()


def lateness() -> list[float]:
    """For every mail that was sent: how many seconds after it was due."""
    db.session.rollback()
    rows = db.session.execute(
        select(Notification.due_at, Notification.sent_at).where(Notification.sent_at.is_not(None))
    )
    return sorted((sent - due).total_seconds() for due, sent in rows)


def statuses() -> dict[str, int]:
    db.session.rollback()
    rows = db.session.execute(select(Notification.status, func.count()).group_by(Notification.status))
    return {str(status): count for status, count in rows}


def test_rm_1_a_thousand_reminders_in_ten_minutes(cluster: Cluster, world: Flask, figures: Report) -> None:
    for number in range(REMINDERS):
        unconfirmed(number, at=START - timedelta(hours=2))  # long before it is to be reminded of
    begins = cluster.now() + timedelta(seconds=40)
    asked = db.session.scalars(select(Activity.id).order_by(Activity.id)).all()
    moments = [begins + number * SPREAD / REMINDERS - ASKED_AFTER for number in range(REMINDERS)]
    rows = [{"id": one, "at": at, "announced_at": START} for one, at in zip(asked, moments, strict=True)]
    db.session.execute(update(Activity), rows)
    db.session.commit()
    wait_until(lambda: len(cluster.mailbox.mails) >= REMINDERS, (begins - cluster.now() + SPREAD).total_seconds() + 180)
    time.sleep(15)  # time for a second copy
    counted, late = addresses(cluster), lateness()
    figures(
        "RM-1", due=REMINDERS, delivered=sum(counted.values()), recipients=len(counted),
        lost=REMINDERS - len(counted), doubled=sum(number - 1 for number in counted.values()),
        late_p50=late[len(late) // 2], late_p99=late[int(0.99 * len(late))], late_most=late[-1],
        by_scheduler={part.name: part.said().count('"error"') for part in cluster.schedulers},
    )  # fmt: skip
    assert (len(counted), max(counted.values())) == (REMINDERS, 1)
    assert late[int(0.99 * len(late))] <= LATE_SECONDS


def test_rm_10_schedulers_down_for_eight_hours(cluster: Cluster, world: Flask, figures: Report) -> None:
    """Half of what came due is still useful; the other half speaks of appointments that have begun meanwhile."""
    db.session.execute(
        update(ReminderRule).values(is_on=ReminderRule.slug.in_(("confirm-address", "two-hours-before")))
    )
    ola = cast.bring(cast.OLA)[0]
    for number in range(IN_OUTAGE):
        due = START + timedelta(minutes=10) + number * (OUTAGE - timedelta(minutes=20)) / IN_OUTAGE
        unconfirmed(number, at=due - ASKED_AFTER)
    begins = [confirmed_stop(ola, number) for number in range(IN_OUTAGE)]
    nobody_is_told_of_the_past(START)
    keep_down(cluster)
    started = cluster.now()
    useful = {f"visitor{number}@example.org" for number in range(IN_OUTAGE)}
    useful |= {f"host{number}@example.org" for number, at in enumerate(begins) if at > START + OUTAGE + AFTER_OUTAGE}
    wait_until(lambda: useful <= set(addresses(cluster)), AFTER_OUTAGE.total_seconds())
    took = (cluster.now() - started).total_seconds()
    time.sleep(75)  # another round of every job
    counted, missed = addresses(cluster), missed_at()
    doubled = sum(counted[address] - 1 for address in useful if address in counted)
    too_late = {f"host{number}@example.org" for number, at in enumerate(begins) if at <= START + OUTAGE}
    figures(
        "RM-10", due=2 * IN_OUTAGE, useful=len(useful), sent=len(useful & set(counted)), seconds=round(took),
        doubled=doubled, missed=len(missed), sent_though_begun=len(too_late & set(counted)), statuses=statuses(),
    )  # fmt: skip
    assert useful - set(counted) == set()
    assert doubled == 0
    assert too_late & set(counted) == set()
    assert missed == too_late
    assert took <= AFTER_OUTAGE.total_seconds()


def keep_down(cluster: Cluster) -> None:
    """Both schedulers end, and begin again after the outage."""
    for part in cluster.schedulers:
        part.stop()
    cluster.set_clock(START + OUTAGE)
    for part in cluster.schedulers:
        part.start()


def missed_at() -> set[str]:
    """Whose reminders are marked as missed."""
    db.session.rollback()
    return set(db.session.scalars(select(Notification.address).where(Notification.status == "missed")))


def confirmed_stop(ola: User, number: int) -> datetime:
    """A confirmed visit with one appointment until late of somebody of their own, who is reminded two hours before."""
    past = cast.MONDAY - timedelta(days=7)
    starts = START + timedelta(hours=2, minutes=5) + number * timedelta(minutes=9)
    local = in_venue(starts)
    contact = create_user(f"host{number}@example.org", hosts=(ola.hosts[0].slug,), language="en", at=past)
    visit = factories.make_visit("claimed", user=ola, contact_email="", at=past)
    factories.make_appointment(
        visit, user=ola, contact=contact, day=local.date(), start=f"{local:%H:%M}",
        end="23:50", at=past + timedelta(days=1),
    )  # fmt: skip
    lifecycle.propose(visit, by=by_user(ola, ola.hosts[0]), at=past + timedelta(days=2))
    lifecycle.accept(visit, at=past + timedelta(days=2))
    db.session.flush()
    return starts


@pytest.mark.parametrize("jump", [timedelta(hours=3), timedelta(days=1)], ids=["3 hours", "a day"])
def test_rm_9_clock_jumps_while_they_run(cluster: Cluster, world: Flask, figures: Report, jump: timedelta) -> None:
    """Forward and back, and back and forward; then what comes due by the right clock still leaves, once."""
    for number in range(60):
        unconfirmed(number, at=START + timedelta(minutes=2) + number * timedelta(seconds=3) - ASKED_AFTER)
    nobody_is_told_of_the_past(START)
    began = time.monotonic()
    for away in (jump, timedelta(0), -jump, timedelta(0)):
        time.sleep(25)
        cluster.set_clock(START + timedelta(seconds=time.monotonic() - began) + away)
    in_time = wait_until(lambda: len(addresses(cluster)) >= 60, 420)
    time.sleep(20)
    counted = addresses(cluster)
    figures(
        "RM-9", jump=str(jump), due=60, delivered=sum(counted.values()), lost=60 - len(counted),
        doubled=sum(number - 1 for number in counted.values()), statuses=statuses(),
    )  # fmt: skip
    assert in_time
    assert set(counted.values()) == {1}


def test_rm_4_mail_server_is_gone_for_six_hours(cluster: Cluster, world: Flask, figures: Report) -> None:
    """500 mails wait; pages do not; ten minutes after its return all have left, each once."""
    kari = cast.bring(cast.KARI)[0].get_id()
    for number in range(QUEUED):
        unconfirmed(number, at=START - ASKED_AFTER - timedelta(minutes=1))
    nobody_is_told_of_the_past(START)
    cluster.mail_server.stop()
    began = time.monotonic()
    key = cluster.settings["SECRET_KEY"]
    with Traffic(cluster.url, key, kari, per_second=2, people=4, write_every=2, clock=cluster.now) as people:
        for half_hours in range(1, 13):
            time.sleep(8)
            cluster.set_clock(START + half_hours * timedelta(minutes=30) + timedelta(seconds=time.monotonic() - began))
        # A page that is signed just after the clock jumped may be read by a node that has not seen the jump yet.
        banner = wait_until(lambda: "cannot leave" in page(cluster, kari, "/triage"), 20)
    waiting = statuses()
    cluster.mail_server = Controller(cluster.mailbox, hostname="127.0.0.1", port=cluster.mailbox.port)
    cluster.mail_server.start()
    returned = cluster.now()
    visitors = {f"visitor{number}@example.org" for number in range(QUEUED)}
    wait_until(lambda: visitors <= set(addresses(cluster)), 600)
    took = (cluster.now() - returned).total_seconds()
    time.sleep(15)
    counted = addresses(cluster)
    posts = sorted(one.seconds for one in people.seen if one.method == "POST")
    figures(
        "RM-4", queued=QUEUED, waiting=waiting, delivered=len(visitors & set(counted)),
        seconds_after_return=round(took),
        doubled=sum(counted[address] - 1 for address in visitors if address in counted), banner=banner,
        post_p95=round(posts[int(0.95 * len(posts))], 2), posts=len(posts), failures=len(people.failures()),
    )  # fmt: skip
    assert visitors - set(counted) == set()
    assert max(counted[address] for address in visitors) == 1
    assert took <= 600
    assert banner
    assert people.failures() == []
    # Refused ones would be quick; a few are, where the clock jumps between their being signed and being read.
    assert len(people.acknowledged) >= 0.8 * len(posts)


def page(cluster: Cluster, session_id: str, path: str) -> str:
    cookie, _token = session_cookie(cluster.settings["SECRET_KEY"], session_id, at=cluster.now())
    request = urllib.request.Request(cluster.url + path, headers={"Cookie": cookie, "Accept-Language": "en"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(answer.read().decode())
