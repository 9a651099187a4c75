"""Another city's weekend counts wherever days do: deadlines, planning, advice, routing, conflicts, calendar pages.

28 May 2027 is a Friday, 30 May a Sunday; neither is a holiday in Norway.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app import create_app
from app.city.facts import read_facts
from app.city.fields import setting_fields
from app.city.files import read_city
from app.city.nodes import CityFileError
from app.core.holidays import is_weekend, settle_weekend, weekend_days
from app.core.time import from_venue, venue_date
from app.planning.advice import advise
from app.planning.answering import programmes
from app.planning.clock import due_after
from app.planning.holidays import is_working_day
from app.planning.scene import Calendar, Scene, Span
from app.planning.wishes import Request, Window, Wish
from app.routing.dates import date_flags
from app.visits.arranging import as_planned
from app.visits.conflicts import conflicts_of
from app.visits.reading import enquiry_of
from app.web.calendar.days import Day
from tests import cast, factories
from tests.city.folders import LILLEVIK, copy_with
from tests.harness.zones import holidays_of, venue_in, weekend_on

FRIDAY, SUNDAY = date(2027, 5, 28), date(2027, 5, 30)
SATURDAY_SUNDAY, FRIDAY_SATURDAY = (5, 6), (4, 5)
GULF = ("city.yaml", "holidays: NO", "holidays: NO\nweekend: [fri, sat]")


@pytest.fixture(params=[SATURDAY_SUNDAY, FRIDAY_SATURDAY])
def free(request: pytest.FixtureRequest) -> Iterator[date]:
    """The day of the two that is of the weekend."""
    with weekend_on(request.param):
        yield FRIDAY if request.param == FRIDAY_SATURDAY else SUNDAY


def other(day: date) -> date:
    return SUNDAY if day == FRIDAY else FRIDAY


@pytest.mark.one_engine
def test_files_name_the_weekend_and_without_it_saturday_and_sunday_are_free(tmp_path: Path) -> None:
    folder, _line = copy_with(tmp_path / "named", *GULF, source=LILLEVIK)
    assert read_facts(folder / "city.yaml").weekend == {4, 5}
    assert setting_fields(read_city(folder))["weekend"] == [4, 5]
    assert read_facts(LILLEVIK / "city.yaml").weekend == {5, 6}
    wrong = {
        "[friday]": "must be one of mon, tue",
        "[fri, fri]": "names a day twice",
        "[mon, tue, wed, thu, fri, sat, sun]": "leaves no day to work on",
        "sat": "must be a list",
    }
    for number, (days, why) in enumerate(wrong.items()):
        change = ("city.yaml", "holidays: NO", f"holidays: NO\nweekend: {days}")
        folder, line = copy_with(tmp_path / str(number), *change, source=LILLEVIK)
        with pytest.raises(CityFileError, match=rf"city\.yaml:{line + 1}: .*{why}"):
            read_facts(folder / "city.yaml")
    with pytest.raises(ValueError, match="no weekend"):
        settle_weekend(range(7))


@pytest.mark.one_engine
def test_application_rests_on_the_weekend_of_its_city(tmp_path: Path) -> None:
    folder, _line = copy_with(tmp_path, *GULF, source=LILLEVIK)
    with venue_in("Europe/Oslo"), holidays_of("NO"), weekend_on(SATURDAY_SUNDAY):
        create_app({"CITY_DIR": str(folder), "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/other.sqlite"})
        assert weekend_days() == {4, 5}
        assert (is_working_day(FRIDAY), is_working_day(SUNDAY)) == (False, True)


@pytest.mark.one_engine
def test_clocks_planner_advice_and_pages_leave_out_that_weekend(free: date) -> None:
    assert (is_weekend(free), is_weekend(other(free))) == (True, False)
    before = from_venue(datetime(2027, 5, 27, 10))
    assert venue_date(due_after(before, 1)) == (SUNDAY if free == FRIDAY else FRIDAY)
    wish, hours = Wish("tour", ("hall",), 60), dict.fromkeys(range(7), (Span(540, 960),))
    scene = Scene(now=from_venue(datetime(2027, 5, 3, 8)), hosts={"hall": Calendar("hall", hours)})
    for day in (FRIDAY, SUNDAY):
        answer = programmes(Request((wish,), (Window(day, day),)), scene)
        assert [one.code for one in answer.obstacles] == (["weekend"] if day == free else [])
        codes = [one.code for one in advise([(day, day)], today=date(2027, 3, 1), group_size=8)]
        assert codes == (["weekend-only"] if day == free else [])
        assert Day(day, []).is_free is (day == free)


def test_routing_and_conflicts_of_a_visit_go_by_that_weekend(session: Session, free: date) -> None:
    (ola,) = cast.bring(cast.OLA)
    for day in (FRIDAY, SUNDAY):
        visit = factories.make_visit("claimed", user=ola, windows=[(day, day)])
        stop = factories.make_appointment(visit, user=ola, day=day, start="09:00", end="10:00")
        kinds = {one.kind for one in conflicts_of(visit, as_planned(stop), besides=stop)}
        assert ("weekend" in kinds) is (day == free)
        flags = {flag.code for flag in date_flags(enquiry_of(visit), "NO")}
        assert ("holiday" in flags) is (day == free)
        session.flush()
