"""Reading somebody else's file in a process that can be killed, with little memory, little time and nothing to find.

Limits in our own code keep honest files quick; this keeps everything else from mattering: what a parser does with a
file made to hurt it is known only afterwards.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.calendars.busy import BusyTime, Horizon, NotTaken, Reading

log = logging.getLogger(__name__)

CPU_SECONDS: Final = 2
MEMORY: Final = 256 * 1024 * 1024  # bytes of address space
WALL_SECONDS: Final = 5
# Readings of this process at once: more would only wait for the processor, and honest files would seem slow.
_READERS: Final = threading.BoundedSemaphore(2)
# The limits come first, then only the rooms that read: starting the whole application would cost more than they do.
_BEGIN: Final = """
import resource, sys, types
for what, most in ((resource.RLIMIT_CPU, {cpu}), (resource.RLIMIT_AS, {memory}), (resource.RLIMIT_FSIZE, 0)):
    resource.setrlimit(what, (most, most))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
sys.modules["app"] = types.ModuleType("app")
sys.modules["app"].__path__ = [sys.argv[1]]
from app.calendars.child import main
main()
"""
_APP: Final = Path(__file__).resolve().parents[1]


def read_safely(body: bytes, horizon: Horizon) -> Reading:
    """The busy times of a file from outside; raises NotTaken, within 5 seconds, whatever the file does."""
    days = {"first": horizon.first.isoformat(), "last": horizon.last.isoformat(), "zone": horizon.zone}
    with _READERS:
        ended = _run(json.dumps(days).encode() + b"\n" + body)
    if ended.returncode < 0:  # killed: by the limit of time, or of memory
        raise NotTaken("too-much")
    if ended.returncode:
        log.error("reading a calendar ended with %d", ended.returncode)
        raise NotTaken("unreadable")
    return _reading(ended.stdout)


def _run(given: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 (our own interpreter, our own words)
            [sys.executable, "-I", "-X", "utf8", "-c", _BEGIN.format(cpu=CPU_SECONDS, memory=MEMORY), str(_APP)],
            input=given,
            capture_output=True,
            timeout=WALL_SECONDS,
            cwd="/",
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotTaken("too-much") from error


def _reading(answer: bytes) -> Reading:
    found = json.loads(answer)
    if "error" in found:
        raise NotTaken(found["error"])
    busy = (
        BusyTime(datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(end, UTC), tentative)
        for begin, end, tentative in found["busy"]
    )
    return Reading(tuple(busy), found["unreadable"])
