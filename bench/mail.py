"""How fast due mails leave, against a bare smtplib loop; and whether reminders cost more among a million appointments.

Run: .venv/bin/python bench/mail.py [mails, default 10000 [appointments, default 1000000]]
Every arm sends to the same local server, which answers DATA after 20 ms; its clock measures, from the first mail to
the last. The bare loop sends one ready mail again and again over one kept connection. Only the ratios mean something
on another machine.
"""

from __future__ import annotations

import json
import os
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import func, insert, make_url, select

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app import create_app
from app.core.time import now
from app.extensions import db
from app.notifications import claims, outbox, reminders
from app.notifications.message import as_bytes
from app.notifications.models import Notification
from app.notifications.recipients import visitor_of
from app.notifications.write import put
from app.people.models import Host
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from bench import calendar_pages
from tests.harness.engines import plain_url, start_postgres
from tests.harness.web import free_port

MAILS, BARE_BAR, TWO_BAR = 10_000, 0.8, 1.7
FEW, MANY, GROWTH_BAR, RUNS = 10_000, 1_000_000, 1.2, 25
FLASK = str(Path(sys.executable).parent / "flask")
LANGUAGES = ("en", "nb", "nn")


@dataclass(slots=True)
class Sink:
    """The mail server, a process of its own."""

    port: int
    process: subprocess.Popen[str]

    def rate(self, expected: int) -> float:
        """Mails a second since the last look; all of them came, none twice."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        count, different, first, last = self.process.stdout.readline().split()
        assert (int(count), int(different)) == (expected, expected), (count, different)
        return (expected - 1) / (float(last) - float(first))


@contextmanager
def sink() -> Iterator[Sink]:
    """The server, until the end."""
    port = free_port()
    command = [sys.executable, str(ROOT / "bench/side/sink.py"), str(port)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        for _ in range(100):
            try:
                smtplib.SMTP("127.0.0.1", port, timeout=5).quit()
                break
            except OSError:
                subprocess.run(["sleep", "0.1"], check=True)
        yield Sink(port, process)
    finally:
        process.terminate()
        process.wait(10)


def main(mails: int, many: int) -> None:
    """Every arm; prints the ratios and keeps them in bench/mail.json."""
    found: dict[str, object] = {"mails": mails, "bars": {"one sender": BARE_BAR, "two senders": TWO_BAR}}
    found |= sending(mails) if mails else {}
    found["deriving"] = {"appointments": [FEW, many], "bar": GROWTH_BAR, **deriving(many)} if many else {}
    Path(__file__).with_suffix(".json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def sending(mails: int) -> dict[str, object]:
    """The bare loop, one sender on each engine, two on PostgreSQL."""
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder, sink() as server:
        sqlite, postgres = f"sqlite:///{folder}/mail.sqlite", postgres_database()
        apps = {"sqlite": prepared(sqlite, mails), "postgresql": prepared(postgres, mails)}
        bare = bare_rate(server, min(mails, 2000), a_mail(apps["sqlite"], server))
        print(f"bare loop    {bare:6.1f} mails a second", flush=True)
        found["bare"] = round(bare, 1)
        for name, url in (("sqlite", sqlite), ("postgresql", postgres)):
            found[name] = compared(name, sent_rate(server, url, mails, senders=1), bare, BARE_BAR)
        one = found["postgresql"]["rate"]  # type: ignore[index]
        make_due(apps["postgresql"], mails)
        found["two senders"] = compared("two senders", sent_rate(server, postgres, mails, senders=2), one, TWO_BAR)
    return found


def deriving(many: int) -> dict[str, object]:
    """What looking for due reminders costs among few and among many appointments, of which the same ones are due."""
    with tempfile.TemporaryDirectory() as folder:
        urls = {"sqlite": [f"sqlite:///{folder}/{count}.sqlite" for count in (FEW, many)]}
        urls["postgresql"] = list(calendar_pages.postgres_databases(many))
        return {name: derived(name, *pair, many=many) for name, pair in urls.items()}


def derived(name: str, few_url: str, many_url: str, *, many: int) -> dict[str, object]:
    """Both read in turn, so that whatever else the machine does meets both alike."""
    apps = [calendar_pages.prepared(few_url, FEW).app, calendar_pages.prepared(many_url, many).app]
    times: list[list[float]] = [[], []]
    rows = [0, 0]
    for _ in range(RUNS):
        for number, app in enumerate(apps):
            begun = time.perf_counter()
            rows[number] = looked_for(app)
            times[number].append(time.perf_counter() - begun)
    few, much = (statistics.median(one) for one in times)
    ratio = much / few
    missed = "" if ratio <= GROWTH_BAR and rows[0] == rows[1] else "  MISSED"
    print(
        f"{name:11} reminders {few * 1000:6.1f} ms {much * 1000:6.1f} ms {ratio:5.2f} ×, rows {rows}{missed}",
        flush=True,
    )
    return {"few ms": round(few * 1000, 1), "many ms": round(much * 1000, 1), "ratio": round(ratio, 2), "rows": rows}


def looked_for(app: Flask) -> int:
    """Every rule once: how many rows may be due."""
    at = calendar_pages.MONTH + timedelta(days=10, hours=8)
    with app.app_context():
        return sum(len(rule.ids(at=at)) for rule in reminders.reminders_in_force(at=at))


def postgres_database() -> str:
    """A fresh database."""
    server = start_postgres()
    with psycopg.connect(plain_url(server), autocommit=True) as connection:
        connection.execute("CREATE DATABASE bench_mail TEMPLATE template0")
    return make_url(server).set(database="bench_mail").render_as_string(hide_password=False)


def prepared(url: str, mails: int) -> Flask:
    """The application with that many mails due: each to the visitor of another visit, about its programme tomorrow."""
    app = create_app({"TESTING": True, "SECRET_KEY": "bench", "TRUSTED_HOSTS": None, "SQLALCHEMY_DATABASE_URI": url})
    with app.app_context():
        assert app.test_cli_runner().invoke(args=["setup", "--quiet"]).exit_code == 0
        fill(mails)
    make_due(app, mails)
    return app


def fill(mails: int) -> None:
    """Confirmed visits with three stops tomorrow."""
    at = now()
    host_ids = list(db.session.scalars(select(Host.id).order_by(Host.id)))
    day = (at + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    visits = [
        {
            "id": number, "ref": f"M{number:06d}", "status": "confirmed", "language": LANGUAGES[number % 3],
            "submitted_at": at, "organisation": f"City of {number}", "contact_name": f"Visitor {number}",
            "contact_email": f"visitor{number}@example.org", "lead_host_id": host_ids[number % len(host_ids)],
        }
        for number in range(1, mails + 1)
    ]  # fmt: skip
    stops = [
        {
            "uid": f"{visit['id']}.{stop}@bench", "visit_id": visit["id"], "host_id": visit["lead_host_id"],
            "title": "A tour of the plant", "place_text": "Strandgaten 1", "starts_at": day + timedelta(hours=2 * stop),
            "ends_at": day + timedelta(hours=2 * stop + 1), "status": "confirmed", "created_at": at, "changed_at": at,
        }
        for visit in visits
        for stop in range(3)
    ]  # fmt: skip
    db.session.execute(insert(Visit), visits)
    db.session.execute(insert(Appointment), stops)
    db.session.commit()


def make_due(app: Flask, mails: int) -> None:
    """A mail for each visit, due now, as the reminders make it."""
    with app.app_context():
        at = now()
        again = db.session.scalar(select(func.count()).select_from(Notification)) or 0
        day = (at + timedelta(days=1)).astimezone(UTC).date().isoformat()
        for visit in db.session.scalars(select(Visit).limit(mails)).all():
            (visitor,) = visitor_of(visit)
            key = f"{visit.id}.{again}"
            put("day-before", visitor, visit=visit, key=key, about={"day": day}, due_at=at, at=at)
        db.session.commit()


def a_mail(app: Flask, server: Sink) -> bytes:
    """One mail of ours, as its bytes came over the wire."""
    with app.app_context():
        letter = outbox.take(claims.due_ids(at=now())[0], at=now())
        assert letter is not None
        db.session.rollback()
        return as_bytes(letter)


def bare_rate(server: Sink, mails: int, data: bytes) -> float:
    """smtplib alone, one kept connection."""
    head, _, rest = data.partition(b"Message-ID: <")
    with smtplib.SMTP("127.0.0.1", server.port, timeout=30) as connection:
        for number in range(mails):
            mail = head + b"Message-ID: <" + str(number).encode() + rest
            connection.sendmail("vertskap@example.org", [f"visitor{number}@example.org"], mail)
    return server.rate(mails)


def sent_rate(server: Sink, url: str, mails: int, *, senders: int) -> float:
    """The command that sends, so many times at once."""
    environment = os.environ | {
        "DATABASE_URL": url,
        "SMTP_URL": f"smtp://127.0.0.1:{server.port}",
        "SECRET_KEY": "bench",
    }
    command = [FLASK, "--app", "wsgi", "outbox-run"]
    running = [subprocess.Popen(command, cwd=ROOT, env=environment) for _ in range(senders)]
    assert [one.wait() for one in running] == [0] * senders
    return server.rate(mails)


def compared(name: str, rate: float, against: float, bar: float) -> dict[str, float]:
    """One line, and what is kept of it."""
    ratio = rate / against
    print(f"{name:12} {rate:6.1f} mails a second  {ratio:5.2f} ×{'' if ratio >= bar else '  MISSED'}", flush=True)
    return {"rate": round(rate, 1), "ratio": round(ratio, 2)}


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    main(*(given + [MAILS, MANY][len(given) :]))
