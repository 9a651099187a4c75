"""Learning piece by piece: what keeps every labelled measure is kept, what makes one worse is left out and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.routing import Catalogue
from app.routing.bench import bench
from app.routing.learning import Teaching, Weights, teachings, together
from app.routing.measure import Measured, Row, fallen
from app.visits.learning import Check, LeftOut, lessons
from app.visits.taught import taught, word_changes


@dataclass(frozen=True, slots=True)
class Tried:
    """What the decided visits teach as far as it harms nothing, checked, and what was left out of it.

    Where nothing of it can be kept, the weights are all of it, and the check says what would fall.
    """

    weights: Weights
    checked: Check
    left_out: tuple[LeftOut, ...] = ()


def learn_what_helps(base: Catalogue, cases: Sequence[Row]) -> Tried:
    """Learn from the decided visits, the teaching with most visits first; the same visits give the same.

    Teachings are tried together and parted in halves only where a measure falls, so that many good ones cost one
    measurement, and a bad one among them a few (some seconds each).
    """
    said, words = lessons(), word_changes()
    everything = teachings(said, base)
    trial = _Trial(base, cases)
    before = trial.measured
    trial.add(everything)
    kept, left_out = trial.kept, tuple(trial.left_out)
    if left_out and not kept:
        kept, trial.measured = everything, trial.measure_with(everything)
    weights = together(kept, said, left_out=[one.teaching for one in left_out])
    worse = tuple(fallen(before, trial.measured))
    return Tried(weights, Check(len(cases), before.values(), trial.measured.values(), worse, words), left_out)


@dataclass(slots=True)
class _Trial:
    """The labelled cases, the teachings that are kept so far, and how well routing decides with them."""

    base: Catalogue
    cases: Sequence[Row]
    kept: tuple[Teaching, ...] = ()
    left_out: list[LeftOut] = field(default_factory=list)
    measured: Measured = field(init=False)

    def __post_init__(self) -> None:
        self.measured = self.measure_with(())

    def add(self, more: tuple[Teaching, ...]) -> None:
        """Keep these, as far as no measure is worse with them than with what was kept before."""
        if not more:
            return
        after = self.measure_with((*self.kept, *more))
        worse = fallen(self.measured, after)
        if not worse:
            self.kept, self.measured = (*self.kept, *more), after
        elif len(more) == 1:
            values = {name: (self.measured.value(name), after.value(name)) for name in worse}
            self.left_out.append(LeftOut(more[0], values))
        else:
            middle = len(more) // 2
            self.add(more[:middle])
            self.add(more[middle:])

    def measure_with(self, kept: tuple[Teaching, ...]) -> Measured:
        """The cases routed by the city's files and edited words, with these teachings."""
        return bench(self.cases, taught(self.base, weights=together(kept, ()))).measured
