"""How gunicorn runs the application: in production, in `make cluster`, in `make run` and in the tests.

    gunicorn --config gunicorn.conf.py wsgi:app

Loopback only: nginx stands before it (deploy/nginx). Settings come from the environment; docs/operations.md lists them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any

from gunicorn.glogging import Logger

# Workers count requests in files of this folder, and /metrics adds them up. The library looks for it when it is loaded.
_made_here = "" if os.environ.get("PROMETHEUS_MULTIPROC_DIR") else tempfile.mkdtemp(prefix="vertskap-metrics-")
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", _made_here)

from prometheus_client import multiprocess  # noqa: E402
from sqlalchemy.orm import configure_mappers  # noqa: E402

import config as settings  # noqa: E402 - gunicorn would take `config` for one of its own
from app.core import logs  # noqa: E402
from app.routing.ready import make_ready  # noqa: E402

bind = os.environ.get("WEB_BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 4)
worker_class = "gthread"
# Loaded once, then shared by the workers: a node is back sooner, and holds less memory. Nothing is connected to while
# loading (a test looks), so that no two workers share a connection.
preload_app = True
threads = int(os.environ.get("WEB_THREADS") or 8)
# Told to stop, a worker ends what it has begun; systemd kills after 30 seconds, and then nothing is left to kill.
graceful_timeout = 25
timeout = 60  # a worker that has not said that it lives for so long is replaced
keepalive = 75  # longer than nginx keeps its idle connections: it is nginx that closes them
backlog = 512
# Now and then a fresh worker, not all at once.
max_requests = 10_000
max_requests_jitter = 2_000
# Beside the limits of nginx.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - a sign of life that no full disk stops
control_socket_disable = True
accesslog = None  # the application writes a line for each request, without addresses that are secret


class Lines(Logger):
    """Gunicorn's own messages go where the application's go."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        logs.start(*settings.log_settings())
        self.error_log.setLevel(self.loglevel)


logger_class = Lines


def on_starting(_server: object) -> None:
    """With `make run` the application loads while the database is set up: wait until the runner opens the gate."""
    if gate := os.environ.get("VERTSKAP_GATE"):
        os.read(int(gate), 1)  # ends when the runner closes its end


def when_ready(server: Any) -> None:
    """Before the workers are made: what they would each build at their first request, while others wait for it."""
    application = server.app.wsgi()
    make_ready(application.extensions["city-catalogue"])
    configure_mappers()


def child_exit(_server: object, worker: Any) -> None:
    """What a worker counted stays counted; what it only showed while it lived goes."""
    multiprocess.mark_process_dead(worker.pid)


def on_exit(_server: object) -> None:
    """Leave nothing behind."""
    if _made_here:
        shutil.rmtree(_made_here, ignore_errors=True)
