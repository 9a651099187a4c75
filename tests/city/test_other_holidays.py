"""Another city's public holidays count wherever days do: deadlines, planning, routing, holds, reminders, pages.

27 May 2027 is Corpus Christi, a holiday in Bavaria but neither in Norway nor in the whole of Germany; on 25 March 2027
Norway rests and Bavaria works.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app import create_app
from app.city.catalogue import catalogue_from_files
from app.city.facts import read_facts
from app.city.nodes import CityFileError
from app.core.holidays import holiday_calendar, settle_holiday_calendar
from app.core.time import from_venue, venue_date
from app.notifications.reminder_timing import Timing
from app.people.actors import by_user
from app.planning.advice import advise
from app.planning.answering import programmes
from app.planning.clock import due_after
from app.planning.holidays import find_holiday, is_working_day
from app.planning.scene import Calendar, Scene, Span
from app.planning.wishes import Request, Window, Wish
from app.routing.dates import date_flags
from app.visits import lifecycle
from app.visits.arranging import as_planned
from app.visits.catalogue import is_just_a_holiday
from app.visits.conflicts import conflicts_of
from app.visits.reading import enquiry_of
from tests import cast, factories
from tests.city.folders import LILLEVIK, copy_with
from tests.harness.zones import holidays_of, venue_in

CORPUS_CHRISTI, MAUNDY_THURSDAY = date(2027, 5, 27), date(2027, 3, 25)
BAVARIA = ("city.yaml", "holidays: NO", "holidays: DE-BY")


@pytest.fixture(params=["NO", "DE-BY"])
def calendar(request: pytest.FixtureRequest) -> Iterator[str]:
    with holidays_of(request.param):
        yield request.param


def rests(calendar: str) -> bool:
    """Whether Corpus Christi is free there."""
    return calendar == "DE-BY"


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("day", "working"),
    [
        (CORPUS_CHRISTI, {"NO": True, "DE": True, "DE-BY": False}),
        (MAUNDY_THURSDAY, {"NO": False, "DE": True, "DE-BY": True}),
    ],
)
def test_country_and_part_of_it_decide_which_days_are_free(day: date, working: dict[str, bool]) -> None:
    for calendar, expected in working.items():
        with holidays_of(calendar):
            assert (calendar, is_working_day(day)) == (calendar, expected)


@pytest.mark.one_engine
def test_holiday_is_named_in_the_readers_language_else_in_english_else_in_the_countrys_own() -> None:
    with holidays_of("DE-BY"):
        assert [find_holiday(CORPUS_CHRISTI, language) for language in ("en", "nb", "nn")] == ["Corpus Christi"] * 3
    with holidays_of("GL"):
        assert find_holiday(date(2027, 12, 25), "nb") == find_holiday(date(2027, 12, 25), "nn") == "Juledag"


@pytest.mark.one_engine
def test_files_name_the_calendar_and_without_it_the_country_does(tmp_path: Path) -> None:
    folder, _line = copy_with(tmp_path / "part", *BAVARIA, source=LILLEVIK)
    assert read_facts(folder / "city.yaml").holidays == catalogue_from_files(folder).holiday_calendar == "DE-BY"
    folder, _line = copy_with(tmp_path / "none", "city.yaml", "holidays: NO\n", "", source=LILLEVIK)
    assert read_facts(folder / "city.yaml").holidays == "NO"
    for code in ("DE-ZZ", "XX", "norway"):
        folder, line = copy_with(tmp_path / code, "city.yaml", "holidays: NO", f"holidays: {code}", source=LILLEVIK)
        with pytest.raises(CityFileError, match=rf"city\.yaml:{line}: the public holidays of '{code}' are not known"):
            read_facts(folder / "city.yaml")
    with pytest.raises(ValueError, match="no calendar"):
        settle_holiday_calendar("XX")


@pytest.mark.one_engine
def test_application_counts_by_the_calendar_of_its_city(tmp_path: Path) -> None:
    folder, _line = copy_with(tmp_path, *BAVARIA, source=LILLEVIK)
    with venue_in("Europe/Oslo"), holidays_of("NO"):
        app = create_app({"CITY_DIR": str(folder), "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/other.sqlite"})
        assert holiday_calendar() == app.extensions["city-catalogue"].holiday_calendar == "DE-BY"
        assert not is_working_day(CORPUS_CHRISTI)


@pytest.mark.one_engine
def test_clocks_and_reminders_leave_out_that_citys_holidays(calendar: str) -> None:
    day_before = from_venue(datetime(2027, 5, 26, 10))
    assert venue_date(due_after(day_before, 1)) == CORPUS_CHRISTI + timedelta(days=rests(calendar))
    reminded = Timing(1, "working-days").due_at(from_venue(datetime(2027, 5, 28, 9)))
    assert venue_date(reminded) == CORPUS_CHRISTI - timedelta(days=rests(calendar))


@pytest.mark.one_engine
def test_planner_and_advice_leave_out_that_citys_holidays(calendar: str) -> None:
    wish = Wish("tour", ("hall",), 60)
    scene = Scene(now=from_venue(datetime(2027, 5, 3, 8)), hosts={"hall": Calendar("hall", {3: (Span(540, 960),)})})
    answer = programmes(Request((wish,), (Window(CORPUS_CHRISTI, CORPUS_CHRISTI),)), scene)
    assert [one.code for one in answer.obstacles] == (["holiday"] if rests(calendar) else [])
    assert bool(answer.programmes) is not rests(calendar)
    window = (CORPUS_CHRISTI, CORPUS_CHRISTI)
    codes = [one.code for one in advise([window], today=date(2027, 3, 1), group_size=8)]
    assert codes == (["holiday-only"] if rests(calendar) else [])


@pytest.mark.one_engine
def test_occasion_that_is_a_holiday_there_ties_no_visit(calendar: str) -> None:
    assert is_just_a_holiday(CORPUS_CHRISTI, None) is rests(calendar)
    assert is_just_a_holiday(CORPUS_CHRISTI, None, "DE-BY")


def test_offers_holds_and_conflicts_of_a_visit_go_by_that_citys_holidays(session: Session, calendar: str) -> None:
    (ola,) = cast.bring(cast.OLA)
    start = from_venue(datetime(2027, 5, 25, 10))
    visit = factories.make_visit("offered", user=ola, at=start, windows=[(CORPUS_CHRISTI, CORPUS_CHRISTI)])
    due = {venue_date(offer.due_at) for offer in visit.offers}
    assert due == {CORPUS_CHRISTI + timedelta(days=rests(calendar))}
    lifecycle.claim(visit, ola.hosts[0], by=by_user(ola, ola.hosts[0]), at=start)
    stop = factories.make_appointment(visit, user=ola, day=CORPUS_CHRISTI, at=start)
    assert stop.hold_until is not None
    assert venue_date(stop.hold_until) == date(2027, 6, 8) + timedelta(days=rests(calendar))
    kinds = {one.kind for one in conflicts_of(visit, as_planned(stop), besides=stop, at=start)}
    assert ("holiday" in kinds) is rests(calendar)
    flags = {flag.code for flag in date_flags(enquiry_of(visit), calendar)}
    assert ("holiday" in flags) is rests(calendar)
