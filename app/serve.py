"""Runs the web server and the scheduler side by side until one stops or somebody says stop; leaves nothing behind.

Standard library only, and not part of the application: `make run` starts it as a script. The web server loads while the
database is still being set up; the end of a pipe tells it when it may answer (`on_starting` in gunicorn.conf.py).
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
FLASK = [str(BIN / "flask"), "--app", "wsgi"]
STOP_SECONDS = 40  # longer than the scheduler needs, which ends the mail it is sending: ended earlier, it is sent twice
SAY_SECONDS = 3
READY_SECONDS = 60
PR_SET_PDEATHSIG = 1  # linux/prctl.h
GATE = "VERTSKAP_GATE"


class Stop(Exception):
    """Somebody pressed Ctrl-C or asked the process to end."""


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    raise Stop


def _web_server(port: int) -> list[str]:
    return [
        str(BIN / "gunicorn"),
        *("--bind", f"127.0.0.1:{port}"),
        *("--workers", os.environ.get("WEB_CONCURRENCY", "2")),
        *("--config", str(ROOT / "gunicorn.conf.py")),
        *("--graceful-timeout", "5", "--log-level", "warning"),
        "wsgi:app",
    ]


def _end_with_parent() -> None:
    """On Linux a child hears when its parent dies, even when the parent was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _start(command: list[str], gate: int | None = None) -> subprocess.Popen[bytes]:
    """Start a child in its own session: the terminal's Ctrl-C reaches only this process, which then stops it."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | ({} if gate is None else {GATE: str(gate)}),
        pass_fds=() if gate is None else (gate,),
        start_new_session=True,
        preexec_fn=_end_with_parent,
    )


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _have_ended(children: list[subprocess.Popen[bytes]], until: float) -> bool:
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            return False
    return True


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        _signal_group(child, signal.SIGTERM)
    began = time.monotonic()
    if not _have_ended(children, began + SAY_SECONDS):
        print("What is in hand is finished first: a mail on its way takes half a minute at most.", flush=True)
        if not _have_ended(children, began + STOP_SECONDS):
            print("It did not stop in time and is ended now.", file=sys.stderr)
    for child in children:
        _signal_group(child, signal.SIGKILL)  # whatever a child may have left in its session
        child.wait()


def is_free(port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def _ended(children: list[subprocess.Popen[bytes]]) -> int | None:
    """The exit code of the first child that is no more, or None."""
    return next((child.returncode for child in children if child.poll() is not None), None)


def _watch(children: list[subprocess.Popen[bytes]], port: int) -> int:
    """Say when pages can be opened, then wait; returns the exit code of whichever ended first."""
    started, announced, parent = time.monotonic(), False, os.getppid()
    while (code := _ended(children)) is None:
        if not announced and _answers(port):
            print(f"Vertskap is ready: http://127.0.0.1:{port}  (Ctrl-C stops it)", flush=True)
            announced = True
        elif not announced and time.monotonic() - started > READY_SECONDS:
            print("The web server does not answer.", file=sys.stderr)
            return 1
        if os.getppid() != parent:  # make or the shell is gone: nobody is left to press Ctrl-C
            return 1
        time.sleep(0.5 if announced else 0.1)
    print("The web server or the scheduler has ended, so the other is stopped too.", file=sys.stderr)
    return code or 1


def serve(port: int) -> int:
    """Set up, start both, watch them, stop both; returns an exit code."""
    if not is_free(port):
        print(f"Port {port} is taken. Choose another: make run PORT={port + 10}", file=sys.stderr)
        return 1
    children: list[subprocess.Popen[bytes]] = []
    gate, opener = os.pipe()
    try:
        children.append(_start(_web_server(port), gate))
        setup = _start([*FLASK, "setup", "--quiet"])
        children.append(setup)
        if setup.wait():
            return setup.returncode
        children[-1] = _start([*FLASK, "scheduler"])
        os.close(opener)
        return _watch(children, port)
    except Stop:
        print("\nStopping …", flush=True)
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _stop(children)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _on_signal)
    try:
        sys.exit(serve(int(os.environ.get("PORT") or 8000)))
    except Stop:
        sys.exit(130)
