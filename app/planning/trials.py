"""Questions with one thing given up, solved one after the other within a limit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.planning.dayplans import TooMuchWork, Work
from app.planning.openings import Diary
from app.planning.programmes import search
from app.planning.results import Programme, Relaxation, RelaxationCode
from app.planning.scene import Scene
from app.planning.wishes import Request

ATTEMPT_LIMIT = 110_000  # labels


@dataclass(frozen=True, slots=True)
class Attempt:
    """The question with one thing given up; `scene` where somebody's busy time is ignored."""

    code: RelaxationCode
    request: Request
    data: dict[str, Any] = field(default_factory=dict)
    scene: Scene | None = None


Ladder = Sequence[Attempt]  # of one thing, given up more and more: where a step helps, so do those after it


@dataclass(slots=True)
class Trials:
    """None of the questions may take so much that nothing is left for the others."""

    work: Work
    all_settled: bool = True

    def solved(self, request: Request, diary: Diary) -> Programme | None:
        """The best programme of the relaxed question; None where there is none or that was not settled."""
        with self.work.part(ATTEMPT_LIMIT) as part:
            programmes, finished = search(request, diary, part, count=1)
        if not programmes and not finished:
            self.all_settled = False
            self.work.spend(0)
        return programmes[0] if programmes else None

    def tried(self, attempt: Attempt, diary: Diary) -> Relaxation | None:
        """The relaxation, if it helps."""
        programme = self.solved(attempt.request, Diary(attempt.scene) if attempt.scene else diary)
        return Relaxation(attempt.code, attempt.data, programme) if programme else None

    def least(self, ladder: Ladder, diary: Diary) -> Relaxation | None:
        """The first step that helps: none where the last does not, else halfway and halfway again.

        Where the last was too much work the first may still be little.
        """
        low, high = 0, len(ladder) - 1
        found = self.tried(ladder[high], diary)
        if found is None:
            return self.tried(ladder[0], diary) if high and not self.all_settled else None
        try:
            while low < high:
                middle = (low + high) // 2
                if one := self.tried(ladder[middle], diary):
                    found, high = one, middle
                else:
                    low = middle + 1
        except TooMuchWork:
            self.all_settled = False
        return found
