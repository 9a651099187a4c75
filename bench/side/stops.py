"""Appointments by the million, and a visit for every ten, written past the application by each engine's fastest way."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.people.models import Host, Place, User
from tests.harness.engines import plain_url

SHOWN = 300  # appointments in the month that is looked at
MONTH = datetime(2027, 5, 1, tzinfo=UTC)
FIRST, LAST = datetime(2016, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
STOPS_A_VISIT = 10
VISIT = ("id", "ref", "status", "version", "source", "language", "submitted_at", "organisation", "lead_host_id")
STOP = ("id", "uid", "visit_id", "host_id", "contact_id", "place_id", "title", "starts_at", "ends_at", "status")
VISIT_FIXED: dict[str, str] = {}
STOP_FIXED: dict[str, str] = {}
Row = tuple[object, ...]


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
