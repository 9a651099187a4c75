"""Questions with one thing given up, answered one after the other within a limit of work.

Whether a changed question has a programme is settled first, which is quick: most have none. What could not be before
must be able to now, so that is asked before the whole. Only for what helps is the best programme looked for, while
there is work left for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.planning.conflicts import only
from app.planning.dayplans import TooMuchWork, Work
from app.planning.holding import can_hold
from app.planning.openings import Diary
from app.planning.programmes import search
from app.planning.results import Programme, Relaxation, RelaxationCode
from app.planning.wishes import Request

ATTEMPT_LIMIT = 60_000  # labels to settle whether there is a programme
PROGRAMME_LIMIT = 80_000  # labels to find the best


@dataclass(frozen=True, slots=True)
class Attempt:
    """The question with one thing given up; `diary` where somebody's busy time is ignored."""

    code: RelaxationCode
    request: Request
    data: dict[str, Any] = field(default_factory=dict)
    diary: Diary | None = None


Ladder = Sequence[Attempt]  # of one thing, given up more and more: where a step helps, so do those after it


@dataclass(slots=True)
class Trials:
    """None of the questions may take so much that nothing is left for the others.

    `apart`: keys of wishes that cannot all be in the question as it was asked.
    """

    work: Work
    showing: Work
    apart: Sequence[frozenset[str]] = ()
    all_settled: bool = True

    def is_enough(self, attempt: Attempt, diary: Diary) -> bool:
        """Whether there is a programme then; not where that was too much work to settle."""
        try:
            with self.work.part(ATTEMPT_LIMIT) as part:
                return self._can_be(attempt.request, attempt.diary or diary, part)
        except TooMuchWork:
            self.all_settled = False
            self.work.spend(0)
            return False

    def _can_be(self, request: Request, diary: Diary, work: Work) -> bool:
        for keys in self.apart:
            wishes = [wish for wish in request.wishes if wish.key in keys]
            if len(wishes) == len(keys) < len(request.wishes) and not can_hold(only(request, wishes), diary, work):
                return False
        return can_hold(request, diary, work)

    def tried(self, attempt: Attempt, diary: Diary) -> Relaxation | None:
        """The relaxation, if it helps."""
        return self._shown(attempt, diary) if self.is_enough(attempt, diary) else None

    def least(self, ladder: Ladder, diary: Diary) -> Relaxation | None:
        """The first step that helps: none where the last does not, else halfway and halfway again.

        Where the last was too much work the first may still be little.
        """
        low, high = 0, len(ladder) - 1
        if not self.is_enough(ladder[high], diary):
            return self.tried(ladder[0], diary) if high and not self.all_settled else None
        try:
            while low < high:
                middle = (low + high) // 2
                if self.is_enough(ladder[middle], diary):
                    high = middle
                else:
                    low = middle + 1
        except TooMuchWork:
            self.all_settled = False
        return self._shown(ladder[high], diary)

    def _shown(self, attempt: Attempt, diary: Diary) -> Relaxation:
        return Relaxation(attempt.code, attempt.data, self._best(attempt.request, attempt.diary or diary))

    def _best(self, request: Request, diary: Diary) -> Programme | None:
        """The best programme; None where finding it would take too much."""
        with self.showing.part(PROGRAMME_LIMIT) as part:
            programmes, finished = search(request, diary, part, count=1)
        return programmes[0] if programmes and finished else None
