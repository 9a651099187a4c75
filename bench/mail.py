"""How fast due mails leave, against a bare smtplib loop; and whether reminders cost more among a million appointments.

Run: .venv/bin/python bench/mail.py [part, default all: sqlite, postgresql or deriving [mails, default 10000
[appointments, default 1000000]]]
Every arm sends to the same local server, which answers DATA after 20 ms; its clock measures, from the first mail to
the last. The bare loop sends one ready mail again and again over one kept connection, before and after the others: its
mean counts. What a mail costs the processor is printed beside the rate, of the sender, of PostgreSQL and of the server.
Only the ratios mean something on another machine. Each part renews its own figures in bench/mail.json.
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

import psutil
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
from app.strategy.models import CitySetting
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


def main(part: str, mails: int, many: int) -> None:
    """The arms of that part, or all; prints the ratios and keeps them in bench/mail.json."""
    kept = Path(__file__).with_suffix(".json")
    found = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    found["bars"] = {"one sender": BARE_BAR, "two senders": TWO_BAR, "deriving": GROWTH_BAR}
    for name in ("sqlite", "postgresql") if part == "all" else {part} - {"deriving"}:
        found[name] = {"mails": mails, **sending(name, mails)}
    if part in ("all", "deriving"):
        found["deriving"] = {"appointments": [FEW, many], **deriving(many)}
    kept.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def sending(engine: str, mails: int) -> dict[str, object]:
    """The bare loop and one sender; on PostgreSQL two as well, and the bare loop again."""
    with tempfile.TemporaryDirectory() as folder, sink() as server:
        url = f"sqlite:///{folder}/mail.sqlite" if engine == "sqlite" else postgres_database()
        app = prepared(url, mails)
        data, bare_mails = a_mail(app, server), min(mails, 1000)
        bares = [bare_rate(server, bare_mails, data)]
        one = sent(server, url, mails, senders=1)
        bares.append(bare_rate(server, bare_mails, data))
        bare = statistics.mean(bares)
        print(f"bare loop    {bare:6.1f} mails a second ({bares[0]:.1f} before, {bares[1]:.1f} after)", flush=True)
        found: dict[str, object] = {"bare": round(bare, 1), "one sender": compared(engine, one, bare, BARE_BAR)}
        if engine == "postgresql":
            make_due(app, mails)
            two = sent(server, url, mails, senders=2)
            found["two senders"] = compared("two senders", two, one["rate"], TWO_BAR)
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
        for key in ("quiet_from_hour", "quiet_until_hour"):  # the same: at whatever hour this runs, nothing is held
            db.session.merge(CitySetting(key=key, value=0))
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


def sent(server: Sink, url: str, mails: int, *, senders: int) -> dict[str, float]:
    """The command that sends, so many times at once: mails a second, and milliseconds of processor for each."""
    environment = os.environ | {
        "DATABASE_URL": url,
        "SMTP_URL": f"smtp://127.0.0.1:{server.port}",
        "SECRET_KEY": "bench",
    }
    command = [FLASK, "--app", "wsgi", "outbox-run"]
    before = {"database": processor("postgres"), "server": processor(server.process.pid)}
    running = [subprocess.Popen(command, cwd=ROOT, env=environment) for _ in range(senders)]
    ends = [os.wait4(one.pid, 0) for one in running]
    assert [code for _pid, code, _used in ends] == [0] * senders
    spent = {"sender": sum(used.ru_utime + used.ru_stime for _pid, _code, used in ends)}
    spent |= {"database": processor("postgres") - before["database"]}
    spent |= {"server": processor(server.process.pid) - before["server"]}
    return {"rate": server.rate(mails), **{f"{who} ms": 1000 * seconds / mails for who, seconds in spent.items()}}


def processor(whose: str | int) -> float:
    """Seconds of processor that these processes, by name or number, have used; what has ended counts for its parent."""
    found = psutil.process_iter(["name", "cpu_times"])
    return sum(sum(one.info["cpu_times"][:4]) for one in found if whose in (one.pid, one.info["name"]))


def compared(name: str, found: dict[str, float], against: float, bar: float) -> dict[str, float]:
    """One line, and what is kept of it."""
    ratio = found["rate"] / against
    costs = ", ".join(f"{who} {spent:.1f}" for who, spent in found.items() if who != "rate")
    missed = "" if ratio >= bar else "  MISSED"
    print(f"{name:12} {found['rate']:6.1f} mails a second  {ratio:5.2f} ×  ({costs}){missed}", flush=True)
    return {"ratio": round(ratio, 2), **{what: round(number, 1) for what, number in found.items()}}


if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) > 1 else "all"
    given = [int(word) for word in sys.argv[2:4]]
    main(chosen, *(given + [MAILS, MANY][len(given) :]))
