"""Small random questions in which every rule of a programme matters now and then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from app.planning.scene import Busy, Calendar, Limits, Minutes, Scene, Site, Span
from app.planning.wishes import Placed, Request, Window, Wish
from tests.planning.independent import moment

TUESDAY = date(2027, 6, 8)
HOLIDAY = date(2027, 5, 17)


def random_case(seed: int) -> tuple[Scene, Request]:
    """Two or three wishes on one to three days, with few free times, so that everything can be tried.

    Every fourth wish without a fixed time is for one day only, now and then one that nobody asked for.
    """
    rng = Random(seed)
    first_on = rng.choice([TUESDAY, TUESDAY, TUESDAY, HOLIDAY - timedelta(days=3), HOLIDAY, date(2027, 12, 21)])
    span = rng.choice([1, 1, 2, 3])
    days = [first_on + timedelta(days=n) for n in range(span)]
    opens = rng.choice([540, 600, 660])
    closes = opens + rng.choice([180, 240, 300])
    positions = {f"p{n}": rng.choice([0, 5, 10, 20]) for n in range(3)}
    scene = Scene(
        now=moment(first_on, rng.choice([-2000, -2000, -2000, 620])),
        people={f"u{n}": Calendar(f"u{n}", None, _busy(rng, days, opens, closes)) for n in range(4)},
        hosts={f"h{n}": _host(rng, n, days, opens, closes) for n in range(3)},
        sites=_sites(rng, days, opens, closes),
        travel=_travel(positions),
        limits=Limits(
            buffer=rng.choice([0, 5, 10]),
            stops_a_day=rng.choice([1, 2, 3, 3, 4]),
            lunch=rng.choice([30, 45]),
            lunch_window=Span(660, rng.choice([750, 810])),
        ),
    )
    return scene, _on_one_day(Random(f"one day, {seed}"), days, _request(rng, days, span, opens, closes))


def _request(rng: Random, days: list[date], span: int, opens: int, closes: int) -> Request:
    count = rng.choice([1, 2, 2, 3, 3])
    wishes = tuple(_wish(rng, n, days, opens) for n in range(count))
    orders = []
    if count > 1 and rng.random() < 0.4:
        orders.append(tuple(rng.sample([wish.key for wish in wishes], 2)))
    placed = []
    for number in range(rng.choice([0, 0, 0, 0, 1, 2])):
        starts = moment(rng.choice(days), rng.randrange(opens, closes, 10))
        placed.append(Placed(f"own{number}", starts, starts + timedelta(minutes=rng.choice([30, 50])), _place(rng)))
    windows = [Window(days[0], days[-1])]
    if span > 1 and rng.random() < 0.4:
        windows = [Window(days[1], days[-1]), Window(days[0], days[0])]
    return Request(
        wishes,
        tuple(windows),
        tuple(placed),
        tuple(orders),
        longest_stay=rng.choice([1, 1, 2, 3]),
        lunch=rng.random() < 0.6,
        stops_a_day=rng.choice([None, None, 2]),
        weekends=rng.random() < 0.3,
    )


def _on_one_day(rng: Random, days: list[date], request: Request) -> Request:
    """Some wishes for one day only; drawn by themselves, so that the rest of a case is what it was without them."""
    choices = [*days, *days, *days, days[-1] + timedelta(days=1)]
    wishes = [(wish, rng.choice(choices), rng.random() < 0.25) for wish in request.wishes]
    return replace(
        request, wishes=tuple(replace(w, on=on) if draws and w.fixed_at is None else w for w, on, draws in wishes)
    )


def _wish(rng: Random, number: int, days: list[date], opens: int) -> Wish:
    people = rng.sample(["u0", "u1", "u2", "u3"], rng.choice([0, 1, 1, 2]))
    fixed = moment(rng.choice(days), opens + rng.choice([0, 20, 45, 60, 100])) if rng.random() < 0.15 else None
    return Wish(
        f"w{number}",
        tuple(rng.sample(["h0", "h1", "h2"], rng.choice([1, 1, 1, 2]))),
        rng.choice([30, 30, 45, 60]),
        tuple(people),
        place=_place(rng),
        fixed_at=fixed,
        splits=rng.random() < 0.5,
        daylight=rng.random() < 0.3,
        serves_lunch=rng.random() < 0.1,
    )


def _host(rng: Random, number: int, days: list[date], opens: int, closes: int) -> Calendar:
    later = rng.choice([0, 0, 30])
    hours = {weekday: (Span(opens + later, closes),) for weekday in range(7) if rng.random() < 0.97}
    return Calendar(f"h{number}", hours, _busy(rng, days, opens, closes, most=1))


def _sites(rng: Random, days: list[date], opens: int, closes: int) -> dict[str, Site]:
    return {
        key: Site(Calendar(key, None, _busy(rng, days, opens, closes, most=1)), 60.39, 5.32, rng.random() < 0.5)
        for key in ("p0", "p1", "p2")
    }


def _travel(positions: dict[str, int]) -> dict[frozenset[str], Minutes]:
    keys = sorted(positions)
    return {frozenset((a, b)): Minutes(abs(positions[a] - positions[b]), None) for a in keys for b in keys if a < b}


def _busy(rng: Random, days: list[date], opens: int, closes: int, most: int = 2) -> tuple[Busy, ...]:
    found = []
    for number in range(rng.randint(0, most)):
        starts = moment(rng.choice(days), rng.randrange(opens, closes, 5))
        kind = rng.choice(["appointment", "imported"])
        found.append(Busy(starts, starts + timedelta(minutes=rng.choice([10, 30, 60])), kind, f"b{number}"))
    return tuple(found)


def _place(rng: Random) -> str | None:
    return rng.choice(["p0", "p1", "p2", "p2", None])
