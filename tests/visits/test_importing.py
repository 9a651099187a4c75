"""Requests from a file: all of the open cases come in whole, routed and silent; a broken file changes nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.visits.importing import ImportFileError, read_requests
from app.visits.models import Activity, Visit
from tests.conftest import run_flask
from tests.harness.engines import ScratchDatabase

CASES = Path(__file__).parents[1] / "cases" / "open.jsonl"
GOOD: dict[str, Any] = {
    "organisation": "Kaunas City Museum",
    "organisation_type": "cultural-institution",
    "country": "LT",
    "purpose": "How you show the Hansa to children.",
    "themes": ["archives"],
    "submitted_on": "2027-01-18",
}


@dataclass(frozen=True)
class Imported:
    """One case as it stands in the database, with the request it came from and the line that was printed."""

    request: dict[str, Any]
    printed: dict[str, Any]
    visit: dict[str, Any]

    @property
    def flags(self) -> list[str]:
        """What routing warns of."""
        return [flag["code"] for flag in self.visit["routing"]["flags"]]


@pytest.fixture(scope="module")
def imported(prepared_app: Flask, database: ScratchDatabase) -> dict[str, Imported]:
    with prepared_app.app_context():
        db.engine.dispose()
    database.restore()
    lines = [json.loads(line) for line in run_flask(prepared_app, "import-visits", str(CASES)).splitlines()]
    requests = {case["id"]: case["request"] for case in map(json.loads, CASES.read_text("utf-8").splitlines())}
    with prepared_app.app_context():
        visits = {visit.ref: facts(visit) for visit in db.session.scalars(select(Visit))}
    return {line["id"]: Imported(requests[line["id"]], line, visits[line["ref"]]) for line in lines}


def facts(visit: Visit) -> dict[str, Any]:
    return {
        "status": visit.status,
        "decision": visit.decision,
        "routing": visit.routing,
        "offers": sorted((o.host.slug, o.part) for o in visit.offers if o.status == "open"),
        "goals": [link.goal.slug for link in visit.goal_links],
        "partnerships": {link.partnership.slug for link in visit.partnership_links},
        "occasion": visit.occasion.slug if visit.occasion else None,
        "texts": (visit.wanted_hosts, visit.relation, visit.event, visit.previous_visit),
        "source": visit.source,
        "unannounced": [a.verb for a in visit.activities if a.announced_at is None],
    }


def a_line(number: int = 1, **changes: Any) -> str:
    request = {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}
    return json.dumps({"id": f"T{number}", "request": request})


def test_all_cases_are_imported_in_the_order_they_were_sent(imported: dict[str, Imported]) -> None:
    assert len(imported) == 56
    sent = [one.request["submitted_on"] for one in imported.values()]
    assert sent == sorted(sent)
    assert {one.visit["source"] for one in imported.values()} == {"import"}


def test_each_case_has_a_decision_with_its_reasons(imported: dict[str, Imported]) -> None:
    for name, one in imported.items():
        routing = one.visit["routing"]
        reasons = [item["reasons"] for item in (*routing["ranked"], *routing["flags"])]
        assert one.visit["decision"] in ("route", "coordinator-review", "suggest-decline"), name
        assert one.printed["decision"] == one.visit["decision"], name
        assert reasons, name
        assert all(reasons), name


def test_routed_cases_are_offered_and_linked_to_goals_and_others_wait(imported: dict[str, Imported]) -> None:
    routed = {name: one for name, one in imported.items() if one.visit["decision"] == "route"}
    assert len(routed) >= 30
    for name, one in imported.items():
        parts = [part for _, part in one.visit["offers"]]
        most = (1 if one.visit["routing"]["sure"] else 3) if name in routed else 0
        assert min(most, 1) <= parts.count("lead") <= most, name
        assert one.visit["status"] == ("offered" if name in routed else "received"), name
        assert sorted((o["host"], o["part"]) for o in one.printed["offers"]) == one.visit["offers"], name
    assert [name for name, one in routed.items() if not one.visit["goals"]] == []


def test_what_was_typed_freely_stays_as_text(imported: dict[str, Imported]) -> None:
    names = ("wanted_hosts", "relation", "event", "previous_visit")
    for name, one in imported.items():
        typed = tuple(one.request.get(key) or ([] if key == "wanted_hosts" else "") for key in names)
        assert one.visit["texts"] == typed, name


def test_networks_and_events_are_recognised_beside_their_text(imported: dict[str, Imported]) -> None:
    named = [one for one in imported.values() if one.request.get("event") and "linked-event" in one.flags]
    related = [one for one in imported.values() if one.request.get("relation") and "network" in one.flags]
    assert named
    assert related
    assert [one.printed["id"] for one in named if one.visit["occasion"] is None] == []
    assert [one.printed["id"] for one in related if not one.visit["partnerships"]] == []


def test_nobody_gets_mail_about_imported_visits(imported: dict[str, Imported]) -> None:
    assert [name for name, one in imported.items() if one.visit["unannounced"]] == []


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("{", "Expecting"),
        ("[1, 2]", "no object with a request"),
        ('{"id": "X"}', "'request' is missing"),
        ('{"id": "X", "request": null}', "no object with a request"),
        ('{"request": {}}', "'id' is missing"),
        (a_line(9, organisation=...), "'organisation' is missing"),
        (a_line(9, organisation="\u202e \u0007"), "'organisation' is missing"),
        (a_line(9, submitted_on=...), "'submitted_on' is missing"),
        (a_line(9, submitted_on="18.01.2027"), "Invalid isoformat"),
        (a_line(9, preferred_from="soon"), "Invalid isoformat"),
        (a_line(9, group_size="many"), "could not convert"),
        (a_line(9, group_size=10**30), "group_size is not between"),
        (a_line(9, duration_hours=-1), "duration_hours is not between"),
        (a_line(9, languages="en"), "languages is no list"),
        (a_line(9, head_of_delegation="The King"), "has no attribute"),
        (a_line(1), "id T1 stands twice"),
    ],
)
def test_a_broken_line_is_refused_with_its_number(broken: str, reason: str) -> None:
    with pytest.raises(ImportFileError, match=f"line 4: .*{reason}"):
        read_requests([a_line(1), "\n", a_line(2), broken])


def test_a_broken_file_changes_nothing(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "requests.jsonl"
    file.write_text("\n".join([a_line(1), a_line(2, group_size="many")]), encoding="utf-8")
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["import-visits", str(file)])
    assert result.exit_code == 1
    assert "line 2" in result.output
    assert "Nothing was imported" in result.output
    with app.app_context():
        counts = [db.session.scalar(select(func.count()).select_from(table)) for table in (Visit, Activity)]
    assert counts == [0, 0]
