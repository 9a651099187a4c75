"""Feeds, side by side in one run: joining stored events against building them, a stored body against a bare WSGI app.

Run: .venv/bin/python bench/feeds.py [number of appointments, default 2000]
Only the ratios mean something on another machine.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any

import icalendar
from sqlalchemy import insert, select
from werkzeug.serving import WSGIRequestHandler, make_server

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app import calendars, create_app
from app.core.time import now
from app.extensions import db
from app.feeds.actions import create_feed
from app.feeds.models import Level, ScopeKind
from app.people.models import Host, User
from app.visits.models import Visit
from app.visits.programme_models import Appointment, Fragment

START = datetime(2027, 1, 4, 8, tzinfo=UTC)
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def main(count: int) -> None:
    """Print three measurements and two ratios."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            {
                "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/bench.sqlite",
                "SECRET_KEY": "bench",
                "TRUSTED_HOSTS": None,
            }
        )
        with app.app_context():
            db.create_all()
            token = fill(count)
            built = best_of(3, lambda: build_all(count))
            joined = best_of(5, join_stored)
        print(f"{count} appointments")
        print(f"building with icalendar  {built * 1000:10.1f} ms  {built / count * 1e6:8.1f} µs each")
        print(f"joining stored events    {joined * 1000:10.1f} ms  {joined / count * 1e6:8.1f} µs each")
        print(f"ratio                    {built / joined:10.0f} ×")
        compare_with_bare(app, token)


def fill(count: int) -> str:
    """A coordinator with a feed of everything, one visit, `count` appointments and their stored events."""
    at = now()
    user = User(email="bench@example.org", name="Bench", is_coordinator=True, created_at=at)
    host = Host(slug="bench", name_en="Bench")
    visit = Visit(ref="BEN-CH1", status="confirmed", organisation="Gemeente Utrecht", submitted_at=at)
    db.session.add_all([user, host, visit])
    db.session.flush()
    common = {"visit_id": visit.id, "host_id": host.id, "status": "confirmed", "created_at": at, "changed_at": at}
    rows = [{"id": n + 1, "uid": f"{n}@bench", "title": "Tour", **times(n), **common} for n in range(count)]
    db.session.execute(insert(Appointment), rows)
    bodies = [{"appointment_id": n + 1, "level": "team", "language": "nb", "body": one(n)} for n in range(count)]
    db.session.execute(insert(Fragment), bodies)
    _, token = create_feed(by=user, name="bench", kind=ScopeKind.ALL, scope_id=0, level=Level.TEAM, language="nb")
    db.session.commit()
    return token


def times(number: int) -> dict[str, datetime]:
    """One appointment of an hour every hour."""
    starts_at = START + timedelta(hours=number)
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}


def one(number: int) -> str:
    """The event that appointment shows."""
    event = calendars.Event(
        uid=f"{number}@bench",
        **times(number),
        status="confirmed",
        sequence=1,
        changed_at=START,
        created_at=START,
        summary=f"Omvisning på Bryggen {number} (Gemeente Utrecht)",
        location="Bryggen 1, 5003 Bergen",
        url=f"https://bergen.example.org/visits/{number}",
    )
    return calendars.fragment(event)


def build_all(count: int) -> bytes:
    """What most programs do: build every event anew on every fetch."""
    return calendars.feed("Alle besøk", [one(number) for number in range(count)])


def join_stored() -> bytes:
    """What a fetch does after a change: read the stored events and join them."""
    stored = select(Fragment.body).join(Appointment, Appointment.id == Fragment.appointment_id)
    wanted = stored.where(Fragment.level == "team", Fragment.language == "nb").order_by(Appointment.starts_at)
    return calendars.feed("Alle besøk", db.session.scalars(wanted))


def compare_with_bare(app: Wsgi, token: str) -> None:
    """The same bytes over the same kind of connection: from the feed, and from the smallest WSGI app there is."""
    path = f"/feeds/{token}.ics"
    with serving(app) as door:
        body, etag = fetch(door, path)
        stored = best_of(30, lambda: fetch(door, path))
        same = best_of(30, lambda: fetch(door, path, {"If-None-Match": etag}))

    def bare(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/calendar; charset=utf-8"), ("Content-Length", str(len(body)))])
        return [body]

    with serving(bare) as door:
        nothing = best_of(30, lambda: fetch(door, path))
    print(f"{len(icalendar.Calendar.from_ical(body).events)} events, {len(body) / 1e6:.2f} MB over HTTP")
    print(f"bare WSGI app            {nothing * 1000:10.2f} ms")
    print(f"stored body              {stored * 1000:10.2f} ms  {stored / nothing:8.1f} × the bare app")
    print(f"not changed (304)        {same * 1000:10.2f} ms")


@contextmanager
def serving(app: Wsgi) -> Iterator[HTTPConnection]:
    """The app on a port of its own, and a connection to it."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    connection = HTTPConnection("127.0.0.1", server.port)
    try:
        yield connection
    finally:
        connection.close()
        server.shutdown()


class Quiet(WSGIRequestHandler):
    """Writes no line for each request, and keeps the connection."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_: object) -> None:
        """Say nothing."""


def fetch(door: HTTPConnection, path: str, headers: dict[str, str] | None = None) -> tuple[bytes, str]:
    """One GET: body and ETag."""
    door.request("GET", path, headers=headers or {})
    answer = door.getresponse()
    return answer.read(), answer.headers.get("ETag", "")


def best_of(times_run: int, work: Callable[[], object]) -> float:
    """Seconds of the quickest run."""
    found = []
    for _ in range(times_run):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return min(found)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
