"""Processes of the application as production starts them: web nodes on a port that outlives them, schedulers."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PATIENCE = 40.0
SETTINGS = frozenset(
    name
    for file in ("config.py", "gunicorn.conf.py")
    for name in re.findall(r'"([A-Z][A-Z_]+)"', (ROOT / file).read_text(encoding="utf-8"))
)


def with_only(settings: dict[str, str]) -> dict[str, str]:
    """The environment with these settings and no other: what a shell exports, such as a real mailbox, is not theirs."""
    return {name: value for name, value in os.environ.items() if name not in SETTINGS} | settings


@dataclass
class Process:
    """One process with its settings and log; `start`, `stop` and `kill` as often as one likes."""

    name: str
    command: list[str]
    settings: dict[str, str]
    log: Path
    keeps: tuple[int, ...] = ()  # open files that it inherits
    running: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it in a session of its own, so that a terminal's Ctrl-C does not reach it."""
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=with_only(self.settings),
                stdout=output,
                stderr=output,
                pass_fds=self.keeps,
                start_new_session=True,
            )

    def stop(self, number: signal.Signals = signal.SIGTERM, *, patience: float = PATIENCE) -> float:
        """Ask it to end and wait; returns how many seconds that took. It is killed when it does not."""
        if self.running is None or self.running.poll() is not None:
            return 0.0
        began = time.monotonic()
        self.running.send_signal(number)
        try:
            self.running.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
        return time.monotonic() - began

    def kill(self) -> None:
        """End it and whatever it started at once, as a machine that loses power does."""
        if self.running is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait(PATIENCE)

    @property
    def is_alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def said(self) -> str:
        """What it wrote so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


def held_port(port: int = 0) -> socket.socket:
    """A listening port that is held here, as systemd holds it in production: it stays while a node is restarted."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", port))
    held.listen(512)
    return held


def web_node(
    name: str, held: socket.socket, settings: dict[str, str], folder: Path, *, workers: int = 2, threads: int = 8,
    app: str = "wsgi:app",
) -> Process:  # fmt: skip
    """A web node on that port, with the project's own gunicorn.conf.py."""
    size = {"WEB_CONCURRENCY": str(workers), "WEB_THREADS": str(threads), "WEB_BIND": f"fd://{held.fileno()}"}
    command = [str(BIN / "gunicorn"), "--config", "gunicorn.conf.py", app]
    return Process(name, command, settings | size, folder / f"{name}.log", (held.fileno(),))


def scheduler(name: str, settings: dict[str, str], folder: Path, *, app: str = "wsgi") -> Process:
    """A scheduler."""
    return Process(name, [str(BIN / "flask"), "--app", app, "scheduler"], settings, folder / f"{name}.log")


def flask_command(settings: dict[str, str], *words: str, seconds: float = 300) -> subprocess.CompletedProcess[str]:
    """Run one of the application's commands with those settings; a terminal's Ctrl-C does not break it off."""
    return subprocess.run(
        [str(BIN / "flask"), "--app", "wsgi", *words], cwd=ROOT, env=with_only(settings),
        capture_output=True, text=True, timeout=seconds, check=False, start_new_session=True,
    )  # fmt: skip
