"""Quiet hours: until when a mail waits so that it wakes nobody, on the clock of the person who gets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from app.core.time import venue_zone
from app.people.models import User
from app.strategy.settings import CityRules

# Where a country's zones differ: the one in which nearly everybody lives, else that of its capital or of most people.
MAIN_ZONES = {
    "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto", "CD": "Africa/Kinshasa",
    "FM": "Pacific/Pohnpei", "ID": "Asia/Jakarta", "KI": "Pacific/Tarawa", "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City", "PF": "Pacific/Tahiti", "PG": "Pacific/Port_Moresby",
    "RU": "Europe/Moscow", "US": "America/New_York",
    "CL": "America/Santiago", "CN": "Asia/Shanghai", "EC": "America/Guayaquil", "ES": "Europe/Madrid",
    "GL": "America/Nuuk", "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon", "UA": "Europe/Kyiv",
}  # fmt: skip
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day to another, usually over midnight; the same time twice means never."""

    begins: time
    ends: time
    zone: ZoneInfo

    def ends_after(self, at: datetime) -> datetime | None:
        """When the quiet hours that this moment lies in are over, in UTC; None where it lies in none."""
        wall = at.astimezone(self.zone)
        over_midnight = self.begins > self.ends
        late, early = wall.time() >= self.begins, wall.time() < self.ends
        if self.begins == self.ends or not (late or early if over_midnight else late and early):
            return None
        day = wall.date() + ONE_DAY if over_midnight and late else wall.date()
        return datetime.combine(day, self.ends, self.zone).astimezone(UTC)

    def morning_after(self, at: datetime) -> datetime:
        """The next end of the quiet hours (08:00 where there are none): when the mails of a day are brought."""
        wall = at.astimezone(self.zone)
        ends = self.ends if self.begins != self.ends else time(8)
        day = wall.date() if wall.time() < ends else wall.date() + ONE_DAY
        return datetime.combine(day, ends, self.zone).astimezone(UTC)


def hours_of_user(user: User, rules: CityRules) -> QuietHours:
    """What the person chose, else the city's hours on the venue's clock."""
    chosen = user.quiet_hours
    if chosen is None:
        return _of_city(rules, venue_zone())
    zone = ZoneInfo(chosen["zone"]) if chosen.get("zone") else venue_zone()
    return QuietHours(time.fromisoformat(chosen["from"]), time.fromisoformat(chosen["until"]), zone)


def hours_in_country(country: str, rules: CityRules, *, at: datetime, town: str = "") -> QuietHours:
    """The city's hours on the clock of the visitor's town or country, where that is known; else on the venue's."""
    return _of_city(rules, zone_of(country, at=at, town=town) or venue_zone())


def zone_of(country: str, *, at: datetime, town: str = "") -> ZoneInfo | None:
    """The time zone named after the town, else the country's: its main one, its only one, or several that agree now."""
    names = _zones_by_country().get(country, [])
    named = [name for name in names if _place(name) == " ".join(town.casefold().split())]
    if named:
        return ZoneInfo(named[0])
    if country in MAIN_ZONES:
        return ZoneInfo(MAIN_ZONES[country])
    zones = [ZoneInfo(name) for name in names]
    offsets = {at.astimezone(zone).utcoffset() for zone in zones}
    return zones[0] if len(offsets) == 1 else None


def _place(zone: str) -> str:
    """The place that a zone is named after: "los angeles"."""
    return zone.rpartition("/")[2].replace("_", " ").casefold()


def _of_city(rules: CityRules, zone: ZoneInfo) -> QuietHours:
    return QuietHours(time(rules.quiet_from_hour % 24), time(rules.quiet_until_hour % 24), zone)


@lru_cache(maxsize=1)
def _zones_by_country() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, country in get_global("zone_territories").items():
        found.setdefault(country, []).append(name)
    return {country: sorted(names) for country, names in found.items()}
