"""Figures for Prometheus: requests by route from all workers, and what the database holds at the moment of asking.

Closed unless METRICS_TOKEN is set (sent as a bearer token) or the asker's address is in METRICS_ALLOW; everybody else
gets the page of an address that does not exist.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from hmac import compare_digest
from ipaddress import ip_address
from time import perf_counter

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from app.core.errors import NotFound
from app.core.time import now
from app.scheduler import PERIODS
from app.upkeep.figures import Figures, figures
from app.upkeep.models import JobRun
from app.web import access
from app.web.request_log import route
from app.web.transactions import take_back

blueprint = Blueprint("metrics", __name__)
FORMAT = "text/plain; version=0.0.4; charset=utf-8"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

own = CollectorRegistry()
requests = Counter(
    "vertskap_http_requests",
    "Requests answered, by route, method and status",
    ("route", "method", "status"),
    registry=own,
)
seconds = Histogram(
    "vertskap_http_request_seconds", "How long answers took, by route", ("route",), buckets=SECONDS, registry=own
)


class FromDatabase(Collector):
    """Read when somebody asks, so that every node says the same."""

    def collect(self) -> Iterator[Metric]:
        """Whether the database answers, and what it holds."""
        try:
            found = figures(PERIODS, at=now())
        except SQLAlchemyError:
            take_back()
            yield GaugeMetricFamily("vertskap_database_up", "1 when the database answers", value=0)
            return
        yield GaugeMetricFamily("vertskap_database_up", "1 when the database answers", value=1)
        yield from _of_mails_and_visits(found)
        yield from _of_jobs(found)


def _labelled(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _of_mails_and_visits(found: Figures) -> Iterator[Metric]:
    yield _labelled("vertskap_mails", "Mails by status", "status", found.mails)
    yield GaugeMetricFamily(
        "vertskap_oldest_due_mail_seconds", "For how long the longest waiting mail has been due", value=found.oldest_due
    )
    yield GaugeMetricFamily("vertskap_untold_activities", "Activities nobody was told of yet", value=found.untold)
    yield GaugeMetricFamily(
        "vertskap_oldest_untold_activity_seconds", "Age of the oldest of them", value=found.oldest_untold
    )
    yield _labelled("vertskap_visits", "Visits by status", "status", found.visits)


def _of_jobs(found: Figures) -> Iterator[Metric]:
    ran = {job.name: job.run for job in found.jobs if job.run is not None}
    rows: dict[str, tuple[str, Mapping[str, float]]] = {
        "last_success_timestamp_seconds": ("When it last went through", _succeeded(ran)),
        "last_run_seconds": (
            "How long its last run took",
            {name: run.milliseconds / 1000 for name, run in ran.items()},
        ),
        "late_seconds": (
            "How late its last run began, or by how much the next one is overdue",
            {job.name: job.late_seconds for job in found.jobs if job.run is not None},
        ),
        "failed_rows": ("Rows that failed in its last run", {name: run.failed_rows for name, run in ran.items()}),
        "alarm": ("1 when somebody must look at it, as on /readyz", {j.name: float(j.is_alarm) for j in found.jobs}),
    }
    for name, (words, values) in rows.items():
        yield _labelled(f"vertskap_job_{name}", words, "job", values)


def _succeeded(ran: Mapping[str, JobRun]) -> dict[str, float]:
    return {name: run.succeeded_at.timestamp() for name, run in ran.items() if run.succeeded_at}


def _may_read() -> bool:
    token, given = str(current_app.config["METRICS_TOKEN"]), request.headers.get("Authorization", "")
    if token and compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode()):
        return True
    asker = ip_address(request.remote_addr or "::")
    return any(asker in network for network in current_app.config["METRICS_ALLOW"])


@blueprint.get("/metrics")
@access.for_link_holders
def metrics() -> Response:
    """The figures, for whoever holds the token."""
    if not _may_read():
        raise NotFound()
    shown = own
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shown = CollectorRegistry()
        MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
    stored = CollectorRegistry()
    stored.register(FromDatabase())
    return Response(generate_latest(shown) + generate_latest(stored), content_type=FORMAT)


def _count(response: Response) -> Response:
    method = request.method if request.method in METHODS else "other"
    requests.labels(route(), method, str(response.status_code)).inc()
    if "began" in g:
        seconds.labels(route()).observe(perf_counter() - g.began)
    return response


def init_app(app: Flask) -> None:
    """Count every answer."""
    app.after_request(_count)
