"""The venue's time zone as a VTIMEZONE with yearly rules.

Yearly rules (RRULE) rather than lists of dates: Thunderbird and Outlook misread the dated form. The rules are
those of the European Union since 1996.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from app.core.time import VENUE_ZONE

TZID: Final = VENUE_ZONE.key
# On the wall clock as it stood before the change, and so without a zone.
_FIRST_SUMMER = datetime(1996, 3, 31, 2)  # noqa: DTZ001
_FIRST_WINTER = datetime(1996, 10, 27, 3)  # noqa: DTZ001
_WINTER, _SUMMER = timedelta(hours=1), timedelta(hours=2)


def on_the_wall(moment: datetime) -> datetime:
    """The moment in the venue's zone; in UTC for the one hour a year that its wall clock shows twice.

    A TZID time means the first of the two (RFC 5545, 3.3.5), but Thunderbird's reader takes it for the second. Raises
    ValueError for a naive moment.
    """
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime: {moment!r}")
    local = moment.astimezone(VENUE_ZONE)
    comes_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return moment.astimezone(UTC) if comes_twice else local


def _rule(rule: Timezone | TimezoneDaylight | TimezoneStandard, name: str, starts: datetime, month: int) -> None:
    rule.add("tzname", name)
    rule.add("dtstart", starts)
    rule.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1SU"})


def _build() -> str:
    summer, winter, zone = TimezoneDaylight(), TimezoneStandard(), Timezone()
    _rule(summer, "CEST", _FIRST_SUMMER, 3)
    summer.add("tzoffsetfrom", _WINTER)
    summer.add("tzoffsetto", _SUMMER)
    _rule(winter, "CET", _FIRST_WINTER, 10)
    winter.add("tzoffsetfrom", _SUMMER)
    winter.add("tzoffsetto", _WINTER)
    zone.add("tzid", TZID)
    zone.add_component(summer)
    zone.add_component(winter)
    serialised: bytes = zone.to_ical()
    return serialised.decode()


VTIMEZONE: Final = _build()
