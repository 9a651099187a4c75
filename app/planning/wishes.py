"""What is wished: the stops of a programme, their order, and the days the visitor could come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.core.time import in_venue

LONGEST_STAY = 5  # days that may be asked for, and so the most that are offered
MOST_A_DAY = 8  # stops, likewise


@dataclass(frozen=True, slots=True)
class Wish:
    """One wished stop; keys as in the Scene.

    Every one of `hosts` must be open and free; instead of them any one of `instead` may receive, each with its own
    contacts. `contacts`: any one of them receives (one: that one; none: nobody in
    person). `spare_contacts` could, but were not wished: they are only ever suggested. `fixed_at`: it begins then
    (aware) or not at all. `on`: on that day or not at all, at any time. `splits`: half the group may be here while the
    other half is at another stop that splits.
    `daylight`: between sunrise and sunset. `serves_lunch`: lunch is eaten here, so it lies at lunch time.
    """

    key: str
    hosts: tuple[str, ...]
    minutes: int
    contacts: tuple[str, ...] = ()
    spare_contacts: tuple[str, ...] = ()
    place: str | None = None
    fixed_at: datetime | None = None
    on: date | None = None
    splits: bool = False
    daylight: bool = False
    serves_lunch: bool = False
    instead: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def only_day(self) -> date | None:
        """The one day on which it may be; None where it may be on any."""
        return in_venue(self.fixed_at).date() if self.fixed_at is not None else self.on


@dataclass(frozen=True, slots=True)
class Placed:
    """A stop that the visit has already: the group is there, whoever's calendar says what."""

    key: str
    starts_at: datetime
    ends_at: datetime
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Dates between which the visitor could come, both included; earlier ones in a list are preferred."""

    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Request:
    """A whole visit. `orders` holds pairs of wishes' keys: the first ends before the second begins.

    `longest_stay` in calendar days, from the first stop to the last. `lunch`: an untouched lunch on every day.
    `stops_a_day` None: the city's rule. `weekends`: Saturdays, Sundays and public holidays are days like others.
    """

    wishes: tuple[Wish, ...]
    windows: tuple[Window, ...]
    placed: tuple[Placed, ...] = ()
    orders: tuple[tuple[str, str], ...] = ()
    longest_stay: int = 1
    lunch: bool = True
    stops_a_day: int | None = None
    weekends: bool = False
