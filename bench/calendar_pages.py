"""The month page over 1,000,000 appointments against the same page over 10,000, on SQLite and on PostgreSQL.

Run: .venv/bin/python bench/calendar_pages.py [number of appointments, default 1000000 [folder to keep SQLite's files]]
The month shown holds the same stops both times; all others lie in other months of 22 years. A page counts as the same
when its HTML is, but for the forms' tokens. Only the ratios mean something on another machine.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, make_url, select

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app import create_app
from app.extensions import db
from app.people.models import Host
from app.people.users import create_user, find_user
from bench.side.stops import MONTH, SHOWN, fill, hosts, learn_fixed, places
from tests.harness.engines import plain_url, start_postgres

FEW, MANY, RUNS, BAR = 10_000, 1_000_000, 25, 1.5
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


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
