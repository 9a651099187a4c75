"""One mail for what is due at once, quiet hours on the reader's clock, and what is never held back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from babel.core import get_global
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import scheduler
from app.core.time import now
from app.extensions import db
from app.jobs import mail_round
from app.notifications.claims import claim_some, find_held
from app.notifications.groups import GROUP_OF, GROUPS
from app.notifications.kinds import KINDS, SECRET_PAGES
from app.notifications.models import Notification
from app.notifications.outbox import cancel
from app.notifications.quiet_hours import QuietHours, zone_of
from app.notifications.reply_address import thread_of
from app.notifications.sign_in import ask_for_link
from app.people.actors import VISITOR, by_user
from app.visits import lifecycle, talking
from app.visits.models import Activity, Visit
from tests import factories
from tests.cast import OLA, ULRIK, bring
from tests.harness.web import Mailbox
from tests.notifications.town import plan_of, user

Store = Callable[[], AbstractContextManager[Session]]
Clock = time_machine.Traveller
BRIEFING = datetime(2027, 5, 3, 7, 0, tzinfo=UTC)  # a week before 10 May, 09:00 in Bergen
NIGHT = datetime(2027, 3, 2, 22, 0, tzinfo=UTC)  # 23:00 in Bergen


@pytest.fixture
def two_visits(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> list[int]:
    """Two confirmed visits of Ola's host on 10 May, from different organisations; nothing more to be told."""
    with store():
        ola, _ulrik = bring(OLA, ULRIK)
        first = factories.make_visit("confirmed", user=ola, contact_email="one@example.org", organisation="One City")
        second = factories.make_visit("claimed", user=ola, contact_email="two@example.org", organisation="Two City")
        factories.make_appointment(second, user=ola, start="13:00", end="14:00", title="Pumps")
        lifecycle.propose(second, by=by_user(ola, ola.hosts[0]), at=factories.cast.MONDAY + timedelta(hours=6))
        lifecycle.accept(second, at=factories.cast.MONDAY + timedelta(hours=7))
        db.session.execute(Activity.__table__.update().values(announced_at=now()))
        return [first.id, second.id]


def tick(app: Flask) -> None:
    with app.app_context():
        scheduler.remind()
        scheduler.tell()


def gather(app: Flask) -> None:
    """Only the step that puts mails together."""
    with app.app_context():
        mail_round.gather()


def gather_briefings(app: Flask, clock: Clock) -> None:
    """A week before both visits: the briefings are due, and put together for each person."""
    clock.move_to(BRIEFING)
    with app.app_context():
        scheduler.remind()
    gather(app)


def rows(app: Flask, address: str) -> list[tuple[str, str]]:
    """Kind and status of everything for that address."""
    with app.app_context():
        query = select(Notification).where(Notification.address == address).order_by(Notification.id)
        return [(row.kind, row.status) for row in db.session.scalars(query)]


def test_two_briefings_are_one_mail(app: Flask, mailbox: Mailbox, clock: Clock, two_visits: list[int]) -> None:
    clock.move_to(BRIEFING)
    tick(app)
    tick(app)
    (mail,) = mailbox.to(OLA.email)
    assert mail["Subject"] == "2 messages about visits"
    text = mail.get_content()
    assert [text.count(part) for part in ("Briefing: visit from One City", "Briefing: visit from Two City")] == [1, 1]
    assert text.count("Hello Ola Overvann") == text.count("This mail was sent automatically") == 1
    assert rows(app, OLA.email) == [("briefing", "sent"), ("briefing", "sent"), ("host-digest", "sent")]
    assert len(mailbox.to(ULRIK.email)) == 1


def test_part_that_is_no_longer_true_drops_out(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, two_visits: list[int]
) -> None:
    gather_briefings(app, clock)
    mailbox.refuse = True
    tick(app)  # made ready, and refused for now
    with store():
        ola = user(OLA)
        lifecycle.cancel(db.session.get_one(Visit, two_visits[1]), reason="Storm", by=by_user(ola, ola.hosts[0]))
        db.session.execute(Activity.__table__.update().values(announced_at=now()))
    mailbox.refuse = False
    clock.shift(timedelta(minutes=3))
    tick(app)
    (mail,) = mailbox.to(OLA.email)
    assert ("One City" in mail.get_content(), "Two City" in mail.get_content()) == (True, False)
    assert rows(app, OLA.email) == [("briefing", "sent"), ("briefing", "superseded"), ("host-digest", "sent")]


def test_digest_of_nothing_is_not_sent(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, two_visits: list[int]
) -> None:
    gather_briefings(app, clock)
    with store():
        ola = user(OLA)
        for visit_id in two_visits:
            lifecycle.cancel(db.session.get_one(Visit, visit_id), reason="Storm", by=by_user(ola, ola.hosts[0]))
        db.session.execute(Activity.__table__.update().values(announced_at=now()))
    tick(app)
    assert mailbox.to(OLA.email) == []
    assert {status for _kind, status in rows(app, OLA.email)} == {"superseded"}


def test_a_cancelled_part_leaves_the_digest(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, two_visits: list[int]
) -> None:
    gather_briefings(app, clock)
    with store() as session:
        part = session.scalars(select(Notification).where(Notification.status == "gathered")).first()
        assert part is not None
        assert cancel(part, at=now())
        address, gone = part.address, part.visit.organisation  # type: ignore[union-attr]
    tick(app)
    (mail,) = mailbox.to(address)
    assert gone not in mail.get_content()


def test_a_part_of_a_digest_that_a_sender_has_in_hand_cannot_be_cancelled(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, two_visits: list[int]
) -> None:
    gather_briefings(app, clock)
    with store() as session:
        part = session.scalars(select(Notification).where(Notification.part_of_id.is_not(None))).first()
        assert part is not None
        digest = session.get_one(Notification, part.part_of_id)
        (held,) = claim_some([digest.id], most=1, at=now())
        number = held.claim
        assert (cancel(part, at=now()), part.status) == (False, "gathered")
        late = now() + timedelta(hours=1)  # that sender has not been heard of since
        assert (cancel(part, at=late), part.status) == (True, "dropped")
        session.flush()
        assert find_held(digest.id, number) is None


def test_a_digest_about_one_visit_is_answered_in_its_thread(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, two_visits: list[int]
) -> None:
    with store():
        for text in ("Do you come by bus?", "And back?"):
            talking.write(db.session.get_one(Visit, two_visits[0]), text, by=VISITOR)
    app.config["IMAP_URL"] = "imap://reads.example.org"
    tick(app)
    tick(app)
    mail = mailbox.to(OLA.email)[-1]
    assert mail["Subject"] == "2 messages about visits"
    with app.app_context():
        assert thread_of(mail["Reply-To"]) == (two_visits[0], user(OLA).id)


def test_at_night_a_mail_that_can_wait_waits_for_the_morning(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    clock.move_to(NIGHT)
    with store():
        ola, _ulrik = bring(OLA, ULRIK)
        factories.make_visit("offered", user=ola, at=now())
    tick(app)
    assert mailbox.to(OLA.email) == []
    clock.move_to(datetime(2027, 3, 3, 5, 59, tzinfo=UTC))
    tick(app)
    assert mailbox.to(OLA.email) == []
    clock.move_to(datetime(2027, 3, 3, 6, 0, tzinfo=UTC))  # 07:00 in Bergen
    tick(app)
    assert len(mailbox.to(OLA.email)) == 1


def test_at_night_links_and_what_happens_soon_come_at_once(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, two_visits: list[int]
) -> None:
    clock.move_to(datetime(2027, 5, 8, 22, 0, tzinfo=UTC))  # 00:00 in Bergen, 33 hours before the first stop
    with store():
        ask_for_link(OLA.email, at=now())
        lifecycle.submit(factories.WATER)
        ola = user(OLA)
        stop = db.session.get_one(Visit, two_visits[0]).appointments[0]
        plan = plan_of(stop, starts_at=stop.starts_at + timedelta(minutes=20))
        lifecycle.move_appointment(stop, plan, by=by_user(ola, ola.hosts[0]))
    with app.app_context():
        scheduler.tell()
    assert [len(mailbox.to(one)) for one in (OLA.email, factories.WATER.contact_email, "one@example.org")] == [1, 1, 1]


def test_each_way_of_being_told(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    with store():
        ola, ulrik = bring(OLA, ULRIK)
        ola.mail_ways, ulrik.mail_ways = {"offers": "app"}, {"offers": "daily"}
        factories.make_visit("offered", user=ola, at=now())
    tick(app)
    assert mailbox.to(OLA.email) == mailbox.to(ULRIK.email) == []
    assert [row for row in rows(app, OLA.email) if row[0] == "offer"] == [("offer", "noted")]
    clock.move_to(datetime(2027, 3, 3, 6, 0, tzinfo=UTC))
    tick(app)
    assert (mailbox.to(OLA.email), len(mailbox.to(ULRIK.email))) == ([], 1)


@pytest.mark.one_engine
def test_quiet_hours_end_on_the_readers_clock_over_midnight_and_clock_changes() -> None:
    hours = QuietHours(time(21), time(7), ZoneInfo("Europe/Oslo"))
    found = [
        hours.ends_after(datetime.fromisoformat(text).astimezone(UTC))
        for text in (
            "2027-03-27T20:59+01:00",
            "2027-03-27T21:00+01:00",
            "2027-03-28T06:59+02:00",
            "2027-03-28T07:00+02:00",
        )
    ]
    morning = datetime(2027, 3, 28, 5, 0, tzinfo=UTC)  # 07:00 summer time, after a night of nine hours
    assert found == [None, morning, morning, None]
    assert QuietHours(time(9), time(9), ZoneInfo("Europe/Oslo")).ends_after(morning) is None
    assert QuietHours(time(12), time(13), ZoneInfo("Asia/Tokyo")).ends_after(
        datetime(2027, 3, 2, 3, 30, tzinfo=UTC)
    ) == datetime(2027, 3, 2, 4, 0, tzinfo=UTC)


@pytest.mark.one_engine
def test_a_visitors_clock_is_that_of_the_country_or_its_main_one() -> None:
    at = datetime(2027, 3, 2, tzinfo=UTC)
    expected = {
        "NL": "Europe/Amsterdam", "JP": "Asia/Tokyo", "DE": "Europe/Berlin", "CN": "Asia/Shanghai",
        "US": "America/New_York", "CA": "America/Toronto", "BR": "America/Sao_Paulo", "AU": "Australia/Sydney",
        "RU": "Europe/Moscow", "MX": "America/Mexico_City", "ID": "Asia/Jakarta", "": "None",
    }  # fmt: skip
    assert {country: str(zone_of(country, at=at)) for country in expected} == expected


@pytest.mark.one_engine
def test_no_country_of_people_is_without_a_clock() -> None:
    """Whatever the season; only where nobody lives is none known."""
    codes = set(get_global("zone_territories").values()) - {"001"}
    unknown = {
        code for code in codes for month in (1, 7) if zone_of(code, at=datetime(2027, month, 2, tzinfo=UTC)) is None
    }
    assert unknown <= {"AQ", "UM", "ZZ"}


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("country", "town", "zone"),
    [
        ("US", "Los  Angeles", "America/Los_Angeles"), ("US", "denver", "America/Denver"),
        ("CA", "Vancouver", "America/Vancouver"), ("AU", "Perth", "Australia/Perth"),
        ("RU", "Vladivostok", "Asia/Vladivostok"), ("US", "Moscow", "America/New_York"),
        ("US", "Springfield", "America/New_York"), ("NL", "Vancouver", "Europe/Amsterdam"),
    ],
)  # fmt: skip
def test_a_town_that_gives_a_zone_its_name_is_on_that_clock(country: str, town: str, zone: str) -> None:
    assert str(zone_of(country, at=datetime(2027, 3, 2, tzinfo=UTC), town=town)) == zone


def test_a_visitor_overseas_is_not_woken(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    """09:00 in Bergen is midnight in Los Angeles: the thanks wait for its morning."""
    with store():
        ola, _ulrik = bring(OLA, ULRIK)
        factories.make_visit("completed", user=ola, country="US", city="Los Angeles")
        db.session.execute(Activity.__table__.update().values(announced_at=now()))
    clock.move_to(datetime(2027, 5, 12, 7, tzinfo=UTC))
    with app.app_context():
        scheduler.remind()
        thanks = db.session.scalars(select(Notification).where(Notification.kind == "thanks")).one()
        assert thanks.next_attempt_at == datetime(2027, 5, 12, 14, tzinfo=UTC)  # 07:00 there


@pytest.mark.one_engine
def test_every_mail_to_staff_is_in_one_group() -> None:
    listed = [kind for kinds in GROUPS.values() for kind in kinds]
    fixed = {"host-invitation", "host-invitation-cancelled", "host-digest", "sample", "stale-busy"}
    assert len(listed) == len(set(listed))
    assert set(listed) | fixed == {kind for kind, one in KINDS.items() if one.page not in SECRET_PAGES}
    assert set(GROUP_OF) == set(listed)
