"""The two questions that pages ask: when could one stop be, and what could the whole programme look like."""

from __future__ import annotations

from app.planning.dayplans import TooMuchWork, Work
from app.planning.explaining import explained_days, obstacles_on
from app.planning.freetimes import free_times
from app.planning.openings import Diary
from app.planning.programmes import WORK_LIMIT, days_of, search
from app.planning.relaxing import relaxations
from app.planning.results import Answer, Obstacle
from app.planning.scene import Scene
from app.planning.wishes import Request

__all__ = ["free_times", "programmes"]


def programmes(request: Request, scene: Scene, *, work_limit: int = WORK_LIMIT, explain: bool = True) -> Answer:
    """Up to three programmes; where there is none, why not and what would help.

    The limit is of labels looked at (about 200,000 a second), for the programmes and again for what would help; when
    it is reached the answer says so and holds what was found until then.
    """
    diary, work = Diary(scene), Work(work_limit)
    found, finished = search(request, diary, work)
    looked_at = days_of(request)
    answer = Answer(tuple(found), finished, work.done, tuple(looked_at.window_of), looked_at.left_out)
    if found or not explain or not finished:
        return answer
    obstacles, whole = _obstacles(request, diary, Work(work_limit))
    further = Work(work_limit)
    helping, tried = relaxations(request, diary, further)
    return Answer(
        (),
        finished,
        work.done + further.done,
        answer.days,
        answer.days_left_out,
        tuple(obstacles),
        tuple(helping),
        tried and whole,
    )


def _obstacles(request: Request, diary: Diary, work: Work) -> tuple[list[Obstacle], bool]:
    found: list[Obstacle] = []
    try:
        for day in explained_days(request):
            found += obstacles_on(request, day, diary.finer, work)
    except TooMuchWork:
        return found, False
    return found, True
