"""Real web servers, all with the same worker setup, and one connection to each."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
GUNICORN = Path(sys.executable).parent / "gunicorn"
WORKERS = ROOT / "bench" / "side" / "workers.py"


@dataclass(slots=True)
class Door:
    """One server: where it listens, its process, an open connection."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    connection: HTTPConnection

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes, str]:
        """One GET: status, body, ETag."""
        self.connection.request("GET", path, headers=dict(headers or {}))
        answer = self.connection.getresponse()
        return answer.status, answer.read(), answer.headers.get("ETag", "")

    def milliseconds(self, path: str, headers: Mapping[str, str] | None = None) -> float:
        """How long one GET takes."""
        begun = time.perf_counter()
        self.get(path, headers)
        return (time.perf_counter() - begun) * 1000

    def peak_memory(self) -> int:
        """The most that the worker has ever held, in bytes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        status = Path(f"/proc/{children[0]}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024

    def forget_peak(self) -> int:
        """Begin counting the peak anew; returns what is held now."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        Path(f"/proc/{children[0]}/clear_refs").write_text("5")
        return self.peak_memory()


@contextmanager
def serving(name: str, app: str, settings: Mapping[str, str]) -> Iterator[Door]:
    """The application behind gunicorn on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [str(GUNICORN), "--bind", f"127.0.0.1:{port}", "--config", str(WORKERS), app]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | dict(settings))
    try:
        yield Door(name, port, process, _connect(port, process))
    finally:
        process.terminate()
        process.wait(30)


def _connect(port: int, process: subprocess.Popen[bytes]) -> HTTPConnection:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=900)
            connection.connect()
        except OSError:
            time.sleep(0.1)
        else:
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
    raise RuntimeError(f"the server on port {port} did not start")


def side_by_side(rounds: int, calls: Mapping[str, tuple[Door, str, Mapping[str, str]]]) -> dict[str, float]:
    """Median milliseconds of each call; one of each in every round, so that all meet the same load of the machine.

    In another order each round: what came just before leaves the processor's caches to the next.
    """
    found: dict[str, list[float]] = {name: [] for name in calls}
    order, shuffled = list(calls), Random(1)
    for number in range(rounds + 2):
        shuffled.shuffle(order)
        for name in order:
            door, path, headers = calls[name]
            took = door.milliseconds(path, headers)
            if number > 1:
                found[name].append(took)
    return {name: statistics.median(times) for name, times in found.items()}
