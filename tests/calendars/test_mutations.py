"""Row FZ-3 in short: files gone wrong end as times or as one of three refusals, and never as anything else."""

from __future__ import annotations

import time

import pytest

from app.calendars.busy import NotTaken
from app.calendars.reading import read_busy
from tests.calendars.mutations import SEEDS, mutations, seeds
from tests.calendars.others import HORIZON, calendar

pytestmark = pytest.mark.one_engine


def test_seeds_are_sound() -> None:
    assert len(seeds()) == SEEDS
    assert [body for body in seeds()[::15] if read_busy(body, HORIZON).busy == ()] == []


def test_files_gone_wrong() -> None:
    """In our own process, so that a parser's unknown error fails the test; make acceptance goes the whole way."""
    slowest = 0.0
    for body in mutations(300, seed=1):
        began = time.process_time()
        try:
            found = read_busy(body, HORIZON)
            assert all(one.starts_at < one.ends_at for one in found.busy)
        except NotTaken:
            pass
        slowest = max(slowest, time.process_time() - began)
    assert slowest < 2


@pytest.mark.parametrize("zone", ["Europe", "x" * 300])
def test_zone_whose_name_is_no_files(zone: str) -> None:
    """A folder of the zones on disk, and a name too long for one: refused like anything else that cannot be read."""
    body = calendar(f"UID:a\nDTSTART:20270308T080000Z\nDURATION:PT1H\nEXDATE;TZID={zone}:20270315T090000")
    with pytest.raises(NotTaken, match="unreadable"):
        read_busy(body, HORIZON)
