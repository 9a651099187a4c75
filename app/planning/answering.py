"""The two questions that pages ask: when could one stop be, and what could the whole programme look like."""

from __future__ import annotations

from app.planning.dayplans import Work
from app.planning.explaining import obstacles
from app.planning.freetimes import free_times
from app.planning.openings import Diary
from app.planning.programmes import WORK_LIMIT, search, undivided
from app.planning.relaxing import relaxations
from app.planning.results import Answer
from app.planning.scene import Scene
from app.planning.trials import Trials
from app.planning.windows import days_of
from app.planning.wishes import Request

__all__ = ["free_times", "programmes"]

EXPLAINING_LIMIT = 100_000  # labels: a quarter of a second
RELAXING_LIMIT = 160_000
SHOWING_LIMIT = 200_000  # to find the best programme with each of what helps


def programmes(request: Request, scene: Scene, *, work_limit: int = WORK_LIMIT, explain: bool = True) -> Answer:
    """Up to three programmes; where there is none, why not and what would help.

    The limit is of labels looked at (about 400,000 a second). What stands in the way and what would help have limits
    of their own, so that a page is there in a few seconds whatever is asked. When a limit is reached the answer says
    so and holds what was found until then.
    """
    diary, work = Diary(scene), Work(work_limit)
    found, finished = search(request, diary, work)
    if not found and not finished and any(wish.splits for wish in request.wishes):
        found = undivided(request, diary)
    looked_at = days_of(request)
    answer = Answer(tuple(found), finished, work.done, tuple(looked_at.window_of), looked_at.left_out)
    if found or not explain or not finished:
        return answer
    sets, in_the_way, whole = obstacles(request, diary, Work(EXPLAINING_LIMIT))
    apart = [frozenset(wish.key for wish in wishes) for wishes in sets] if whole else []
    further, showing = Work(RELAXING_LIMIT), Work(SHOWING_LIMIT)
    helping, tried = relaxations(request, diary, Trials(further, showing, apart))
    return Answer(
        (),
        finished,
        work.done + further.done + showing.done,
        answer.days,
        answer.days_left_out,
        tuple(in_the_way),
        tuple(helping),
        tried and whole,
    )
