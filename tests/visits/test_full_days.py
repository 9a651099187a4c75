"""Row RC-5 in short, and what else a host's daily limit and its people's own calendars mean for planning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.calendars.models import BusyBlock, ExternalCalendar
from app.core.errors import DayFull, Invalid
from app.extensions import db
from app.people.actors import by_user
from app.people.models import User
from app.visits import caps, lifecycle
from app.visits.conflicts import conflicts_of
from app.visits.models import Visit
from tests import cast
from tests.factories import make_appointment, make_visit
from tests.harness.crowd import Crowd
from tests.visits.contests import Store, statuses
from tests.visits.full_days import CAP, open_rush
from tests.visits.test_races import at_once

TUESDAY = date(2027, 5, 11)


def busy_calendar(user: User, starts_at: datetime, *, tentative: bool = False) -> None:
    """An hour in somebody's own calendar."""
    calendar = ExternalCalendar(user=user, sealed_url="x", due_at=cast.MONDAY, created_at=cast.MONDAY)
    db.session.add(calendar)
    db.session.flush()
    ends_at = starts_at + timedelta(hours=1)
    db.session.add(BusyBlock(calendar_id=calendar.id, starts_at=starts_at, ends_at=ends_at, tentative=tentative))
    db.session.flush()


def test_the_last_place_of_a_day_goes_to_one(crowd: Crowd, store: Store) -> None:
    rush = open_rush(crowd, store, 8)
    rounds = [rush.round(number) for number in range(2)]
    assert statuses(rounds) == {((303, 1), (409, 7)): 2}
    assert rush.most_on_a_day() == CAP


@pytest.mark.parametrize("guarded", [True, False])
def test_without_counting_at_save_the_limit_is_exceeded(
    app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    with store():
        (ola,) = cast.bring(cast.OLA)
        ola.hosts[0].daily_cap = 1
        ola_id, visits = ola.id, [make_visit("claimed", user=ola).id for _number in range(6)]
    if not guarded:
        monkeypatch.setattr("app.visits.programming.keep_daily_limit", lambda visit, plan: None)

    def book(number: int, visit_id: int) -> str:
        user = db.session.get_one(User, ola_id)
        start, end = f"{9 + number:02}:00", f"{10 + number:02}:00"
        make_appointment(db.session.get_one(Visit, visit_id), user=user, start=start, end=end)
        return "booked"

    results = at_once(app, [lambda n=n, v=v: book(n, v) for n, v in enumerate(visits)])
    assert results == ({"booked": 1, "DayFull": 5} if guarded else {"booked": 6})


def test_a_visit_that_has_its_place_may_have_more_stops_that_day(session: Session) -> None:
    (ola,) = cast.bring(cast.OLA)
    ola.hosts[0].daily_cap = 1
    first, second = make_visit("claimed", user=ola), make_visit("claimed", user=ola)
    make_appointment(first, user=ola)
    make_appointment(first, user=ola, start="13:00", end="14:00")
    with pytest.raises(DayFull):
        make_appointment(second, user=ola, start="15:00", end="16:00")
    other = make_appointment(second, user=ola, day=TUESDAY)
    plan = lifecycle.moved(other, starts_at=other.starts_at - timedelta(days=1) + timedelta(hours=8))
    with pytest.raises(DayFull):
        lifecycle.move_appointment(other, plan, by=by_user(ola, ola.hosts[0]), at=cast.MONDAY)
    assert "full" in [conflict.kind for conflict in conflicts_of(second, plan, besides=other, at=cast.MONDAY)]


def test_time_taken_in_an_own_calendar_needs_a_reason_that_the_history_keeps(session: Session) -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("claimed", user=ola)
    stop = make_appointment(visit, user=ola)
    busy_calendar(ola, datetime(2027, 5, 10, 11, tzinfo=UTC))  # 13-14 in Bergen
    plan, by = lifecycle.moved(stop, starts_at=datetime(2027, 5, 10, 10, tzinfo=UTC)), by_user(ola, ola.hosts[0])
    assert "imported" in [conflict.kind for conflict in conflicts_of(visit, plan, besides=stop, at=cast.MONDAY)]
    with pytest.raises(Invalid) as refused:
        lifecycle.move_appointment(stop, plan, by=by, at=cast.MONDAY)
    assert refused.value.code == "busy-needs-reason"
    lifecycle.move_appointment(stop, plan, by=by, reason="The dentist can wait", at=cast.MONDAY)
    assert visit.activities[-1].reason == "The dentist can wait"
    renamed = lifecycle.as_planned(stop)
    lifecycle.move_appointment(stop, renamed, by=by, at=cast.MONDAY)  # the same time is not taken anew


def test_tentative_time_in_an_own_calendar_only_warns(session: Session) -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("claimed", user=ola)
    busy_calendar(ola, datetime(2027, 5, 10, 7, 30, tzinfo=UTC), tentative=True)
    stop = make_appointment(visit, user=ola)
    plan = lifecycle.as_planned(stop)
    assert "tentative" in [conflict.kind for conflict in conflicts_of(visit, plan, besides=stop, at=cast.MONDAY)]
    caps.ask_why(plan, "")


@pytest.mark.parametrize(("span", "other_day"), [("week", date(2027, 5, 13)), ("month", date(2027, 5, 27))])
def test_a_host_with_enough_visits_that_week_or_month_is_said_while_editing_and_refuses_nothing(
    session: Session, span: str, other_day: date
) -> None:
    (ola,) = cast.bring(cast.OLA)
    ola.hosts[0].weekly_cap = 1 if span == "week" else None
    ola.hosts[0].monthly_cap = 1 if span == "month" else None
    make_appointment(make_visit("claimed", user=ola), user=ola, day=other_day)
    visit = make_visit("claimed", user=ola)
    stop = make_appointment(visit, user=ola, day=TUESDAY)
    found = conflicts_of(visit, lifecycle.as_planned(stop), besides=stop, at=cast.MONDAY)
    assert [(one.kind, one.is_refused, one.needs_reason) for one in found] == [(span, False, False)]
    ola.hosts[0].weekly_cap = ola.hosts[0].monthly_cap = 2
    assert conflicts_of(visit, lifecycle.as_planned(stop), besides=stop, at=cast.MONDAY) == []
