"""How long a programme takes to find: a full day of eight stops, growth with stops and days, and trying everything.

    .venv/bin/python bench/planning.py

Eight hosts, each with five people and sixty busy blocks on the very day, every stop at another place. The bar: three
programmes within 200 ms (median of the seeds that have three, the slowest beside it). "Settled" counts the answers that
are the last word: no further programme exists that begins at whole five minutes and differs. The reference of the same
run is the search of tests/planning/independent.py, which tries every combination, on two stops. Times are of the
processor, the faster of two: what others do on the machine should not count.

What is impossible is answered with what stands in the way and every single change that would help: for eight stops
on too few hours the whole answer's time stands beside that of finding three programmes for the full day, in this run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import process_time

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.planning.answering import programmes
from app.planning.scene import Busy, Calendar, Limits, Scene, Site, Span
from app.planning.wishes import Request, Window, Wish
from tests.planning.independent import least_cost, moment

DAY = date(2027, 6, 8)
OPENS, CLOSES = 8 * 60, 17 * 60
Question = tuple[Request, Scene]


def question(
    seed: int, *, stops: int = 8, people: int = 5, blocks: int = 60, days: int = 1, a_day: int = 8
) -> Question:
    """One stop at each host, any of its people; `blocks` busy times for each host and day, shared by its people."""
    rng = Random(seed)
    hosts, persons, sites, wishes = {}, {}, {}, []
    for number in range(stops):
        host, place, members = f"host{number}", f"place{number}", [f"person{number}.{n}" for n in range(people)]
        hosts[host] = Calendar(host, dict.fromkeys(range(5), (Span(OPENS, CLOSES),)))
        for n, member in enumerate(members):
            persons[member] = Calendar(member, None, busy(rng, blocks // people + (n < blocks % people), days))
        sites[place] = Site(
            Calendar(place), 60.39 + rng.uniform(-0.008, 0.008), 5.32 + rng.uniform(-0.015, 0.015), True
        )
        wishes.append(Wish(f"stop{number}", (host,), rng.choice([30, 45]), tuple(members), place=place))
    windows = (Window(DAY, DAY + timedelta(days=days - 1)),)
    scene = Scene(moment(DAY, -40000), persons, hosts, sites, limits=Limits(stops_a_day=a_day))
    return Request(tuple(wishes), windows, longest_stay=min(days, 2)), scene


def overfull(seed: int, minutes: list[int], *, splits: int = 0, lunch: bool = True, **rules: int) -> Question:
    """Eight stops of these lengths, of which the first few may divide the group, on fewer hours than they need."""
    request, scene = question(seed, people=2, **rules)
    rng = Random(seed)
    wishes = tuple(replace(w, minutes=rng.choice(minutes), splits=n < splits) for n, w in enumerate(request.wishes))
    return replace(request, wishes=wishes, lunch=lunch, longest_stay=min(rules["days"], 5)), scene


OVERFULL: dict[str, Callable[[], Question]] = {
    "more stops than a day may have": lambda: overfull(1, [30, 45], days=1, a_day=4, blocks=6),
    "more stops than two days may have": lambda: overfull(1, [30, 45, 60], days=2, a_day=3, blocks=6),
    "longer than a day": lambda: overfull(1, [60, 75], days=1, a_day=8, blocks=6),
    "longer than two days": lambda: overfull(1, [105, 120, 135], days=2, a_day=6, blocks=6),
    "longer than three days": lambda: overfull(1, [180, 195, 210], days=3, a_day=4, blocks=2),
    "busy on two days": lambda: overfull(4, [60, 90, 120], days=2, a_day=4, blocks=30),
    "busy on three days": lambda: overfull(1, [60, 90, 120], days=3, a_day=4, blocks=30),
    "the group may divide": lambda: overfull(1, [60, 90], splits=8, days=1, a_day=3, blocks=6),
    "busy on ten days": lambda: replace_stay(overfull(8, [90, 120], days=10, a_day=4, blocks=30), 2),
}


def replace_stay(asked: Question, days: int) -> Question:
    return replace(asked[0], longest_stay=days), asked[1]


def busy(rng: Random, count: int, days: int) -> tuple[Busy, ...]:
    found = []
    for number in range(count * days):
        starts = moment(DAY + timedelta(days=number % days), rng.randrange(OPENS, CLOSES, 5))
        lasts = timedelta(minutes=rng.choice([10, 15, 20, 30, 45]))
        found.append(Busy(starts, starts + lasts, "imported", str(number)))
    return tuple(found)


def measure(make: Callable[[int], Question], seeds: int) -> dict[str, float]:
    """Milliseconds over the seeds, of those with three programmes and of all."""
    three, every, labels, counts, settled = [], [], [], [0] * 4, 0
    for seed in range(seeds):
        request, scene = make(seed)
        times = []
        for _twice in range(2):
            started = process_time()
            answer = programmes(request, scene, explain=False)
            times.append((process_time() - started) * 1000)
        every.append(min(times))
        labels.append(answer.work)
        counts[len(answer.programmes)] += 1
        settled += answer.complete
        if len(answer.programmes) == 3:
            three.append(every[-1])
    return {
        "seeds": seeds,
        "with_three": counts[3],
        "with_one_or_two": counts[1] + counts[2],
        "with_none": counts[0],
        "settled": settled,
        "median_ms": round(median(three or every), 1),
        "max_ms": round(max(three or every), 1),
        "median_all_ms": round(median(every), 1),
        "max_all_ms": round(max(every), 1),
        "median_labels": int(median(labels)),
    }


def explained(finding_ms: float) -> dict[str, dict[str, object]]:
    """For each overfull question how long the whole answer takes, also beside finding three programmes for a day."""
    results: dict[str, dict[str, object]] = {}
    for name, make in OVERFULL.items():
        times = []
        for _twice in range(2):
            request, scene = make()
            started = process_time()
            answer = programmes(request, scene)
            times.append((process_time() - started) * 1000)
        assert not answer.programmes
        results[name] = {
            "explained_ms": round(min(times), 1),
            "beside_finding": round(min(times) / finding_ms, 1),
            "obstacles": len(answer.obstacles),
            "changes_that_help": len(answer.relaxations),
            "all_tried": answer.relaxations_complete,
        }
    return results


def reference() -> dict[str, float]:
    """Two stops, one person each: the search against trying everything."""
    ratios, times, slow = [], [], []
    for seed in range(5):
        request, scene = question(seed, stops=2, people=1, blocks=4)
        started = process_time()
        answer = programmes(request, scene, explain=False)
        quick = process_time() - started
        started = process_time()
        best = least_cost(scene, request)
        naive = process_time() - started
        assert best == (answer.programmes[0].cost if answer.programmes else None)
        ratios.append(naive / quick)
        times.append(quick * 1000)
        slow.append(naive * 1000)
    return {
        "search_ms": round(median(times), 2),
        "everything_ms": round(median(slow), 1),
        "ratio": round(median(ratios)),
    }


def main() -> None:
    """Measure, print and keep."""
    full_day = measure(question, 60)
    results: dict[str, object] = {"day of 8 stops, 8 hosts, 60 busy blocks each": full_day}
    for name, figures in explained(full_day["median_ms"]).items():
        results[f"impossible, {name}"] = figures
    results["trying everything, 2 stops"] = reference()
    for stops in (2, 4, 6, 10):
        results[f"{stops} stops in a day"] = measure(lambda s, n=stops: question(s, stops=n, a_day=n), 10)
    for people in (1, 10, 20):
        results[f"8 stops, {people} people a host"] = measure(
            lambda s, n=people: question(s, people=n, blocks=12 * n), 10
        )
    for people in (5, 20):
        results[f"10 stops, 5 a day, 2 days, {people} people a host"] = measure(
            lambda s, n=people: question(s, stops=10, people=n, days=2, a_day=5, blocks=12 * n), 10
        )
    for days in (2, 5, 10):
        results[f"8 stops, 4 a day, {days} days"] = measure(lambda s, n=days: question(s, days=n, a_day=4), 3)
    for name, figures in results.items():
        print(f"{name}: {figures}", flush=True)
    (ROOT / "bench" / "planning.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
