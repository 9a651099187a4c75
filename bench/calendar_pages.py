"""The month page over 1,000,000 appointments against the same page over 10,000, on SQLite and on PostgreSQL.

Run: .venv/bin/python bench/calendar_pages.py [number of appointments, default 1000000 [folder to keep SQLite's files]]
The month shown holds the same stops both times; all others lie in other months of 22 years. A page counts as the same
when its HTML is, but for the forms' tokens. Only the ratios mean something on another machine.
"""

from __future__ import annotations

import json
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, make_url, select

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app import create_app
from app.extensions import db
from app.people.models import Host, Place, User
from app.people.users import create_user, find_user
from tests.harness.engines import plain_url, start_postgres

FEW, MANY, SHOWN, RUNS, BAR = 10_000, 1_000_000, 300, 25, 1.5
MONTH = datetime(2027, 5, 1, tzinfo=UTC)
FIRST, LAST = datetime(2016, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
STOPS_A_VISIT = 10
VISIT = ("id", "ref", "status", "version", "source", "language", "submitted_at", "organisation", "lead_host_id")
STOP = ("id", "uid", "visit_id", "host_id", "contact_id", "place_id", "title", "starts_at", "ends_at", "status")
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
Row = tuple[object, ...]


def main(many: int, kept: str) -> None:
    """Both engines; prints the ratios and keeps them in bench/calendar_pages.json."""
    found: dict[str, object] = {"appointments": [FEW, many], "in the month": SHOWN, "bar": BAR}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(kept or folder)
        found["sqlite"] = measure(*(f"sqlite:///{place}/calendar-{count}.sqlite" for count in (FEW, many)), many=many)
        found["postgresql"] = measure(*postgres_databases(many), many=many)
    Path(__file__).with_suffix(".json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def postgres_databases(many: int) -> Iterator[str]:
    """Two fresh databases on one server."""
    server = start_postgres()
    for count in (FEW, many):
        with psycopg.connect(plain_url(server), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE calendar_{count} TEMPLATE template0")
        yield make_url(server).set(database=f"calendar_{count}").render_as_string(hide_password=False)


def measure(few_url: str, many_url: str, *, many: int) -> dict[str, object]:
    """The same pages from two databases, read in turn: whatever else the machine does meets both alike."""
    few, much = prepared(few_url, FEW), prepared(many_url, many)
    return {name: compared(many_url, name, *read_in_turn(few, much, name)) for name in few.pages}


@dataclass(frozen=True, slots=True)
class Filled:
    """An application on a filled database, its pages and who reads them."""

    app: Flask
    pages: dict[str, tuple[str, str]]
    sessions: dict[str, str]


def prepared(url: str, count: int) -> Filled:
    """The application with that many appointments; a SQLite file that is there already is taken as it is."""
    is_there = url.startswith("sqlite") and Path(url.removeprefix("sqlite:///")).exists()
    settings = {"TESTING": True, "WTF_CSRF_ENABLED": True, "SECRET_KEY": "bench", "TRUSTED_HOSTS": None}
    app = create_app({**settings, "SQLALCHEMY_DATABASE_URI": url})
    with app.app_context():
        assert app.test_cli_runner().invoke(args=["setup", "--quiet"]).exit_code == 0
    learn_fixed(app)
    pages, sessions = world(app)
    if not is_there:
        fill(app, url, 0, count)
    return Filled(app, pages, sessions)


def world(app: Flask) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """A coordinator and a member; the pages to measure, and by whom each is read."""
    with app.app_context():
        host = db.session.scalars(select(Host).where(Host.id == hosts()[0])).one()
        address = "{}@bench.example.org"
        if find_user(address.format("kari")) is None:
            create_user(address.format("kari"), name="Kari", coordinator=True, at=MONTH)
            create_user(address.format("ola"), name="Ola", hosts=(host.slug,), at=MONTH)
            db.session.commit()
        kari, ola = (find_user(address.format(name)) for name in ("kari", "ola"))
        assert kari is not None
        assert ola is not None
        sessions = {"kari": kari.get_id(), "ola": ola.get_id()}
        date = "date=2027-05"
        return {
            "everything, coordinator": (f"/calendar?{date}", "kari"),
            "everything, a host's member": (f"/calendar?{date}", "ola"),
            "a host": (f"/calendar/hosts/{host.id}?{date}", "kari"),
            "a place, a host's member": (f"/calendar/places/{places()[0]}?{date}", "ola"),
            "a person": (f"/calendar/people/{ola.id}?{date}", "kari"),
        }, sessions


def hosts() -> list[int]:
    """Ids of the city's hosts."""
    return list(db.session.scalars(select(Host.id).order_by(Host.id)))


def places() -> list[int]:
    """Ids of the city's places."""
    return list(db.session.scalars(select(Place.id).order_by(Place.id)))


def fill(app: Flask, url: str, done: int, count: int) -> None:
    """Appointments number `done` up to `count`, and a visit for every ten, by COPY or executemany."""
    with app.app_context():
        known = (hosts(), places(), db.session.scalars(select(User.id).where(User.name == "Ola")).one())
        db.session.remove()
        db.engine.dispose()
    visits = visit_rows(done // STOPS_A_VISIT, count // STOPS_A_VISIT, known[0])
    stops = stop_rows(done, count, *known)
    begun = time.perf_counter()
    if url.startswith("sqlite"):
        fill_sqlite(url.removeprefix("sqlite:///"), visits, stops)
    else:
        fill_postgres(url, visits, stops)
    print(
        f"{url.split(':')[0]}: {count - done} appointments written in {time.perf_counter() - begun:.0f} s", flush=True
    )


def visit_rows(first: int, last: int, host_ids: list[int]) -> Iterator[Row]:
    """Confirmed visits, led by the hosts in turn."""
    for number in range(first, last):
        lead = host_ids[number % len(host_ids)]
        yield number + 1, f"B{number:06d}", "confirmed", 1, "import", "en", MONTH, f"City of {number}", lead


def stop_rows(first: int, last: int, host_ids: list[int], place_ids: list[int], contact: int) -> Iterator[Row]:
    """The first ones stand in the month shown, the others in every other month; only the former have a contact."""
    for number in range(first, last):
        in_month = number < SHOWN
        starts_at = MONTH + timedelta(days=number % 28 + 1, hours=6 + number // 28) if in_month else elsewhere(number)
        own = contact if in_month and number < 28 else None
        host_id, place_id = host_ids[number % len(host_ids)], place_ids[number % len(place_ids)]
        times = (starts_at, starts_at + timedelta(minutes=45))
        yield (
            number + 1,
            f"{number}@bench",
            number // STOPS_A_VISIT + 1,
            host_id,
            own,
            place_id,
            "Tour",
            *times,
            "confirmed",
        )


def elsewhere(number: int) -> datetime:
    """Evenly over the years, never within a week of the month shown."""
    moment = FIRST + timedelta(minutes=(number * 7919 * 15) % ((LAST - FIRST).days * 1440))
    near = MONTH - timedelta(days=14) < moment < MONTH + timedelta(days=45)
    return moment + timedelta(days=90) if near else moment


def statement(table: str, columns: tuple[str, ...], stamps: tuple[str, ...], fixed: dict[str, str], mark: str) -> str:
    """One INSERT; what every row has alike stands in it as text."""
    names = [*columns, *fixed, *stamps]
    values = [*[mark] * len(columns), *fixed.values(), *["'2026-01-01 08:00:00'"] * len(stamps)]
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(values)})"


def fill_sqlite(path: str, visits: Iterator[Row], stops: Iterator[Row]) -> None:
    """One transaction, with room for all its pages in memory: otherwise they are written again and again."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA cache_size = -1000000")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executemany(insert_visit("?"), (plain(row) for row in visits))
        connection.executemany(insert_stop("?"), (plain(row) for row in stops))
    connection.close()


def plain(row: Row) -> Row:
    """Moments as SQLAlchemy writes them to SQLite."""
    return tuple(f"{cell:%Y-%m-%d %H:%M:%S}.000000" if isinstance(cell, datetime) else cell for cell in row)


def insert_visit(mark: str) -> str:
    """A visit with the columns that may not be empty."""
    return statement("visit", VISIT, (), VISIT_FIXED, mark)


def insert_stop(mark: str) -> str:
    """A stop with the columns that may not be empty."""
    return statement("appointment", STOP, ("created_at", "changed_at"), STOP_FIXED, mark)


def fill_postgres(url: str, visits: Iterator[Row], stops: Iterator[Row]) -> None:
    """COPY into a table without constraints, one INSERT from there, then what autovacuum does: ANALYZE."""
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        for table, columns, rows, fixed, stamps in (
            ("visit", VISIT, visits, VISIT_FIXED, ()),
            ("appointment", STOP, stops, STOP_FIXED, ("created_at", "changed_at")),
        ):
            names = ", ".join(columns)
            connection.execute(f"CREATE TEMP TABLE fresh AS SELECT {names} FROM {table} WITH NO DATA")
            with connection.cursor().copy(f"COPY fresh ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            more = [*fixed.values(), *["timestamptz '2026-01-01 08:00Z'"] * len(stamps)]
            into = ", ".join([names, *fixed, *stamps])
            connection.execute(f"INSERT INTO {table} ({into}) SELECT {', '.join([names, *more])} FROM fresh")
            connection.execute("DROP TABLE fresh")
        connection.execute("ANALYZE")


VISIT_FIXED: dict[str, str] = {}
STOP_FIXED: dict[str, str] = {}


def learn_fixed(app: Flask) -> None:
    """What the other columns that may not be empty get: the neutral value of their type."""
    with app.app_context():
        for table, given, fixed in (
            ("visit", VISIT, VISIT_FIXED),
            ("appointment", (*STOP, "created_at", "changed_at"), STOP_FIXED),
        ):
            for column in db.metadata.tables[table].columns:
                if column.nullable or column.name in given:
                    continue
                kind = column.type.python_type if column.type.__class__.__name__ != "JSON" else dict
                empty = {str: "''", int: "0", float: "0", bool: "false", dict: "'[]'"}
                fixed[column.name] = "'accepted'" if column.name == "answer" else empty[kind]


Read = tuple[float, int, str]


def read_in_turn(few: Filled, much: Filled, name: str) -> tuple[Read, Read]:
    """Of both the median seconds, how many statements the page sends, and its text."""
    clients = [signed_in(one, name) for one in (few, much)]
    path = few.pages[name][0]
    texts = [TOKEN.sub("", [body(client, path) for _ in range(3)][-1]) for client in clients]
    statements = [counted(one.app, client, path) for one, client in zip((few, much), clients, strict=True)]
    taken: list[list[float]] = [[], []]
    for _ in range(RUNS):
        for client, times in zip(clients, taken, strict=True):
            begun = time.perf_counter()
            body(client, path)
            times.append(time.perf_counter() - begun)
    first, second = ((statistics.median(taken[at]), statements[at], texts[at]) for at in (0, 1))
    return first, second


def signed_in(one: Filled, name: str) -> FlaskClient:
    """A browser of the page's reader."""
    client = one.app.test_client()
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": one.sessions[one.pages[name][1]], "_fresh": True})
    return client


def counted(app: Flask, client: FlaskClient, path: str) -> int:
    """How many statements the page sends."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, words: str, *_others: object) -> None:
        statements.append(words)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    body(client, path)
    event.remove(engine, "before_cursor_execute", note)
    return len(statements)


def body(client: FlaskClient, path: str) -> str:
    """The page's HTML."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return answer.text


def compared(url: str, name: str, few: Read, much: Read) -> dict[str, object]:
    """One line, and what is kept of it."""
    engine, ratio = url.split(":")[0].split("+")[0], much[0] / few[0]
    same = few[2] == much[2]
    words = "same page" if same else "ANOTHER PAGE"
    print(
        f"{engine:11} {name:28} {few[0] * 1000:8.1f} ms {much[0] * 1000:8.1f} ms  {ratio:5.2f} ×  "
        f"{few[1]} and {much[1]} statements, {words}{'' if ratio <= BAR and same else '  MISSED'}",
        flush=True,
    )
    return {
        "few ms": round(few[0] * 1000, 1),
        "many ms": round(much[0] * 1000, 1),
        "ratio": round(ratio, 2),
        "statements": [few[1], much[1]],
        "same page": same,
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY, sys.argv[2] if len(sys.argv) > 2 else "")
