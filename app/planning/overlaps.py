"""Half-open intervals of time: where they touch, and what they cover together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `starts_at` up to, but not including, `ends_at`; both aware. `key` says what occupies it."""

    starts_at: datetime
    ends_at: datetime
    key: str = ""

    def overlaps(self, other: "Interval") -> bool:
        """True when they share a moment; two that only touch do not overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def shared_with(self, other: "Interval") -> timedelta:
        """How long they overlap, zero when they do not."""
        shared = min(self.ends_at, other.ends_at) - max(self.starts_at, other.starts_at)
        return max(shared, timedelta(0))


def overlapping_pairs(intervals: Iterable[Interval]) -> list[tuple[Interval, Interval]]:
    """Every pair that overlaps, the earlier one first, in order of start."""
    pairs: list[tuple[Interval, Interval]] = []
    running: list[Interval] = []
    for interval in sorted(intervals):
        running = [earlier for earlier in running if earlier.ends_at > interval.starts_at]
        pairs.extend((earlier, interval) for earlier in running if earlier.overlaps(interval))
        running.append(interval)
    return pairs


def merged(intervals: Sequence[Interval]) -> list[Interval]:
    """The same time covered without overlaps, in order; empty and reversed intervals are dropped."""
    result: list[Interval] = []
    for interval in sorted(intervals):
        if interval.ends_at <= interval.starts_at:
            continue
        if result and interval.starts_at <= result[-1].ends_at:
            last = result.pop()
            interval = Interval(last.starts_at, max(last.ends_at, interval.ends_at), last.key)
        result.append(interval)
    return result
