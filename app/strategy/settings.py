"""The city's own rules, with defaults taken from the field (docs/decisions/0002-defaults.md)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields

from sqlalchemy import select

from app.extensions import db
from app.strategy.models import CitySetting


@dataclass(frozen=True, slots=True)
class CityRules:
    """Working days, calendar days, people and hours; every one can be set in the city's data."""

    city_name: str = "Bergen"
    contact_email: str = "international@example.org"
    answer_working_days: int = 5  # University of Auckland
    offer_working_days: int = 2
    offer_hosts_sure: int = 1  # asked for the lead at once where routing is sure
    offer_hosts_unsure: int = 3  # and where it is not
    hold_working_days: int = 10
    lead_time_days: int = 30  # Oslo
    courtesy_lead_time_days: int = 14  # San Diego
    large_group: int = 40
    repeat_months: int = 24  # Calgary
    appointments_per_day: int = 4  # IVLP
    buffer_minutes: int = 10  # between two stops, besides the way
    day_from_hour: int = 8  # stops are proposed from this hour
    day_until_hour: int = 20  # until this one; outside only where opening hours leave nothing else
    lunch_minutes: int = 45
    lunch_from_hour: int = 11
    lunch_until_hour: int = 14
    longest_walk_minutes: int = 20  # a longer way is driven
    unknown_travel_minutes: int = 20  # to a place that is not on the map
    confirm_hours: int = 72
    draft_days: int = 7
    quiet_from_hour: int = 21  # mails that can wait wake nobody; the same hour twice: no quiet hours
    quiet_until_hour: int = 7
    big_change_minutes: int = 60
    needs_keep_days: int = 14
    delegates_keep_days: int = 90


def travel_minutes() -> list[tuple[str, str, int | None, int | None]]:
    """The ways in the city's data: two places' slugs, minutes on foot and by car; either direction."""
    stored = db.session.scalar(select(CitySetting.value).where(CitySetting.key == "travel"))
    return [(one, other, walk, drive) for one, other, walk, drive in stored or []]


# Asked on almost every page and for every mail, so put together once.
_RULES = select(CitySetting.key, CitySetting.value).where(
    CitySetting.key.in_(sorted(field.name for field in fields(CityRules)))
)


_kept: ContextVar[CityRules | None] = ContextVar("city_rules", default=None)


def city_rules() -> CityRules:
    """The rules in force: what the city has set, over the defaults."""
    return _kept.get() or CityRules(**{row.key: row.value for row in db.session.execute(_RULES)})


@contextmanager
def same_rules() -> Iterator[None]:
    """Inside, the rules are those of this moment: for what asks for them many times and changes none."""
    token = _kept.set(city_rules())
    try:
        yield
    finally:
        _kept.reset(token)
