"""The sample year: every status, plausible times, nothing announced, nothing twice; also in the night of a holiday."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml
from flask import Flask
from sqlalchemy import func, select

from app.city.demo import NoSampleError, make_demo, walk_side_by_side
from app.core.time import in_venue, venue_date
from app.extensions import db
from app.notifications.models import Notification
from app.people.models import Host, User
from app.planning.holidays import find_holiday
from app.visits.models import Activity, Visit
from app.visits.programme_models import Appointment
from app.visits.statuses import Status
from tests.conftest import run_flask
from tests.harness.engines import ScratchDatabase

TUESDAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CHRISTMAS_NIGHT = datetime(2026, 12, 27, 23, 30, tzinfo=UTC)  # half past midnight at the venue
CHRISTMAS = {(12, day) for day in range(22, 32)} | {(1, 1), (1, 2)}  # nobody receives groups then
DAYS = ("mon", "tue", "wed", "thu", "fri")
SAMPLE = Path(__file__).parents[2] / "app" / "city" / "data" / "bergen" / "sample"


@dataclass(frozen=True)
class Step:
    """An activity, as much of it as the tests look at."""

    at: datetime
    verb: str
    before: str | None
    after: str
    announced_at: datetime | None


@dataclass(frozen=True)
class Stop:
    """An appointment that takes place, with its host's opening hours."""

    starts_at: datetime
    ends_at: datetime
    status: str
    hours: dict[str, list[str]]


@dataclass(frozen=True)
class Story:
    """One visit of the year."""

    organisation: str
    status: str
    country: str
    flags: tuple[str, ...]
    hosts: frozenset[str]
    steps: tuple[Step, ...]
    stops: tuple[Stop, ...]
    deadlines: tuple[datetime, ...]  # of holds and of open offers


@dataclass(frozen=True)
class Year:
    """What the command made of an empty city at that moment, and what it did the second time."""

    at: datetime
    stories: tuple[Story, ...]
    printed: tuple[str, str]
    counts: tuple[dict[str, int], dict[str, int]]
    mails: frozenset[str]


@pytest.fixture(scope="module", params=[TUESDAY, CHRISTMAS_NIGHT], ids=["tuesday", "christmas-night"])
def year(request: pytest.FixtureRequest, prepared_app: Flask, database: ScratchDatabase) -> Iterator[Year]:
    with prepared_app.app_context():
        db.engine.dispose()
    database.restore()
    with time_machine.travel(request.param, tick=False):
        first, counted = run_flask(prepared_app, "demo"), count(prepared_app)
        second = run_flask(prepared_app, "demo")
        with prepared_app.app_context():
            visits = db.session.scalars(select(Visit).order_by(Visit.id))
            stories = tuple(story_of(visit) for visit in visits)
            mails = frozenset(db.session.scalars(select(Notification.status)))
        yield Year(request.param, stories, (first, second), (counted, count(prepared_app)), mails)


def count(app: Flask) -> dict[str, int]:
    with app.app_context():
        tables = (Visit, Activity, Appointment, User, Notification)
        return {
            table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables
        }


def story_of(visit: Visit) -> Story:
    live = [stop for stop in visit.appointments if not stop.is_cancelled]
    return Story(
        organisation=visit.organisation,
        status=visit.status,
        country=visit.country,
        flags=tuple(visit.flags),
        hosts=frozenset(host.slug for host in (visit.lead_host, *visit.co_hosts) if host is not None),
        steps=tuple(Step(a.at, a.verb, a.status_before, a.status_after, a.announced_at) for a in visit.activities),
        deadlines=(
            *(stop.hold_until for stop in live if stop.hold_until),
            *(offer.due_at for offer in visit.offers if offer.status == "open"),
        ),
        stops=tuple(Stop(a.starts_at, a.ends_at, a.status, a.host.opening_hours) for a in live),
    )


def test_every_status_is_there_and_every_story_reached_its_end(year: Year) -> None:
    wanted = Counter(row["story"]["until"] for row in yaml.safe_load((SAMPLE / "requests.yaml").read_text("utf-8")))
    assert Counter(story.status for story in year.stories) == wanted
    assert {story.status for story in year.stories} == {status.value for status in Status}
    assert 55 <= len(year.stories) <= 70


def test_visitors_come_from_everywhere_and_meet_all_hosts(year: Year, app: Flask) -> None:
    with app.app_context():
        every_host = set(db.session.scalars(select(Host.slug)))
    assert set().union(*(story.hosts for story in year.stories)) == every_host
    assert len({story.country for story in year.stories}) >= 20


def test_what_waits_for_the_coordinator_shows_why(year: Year) -> None:
    waiting = [story.flags for story in year.stories if story.status == "received"]
    seen = {flag for flags in waiting for flag in flags}
    assert {"large-group", "unclear-purpose", "wrong-city", "commercial", "duplicate", "holiday"} <= seen


def test_nothing_is_left_to_announce_and_no_mail_waits(year: Year) -> None:
    assert [step for story in year.stories for step in story.steps if step.announced_at is None] == []
    assert year.mails <= {"superseded"}  # reminders that the past would have had


def test_everything_happened_in_order_and_before_now(year: Year) -> None:
    for story in year.stories:
        moments = [step.at for step in story.steps]
        assert moments == sorted(moments), story.organisation
        assert all(moment <= year.at for moment in moments), story.organisation


def test_every_step_begins_where_the_one_before_ended(year: Year) -> None:
    for story in year.stories:
        if any(step.verb == "absorb" for step in story.steps):
            continue  # its history holds another request's steps as well
        for earlier, later in pairwise(story.steps):
            assert later.before == earlier.after, (story.organisation, later.verb)


def test_appointments_are_on_working_days_within_opening_hours(year: Year) -> None:
    for story in year.stories:
        for stop in story.stops:
            day = venue_date(stop.starts_at)
            assert find_holiday(day) is None, (story.organisation, day)
            assert day.weekday() < 5, (story.organisation, day)
            assert (day.month, day.day) not in CHRISTMAS, (story.organisation, day)
            opens, closes = (time.fromisoformat(clock) for clock in stop.hours[DAYS[day.weekday()]])
            assert opens <= in_venue(stop.starts_at).time() <= in_venue(stop.ends_at).time() <= closes


def test_a_delegation_is_never_in_two_places(year: Year) -> None:
    for story in year.stories:
        for one, other in pairwise(sorted(story.stops, key=lambda stop: stop.starts_at)):
            assert other.starts_at - one.ends_at >= timedelta(minutes=15), story.organisation


@pytest.mark.parametrize(("status", "past"), [("confirmed", False), ("completed", True), ("reported", True)])
def test_confirmed_visits_are_to_come_and_completed_ones_are_over(year: Year, status: str, past: bool) -> None:
    ends = [max(stop.ends_at for stop in story.stops) for story in year.stories if story.status == status]
    assert len(ends) >= 3
    assert [end < year.at for end in ends] == [past] * len(ends)


def test_no_hold_and_no_open_offer_is_over_already(year: Year) -> None:
    deadlines = [moment for story in year.stories for moment in story.deadlines]
    assert len(deadlines) >= 10
    assert [moment for moment in deadlines if moment <= year.at] == []


def test_confirmed_stops_are_confirmed_and_planned_ones_are_held_or_asked(year: Year) -> None:
    seen: dict[str, set[str]] = {}
    for story in year.stories:
        seen.setdefault(story.status, set()).update(stop.status for stop in story.stops)
    assert seen["confirmed"] == seen["completed"] == seen["reported"] == {"confirmed"}
    assert seen["claimed"] == {"hold"}
    assert seen["proposed"] == {"tentative"}
    assert seen["cancelled"] == seen["withdrawn"] == set()


def test_the_second_run_adds_nothing_and_prints_fresh_links(year: Year) -> None:
    assert year.counts[0] == year.counts[1]
    first, second = (re.findall(r"https?://\S+/(?:v|sign-in)/\S+", text) for text in year.printed)
    assert [len(first), len(second)] == [5, 5]
    assert set(first) & set(second) == set()
    assert [len([link for link in second if part in link]) for part in ("/sign-in/", "/v/")] == [4, 1]


@pytest.mark.one_engine
def test_stories_are_walked_side_by_side() -> None:
    told: list[tuple[str, int]] = []

    def story(name: str, *days: int) -> Iterator[datetime]:
        for day in days:
            yield datetime(2027, 1, day, tzinfo=UTC)
            told.append((name, day))

    walk_side_by_side([story("long", 1, 4, 9), story("short", 2, 3)])
    assert told == [("long", 1), ("short", 2), ("short", 3), ("long", 4), ("long", 9)]


@pytest.mark.usefixtures("session")
def test_a_city_without_sample_files_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(NoSampleError, match=r"people\.yaml"):
        make_demo(tmp_path)


@pytest.mark.one_engine
def test_the_sample_is_invented_and_reads_as_meant() -> None:
    rows: list[dict[str, Any]] = yaml.safe_load((SAMPLE / "requests.yaml").read_text("utf-8"))
    people = yaml.safe_load((SAMPLE / "people.yaml").read_text("utf-8"))
    addresses = [row["contact_email"] for row in rows] + [person["email"] for person in people]
    assert [address for address in addresses if not address.endswith(".example.org")] == []
    assert [row["organisation"] for row in rows if any(not isinstance(key, str) for key in row["story"])] == []
