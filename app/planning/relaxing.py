"""Which one thing given up would make an impossible programme possible: every answer is found by solving it so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, get_args

from app.planning.dayplans import TooMuchWork, Work
from app.planning.openings import GRID, Diary, needed
from app.planning.programmes import days_of, search
from app.planning.results import Programme, Relaxation, RelaxationCode
from app.planning.scene import Busy, Calendar, Scene, Site
from app.planning.spans import shared
from app.planning.wishes import Request, Window, Wish

SHORTEST = 30  # minutes below which a stop is not worth going to
MORE_DAYS = 7  # looked at before and after the visitor's windows
ATTEMPT_LIMIT = 110_000  # labels
MILDEST_FIRST: tuple[RelaxationCode, ...] = get_args(RelaxationCode)
IGNORED = 3  # imported busy times named for each wish


@dataclass(frozen=True, slots=True)
class Attempt:
    """The question with one thing given up; `scene` where somebody's busy time is ignored."""

    code: RelaxationCode
    request: Request
    data: dict[str, Any] = field(default_factory=dict)
    scene: Scene | None = None


@dataclass(slots=True)
class Trials:
    """Questions solved one after the other; none may take so much that nothing is left for the others."""

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


def relaxations(request: Request, diary: Diary, work: Work) -> tuple[list[Relaxation], bool]:
    """Every single relaxation that helps, the mildest first, and whether all could be tried within the work."""
    found: list[Relaxation] = []
    trials = Trials(work)
    settled = True
    try:
        for attempts in _kinds(request, diary):
            found += _helpful(attempts, diary, trials)
        found += _ignoring(request, diary, trials)
        for attempts in (_dropping(request), _other_days(request, diary), _shortened(request)):
            found += _helpful(attempts, diary, trials)
    except TooMuchWork:
        settled = False
    return sorted(found, key=lambda one: MILDEST_FIRST.index(one.code)), settled and trials.all_settled


def _helpful(attempts: Iterator[Attempt], diary: Diary, trials: Trials) -> Iterator[Relaxation]:
    """Those that help; of several ways to shorten one stop the mildest, which comes first."""
    helped: set[str] = set()
    for attempt in attempts:
        shortened = attempt.data["wish"] if attempt.code == "shorten" else ""
        if shortened not in helped and (one := trials.tried(attempt, diary)):
            helped |= {shortened} - {""}
            yield one


def _kinds(request: Request, diary: Diary) -> Iterator[Iterator[Attempt]]:
    yield _rules(request, diary)
    for change in (_other_contact, _free_time):
        yield _each(request, change)
    yield _orders(request)
    yield _longer_stay(request)


def _rules(request: Request, diary: Diary) -> Iterator[Attempt]:
    most = request.stops_a_day or diary.scene.limits.stops_a_day
    yield Attempt("more-stops", replace(request, stops_a_day=most + 1), {"stops_a_day": most + 1})
    if not all(wish.splits for wish in request.wishes) and len(request.wishes) > 1:
        yield Attempt("split", replace(request, wishes=tuple(replace(wish, splits=True) for wish in request.wishes)))
    if request.lunch:
        yield Attempt("no-lunch", replace(request, lunch=False))


def _longer_stay(request: Request) -> Iterator[Attempt]:
    longer = request.longest_stay + 1
    yield Attempt("longer-stay", replace(request, longest_stay=longer), {"days": longer})


def _other_days(request: Request, diary: Diary) -> Iterator[Attempt]:
    for window in request.windows[:1]:
        before = Window(window.first_on - timedelta(days=MORE_DAYS), window.first_on - timedelta(days=1))
        after = Window(window.last_on + timedelta(days=1), window.last_on + timedelta(days=MORE_DAYS))
        for other in (after, before):
            if other.last_on >= diary.begins[0]:
                data = {"first_on": other.first_on, "last_on": other.last_on}
                yield Attempt("other-days", replace(request, windows=(other,)), data)


def _each(request: Request, change: Callable[[Wish], tuple[RelaxationCode, Wish] | None]) -> Iterator[Attempt]:
    for wish in request.wishes:
        if (changed := change(wish)) is not None:
            code, other = changed
            yield Attempt(code, _with(request, other), {"wish": wish.key})


def _other_contact(wish: Wish) -> tuple[RelaxationCode, Wish] | None:
    spare = tuple(person for person in wish.spare_contacts if person not in wish.contacts)
    return ("other-contact", replace(wish, contacts=wish.contacts + spare)) if wish.contacts and spare else None


def _free_time(wish: Wish) -> tuple[RelaxationCode, Wish] | None:
    return ("free-time", replace(wish, fixed_at=None)) if wish.fixed_at is not None else None


def _shortened(request: Request) -> Iterator[Attempt]:
    """Each stop a quarter shorter, and half as long, but never under half an hour."""
    for wish in request.wishes:
        shorter = dict.fromkeys(max(SHORTEST, int(wish.minutes * share) // GRID * GRID) for share in (0.75, 0.5))
        for minutes in shorter:
            if minutes < wish.minutes:
                data = {"wish": wish.key, "minutes": minutes}
                yield Attempt("shorten", _with(request, replace(wish, minutes=minutes)), data)


def _orders(request: Request) -> Iterator[Attempt]:
    for pair in request.orders:
        orders = tuple(other for other in request.orders if other != pair)
        yield Attempt("free-order", replace(request, orders=orders), {"first": pair[0], "second": pair[1]})


def _dropping(request: Request) -> Iterator[Attempt]:
    if len(request.wishes) > 1:
        for wish in request.wishes:
            wishes = tuple(other for other in request.wishes if other.key != wish.key)
            yield Attempt("drop", replace(request, wishes=wishes), {"wish": wish.key})


def _with(request: Request, changed: Wish) -> Request:
    return replace(request, wishes=tuple(changed if w.key == changed.key else w for w in request.wishes))


def _ignoring(request: Request, diary: Diary, trials: Trials) -> Iterator[Relaxation]:
    """Single imported busy times; tried one by one only where ignoring all of a wish's subjects' would help."""
    days = days_of(request).window_of
    tried: set[tuple[str, str]] = set()
    for wish in request.wishes:
        subjects = [*needed(wish), *(("person", contact) for contact in wish.contacts)]
        subjects = [one for one in subjects if one not in tried and _imported(diary, *one)]
        tried |= set(subjects)
        if not subjects or not trials.solved(request, Diary(_without(diary.scene, subjects, None))):
            continue
        helped = 0
        for kind, key in subjects:
            for busy in _imported(diary, kind, key):
                if helped < IGNORED and _matters(diary, kind, key, busy, days):
                    data = {"wish": wish.key, "kind": kind, "subject": key, "busy": busy}
                    attempt = Attempt("ignore-busy", request, data, _without(diary.scene, [(kind, key)], busy))
                    if (one := trials.tried(attempt, diary)) is not None:
                        helped += 1
                        yield one


def _imported(diary: Diary, kind: str, key: str) -> list[Busy]:
    return sorted(busy for busy in diary.calendar(kind, key).busy if busy.kind == "imported")


def _matters(diary: Diary, kind: str, key: str, busy: Busy, days: dict[Any, int]) -> bool:
    """Whether it takes opening hours on one of the days."""
    return any(
        shared([span], diary.hours(kind, key, day))
        for day in days
        for span, other in diary.busy(kind, key).get(day, ())
        if other == busy
    )


def _without(scene: Scene, subjects: Sequence[tuple[str, str]], only: Busy | None) -> Scene:
    """The scene without one imported busy time of these, or without any of theirs."""
    people, hosts, sites = dict(scene.people), dict(scene.hosts), dict(scene.sites)
    for kind, key in subjects:
        if kind == "person" and key in people:
            people[key] = _less(people[key], only)
        elif kind == "host" and key in hosts:
            hosts[key] = _less(hosts[key], only)
        elif kind == "place" and key in sites:
            sites[key] = replace_calendar(sites[key], only)
    return replace(scene, people=people, hosts=hosts, sites=sites)


def _less(calendar: Calendar, only: Busy | None) -> Calendar:
    left = tuple(b for b in calendar.busy if b.kind != "imported" or (only is not None and b != only))
    return replace(calendar, busy=left)


def replace_calendar(site: Site, only: Busy | None) -> Site:
    """The site with an imported busy time left out."""
    return replace(site, calendar=_less(site.calendar, only))
