"""Where a group divides: two stops of a visit at the same time, at each of which only half of the group may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar


class Part(Protocol):
    """What can be said of a stop, planned or as the visitor knows it."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def splits(self) -> bool: ...


Stop = TypeVar("Stop", bound=Part)


def are_at_once(one: Part, other: Part) -> bool:
    """Whether they share a moment."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def are_halves(one: Part, other: Part) -> bool:
    """Whether half of the group is at the one while the other half is at the other."""
    return one.splits and other.splits and are_at_once(one, other)


def beside(stop: Part, others: Iterable[Stop]) -> list[Stop]:
    """Those at which the other half of the group is meanwhile, one after the other: it is not at two places at once."""
    found: list[Stop] = []
    for other in sorted(others, key=lambda one: (one.starts_at, one.ends_at)):
        if are_halves(stop, other) and not any(are_at_once(other, one) for one in found):
            found.append(other)
    return found


def others_of(stop: Part, stops: Sequence[Stop]) -> list[Stop]:
    """The same, of a list in which the stop itself may be, and stops that no longer take place."""
    live = (one for one in stops if not getattr(one, "is_cancelled", False))
    return beside(stop, (one for one in live if getattr(one, "id", None) != getattr(stop, "id", 0)))
