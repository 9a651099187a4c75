"""Visits that count as a host's load of the year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.people.actors import VISITOR
from app.visits import lifecycle
from app.visits.busy import led_this_year
from app.visits.models import Visit
from tests import cast
from tests.factories import make_visit

pytestmark = pytest.mark.usefixtures("session", "clock")


def load(visit: Visit, today: date) -> int:
    return led_this_year(today=today).get(visit.lead_host_id or 0, 0)


def test_a_visit_counts_in_the_year_it_was_asked_for_and_in_the_year_of_its_days() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("claimed", user=ola)
    assert visit.submitted_at.year == visit.windows[0].starts_on.year == 2027
    assert [load(visit, date(year, 12, 30)) for year in (2026, 2027, 2028)] == [0, 1, 0]
    visit.windows[0].starts_on += timedelta(days=366)
    assert [load(visit, date(year, 12, 30)) for year in (2026, 2027, 2028)] == [0, 1, 1]
    assert led_this_year(today=date(2027, 12, 30), besides=visit.id) == {}


def test_a_visit_that_was_called_off_is_no_load() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("claimed", user=ola)
    lifecycle.withdraw(visit, by=VISITOR)
    assert visit.lead_host_id is not None
    assert load(visit, date(2027, 12, 30)) == 0
