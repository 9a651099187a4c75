"""Routing: how well the labelled requests in tests/cases are decided, and how long a decision takes.

Run: .venv/bin/python bench/routing.py [--write]   --write records the measures in bench/routing.json; the tests then
refuse to see one fall by more than 0.02. Times mean something only beside others of the same run.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.city.catalogue import catalogue_from_files
from app.routing import Catalogue, Enquiry, HostProfile, propose
from app.routing.bench import bench
from app.routing.cases import read_cases
from app.routing.labelled import read_labelled
from app.routing.measure import MEASURES

RECORD = ROOT / "bench" / "routing.json"
CASES = ROOT / "tests" / "cases"
CITY = ROOT / "app" / "city" / "data" / "bergen"


def measured(catalogue: Catalogue) -> dict[str, dict[str, float | None]]:
    """The measures of every labelled file, rounded to three digits."""
    found = {}
    for path in sorted(CASES.glob("*.jsonl")):
        result = bench(read_labelled(path.read_text(encoding="utf-8").splitlines()), catalogue).measured
        values = {name: result.value(name) for name in MEASURES}
        found[path.stem] = {name: None if value is None else round(value, 3) for name, value in values.items()}
    return found


def show(found: dict[str, dict[str, float | None]]) -> None:
    """One line per measure, one column per file."""
    print(f"{'':22}" + "".join(f"{name:>12}" for name in found))
    for name in MEASURES:
        values = [found[file][name] for file in found]
        print(f"{name:22}" + "".join(f"{'n/a' if value is None else f'{value:.3f}':>12}" for value in values))


def milliseconds(catalogue: Catalogue, enquiries: list[Enquiry]) -> float:
    """The mean time of a decision, words already met."""
    started = time.perf_counter()
    for enquiry in enquiries:
        propose(enquiry, catalogue)
    return (time.perf_counter() - started) / len(enquiries) * 1000


def speed() -> None:
    """The time to read the city, the first decision, later ones, and the same among a thousand hosts."""
    started = time.perf_counter()
    catalogue = catalogue_from_files(CITY)
    print(f"\nreading the city       {time.perf_counter() - started:8.2f} s")
    lines = (CASES / "open.jsonl").read_text(encoding="utf-8").splitlines()
    enquiries = [replace(one, purpose=(one.purpose * 9)[:3000]) for one in read_cases(lines)]
    started = time.perf_counter()
    propose(enquiries[0], catalogue)
    print(f"the first decision     {time.perf_counter() - started:8.2f} s")
    milliseconds(catalogue, enquiries)
    print(f"a decision, 22 hosts   {milliseconds(catalogue, enquiries):8.1f} ms (text of 3,000 characters)")
    more = tuple(HostProfile(f"host-{at}", names=(f"Organisation {at}",)) for at in range(978))
    crowded = replace(catalogue, hosts=(*catalogue.hosts, *more))
    milliseconds(crowded, enquiries)
    print(f"a decision, 1000 hosts {milliseconds(crowded, enquiries):8.1f} ms")


def main() -> None:
    """Print everything; record the measures if asked."""
    found = measured(catalogue_from_files(CITY))
    show(found)
    speed()
    if "--write" in sys.argv[1:]:
        RECORD.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
