"""policy.json and the routes agree, and the application does not start while they do not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.web import policy

pytestmark = pytest.mark.one_engine


@pytest.fixture
def written(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], None]:
    """Lay another file in the place of policy.json: the true entries with these changes; None takes one away."""

    def lay(changes: dict[str, Any]) -> None:
        entries = {**policy.policy_of(app), **changes}
        path = tmp_path / "policy.json"
        path.write_text(json.dumps({route: roles for route, roles in entries.items() if roles is not None}))
        monkeypatch.setattr(policy, "path_of", lambda _app: path)

    return lay


def test_file_lists_every_route_with_who_may_use_it(app: Flask) -> None:
    assert policy.disagreements(app) == []
    assert policy.policy_of(app)["GET /triage"] == ["coordinator"]
    assert policy.policy_of(app)["POST /visits/<string:ref>/claim"] == ["host", "coordinator"]


def test_writing_makes_them_agree(app: Flask, written: Callable[[dict[str, Any]], None]) -> None:
    written({"GET /triage": None})
    assert policy.disagreements(app) == ["GET /triage: the file says None, the code ['coordinator']"]
    policy.write_policy(app)
    assert policy.disagreements(app) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"GET /triage": None}, "GET /triage"),
        ({"GET /triage": ["anyone"]}, "GET /triage"),
        ({"POST /forgotten": ["anyone"]}, "POST /forgotten"),
    ],
    ids=["an entry is missing", "an entry is wider", "an entry has no route"],
)
def test_app_does_not_start_while_they_differ(
    app: Flask, written: Callable[[dict[str, Any]], None], changes: dict[str, Any], named: str
) -> None:
    written(changes)
    with pytest.raises(policy.PolicyError, match=named):
        create_app({"TESTING": True})


def test_app_does_not_start_without_the_file(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "path_of", lambda _app: tmp_path / "none.json")
    with pytest.raises(policy.PolicyError, match="cannot be read"):
        create_app({"TESTING": True})
