"""What tests of own calendars share: a site on the loopback that publishes them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.calendars.others import calendar
from tests.harness.internet import Internet, small_internet

HOUR = calendar("UID:a\nDTSTART:20270308T080000Z\nDTEND:20270308T090000Z\nSUMMARY:Salary talk with Ulrik")


@pytest.fixture
def internet() -> Iterator[Internet]:
    """The small internet of tests/harness/internet.py, with one calendar in it."""
    with small_internet() as site:
        site.serve("/mine.ics", HOUR, 'ETag: "1"', "Last-Modified: Mon, 01 Mar 2027 10:00:00 GMT")
        yield site
