"""Rows AZ-2 and AZ-3: who may open what, against policy.json, and that a foreign object is as good as none."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect, Rule
from werkzeug.test import TestResponse

from app.extensions import db
from app.web import access
from tests.harness.addresses import Samples
from tests.harness.web import CarefulClient

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NOBODY = {"anyone", "link holder"}
ROLES = {
    "anonymous": NOBODY,
    "visit link A": NOBODY,
    "visit link B": NOBODY,
    "feed link": NOBODY,
    "deactivated": NOBODY,
    "host 1": NOBODY | {"signed in", "host"},
    "host 2": NOBODY | {"signed in", "host"},
    "coordinator": NOBODY | {"signed in", "coordinator"},
    "administrator": NOBODY | {"signed in", "administrator"},
}
PEOPLE = {"host 1": "h1a", "host 2": "h2a", "coordinator": "c1", "administrator": "admin", "deactivated": "gone"}
CANARY = re.compile(r"cnry-(\w+)-\w+-[0-9a-f]{8}", re.I)
RANDOM = 30


@dataclass
class World:
    """The seeded world, addresses into it, and browsers for its people."""

    app: Flask
    told: dict[str, Any]
    values: dict[str, list[object]]

    def browser(self, principal: str) -> CarefulClient:
        client: Any = self.app.test_client()
        who = PEOPLE.get(principal)
        return client.sign_in(self.told["people"][who]["session"]) if who else client

    def token(self, visit: str) -> str:
        return str(self.told["visits"][visit]["url"].rsplit("/", 1)[1])

    def address(self, rule: Rule, **changes: object) -> str | None:
        """An address of that rule with the world's values, these ones changed; None where one is not known."""
        names = {name: changes.get(name, self._value(rule, name)) for name in rule.arguments}
        if None in names.values():
            return None
        with self.app.test_request_context():
            return self.app.url_for(rule.endpoint, **names)

    def _value(self, rule: Rule, name: str) -> object:
        return next(iter(Samples(self.values, {})._choices(rule, name)), None)


@pytest.fixture
def world(app: Flask, samples: Samples, flask_command: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> World:
    """Nothing that a request does is kept, so that every request meets the same world."""
    told = json.loads(flask_command("seed-acceptance", "--json"))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    confirmed = told["visits"]["v5"]
    values = samples.values | {
        "ref": [confirmed["ref"]],
        "visitor.token": [confirmed["url"].rsplit("/", 1)[1]],
        "appointment_id": [confirmed["appointments"][0]["id"]],
        "feeds.token": [told["feeds"][0]["url"].rsplit("/", 1)[1].removesuffix(".ics")],
        "delegate_id": [told["delegates"]["v5d1"]["id"]],
    }
    monkeypatch.setattr(db.session, "commit", db.session.flush)
    return World(app, told, values)


def rules(app: Flask) -> Iterator[Rule]:
    known = (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")
    yield from sorted(known, key=lambda rule: rule.rule)


def expected(app: Flask, policy: dict[str, list[str]], path: str, method: str, roles: set[str]) -> str:
    """What the file says of this cell: "405", "in" or "out"."""
    adapter = app.url_map.bind("localhost")
    try:
        rule, _values = adapter.match(path.partition("?")[0], method, return_rule=True)
    except MethodNotAllowed:
        return "405"
    except (NotFound, RequestRedirect):
        return "404"
    listed = [policy.get(f"{known} {rule.rule}", []) for known in rule.methods or ()]
    return "in" if any(roles & set(one) for one in listed) else "out"


def is_out(answer: TestResponse) -> bool:
    """Refused at the door: sent to sign in, or forbidden."""
    return answer.status_code == 403 or (answer.status_code == 302 and answer.location.startswith("/sign-in?"))


def deviation(answer: TestResponse, wanted: str) -> bool:
    """Whether the answer is not what the file says; behind the door a view may still say 403 for its object."""
    if wanted == "405":
        return answer.status_code != 405
    if wanted == "out":
        return not is_out(answer)
    return answer.status_code >= 500 or (answer.status_code == 302 and answer.location.startswith("/sign-in?"))


def test_every_rule_lets_in_exactly_whom_policy_json_names(world: World, figures: Callable[..., None]) -> None:
    policy = json.loads((Path(world.app.root_path) / "policy.json").read_text())
    cells, wrong = 0, {}
    for rule, principal, method in product(list(rules(world.app)), ROLES, METHODS):
        second = principal == "visit link B" and rule.endpoint.startswith("visitor.") and "token" in rule.arguments
        path = world.address(rule, token=world.token("v6")) if second else world.address(rule)
        if path is None:
            continue
        answer = world.browser(principal).open(path, method=method)
        cells += 1
        if deviation(answer, wanted := expected(world.app, policy, path, method, ROLES[principal])):
            wrong[f"{principal}: {method} {rule.rule}"] = f"{answer.status}, not {wanted}"
    figures("AZ-2", cells=cells, deviations=len(wrong))
    assert wrong == {}
    assert cells >= 1_500


# ------------------------------------------------------------------------------------------------------------ swaps


def swaps(world: World, rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Each parameter of the rule with every foreign value and with ones that do not exist: name, kind, address."""
    foreign: dict[str, list[object]] = {
        "ref": [world.told["visits"][word]["ref"] for word in ("v1", "v4", "v6")],
        "appointment_id": [one["id"] for word in ("v4", "v6") for one in world.told["visits"][word]["appointments"]],
        "delegate_id": [one["id"] for one in world.told["delegates"].values() if one["visit"] in ("v4", "v6")],
        "feed_id": [],
    }
    for name in set(rule.arguments) & set(foreign):
        missing = [random_value(name) for _ in range(RANDOM)]
        for kind, values in (("foreign", foreign[name]), ("missing", missing)):
            for value in values:
                if (path := world.address(rule, **{name: value})) is not None:
                    yield name, kind, path


def random_value(name: str) -> object:
    if name == "ref":
        return "-".join("".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(3)) for _ in range(2))
    return secrets.randbelow(2**31 - 10**6) + 10**6


def neutral(answer: TestResponse, path: str) -> str:
    """The body without what differs anyway: the address itself or the page above it, which the choice of language leads
    back to, and tokens against forged requests."""
    text = answer.get_data(as_text=True)
    text = text.replace(path, "·").replace(quote(path, safe=""), "·").replace(quote(path), "·")
    text = re.sub(r'href="[^"]*\?lang=', 'href="·?lang=', text)
    text = re.sub(r'(name="csrf_token" value|content)="[^"]{40,}"', "", text)
    return re.sub(r"\b[0-9a-f]{8,}\b", "", text)


def leaked(world: World, answer: TestResponse) -> set[str]:
    """Words of owners whose canaries stand in the answer: what belongs to visits that host 1 never saw."""
    owners = CANARY.findall(answer.get_data(as_text=True))
    return {owner for owner in owners if owner.lower()[:2] in ("v1", "v4", "v6", "h3")}


def test_foreign_objects_are_as_good_as_missing_ones(world: World, figures: Callable[..., None]) -> None:
    browser = world.browser("host 1")
    asked, leaks, differing = 0, {}, {}
    for rule in rules(world.app):
        if access.rule_of(world.app, rule.endpoint) not in ("hosts", "signed-in"):
            continue
        answers: dict[tuple[str, str], set[tuple[int, str]]] = {}
        for (name, kind, path), method in product(list(swaps(world, rule)), set(rule.methods or ()) & {"GET", "POST"}):
            body = {"ref": path, "visit_id": 1, "appointment_id": 1, "user_id": 1} if method == "POST" else None
            answer = browser.open(path, method=method, data=body)
            asked += 1
            if found := leaked(world, answer):
                leaks[f"{method} {path}"] = found
            answers.setdefault((f"{method} {name}", kind), set()).add((answer.status_code, neutral(answer, path)))
        for what, kind in list(answers):
            together = answers[what, kind] | answers.get((what, "missing"), set())
            if kind == "foreign" and len(together) > 1:
                differing[f"{what} of {rule.rule}"] = sorted({status for status, _text in together})
    asked += _links(world, leaks)
    figures("AZ-3", requests=asked, foreign_canaries=len(leaks), differing=len(differing))
    assert (leaks, differing) == ({}, {})
    assert asked >= 2_000


def _links(world: World, leaks: dict[str, set[str]]) -> int:
    """Links of visits and feeds: one that does not exist gives nothing, one of another purpose neither."""
    asked, stranger = 0, world.browser("anonymous")
    sign_in = world.told["people"]["h3a"]["sign_in"].rsplit("/", 1)[1]
    feed = world.told["feeds"][0]["url"].rsplit("/", 1)[1].removesuffix(".ics")
    for rule in rules(world.app):
        if access.rule_of(world.app, rule.endpoint) != "link" or "token" not in rule.arguments:
            continue
        tokens = [secrets.token_urlsafe(24) for _ in range(RANDOM)]
        door = rule.endpoint.split(".")[0]
        tokens += [sign_in] * (door != "account") + [feed] * (door != "feeds")
        for token, method in product(tokens, set(rule.methods or ()) & {"GET", "POST"}):
            path = world.address(rule, token=token)
            if path is None:
                continue
            answer = stranger.open(path, method=method)
            asked += 1
            if CANARY.search(answer.get_data(as_text=True)):
                leaks[f"{method} {path}"] = {"link"}
    return asked
