"""Feeds beside others that serve the same events, in one run: Radicale, icalendar, a bare WSGI app, a Flask 304.

Run: .venv/bin/python bench/feeds.py [numbers of appointments, default 100 1000 10000 50000]
Every server is gunicorn with one worker of four threads. Only the ratios mean something on another machine; the results
of each size are kept in bench/feeds.json. The headed app is the bare one under our answer's headers, which take part of
what the bare app takes at 100 appointments. So does one question to PostgreSQL by the driver's usual way: the bare app
that asks first. There Radicale takes so little that 100 times faster would be faster than the bare app itself. Radicale
and icalendar serve up to 10,000: beyond, one GET of Radicale takes minutes.
"""

from __future__ import annotations

import base64
import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from side.events import Changer, fill, one, prepare, radicale_collection
from side.servers import Door, serving, side_by_side

from app.web.feeds.door import HEADERS
from tests.harness.engines import PostgresDatabase, plain_url, start_postgres

HEADERS_OF_OURS = [*HEADERS, ("ETag", '"0123456789abcdef0123456789abcdef"'), ("Accept-Ranges", "bytes")]
KEPT = ROOT / "bench" / "feeds.json"
SIZES = (100, 1_000, 10_000, 50_000)
SLOW_ONES_UP_TO = 10_000
RADICALE = {"Authorization": "Basic " + base64.b64encode(b"bench:x").decode()}
Figures = dict[str, float]


def main(sizes: list[int]) -> None:
    """Measure each size, print, keep."""
    server = start_postgres()
    results = {}
    for size in sizes:
        results[str(size)] = measure(size, server)
        print(f"== {size} appointments", json.dumps(results[str(size)], indent=1), sep="\n", flush=True)
    kept = json.loads(KEPT.read_text()) | results | {"load average while measuring": round(os.getloadavg()[1], 1)}
    KEPT.write_text(json.dumps(kept, indent=1) + "\n")


def measure(size: int, server: str) -> Figures:
    """Milliseconds (medians), bytes, and the ratios that have a bar."""
    begun = time.perf_counter()
    fragments = events(size)
    builds = (time.perf_counter() - begun) * 1000
    database = PostgresDatabase(server, f"bench_{os.getpid()}_{size}")
    database.create()
    with tempfile.TemporaryDirectory(prefix="feeds-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        urls = {"sqlite": f"sqlite:///{folder / 'bench.sqlite'}", "postgresql": database.url}
        doors, paths, small, settings = {}, {}, {}, {}
        for engine, url in urls.items():
            prepare(url)
            paths[engine], small[engine] = fill(url, fragments)
            settings[engine] = {"DATABASE_URL": url, "SECRET_KEY": "bench", "MAIL_DIR": name}
            doors[engine] = stack.enter_context(serving(engine, "wsgi:app", settings[engine]))
        body = doors["sqlite"].get(paths["sqlite"])[1]
        (folder / "body").write_bytes(body)
        for name in ("bare", "headed"):
            bytes_and_headers = {"BENCH_BODY": str(folder / "body"), "BENCH_HEADERS": json.dumps(HEADERS_OF_OURS)}
            doors[name] = stack.enter_context(serving(name, f"bench.side.apps:{name}", bytes_and_headers))
        asking = {"BENCH_SERVER": plain_url(database.url), "BENCH_BODY": str(folder / "body")}
        doors["asking"] = stack.enter_context(serving("asking", "bench.side.apps:asking", asking))
        doors["flask"] = stack.enter_context(serving("flask", "bench.side.apps:flask_304", {}))
        found = compare(size, doors, paths, {engine: Changer(url, size) for engine, url in urls.items()})
        for engine, path in paths.items():
            doors[engine].get(path)  # stored as it is now
            grown = [memory(settings[engine], path, small[engine]) for _ in range(3)]
            found[f"memory {engine}"] = statistics.median(grown)
        if size <= SLOW_ONES_UP_TO:
            found |= {"icalendar builds": builds, **slow_ones(size, folder, fragments, stack)}
    database.drop()
    return {"bytes": len(body), **rounded(found, len(body))}


def events(size: int) -> list[str]:
    """The events as text; beyond 10,000 the same again under other UIDs, as icalendar would take a minute."""
    built = [one(number) for number in range(min(size, SLOW_ONES_UP_TO))]
    more = (number % SLOW_ONES_UP_TO for number in range(SLOW_ONES_UP_TO, size))
    return built + [built[same].replace(f"UID:{same}@", f"UID:{same}-{n}@") for n, same in enumerate(more)]


def compare(size: int, doors: dict[str, Door], paths: dict[str, str], changes: dict[str, Changer]) -> Figures:
    """Full and conditional GETs beside their references, and the first after a change."""
    rounds = 600 if size <= 1_000 else 20
    etags = {engine: doors[engine].get(paths[engine])[2] for engine in paths}
    whole = {engine: (doors[engine], path, {}) for engine, path in paths.items()}
    whole |= {name: (doors[name], "/", {}) for name in ("bare", "headed", "asking")}
    same = {e: (doors[e], path, {"If-None-Match": etags[e]}) for e, path in paths.items()}
    same["flask"] = (doors["flask"], paths["sqlite"], {})
    found = {f"full {name}": took for name, took in side_by_side(rounds, whole).items()}
    found |= {f"304 {name}": took for name, took in side_by_side(200, same).items()}
    for engine, path in paths.items():
        times = [first_after(changes[engine], doors[engine], path) for _ in range(9)]
        found[f"changed {engine}"] = statistics.median(times)
    return found


def first_after(change: Changer, door: Door, path: str) -> float:
    """How long the first GET after a change takes; it has to show the change."""
    before = door.get(path)[2]
    change()
    begun = time.perf_counter()
    after = door.get(path)[2]
    took = (time.perf_counter() - begun) * 1000
    assert after != before
    return took


def memory(settings: dict[str, str], path: str, small: str) -> float:
    """How much a server that has sent nothing large yet grows by, at its peak, for the first unchanged full GET.

    A feed of one event goes the same way before: what the first answer needs once (code, connections) is no body's.
    At 100 events the figure is a few dozen pages of memory more or less, so it is the middle one of three servers.
    """
    with serving("memory", "wsgi:app", settings) as door:
        for _ in range(50):
            door.get(small)
        held = door.forget_peak()
        door.get(path)
        return door.peak_memory() - held


def slow_ones(size: int, folder: Path, fragments: list[str], stack: ExitStack) -> Figures:
    """Radicale with the same events (its second answer: the first fills its cache), and icalendar building them."""
    settings = {"RADICALE_CONFIG": str(radicale_collection(folder, fragments))}
    door = stack.enter_context(serving("radicale", "radicale:application", settings))
    status, body, etag = door.get("/bench/visits/", RADICALE)
    assert (status, body.count(b"BEGIN:VEVENT")) == (200, size)
    whole = statistics.median(door.milliseconds("/bench/visits/", RADICALE) for _ in range(3))
    same = door.milliseconds("/bench/visits/", {**RADICALE, "If-None-Match": etag})
    return {"full radicale": whole, "304 radicale": same}


def rounded(found: Figures, size: int) -> Figures:
    """With the ratios that have a bar: bare app (1.5), first after a change (8 and 20), Flask 304 (1.5), memory (3)."""
    ratios: Figures = {"asking / bare": found["full asking"] / found["full bare"]}
    ratios["headed / bare"] = found["full headed"] / found["full bare"]
    ratios["postgresql: full / asking"] = found["full postgresql"] / found["full asking"]
    for engine in ("sqlite", "postgresql"):
        ratios[f"{engine}: full / bare"] = found[f"full {engine}"] / found["full bare"]
        ratios[f"{engine}: changed / bare"] = found[f"changed {engine}"] / found["full bare"]
        ratios[f"{engine}: 304 / flask"] = found[f"304 {engine}"] / found["304 flask"]
        ratios[f"{engine}: memory / body"] = found[f"memory {engine}"] / size
        if "full radicale" in found:
            ratios[f"{engine}: radicale / full"] = found["full radicale"] / found[f"full {engine}"]
            ratios[f"{engine}: radicale / changed"] = found["full radicale"] / found[f"changed {engine}"]
    return {name: round(value, 3) for name, value in {**found, **ratios}.items()}


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or list(SIZES))
