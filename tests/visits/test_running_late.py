"""Running late: what follows today moves, in one go or not at all, and nobody is asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.models import BusyBlock, ExternalCalendar
from app.core.errors import IllegalMove, Invalid, Overlap
from app.people.actors import Actor, by_user
from app.people.models import Place, User
from app.visits import lifecycle
from app.visits.models import Activity
from app.visits.programme_models import Appointment, Fragment
from app.visits.running_late import hits_of, may_run_late, shifts_from
from app.visits.scopes import version_of
from tests import cast
from tests.factories import make_appointment, make_visit

# 08:30 in Bergen on the day of the visit.
MORNING = datetime(2027, 5, 10, 6, 30, tzinfo=UTC)
BY = timedelta(minutes=30)


class Day:
    """Ola's confirmed visit with stops at 9-11, 11-12 (Brita's, at the station), 13-14; Siri has another visit."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.kari, self.ada, self.ola, self.ulrik, self.brita, self.siri = cast.bring(*cast.EVERYBODY)
        self.visit = make_visit("planned", user=self.ola)
        self.station = Place(slug="station", name_en="Station", exclusive=True)
        session.add(self.station)
        session.flush()
        self.fire = self.add(
            "11:00", "12:00", "Fire station", host=self.brita.hosts[0], contact=self.brita, place=self.station
        )
        self.last = self.add("13:00", "14:00", "Closing talk")
        lifecycle.accept_part(
            self.fire, by=by_user(self.brita, self.brita.hosts[0]), at=cast.MONDAY + timedelta(hours=4)
        )
        lifecycle.propose(self.visit, by=self.lead, at=cast.MONDAY + timedelta(hours=5))
        lifecycle.accept(self.visit, at=cast.MONDAY + timedelta(hours=6))
        self.first = next(stop for stop in self.visit.appointments if stop.title == "Pipe renewal on site")

    @property
    def lead(self) -> Actor:
        return by_user(self.ola, self.ola.hosts[0])

    def add(self, start: str, end: str, title: str, **others: object) -> Appointment:
        return make_appointment(self.visit, user=self.ola, start=start, end=end, title=title, **others)  # type: ignore[arg-type]

    def late(self, stop: Appointment, minutes: int = 30, at: datetime = MORNING) -> list[str]:
        shifts = lifecycle.run_late(stop, minutes, by=self.lead, at=at)
        return [shift.stop.title for shift in shifts]

    def other_visit(self, user: User, start: str, end: str, place: Place | None = None) -> Appointment:
        changes = {"organisation": "Tartu", "themes": [], "purpose": "Fish."}
        other = make_visit("claimed", user=user, **changes)
        return make_appointment(other, user=user, start=start, end=end, place=place, title="Another group")

    def own_calendar(self, user: User, starts_at: datetime, *, tentative: bool = False) -> None:
        """Half an hour in that person's own calendar."""
        calendar = ExternalCalendar(user=user, sealed_url="x", due_at=cast.MONDAY, created_at=cast.MONDAY)
        self.session.add(calendar)
        self.session.flush()
        times = {"starts_at": starts_at, "ends_at": starts_at + BY, "tentative": tentative}
        self.session.add(BusyBlock(calendar_id=calendar.id, **times))
        self.session.flush()

    def times(self) -> dict[str, datetime]:
        self.session.expire_all()
        return {stop.title: stop.starts_at for stop in self.visit.appointments}


@pytest.fixture
def day(session: Session) -> Day:
    return Day(session)


def test_later_stops_move_together_and_stay_confirmed(day: Day, session: Session) -> None:
    before, sequence = day.times(), day.fire.sequence
    assert day.late(day.fire) == ["Fire station", "Closing talk"]
    after = day.times()
    assert {title: after[title] - before[title] for title in after} == {
        "Pipe renewal on site": timedelta(0),
        "Fire station": BY,
        "Closing talk": BY,
    }
    assert (day.fire.status, day.fire.answer, day.fire.sequence) == ("confirmed", "accepted", sequence + 1)
    assert day.visit.status == "confirmed"
    told = session.scalars(select(Activity).where(Activity.verb == "run-late")).all()
    assert [(one.changes["minutes"], one.changes["moved"]) for one in told] == [(30, [day.fire.id, day.last.id])]
    bodies = session.scalars(select(Fragment.body).where(Fragment.appointment_id == day.fire.id)).all()
    assert all("T113000" in body or "T093000Z" in body for body in bodies)


def test_fixed_cancelled_and_past_stops_stay(day: Day) -> None:
    day.last.fixed = True
    extra = day.add("15:00", "16:00", "Tea")
    lifecycle.remove_appointment(extra, by=day.lead, at=cast.MONDAY + timedelta(hours=8))
    noon = MORNING.replace(hour=9, minute=30)  # 11:30 in Bergen: the first stop is over
    assert [shift.stop.title for shift in shifts_from(day.first, 30, at=noon)] == ["Fire station"]


def test_neighbouring_stops_of_one_person_make_room_for_each_other(day: Day) -> None:
    """The first goes until 11, the next of the same person begins then: moved in the wrong order they would collide."""
    day.fire.contact_id = day.ola.id
    day.fire.host_id = day.ola.hosts[0].id
    day.session.flush()
    assert day.late(day.first) == ["Pipe renewal on site", "Fire station", "Closing talk"]


def test_double_booking_is_refused_by_name_and_nothing_moves(day: Day) -> None:
    day.other_visit(day.siri, "12:15", "12:45", place=day.station)
    before = day.times()
    (hit,) = hits_of(shifts_from(day.first, 30, at=MORNING))
    assert (hit.kind, hit.shift.stop.title, hit.other.title) == ("place", "Fire station", "Another group")
    with pytest.raises(Overlap) as refused:
        day.late(day.first)
    assert (refused.value.data["kind"], refused.value.data["title"]) == ("place", "Another group")
    assert day.times() == before
    assert day.session.scalars(select(Activity).where(Activity.verb == "run-late")).all() == []


def test_what_moves_along_and_what_only_touches_is_not_in_the_way(day: Day) -> None:
    day.other_visit(day.siri, "12:30", "12:45", place=day.station)
    assert hits_of(shifts_from(day.first, 30, at=MORNING)) == []
    assert day.late(day.first) == ["Pipe renewal on site", "Fire station", "Closing talk"]


def test_time_taken_in_an_own_calendar_needs_a_reason_that_the_history_keeps(day: Day) -> None:
    day.own_calendar(day.brita, datetime(2027, 5, 10, 10, 10, tzinfo=UTC))  # 12:10 in Bergen, after her stop until now
    before = day.times()
    for reason in ("", "  "):
        with pytest.raises(Invalid) as refused:
            lifecycle.run_late(day.first, 30, by=day.lead, at=MORNING, reason=reason)
        assert refused.value.code == "busy-needs-reason"
    assert day.times() == before
    lifecycle.run_late(day.first, 30, by=day.lead, reason="The ferry was late", at=MORNING)
    assert day.times()["Fire station"] == before["Fire station"] + BY
    assert (day.visit.activities[-1].verb, day.visit.activities[-1].reason) == ("run-late", "The ferry was late")


def test_free_and_tentative_times_need_no_reason(day: Day) -> None:
    day.own_calendar(day.brita, datetime(2027, 5, 10, 10, 30, tzinfo=UTC))  # from 12:30, when she is done
    day.own_calendar(day.brita, datetime(2027, 5, 10, 10, 10, tzinfo=UTC), tentative=True)
    assert len(day.late(day.first)) == 3


def test_more_than_an_hour_in_all_needs_a_new_proposal(day: Day) -> None:
    day.late(day.last, 45)
    assert day.last.status == "confirmed"
    day.late(day.last, 45)
    assert (day.last.status, day.fire.status, day.visit.status) == ("tentative", "confirmed", "confirmed")


@pytest.mark.parametrize(
    ("minutes", "at", "code"),
    [
        (7, MORNING, "choice"),
        (30, MORNING - timedelta(days=1), "not-today"),
        (30, MORNING.replace(hour=20), "nothing-moves"),
    ],
)
def test_other_minutes_days_and_hours_are_refused(day: Day, minutes: int, at: datetime, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        day.late(day.last, minutes, at)
    assert refused.value.code == code


def test_stop_moves_past_midnight(day: Day) -> None:
    night = day.add("23:15", "23:45", "Night walk")
    assert day.late(night, 60) == ["Night walk"]
    assert day.times()["Night walk"] == datetime(2027, 5, 10, 22, 15, tzinfo=UTC)


def test_night_of_more_than_eight_hours_does_not_move(day: Day) -> None:
    long = day.add("15:00", "23:45", "Congress")
    with pytest.raises(Invalid, match="too-long"):
        day.late(long, 30)
    assert day.late(long, 15) == ["Congress"]


def test_ended_visit_does_not_run_late(day: Day) -> None:
    lifecycle.complete(day.visit, at=MORNING + timedelta(hours=12))
    with pytest.raises(IllegalMove):
        day.late(day.last, at=MORNING + timedelta(hours=1))


def test_who_may_say_that_it_runs_late(day: Day) -> None:
    people = {"kari": day.kari, "ola": day.ola, "ulrik": day.ulrik, "brita": day.brita, "siri": day.siri}

    def may(stop: Appointment) -> set[str]:
        return {name for name, user in people.items() if may_run_late(user, stop)}

    assert may(day.fire) == {"kari", "ola", "ulrik", "brita"}
    assert may(day.last) == {"kari", "ola", "ulrik"}


def test_scopes_of_feeds_are_raised(day: Day) -> None:
    before = [version_of("host", day.brita.hosts[0].id), version_of("user", day.ola.id), version_of("all", 0)]
    day.late(day.first)
    after = [version_of("host", day.brita.hosts[0].id), version_of("user", day.ola.id), version_of("all", 0)]
    assert [later > earlier for earlier, later in zip(before, after, strict=True)] == [True] * 3
