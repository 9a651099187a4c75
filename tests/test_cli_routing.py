"""`flask route-report` and `flask route-learn`: scoring, comparing, learning, and the refusals in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import cli_routing
from app.city.labelled import OWN, labelled_files
from app.people.actors import by_user
from app.routing.edits import WordChange
from app.strategy.edit_models import Correction, LearnedWeights
from app.strategy.words import edit_word
from app.visits import lifecycle
from app.visits.trying import Tried, learn_what_helps
from tests import cast
from tests.factories import make_visit
from tests.web.office import Store

Command = Callable[..., str]
SERVICE = {
    "id": "S1",
    "request": {
        "organisation": "City of Graz",
        "organisation_type": "city",
        "country": "AT",
        "city": "Graz",
        "submitted_on": "2027-01-11",
        "preferred_from": "2027-05-10",
        "preferred_to": "2027-05-12",
        "languages": ["en"],
        "purpose": "We should like to visit your citizen service centre and hear how its front desk works.",
    },
    "expected": {"decision": "route", "lead": ["finans-innovasjon-eierskap"], "priorities": ["3.3"], "sdgs": [16]},
}
CASES = Path(__file__).parent / "cases" / "open.jsonl"


@pytest.fixture
def few(tmp_path: Path) -> str:
    """Six labelled cases."""
    path = tmp_path / "few.jsonl"
    path.write_text("\n".join(CASES.read_text("utf-8").splitlines()[:6]), "utf-8")
    return str(path)


def failed(app: Flask, *words: str) -> str:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=list(words))
    assert result.exit_code == 1
    return result.output


def test_the_citys_own_cases_are_the_open_ones(app: Flask) -> None:
    own = labelled_files(app.config["CITY_DIR"])[OWN]
    assert own.read_bytes() == CASES.read_bytes()


def test_report_of_decisions_made_now_equals_that_of_the_same_decisions_from_a_file(
    flask_command: Command, few: str, tmp_path: Path
) -> None:
    made = str(tmp_path / "made.jsonl")
    flask_command("route", "--cases", few, "--out", made)
    from_file = flask_command("route-report", "--cases", few, "--predictions", made, "--json", "--errors")
    assert flask_command("route-report", "--cases", few, "--json", "--errors") == from_file
    report = json.loads(from_file)
    counts = report["flags"]
    counted = f"right {counts['tp']}, superfluous {counts['fp']}, missing {counts['fn']}"
    lines = flask_command("route-report", "--cases", few, "--predictions", made).splitlines()
    assert counted in next(line for line in lines if line.startswith("flags micro-F1"))
    flags = [line.split()[1] for line in lines if line.startswith("  flag ")]
    assert flags == list(report["per_flag"])
    assert flags
    assert (report["cases"], report["without_prediction"]) == (6, [])
    assert report["counts"]["decision_accuracy"][1] == 6


def test_report_names_every_error_and_what_differs(flask_command: Command, few: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    printed = flask_command(
        "route-report", "--cases", few, "--predictions", str(empty), "--against", "files", "--errors"
    )
    assert "decision             0.000  against 1.000" in printed
    assert "no prediction for O01" in printed
    assert 'O01  lead@1     expected ["byutvikling"]  got []' in printed
    assert "wrong only here: O01 lead@1" in printed
    right = [line for line in printed.splitlines() if line.startswith("right only here")]
    assert all(line.endswith("mistake") for line in right)  # who ranks nobody ranks nobody wrongly


def test_report_names_predictions_for_no_case_and_takes_numbers_written_as_text(
    flask_command: Command, few: str, tmp_path: Path
) -> None:
    made = tmp_path / "made.jsonl"
    flask_command("route", "--cases", few, "--out", str(made))
    rows = [json.loads(line) for line in made.read_text(encoding="utf-8").splitlines()]
    as_text = [{**row, "sdgs": [str(one) for one in row["sdgs"]]} for row in rows]
    made.write_text("\n".join(json.dumps(row) for row in [*as_text, {"id": "O99"}]), encoding="utf-8")
    printed = flask_command("route-report", "--cases", few, "--predictions", str(made))
    assert printed.splitlines()[-1] == "a prediction for no case: O99"
    made.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert (
        flask_command("route-report", "--cases", few, "--predictions", str(made))
        == "\n".join(printed.splitlines()[:-1]) + "\n"
    )


def test_report_compares_edited_words_with_the_files(
    app: Flask, store: Store, flask_command: Command, few: str
) -> None:
    with store():
        (kari,) = cast.bring(cast.KARI)
        edit_word("gastronomy/food-culture", "en", "sewer", weight=3.0, by=by_user(kari))
    report = json.loads(
        flask_command("route-report", "--cases", few, "--predictions", "words", "--against", "files", "--json")
    )
    assert report["cases"] == report["against"]["cases"] == 6


@pytest.mark.parametrize(
    ("written", "words"),
    [("{", "line 1: not JSON"), ('{"id": "A", "expected": {"decision": "route"}}', "A: not a request")],
)
def test_file_that_cannot_be_read_is_refused_by_line_or_case(
    app: Flask, tmp_path: Path, written: str, words: str
) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text(written)
    assert words in failed(app, "route-report", "--cases", str(path))


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ({"flags": ["nosuchflag"]}, "S1: expected.flags names the flag 'nosuchflag', which is never raised"),
        ({"priorities": ["9.9"]}, "S1: expected.priorities names the priority '9.9', which the city has not"),
        ({"sdgs": [99]}, "S1: expected.sdgs names 99; the goals are 1, 2"),
    ],
)
def test_report_refuses_labels_that_name_nothing(
    app: Flask, tmp_path: Path, labels: dict[str, list[object]], words: str
) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps({**SERVICE, "expected": {"decision": "route", **labels}}))
    assert words in failed(app, "route-report", "--cases", str(path))


@pytest.mark.parametrize("written", ['{"a":' * 100_000, "[" * 100_000])
def test_a_deeply_nested_line_is_refused_by_its_number(app: Flask, tmp_path: Path, written: str) -> None:
    path = tmp_path / "nested.jsonl"
    path.write_text(f"{json.dumps(SERVICE)}\n{written}\n")
    printed = failed(app, "route", "--cases", str(path), "--out", str(tmp_path / "made.jsonl"))
    assert "line 2: not a request" in printed


@pytest.mark.parametrize(("size", "large"), [(55, True), ("55", True), (55.0, True), ("12", False), ("", False)])
def test_size_of_the_group_counts_however_its_number_is_written(
    flask_command: Command, tmp_path: Path, size: object, large: bool
) -> None:
    path, made = tmp_path / "size.jsonl", tmp_path / "made.jsonl"
    path.write_text(json.dumps({**SERVICE, "request": {**SERVICE["request"], "group_size": size}}))  # type: ignore[dict-item]
    flask_command("route", "--cases", str(path), "--out", str(made))
    assert ("large-group" in json.loads(made.read_text())["flags"]) == large


@pytest.mark.parametrize("size", ["many", 5.5, True, [5]])
def test_size_of_the_group_that_is_no_number_is_refused(app: Flask, tmp_path: Path, size: object) -> None:
    path = tmp_path / "size.jsonl"
    path.write_text(json.dumps({**SERVICE, "request": {**SERVICE["request"], "group_size": size}}))  # type: ignore[dict-item]
    printed = failed(app, "route", "--cases", str(path), "--out", str(tmp_path / "made.jsonl"))
    assert "line 1: not a request: group_size must be a whole number" in printed


def test_learning_says_from_how_many_visits_and_can_be_taken_back(
    app: Flask, store: Store, flask_command: Command
) -> None:
    with store():
        kari, ola = cast.bring(cast.KARI, cast.OLA)
        make_visit("claimed", user=ola)
        visit = make_visit("claimed", user=ola, contact_email="m@utrecht.example.org")
        lifecycle.reassign(visit, cast.host("brannvesen"), reason="They asked for the pumps.", by=by_user(kari))
    printed = flask_command("route-learn")
    assert "Version 1: learned from 2 visits, 0 weights changed. In force: on 56 labelled cases no measure" in printed
    assert flask_command("route-learn", "--none") == "No learned weights are in force.\n"
    with store() as session:
        assert [row.state for row in session.scalars(select(LearnedWeights))] == ["kept"]


def test_learning_without_labelled_cases_is_refused(app: Flask, tmp_path: Path) -> None:
    app.config["CITY_DIR"] = str(tmp_path)
    assert "no labelled cases" in failed(app, "route-learn")


def test_learning_is_refused_when_a_measure_falls_and_says_which(app: Flask, store: Store, tmp_path: Path) -> None:
    """Eight visits about citizens' service went to another host; the city's labelled case says where it belongs."""
    (tmp_path / OWN).write_text(json.dumps(SERVICE), "utf-8")
    app.config["CITY_DIR"] = str(tmp_path)
    with store() as session:
        (ola,) = cast.bring(cast.OLA)
        for number in range(8):
            visit = make_visit("received", user=ola, contact_email=f"m{number}@utrecht.example.org")
            moved = {"before": ["finans-innovasjon-eierskap"], "after": ["byradsleder"], "at": cast.MONDAY}
            session.add(
                Correction(visit_id=visit.id, kind="lead", topic="municipal-operations/citizen-service", **moved)
            )
    printed = failed(app, "route-learn")
    assert "Version 1: learned from 8 visits, 2 weights changed. Refused: on 1 labelled cases" in printed
    assert "these fall: lead@1" in printed
    with store() as session:
        assert [row.state for row in session.scalars(select(LearnedWeights))] == ["refused"]


def test_what_makes_a_measure_fall_is_left_out_and_named_and_the_rest_is_learned(
    app: Flask, store: Store, tmp_path: Path, flask_command: Command
) -> None:
    (tmp_path / OWN).write_text(json.dumps(SERVICE), "utf-8")
    app.config["CITY_DIR"] = str(tmp_path)
    subjects = {
        "water/stormwater": ("byutvikling", "bymiljoetaten"),
        "municipal-operations/citizen-service": ("finans-innovasjon-eierskap", "byradsleder"),
    }
    with store() as session:
        (ola,) = cast.bring(cast.OLA)
        for number in range(12):
            topic = list(subjects)[number % 2]
            visit = make_visit("submitted", user=ola, contact_email=f"m{number}@utrecht.example.org")
            moved = {"before": [subjects[topic][0]], "after": [subjects[topic][1]], "at": cast.MONDAY}
            session.add(Correction(visit_id=visit.id, kind="lead", topic=topic, **moved))
    printed = flask_command("route-learn")
    assert "Version 1: learned from 6 visits, 2 weights changed. In force: on 1 labelled cases no measure" in printed
    assert "Not learned: municipal-operations/citizen-service, lead: " in printed
    assert "byradsleder 2.8 times as much (6 visits), because lead@1 falls from 1.000 to 0.000" in printed


def test_learning_while_words_are_edited_puts_nothing_in_force_and_says_so(
    app: Flask, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / OWN).write_text(json.dumps(SERVICE), "utf-8")
    app.config["CITY_DIR"] = str(tmp_path)

    def overtaken(*given: Any) -> Tried:
        tried = learn_what_helps(*given)
        return replace(tried, checked=replace(tried.checked, words=(WordChange("water/pipes", "en", "gone", 3.0),)))

    monkeypatch.setattr(cli_routing, "learn_what_helps", overtaken)
    assert "Words were edited meanwhile, so nothing was put in force. Run it again." in failed(app, "route-learn")
    with store() as session:
        assert session.scalars(select(LearnedWeights)).all() == []
