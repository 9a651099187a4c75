"""`make cluster`: the whole of docs/operations.md on one machine, until Ctrl-C. See cluster.py."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from threading import Event

from app.serve import is_free
from tests.harness.cluster import Cluster, missing

FOLDER = Path(__file__).resolve().parents[2] / "instance" / "cluster"


def main() -> int:
    """Start, say where everything is, wait, stop; returns an exit code."""
    if lacks := missing():
        print("The cluster needs what is not here:", *lacks, sep="\n  ", file=sys.stderr)
        return 1
    port = int(os.environ.get("PORT") or 8000)
    if not is_free(port):
        print(f"Port {port} is taken. Choose another: make cluster PORT={port + 10}", file=sys.stderr)
        return 1
    asked = Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: asked.set())
    for old in FOLDER.glob("*.log"):
        old.unlink()
    cluster = Cluster(FOLDER, port=port, workers=int(os.environ.get("WORKERS") or 4))
    try:
        cluster.start()
        print(words(cluster), flush=True)
        while not asked.wait(1):
            ended = [part.name for part in (*cluster.nodes, *cluster.schedulers, cluster.nginx) if not part.is_alive]
            if ended:
                print(f"{', '.join(ended)} has ended; its log is in {FOLDER}", file=sys.stderr)
                return 1
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        print("\nStopping …", flush=True)
        cluster.stop()
    return 0


def words(cluster: Cluster) -> str:
    """What runs where."""
    nodes = ", ".join(f"http://127.0.0.1:{held.getsockname()[1]}" for held in cluster.held)
    return f"""{cluster.setup_said.strip()}

Pages      {cluster.url}  (nginx)
Web nodes  {nodes}, {cluster.workers} workers each
Schedulers {len(cluster.schedulers)}
PostgreSQL {cluster.settings["DATABASE_URL"]}
Mail       {cluster.mailbox.url}, a server that keeps nothing
Metrics    curl -H 'Authorization: Bearer cluster' {nodes.split(",")[0]}/metrics -H 'Host: 127.0.0.1'
Logs       {cluster.folder}
Ctrl-C stops all of it."""


if __name__ == "__main__":
    sys.exit(main())
