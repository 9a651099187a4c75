"""Which stored visits a new request is compared with, and that the same request sent twice is told."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.extensions import db
from app.routing.duplicates import _same_dates
from app.visits import lifecycle
from app.visits.comparing import comparable
from app.visits.models import Visit
from app.visits.reading import enquiry_of
from tests import cast
from tests.factories import make_request

DAY = timedelta(days=1)
FIRST, LAST = date(2027, 5, 10), date(2027, 5, 12)


def received(**changes: object) -> Visit:
    visit = lifecycle.submit(make_request(**changes), at=cast.MONDAY)
    return lifecycle.receive(visit, at=cast.MONDAY)


def repeats(first: Visit, **changes: object) -> bool:
    """Whether the request, sent once more with these changes, is taken for the first one."""
    again = received(**changes)
    return ("duplicate" in again.flags, again.routing["duplicate_of"]) == (True, first.ref)


def test_same_request_again_is_told(session: Session) -> None:
    cast.bring(cast.OLA)
    assert repeats(received(), contact_name="Somebody Else", contact_email="else@utrecht.example.org")


@pytest.mark.parametrize(("days", "same"), [(2, True), (-2, True), (3, False), (-3, False)])
def test_dates_two_days_apart_are_the_same(session: Session, days: int, same: bool) -> None:
    cast.bring(cast.OLA)
    moved = [(date(2027, 9, 1), date(2027, 9, 2)), (FIRST + days * DAY, LAST + days * DAY)]
    assert repeats(received(), windows=moved) is same


def test_wider_window_around_the_same_days_is_the_same_from_the_same_sender(session: Session) -> None:
    cast.bring(cast.OLA)
    wider = [(FIRST - 9 * DAY, LAST + 9 * DAY)]
    assert repeats(received(), windows=wider)
    other = {"organisation": "Institute of Snow", "contact_email": "a@snow.example.org", "head_name": "Anneke de Boer"}
    assert not repeats(received(), **other, windows=wider)


def test_same_text_from_another_office_of_the_city_is_told(session: Session) -> None:
    cast.bring(cast.OLA)
    office = {"organisation": "Waterschap", "contact_email": "a@waterschap.example.org", "head_name": "Anneke de Boer"}
    assert repeats(received(), **office)
    assert not repeats(received(), **office, city="Breda")


def test_same_head_from_an_office_in_another_country_is_told(session: Session) -> None:
    cast.bring(cast.OLA)
    office = {"organisation": "Netherlands Water Partnership", "country": "BE", "city": "Brussels"}
    assert repeats(received(), **office, contact_email="office@nwp.example.org")
    assert not repeats(received(), **office, contact_email="office@nwp.example.org", head_name="Anneke de Boer")


def test_head_may_be_spelled_another_way_by_an_office_in_another_country(session: Session) -> None:
    cast.bring(cast.OLA)
    office = {"organisation": "Royal Netherlands Embassy", "organisation_type": "embassy", "country": "NO"}
    office |= {"city": "Oslo", "contact_email": "oslo@minbuza.example.org"}
    assert repeats(received(), **office, head_name="Mr. J. van Hemert")
    assert not repeats(received(), **office, head_name="Mr. J. van Hemert", group_size=23)


def test_what_never_came_or_comes_later_is_not_compared(session: Session) -> None:
    cast.bring(cast.OLA)
    lifecycle.submit(make_request(), at=cast.MONDAY)  # its address is not confirmed
    first, second = received(), received()
    assert [one.id for one in comparable(second)] == [first.ref]
    assert comparable(first) == []


def test_as_many_are_compared_as_lie_on_the_same_dates(session: Session) -> None:
    """Beside reading all of them and comparing date by date, on 200 random requests."""
    cast.bring(cast.OLA)
    chosen = random.Random(20270510)

    def windows() -> list[tuple[date, date]]:
        starts = [FIRST + chosen.randint(0, 25) * DAY for _ in range(chosen.randint(0, 3))]
        return [(start, start + chosen.randint(0, 4) * DAY) for start in starts]

    visits = [lifecycle.submit(make_request(windows=windows()), at=cast.MONDAY) for _ in range(200)]
    for visit in visits:
        visit.status = "received"
    db.session.flush()
    enquiries = [enquiry_of(visit) for visit in visits]
    found = 0
    for visit, mine in zip(visits[-40:], enquiries[-40:], strict=True):
        earlier = {one.id for one in enquiries[: visits.index(visit)] if _same_dates(mine, one)}
        compared = comparable(visit)
        assert {one.id for one in compared} == earlier
        found += len(compared)
    assert found > 300


def test_hundreds_of_them_are_read_in_three_questions(session: Session) -> None:
    cast.bring(cast.OLA)
    for _ in range(30):
        received()
    visit, asked = received(), []
    db.session.expire_all()

    def count(*args: object) -> None:
        asked.append(args[2])

    assert visit.windows
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert len(comparable(visit)) == 30
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(asked) == 3
