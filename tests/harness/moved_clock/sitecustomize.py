"""For processes whose clock libfaketime moves: its `clock_nanosleep` refuses Python's sleeps, `select` does not."""

from __future__ import annotations

import select
import time


def _sleep(seconds: float) -> None:
    select.select([], [], [], max(0.0, seconds))


time.sleep = _sleep
