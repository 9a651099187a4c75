"""A programme as PDF: time beside typst setting one bare line, and size, by number of stops.

Run: .venv/bin/python bench/paper.py [--write]   --write records the ratios and sizes in bench/paper.json.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.core import pdf

RECORD = ROOT / "bench" / "paper.json"
SHEET = ROOT / "app/templates/paper/sheet.typ"
AT = datetime(2027, 3, 2, 8, tzinfo=UTC)
ROUNDS = 15
LATIN, HAN = "Joost van Hemert", "张伟李娜"


def sheet(stops: int, name: str, turn: int) -> dict[str, Any]:
    """A programme with so many stops, four a day; different each time, as nothing may come from typst's memory."""
    facts = [
        {"label": "Host:", "parts": [{"text": "Department of Urban Development", "url": ""}]},
        {"label": "Contact person:", "parts": [{"text": name, "url": ""}, {"text": "+47 55 56", "url": "tel:+47"}]},
        {"label": "Place:", "parts": [{"text": "Rådhusgaten 10", "url": ""}, {"text": "Map", "url": "https://example.org"}]},
        {"label": "Note:", "parts": [{"text": "Sturdy shoes and rainwear.", "url": ""}]},
    ]  # fmt: skip
    all_stops = [
        {"time": "09:00–10:00", "title": f"Stop {number}, {turn}", "status": "Confirmed", "facts": facts, "way": ""}
        for number in range(stops)
    ]
    days = [{"heading": f"Day {start // 4}", "stops": all_stops[start : start + 4]} for start in range(0, stops, 4)]
    people = {"heading": "", "columns": [], "rows": []}
    words = {
        "lang": "en",
        "region": "gb",
        "city": "Bergen",
        "made": "Made",
        "page": ["Page ", " of ", ""],
        "nothing": "",
    }
    return words | {"title": f"Programme {turn}", "subtitle": "", "reference": "", "lead": [], "facts_heading": "",
                    "facts": [], "people": people, "days": days}  # fmt: skip


def milliseconds(work: Callable[[int], object]) -> float:
    """The median of several rounds, the first left out."""
    taken = []
    for turn in range(ROUNDS + 1):
        begun = time.perf_counter()
        work(turn)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken[1:])


def bare(turn: int) -> None:
    """One line, tagged like the others."""
    source = f'#set document(title: "{turn}")\nLine {turn}'.encode()
    pdf._bytes_of(pdf._compiler(source, {}), AT)


def main() -> None:
    """Print a table; record it if asked."""
    begun = time.perf_counter()
    pdf.typeset(SHEET, sheet(4, LATIN, -1), notice="", at=AT)
    first = (time.perf_counter() - begun) * 1000
    reference = milliseconds(bare)
    found: dict[str, dict[str, float]] = {"first of a process": {"ratio": round(first / reference, 1)}}
    print(f"{'one bare line':34}{reference:8.1f} ms\n{'first of a process (reads fonts)':34}{first:8.1f} ms")
    for stops, name in ((4, LATIN), (8, LATIN), (20, LATIN), (100, LATIN), (8, HAN)):
        label = f"{stops} stops" + (" with Chinese names" if name == HAN else "")
        size = len(pdf.typeset(SHEET, sheet(stops, name, 0), notice="Spelled out", at=AT).body)
        taken = milliseconds(lambda turn: pdf.typeset(SHEET, sheet(stops, name, turn), notice="Spelled out", at=AT))  # noqa: B023
        print(f"{label:34}{taken:8.1f} ms  {taken / reference:6.1f} x  {size / 1024:6.1f} KiB")
        found[label] = {"ratio": round(taken / reference, 1), "KiB": round(size / 1024, 1)}
    if "--write" in sys.argv[1:]:
        RECORD.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
