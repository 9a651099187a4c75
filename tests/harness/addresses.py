"""An address for every route, with a visit, people and links behind it, so that tests can walk through all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.core.time import now
from app.people.links import mint_link
from app.strategy.models import Counterpart, Goal, Occasion, Theme
from tests import cast
from tests.factories import make_visit

Store = Callable[[], AbstractContextManager[Session]]


@dataclass
class Samples:
    """Values for the parameters of addresses, taken from a visit that has come far."""

    values: dict[str, object]
    users: dict[str, str]

    def address(self, app: Flask, rule: Rule) -> str | None:
        """An address of that rule, or None when nobody said what its parameters may be."""
        arguments = {}
        for name in rule.arguments:
            choices = getattr(rule._converters[name], "items", None)
            value = next(iter(choices)) if choices else self._value(rule, name)
            if value is None:
                return None
            arguments[name] = value
        with app.test_request_context():
            return app.url_for(rule.endpoint, **arguments)

    def _value(self, rule: Rule, name: str) -> object | None:
        door = rule.endpoint.split(".")[0]
        return self.values.get(f"{door}.{name}", self.values.get(name))


@pytest.fixture
def samples(store: Store) -> Samples:
    with store() as session:
        kari, ada, ola, siri = cast.bring(cast.KARI, cast.ADA, cast.OLA, cast.SIRI)
        visit = make_visit("confirmed", user=ola)
        values: dict[str, object] = {
            "ref": visit.ref,
            "visitor.token": mint_link("visit", visit.id, at=now()),
            "account.token": mint_link("sign-in", kari.id, at=now()),
            "feeds.token": "no-such-feed",
            "feed_id": 1,
            "user_id": ola.id,
            "appointment_id": visit.appointments[0].id,
            "message_id": 1,
            "counterpart_id": session.scalars(select(Counterpart.id)).first(),
            "occasion_id": session.scalars(select(Occasion.id)).first() or 1,
            "place_id": 1,
            "goal_id": session.scalars(select(Goal.id)).first(),
            "slug": session.scalars(select(Theme.slug)).first(),
            "reports.name": "goals",
            "other_ref": visit.ref,
            "year": 2027,
            "month": 5,
            "notification_id": 1,
        }
        users = {"coordinators": kari.get_id(), "administrators": ada.get_id(), "hosts": ola.get_id()}
        users["other-host"] = siri.get_id()
    return Samples(values, users)


def rules(app: Flask, *methods: str) -> Iterator[Rule]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint != "static" and (rule.methods or set()) & set(methods):
            yield rule
