"""`make cluster`: the whole of docs/operations.md on one machine, until Ctrl-C. See cluster.py.

Run: python -m tests.harness.run_cluster [the folder for data and logs, default instance/cluster]
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from subprocess import SubprocessError
from threading import Event

from app.serve import is_free
from tests.harness.cluster import Cluster, missing

FOLDER = Path(__file__).resolve().parents[2] / "instance" / "cluster"


def main(folder: Path) -> int:
    """Start, say where everything is, wait, stop; returns an exit code."""
    port = int(os.environ.get("PORT") or 8000)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        if refusal := _refusal(lock.fileno(), port, folder):
            print(refusal, file=sys.stderr)
            return 1
        asked = Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: asked.set())
        for old in folder.glob("*.log"):
            old.unlink()
        return _run(Cluster(folder, port=port, workers=int(os.environ.get("WORKERS") or 4)), asked)


def _refusal(lock: int, port: int, folder: Path) -> str:
    """Why it cannot start, in a sentence; empty when it can."""
    if lacks := missing():
        return "\n  ".join(["The cluster needs what is not here:", *lacks])
    if not is_free(port):
        return f"Port {port} is taken. Choose another: make cluster PORT={port + 10}"
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return f"A cluster of this checkout runs already; its logs are in {folder}"
    return ""


def _run(cluster: Cluster, asked: Event) -> int:
    """Until somebody asks to stop or a part ends; nothing is left running, whatever happens."""
    began, code = time.monotonic(), 0
    try:
        cluster.start(asked)
        if not asked.is_set():
            print(words(cluster, time.monotonic() - began), flush=True)
            code = _watch(cluster, asked)
    except (RuntimeError, SubprocessError) as error:
        if not asked.is_set():  # else it is what came of Ctrl-C, which reaches PostgreSQL's own tools too
            print(error, file=sys.stderr)
            code = 1
    finally:
        print("\nStopping …", flush=True)
        cluster.stop()
        for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
            shutil.rmtree(cluster.folder / name, ignore_errors=True)
    print("Everything has ended.", flush=True)
    return code


def _watch(cluster: Cluster, asked: Event) -> int:
    """Returns 0 when somebody asks to stop, 1 when a part ended or whoever started it is gone."""
    parent = os.getppid()
    while not asked.wait(0.5):
        ended = [part.name for part in (*cluster.nodes, *cluster.schedulers, cluster.nginx) if not part.is_alive]
        if ended:
            print(f"{', '.join(ended)} has ended; its log is in {cluster.folder}", file=sys.stderr)
        if ended or os.getppid() != parent:
            return 1
    return 0


def words(cluster: Cluster, seconds: float) -> str:
    """What runs where."""
    nodes = ", ".join(f"http://127.0.0.1:{held.getsockname()[1]}" for held in cluster.held)
    return f"""{cluster.setup_said.strip()}

Vertskap is ready: {cluster.url}  (nginx; started in {seconds:.0f} s)
Web nodes  {nodes}, {cluster.workers} workers each
Schedulers {len(cluster.schedulers)}
PostgreSQL {cluster.settings["DATABASE_URL"]}
Mail       {cluster.mailbox.url}, a server that keeps nothing
Metrics    curl -H 'Authorization: Bearer cluster' {nodes.split(",")[0]}/metrics -H 'Host: 127.0.0.1'
Logs       {cluster.folder}
Ctrl-C stops all of it."""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else FOLDER))
