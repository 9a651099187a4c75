"""Whether a span lies within opening hours written as {"mon": ["09:00", "15:30"], …} on the local wall clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_within_hours(starts_at: datetime, ends_at: datetime, hours: Mapping[str, Sequence[str]]) -> bool:
    """True where nothing is written at all; a day that is not written is closed. Both moments on the local clock."""
    if not hours:
        return True
    open_from, open_until = hours.get(DAYS[starts_at.weekday()]) or ("", "")
    same_day = starts_at.date() == ends_at.date()
    return same_day and bool(open_from) and open_from <= f"{starts_at:%H:%M}" and f"{ends_at:%H:%M}" <= open_until
