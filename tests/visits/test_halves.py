"""A group that divides: two stops at once are in nobody's way, and the half that is not late stays where it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.actors import Actor, by_user
from app.visits import lifecycle
from app.visits.arranging import as_planned
from app.visits.conflicts import conflicts_of, programme_conflicts
from app.visits.halves import others_of
from app.visits.programme_models import Appointment, Fragment
from app.visits.running_late import shifts_from
from tests import cast
from tests.factories import make_appointment, make_visit

MORNING = datetime(2027, 5, 10, 6, 30, tzinfo=UTC)  # 8.30 in Bergen
LATER = cast.MONDAY + timedelta(hours=5)


class Day:
    """Ola's visit with a welcome at 9-10, then pipes (Ola) and pumps (Brita) at 10-11.30 and 10-11, a talk at 13-14."""

    def __init__(self, *, divides: bool = True) -> None:
        self.ola, self.brita = cast.bring(cast.OLA, cast.BRITA)
        self.visit = make_visit("claimed", user=self.ola)
        self.welcome = self.add("09:00", "10:00", "Welcome")
        self.pipes = self.add("10:00", "11:30", "Pipes")
        self.pumps = self.add("10:00", "11:00", "Pumps", host=self.brita.hosts[0], contact=self.brita)
        self.talk = self.add("13:00", "14:00", "Talk")
        if divides:
            for stop in (self.pipes, self.pumps):
                self.change(stop, splits=True)

    @property
    def by(self) -> Actor:
        return by_user(self.ola, self.ola.hosts[0])

    def add(self, start: str, end: str, title: str, **others: object) -> Appointment:
        return make_appointment(self.visit, user=self.ola, start=start, end=end, title=title, **others)  # type: ignore[arg-type]

    def change(self, stop: Appointment, **changes: object) -> None:
        lifecycle.move_appointment(stop, replace(as_planned(stop), **changes), by=self.by, at=LATER)  # type: ignore[arg-type]

    def kinds(self) -> dict[str, list[str]]:
        met = programme_conflicts(self.visit, at=MORNING)
        titles = {stop.id: stop.title for stop in self.visit.appointments}
        return {titles[number]: [one.kind for one in found] for number, found in met.items()}


def test_two_stops_at_once_are_in_each_others_way_unless_both_let_the_group_divide(session: Session) -> None:
    day = Day(divides=False)
    assert day.kinds() == {"Pipes": ["group"], "Pumps": ["group"]}
    day.change(day.pumps, splits=True)
    assert day.kinds() == {"Pipes": ["group"], "Pumps": ["group"]}
    day.change(day.pipes, splits=True)
    assert day.kinds() == {}
    day.change(day.pumps, splits=False)
    assert day.kinds() == {"Pipes": ["group"], "Pumps": ["group"]}


def test_the_group_has_two_halves_and_no_thirds(session: Session) -> None:
    day = Day()
    third = replace(as_planned(day.talk), starts_at=day.pumps.starts_at, ends_at=day.pumps.ends_at, splits=True)
    found = conflicts_of(day.visit, third, besides=day.talk, at=MORNING)
    assert [one.kind for one in found] == ["person"]  # Ola is at the pipes; the pumps are the other half then
    third = replace(third, contact=None)
    assert [one.kind for one in conflicts_of(day.visit, third, besides=day.talk, at=MORNING)] == ["group"]


def test_one_half_may_be_at_two_stops_one_after_the_other(session: Session) -> None:
    day = Day()
    day.change(day.talk, starts_at=day.pumps.ends_at, ends_at=day.pipes.ends_at, contact=None, splits=True)
    assert day.kinds() == {}
    assert [one.title for one in others_of(day.pipes, day.visit.appointments)] == ["Pumps", "Talk"]
    assert [one.title for one in others_of(day.pumps, day.visit.appointments)] == ["Pipes"]


def test_when_one_half_is_late_the_other_stays_and_what_follows_moves(session: Session) -> None:
    day = Day()
    assert [one.stop.title for one in shifts_from(day.pipes, 30, at=MORNING)] == ["Pipes", "Talk"]
    assert [one.stop.title for one in shifts_from(day.pumps, 30, at=MORNING)] == ["Pumps", "Talk"]
    assert [one.stop.title for one in shifts_from(day.welcome, 30, at=MORNING)] == ["Welcome", "Pipes", "Pumps", "Talk"]


def test_the_feeds_text_says_where_the_other_half_is_and_no_longer_once_it_is_gone(session: Session) -> None:
    day = Day()
    assert "Half the group\\; the other half: Pumps" in text_of(session, day.pipes)
    assert "Half the group\\; the other half: Pipes" in text_of(session, day.pumps)
    lifecycle.remove_appointment(day.pumps, by=day.by, at=LATER)
    assert "Half the group" not in text_of(session, day.pipes)
    assert "half" not in text_of(session, day.talk)


@pytest.mark.parametrize("level", ["busy", "team"])
def test_what_others_may_not_read_says_nothing_of_halves(session: Session, level: str) -> None:
    assert "alf the group" not in text_of(session, Day().pipes, level)


def text_of(session: Session, stop: Appointment, level: str = "full") -> str:
    query = select(Fragment.body).where(Fragment.appointment_id == stop.id, Fragment.language == "en")
    return session.scalars(query.where(Fragment.level == level)).one().replace("\r\n ", "")
