"""Day, start and end as forms take them, on the venue's clock: an end at or before the start is on the next day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.nights import fits_the_night, is_over_midnight, wall_span
from app.core.time import from_venue, in_venue
from app.web.formats import clock
from app.web.host.fields import EARLIEST, LATEST

END_REFUSED = _l("The end must be later than the start. Only a stop of at most 8 hours may go on past midnight.")


class ClockSpan:
    """A form with the fields `on`, `starts` and `ends`."""

    on: Any
    starts: Any
    ends: Any

    @property
    def walls(self) -> tuple[datetime, datetime]:
        """Start and end on the wall clock, naive; only when all three are given."""
        return wall_span(self.on.data, self.starts.data, self.ends.data)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Start and end, in UTC; only when all three are given."""
        starts, ends = self.walls
        return from_venue(starts), from_venue(ends)

    @property
    def until_words(self) -> str:
        """Until when, where that is on the next day; otherwise empty."""
        if None in (self.on.data, self.starts.data, self.ends.data) or not EARLIEST <= self.on.data <= LATEST:
            return ""
        return until_words(*self.span)

    def check_clock(self) -> None:
        """What the three say together, beside the field that is wrong."""
        if self.starts.data == self.ends.data or not fits_the_night(*self.span):
            self.ends.errors = [END_REFUSED]
        for part, wall in zip((self.starts, self.ends), self.walls, strict=True):
            if not exists_at_venue(wall):
                part.errors = [_("This time does not exist that night: the clock goes forward. Choose another one.")]


def until_words(starts_at: datetime, ends_at: datetime) -> str:
    """Until when it goes on, where that is on the next day; otherwise empty."""
    if not is_over_midnight(starts_at, ends_at) or not fits_the_night(starts_at, ends_at):
        return ""
    return _("It goes on until %(clock)s the next day.", clock=clock(ends_at))


def exists_at_venue(wall: datetime) -> bool:
    """Whether the venue's clock ever shows that time: not while it goes forward in spring."""
    return in_venue(from_venue(wall)).replace(tzinfo=None) == wall


def happens_twice(wall: datetime) -> bool:
    """Whether the venue's clock shows that time twice: while it goes back in autumn; the first one is meant."""
    later = in_venue(from_venue(wall) + timedelta(hours=1))
    return later.replace(tzinfo=None) == wall
