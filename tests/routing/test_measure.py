"""The measures over labelled requests, counted by hand, and what is refused as labels."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.routing.labelled import known_labels, read_labelled, read_predictions
from app.routing.measure import Wrong, fallen, measure

pytestmark = pytest.mark.one_engine


def case(identity: str, decision: str = "route", **labels: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"lead": [], "co_hosts": [], "not": [], "priorities": [], "sdgs": [], "flags": []}
    return {"id": identity, "expected": {**empty, "decision": decision, **labels}}


CASES = [
    case("A", lead=["water"], co_hosts=["mayor", "climate"], priorities=["1.3", "3.3"], sdgs=[6]),
    case("B", lead=["port", "county"], **{"not": ["museum"]}, priorities=["2.2"], flags=["network"]),
    case("C", "suggest-decline", flags=["commercial"]),
    case("D", lead=["school"]),
]
PREDICTIONS = [
    {"id": "A", "ranked": ["water", "mayor", "fire"], "priorities": ["3.3"], "sdgs": [6, 11], "decision": "route"},
    {
        "id": "B",
        "ranked": ["museum", "fire", "county"],
        "priorities": ["1.1", "2.2"],
        "flags": ["network", "large-group"],
        "decision": "coordinator-review",
    },
    {"id": "C", "ranked": [], "flags": ["commercial"], "decision": "suggest-decline"},
]


def test_measures_are_counted_over_the_cases_they_are_for() -> None:
    result = measure(CASES, PREDICTIONS)
    assert (result.cases, result.routed, result.without_prediction) == (4, 3, ["D"])
    assert result.values() == {
        "lead_at_1": 1 / 3,
        "lead_at_3": 2 / 3,
        "co_host_recall_at_5": 1 / 2,
        "mistake_rate": 1 / 3,
        "priority_at_1": 1 / 2,
        "priorities": 4 / 6,  # right: 3.3 and 2.2; superfluous: 1.1; missing: 1.3
        "sdgs": 2 / 3,
        "flags": 4 / 5,
        "decision_accuracy": 2 / 4,
    }


def test_every_wrong_answer_is_listed_with_what_a_person_said() -> None:
    wrong = [one for one in measure(CASES, PREDICTIONS).wrong if one.id == "B"]
    assert wrong == [
        Wrong("B", "lead@1", ["port", "county"], ["museum"]),
        Wrong("B", "mistake", ["museum"], ["museum"]),
        Wrong("B", "priority@1", ["2.2"], ["1.1"]),
        Wrong("B", "priorities", ["2.2"], ["1.1", "2.2"]),
        Wrong("B", "flags", ["network"], {"missing": [], "extra": ["large-group"]}),
        Wrong("B", "decision", "route", "coordinator-review"),
    ]


def test_measure_without_any_case_says_nothing() -> None:
    assert measure([], []).values()["lead_at_1"] is None


def test_fallen_names_what_got_worse_and_more_mistakes_are_worse() -> None:
    better = [{**PREDICTIONS[1], "ranked": ["port"]}]
    assert fallen(measure(CASES[1:2], better), measure(CASES[1:2], PREDICTIONS[1:2])) == ["lead_at_1", "mistake_rate"]
    assert fallen(measure(CASES[1:2], PREDICTIONS[1:2]), measure(CASES[1:2], better)) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 1: not JSON"),
        ('{"id": 7}', "line 1: an object with a text id is needed"),
        ("[" * 100_000, "line 1: not JSON"),
        ('{"id": "A"}', "A: expected.decision must be one of route, coordinator-review, suggest-decline"),
        ('{"id": "A", "expected": {"decision": "route", "lead": "water"}}', "A: expected.lead must be a list"),
        ('{"id": "A", "expected": {"decision": "route", "sdgs": ["6"]}}', "A: expected.sdgs must be a list"),
    ],
)
def test_labels_that_cannot_be_read_are_refused_by_name(line: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_labelled([line])


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ({"lead": ["watr"]}, "A: expected.lead names the host 'watr', which the city has not; did you mean water?"),
        ({"flags": ["large-groop"]}, "A: expected.flags names the flag 'large-groop', .* did you mean large-group?"),
        ({"flags": ["zzz"]}, "A: expected.flags names the flag 'zzz', which is never raised; the flags are political-"),
        ({"priorities": ["9.9"]}, "A: expected.priorities names the priority '9.9', .*; its priorities are 1.1, 1.2"),
        ({"sdgs": [6, 18]}, "A: expected.sdgs names 18; the goals are 1, 2, 3, .* 17"),
    ],
)
def test_labels_that_name_nothing_are_refused(labels: dict[str, list[object]], words: str) -> None:
    line = json.dumps({"id": "A", "expected": {"decision": "route", **labels}})
    with pytest.raises(ValueError, match=words):
        read_labelled([line], known_labels(["water", "roads"], ["1.2", "1.1"]))


def test_same_case_twice_is_refused() -> None:
    line = json.dumps(CASES[0])
    with pytest.raises(ValueError, match="line 3: the id A occurs twice"):
        read_labelled([line, "", line])


def test_prediction_with_a_wrong_value_is_refused() -> None:
    with pytest.raises(ValueError, match="A: ranked must be a list"):
        read_predictions(['{"id": "A", "ranked": "water"}'])
