"""Points per host with the reasons for them, while a request is weighed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from app.routing.catalogue import HostProfile
from app.routing.types import Reason

SUBJECT_POWER = 1.2


class Scores:
    """Points per host with the reasons for them."""

    def __init__(self, hosts: Iterable[HostProfile]) -> None:
        self.known = {host.slug: host for host in hosts}
        self.points: dict[str, float] = defaultdict(float)
        self.reasons: dict[str, list[Reason]] = defaultdict(list)
        self.parts: dict[str, list[float]] = defaultdict(list)

    def add(self, slug: str, points: float, *reasons: Reason) -> None:
        """Give a known host points; unknown slugs are ignored."""
        if slug in self.known and points > 0:
            self.points[slug] += points
            self.reasons[slug].extend(reasons)

    def give(self, slug: str, points: float, reason: Reason) -> None:
        """Give a known host points that may be none; the reason is kept all the same."""
        self.add(slug, points)
        if slug in self.known:
            self.reasons[slug].append(reason)

    def move(self, points: Mapping[str, float]) -> None:
        """Give known hosts more points, or less to those that have some; never less than nothing."""
        for slug, more in points.items():
            if slug in self.points or (more > 0 and slug in self.known):
                self.points[slug] = max(self.points[slug] + more, 0.0)

    def settle(self, most: float) -> dict[str, float]:
        """Each host's share of its subjects' points, the best one's being 1, and the points for it, `most` at most.

        Many small sums must not outweigh one clear subject: they count by their power mean.
        """
        sums = {slug: sum(part**SUBJECT_POWER for part in parts) for slug, parts in self.parts.items()}
        best = max(sums.values(), default=0.0) ** (1 / SUBJECT_POWER)
        found = {slug: one ** (1 / SUBJECT_POWER) / best for slug, one in sums.items()}
        for slug, share in found.items():
            self.points[slug] += most * share
        return found

    def lift(self, slug: str, share: float, reason: Reason) -> None:
        """See that a host has at least this share of the best host's points."""
        least = share * max(self.points.values(), default=1.0)
        if slug in self.known and self.points[slug] < least:
            self.points[slug] = least
            self.reasons[slug].append(reason)

    def best(self) -> str:
        """The host with most points, or none."""
        return best_of(self.points)


def best_of(points: Mapping[str, float]) -> str:
    """The host with most of these points, or none."""
    return max(points, key=lambda slug: (points[slug], slug), default="")
