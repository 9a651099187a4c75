"""Every route: who may use it, how its address looks, and that reading a page changes nothing."""

from __future__ import annotations

import re
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.web import access
from tests.harness.addresses import Samples, Store, rules
from tests.harness.web import CarefulClient

# What a page may write while it is read: stored feed bodies, when a feed was fetched, who read what, rate counters.
TECHNICAL = {"feed_body", "feed_part", "feed_fetch", "access_log", "rate_counter"}
TECHNICAL_COLUMNS = {("feed", "last_fetched_at"), ("feed", "last_fetched_by")}
SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?")
PARAMETER = re.compile(r"<[a-z]+(\(.*\))?:[a-z_]+>(\.[a-z]+)?(/[a-z-]+)?")
HARMLESS = ("GET", "HEAD", "OPTIONS")


def contents(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that pages may not touch."""
    return {name: rows(session, table) for name, table in db.metadata.tables.items() if name not in TECHNICAL}


def rows(session: Session, table: Table) -> list[tuple[object, ...]]:
    columns = [column for column in table.columns if (table.name, column.name) not in TECHNICAL_COLUMNS]
    return sorted((tuple(row) for row in session.execute(select(*columns))), key=repr)


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    assert access.undeclared(app) == []


def test_app_refuses_to_start_with_a_route_that_says_nothing(app: Flask) -> None:
    bare = Flask("bare")
    bare.add_url_rule("/open-by-mistake", "open_by_mistake", lambda: "")
    with pytest.raises(RuntimeError, match="open_by_mistake"):
        access.init_app(bare)


def test_addresses_are_kebab_case_and_their_parameters_typed(app: Flask) -> None:
    wrong = [
        rule.rule
        for rule in rules(app, "GET", "POST")
        for part in re.split(r"/(?![^<]*>)", rule.rule.strip("/"))
        if part and not SEGMENT.fullmatch(part) and not PARAMETER.fullmatch(part)
    ]
    assert wrong == []


def test_numbers_in_addresses_fit_the_column_on_every_engine(app: Flask) -> None:
    assert [rule.rule for rule in rules(app, "GET", "POST") if "<int:" in rule.rule] == []


def test_every_address_can_be_tried(app: Flask, samples: Samples) -> None:
    assert [rule.rule for rule in rules(app, "GET", "POST") if not samples.addresses(app, rule)] == []


def test_strangers_are_asked_to_sign_in(app: Flask, samples: Samples) -> None:
    client, wrong = app.test_client(), {}
    for rule in rules(app, "GET", "POST"):
        if access.rule_of(app, rule.endpoint) in ("everyone", "link"):
            continue
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = client.open(samples.addresses(app, rule)[0], method=method)
        expected = 302 if method == "GET" else 403
        if answer.status_code != expected or (expected == 302 and not answer.location.startswith("/sign-in?")):
            wrong[f"{method} {rule.rule}"] = answer.status
    assert wrong == {}


@pytest.mark.parametrize(
    ("reader", "closed"),
    [("hosts", ("coordinators", "administrators")), ("coordinators", ("administrators",))],
)
def test_roles_end_where_they_should(app: Flask, samples: Samples, reader: str, closed: tuple[str, ...]) -> None:
    client: CarefulClient = app.test_client()  # type: ignore[assignment]
    client.sign_in(samples.users[reader])
    wrong = {}
    for rule in rules(app, "GET", "POST"):
        if access.rule_of(app, rule.endpoint) in closed:
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            answer = client.open(samples.addresses(app, rule)[0], method=method)
            if answer.status_code != 403:
                wrong[f"{method} {rule.rule}"] = answer.status
    assert wrong == {}


@pytest.mark.parametrize("reader", ["coordinators", "administrators", "hosts", "other-host", "nobody"])
def test_reading_pages_changes_nothing(app: Flask, store: Store, samples: Samples, reader: str) -> None:
    client: CarefulClient = app.test_client()  # type: ignore[assignment]
    if reader != "nobody":
        client.sign_in(samples.users[reader])
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with store() as session:
        before = contents(session)
    failed = {}
    for rule in rules(app, *HARMLESS):
        methods = set(rule.methods or ()) & set(HARMLESS)
        for address, method in product(samples.addresses(app, rule), methods):
            answer = client.open(address, method=method)
            if answer.status_code >= 500:
                failed[f"{method} {address}"] = answer.status
    with store() as session:
        after = contents(session)
    assert failed == {}
    assert {name for name in before if before[name] != after[name]} == set()
