"""Readings of calendars without the half second in which a process begins: it is forked from one that began already.

Every file still has a process of its own, under the limits and with the function of app/calendars/sandbox.py; what it
worked and held at most is told. For tests of thousands of files.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.calendars import sandbox

HEAD = struct.Struct("<IQ")
_LIMITS, _REST = sandbox._BEGIN.format(cpu=sandbox.CPU_SECONDS, memory=sandbox.MEMORY).split('sys.modules["app"]', 1)
# For each file on standard input: its answer, how its process ended, and what that took.
NURSERY = rf"""
import json, os, signal, struct, sys, types
LIMITS = {_LIMITS!r}
exec({'sys.modules["app"]' + _REST.replace("main()", "").rstrip()!r})
from datetime import date
from app.calendars.child import Horizon, answer
warm = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20270308T080000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
answer(warm, Horizon(date(2027, 3, 1), date(2028, 3, 1), "Europe/Oslo"))
while head := sys.stdin.buffer.read(4):
    given = os.memfd_create("given")
    os.write(given, sys.stdin.buffer.read(struct.unpack("<I", head)[0]))
    os.lseek(given, 0, os.SEEK_SET)
    answers, answer = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm({sandbox.WALL_SECONDS})
        os.dup2(given, 0), os.dup2(answer, 1), os.close(answers)
        sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)
        code = 1
        try:
            exec(LIMITS)
            main()
            sys.stdout.flush()
            code = 0
        finally:
            os._exit(code)
    os.close(answer), os.close(given)
    told = open(answers, "rb").read()
    _, status, used = os.wait4(child, 0)
    end = dict(code=os.waitstatus_to_exitcode(status), cpu=used.ru_utime + used.ru_stime, kilobytes=used.ru_maxrss)
    line = json.dumps(end).encode()
    sys.stdout.buffer.write(struct.pack("<IQ", len(line), len(told)) + line + told)
    sys.stdout.buffer.flush()
"""


@dataclass
class Nursery:
    """The process that others are forked from, and the most that one of them has taken."""

    process: subprocess.Popen[bytes]
    most_cpu: float = 0.0
    most_megabytes: float = 0.0
    readings: int = 0
    deaths: list[bytes] = field(default_factory=list)  # the files whose reading did not end with an answer
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, given: bytes) -> subprocess.CompletedProcess[bytes]:
        """Instead of sandbox._run."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with self.lock:
            self.process.stdin.write(struct.pack("<I", len(given)) + given)
            self.process.stdin.flush()
            line, told = HEAD.unpack(self.process.stdout.read(HEAD.size))
            end = json.loads(self.process.stdout.read(line))
            answer = self.process.stdout.read(told)
            self.readings += 1
            self.most_cpu = max(self.most_cpu, end["cpu"])
            self.most_megabytes = max(self.most_megabytes, end["kilobytes"] / 1024)
            self.deaths += [given] if end["code"] else []
        return subprocess.CompletedProcess([], end["code"], answer)


@contextmanager
def nursery() -> Iterator[Nursery]:
    """One that is ready."""
    command = [sys.executable, "-I", "-X", "utf8", "-c", NURSERY, str(sandbox._APP)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd="/", env={}) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()
