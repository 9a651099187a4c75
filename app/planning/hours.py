"""Opening hours on the local wall clock, written as {"mon": ["09:00", "15:30"], …}.

A second span follows in the same list: {"mon": ["08:00", "11:00", "12:00", "15:00"]}.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_within_hours(starts_at: datetime, ends_at: datetime, hours: Mapping[str, Sequence[str]]) -> bool:
    """A day that is not written is closed, so without any hours every day is. Both moments on the local clock."""
    if starts_at.date() != ends_at.date():
        return False
    begins, ends = f"{starts_at:%H:%M}", f"{ends_at:%H:%M}"
    return any(opens <= begins and ends <= closes for opens, closes in spans_of(hours, DAYS[starts_at.weekday()]))


def spans_of(hours: Mapping[str, Sequence[str]], day: str) -> list[tuple[str, str]]:
    """From when to when it is open on that weekday ("mon" … "sun"), in order; empty where it is closed."""
    clocks = hours.get(day) or ()
    return list(zip(clocks[::2], clocks[1::2], strict=False))
