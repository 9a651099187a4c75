"""What runs in the process of its own: one calendar from standard input, its busy times to standard output."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

from app.calendars.busy import Horizon, NotTaken
from app.calendars.reading import read_busy


def main() -> None:
    """First line: the horizon as JSON; the rest: the file. Answers with one JSON object: an error, or the times."""
    days = json.loads(sys.stdin.buffer.readline())
    horizon = Horizon(date.fromisoformat(days["first"]), date.fromisoformat(days["last"]), days["zone"])
    json.dump(answer(sys.stdin.buffer.read(), horizon), sys.stdout)


def answer(body: bytes, horizon: Horizon) -> dict[str, Any]:
    """The times as seconds since 1970, or the code of the error."""
    try:
        reading = read_busy(body, horizon)
    except NotTaken as error:
        return {"error": error.code}
    except MemoryError:
        return {"error": "too-much"}
    busy = [[int(one.starts_at.timestamp()), int(one.ends_at.timestamp()), one.tentative] for one in reading.busy]
    return {"busy": busy, "unreadable": reading.unreadable}
