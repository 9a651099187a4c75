"""What is taken from somebody's own calendar: when they are busy, and nothing else; and why it could not be taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

# What people are told; never more than these three, so that nobody can explore a network through us.
FailureCode = Literal["unreachable", "unreadable", "too-much"]
FAILURES: Final[tuple[FailureCode, ...]] = ("unreachable", "unreadable", "too-much")
MOST_OCCURRENCES: Final = 20_000
LARGEST_FILE: Final = 10 * 1024 * 1024  # bytes, packed or unpacked


@dataclass(frozen=True, slots=True, order=True)
class BusyTime:
    """From `starts_at` up to `ends_at`, both aware UTC; tentative where the owner has not decided yet."""

    starts_at: datetime
    ends_at: datetime
    tentative: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A calendar as far as it concerns us; `unreadable` counts events that make no sense."""

    busy: tuple[BusyTime, ...]
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Horizon:
    """The days that are looked at, both included, and the zone of their owner (its whole days, its floating times)."""

    first: date
    last: date
    zone: str


class NotTaken(Exception):
    """The calendar could not be fetched or read; the code is all that anybody is told."""

    def __init__(self, code: FailureCode) -> None:
        self.code: FailureCode = code
        super().__init__(code)
