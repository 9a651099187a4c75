"""`make run`: one process starts the web server and the scheduler; whichever way it ends, nothing is left running."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.harness.web import free_port

pytestmark = pytest.mark.one_engine
ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 40


class Runner:
    """The runner in its own session, as a terminal would start it."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.port = free_port()
        settings = {"DATABASE_URL": f"sqlite:///{folder / 'served.sqlite'}", "MAIL_DIR": str(folder / "mail")} | more
        self.process = subprocess.Popen(
            [sys.executable, "-P", "app/serve.py"],
            cwd=ROOT,
            env=os.environ | settings | {"PORT": str(self.port), "SECRET_KEY": "a key for tests only"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if "is ready" in line:
                break

    def children(self) -> list[psutil.Process]:
        """The runner's children and theirs."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self) -> tuple[int, str]:
        """Exit code and what else was printed."""
        rest, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, rest


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    started = Runner(tmp_path)
    yield started
    if started.process.poll() is None:
        started.process.terminate()
        started.process.wait(PATIENCE)


def still_alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that have not ended within a few seconds."""
    _, alive = psutil.wait_procs(processes, timeout=15)
    return [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_runner_serves_pages_and_stops_everything_when_told(runner: Runner, number: signal.Signals) -> None:
    assert f"http://127.0.0.1:{runner.port} " in runner.said
    assert "One-time sign-in link" in runner.said
    with urllib.request.urlopen(f"http://127.0.0.1:{runner.port}/") as page:
        assert page.status == 200
    children = runner.children()
    assert len(children) >= 3  # gunicorn, its workers, the scheduler
    runner.process.send_signal(number)
    assert runner.end()[0] == 0
    assert still_alive(children) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent was killed")
def test_nothing_is_left_when_the_runner_is_killed(runner: Runner) -> None:
    children = runner.children()
    runner.process.kill()
    runner.end()
    assert still_alive(children) == []


def test_other_half_is_stopped_when_one_ends(runner: Runner) -> None:
    children = runner.children()
    next(child for child in children if child.cmdline()[-1] == "scheduler").kill()
    code, said = runner.end()
    assert code != 0
    assert "has ended" in said
    assert still_alive(children) == []


def test_taken_port_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = subprocess.run(
            [sys.executable, "-P", "app/serve.py"],
            cwd=ROOT,
            env=os.environ | {"PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert (result.returncode, result.stdout) == (1, "")
    assert f"Port {port} is taken" in result.stderr
