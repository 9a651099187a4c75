"""Whether this process is to end: what is in hand is finished, nothing new is begun."""

from __future__ import annotations

import threading

STOP = threading.Event()


def is_stopping() -> bool:
    """Whether somebody asked the process to end."""
    return STOP.is_set()
