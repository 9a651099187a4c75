"""How well decisions agree with labelled requests: the measures, and every wrong answer (see docs/routing.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.routing.types import ROUTE

# The measures in the order people read them; of mistakes, fewer are better.
MEASURES = (
    "lead_at_1",
    "lead_at_3",
    "co_host_recall_at_5",
    "mistake_rate",
    "priority_at_1",
    "priorities",
    "sdgs",
    "flags",
    "decision_accuracy",
)
LOWER_IS_BETTER = frozenset({"mistake_rate"})

Row = Mapping[str, Any]


@dataclass(slots=True)
class Share:
    """So many of so many; None where there was nothing to count."""

    hits: int = 0
    of: int = 0

    def add(self, hits: int, of: int = 1) -> None:
        """Count `hits` of `of` more."""
        self.hits += hits
        self.of += of

    @property
    def value(self) -> float | None:
        """The share, 0 to 1."""
        return self.hits / self.of if self.of else None


@dataclass(slots=True)
class Agreement:
    """Right, superfluous and missing labels of a set-valued answer over all cases."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def add(self, expected: Iterable[object], got: Iterable[object]) -> None:
        """Compare one case's labels."""
        wanted, found = set(expected), set(got)
        self.tp += len(wanted & found)
        self.fp += len(found - wanted)
        self.fn += len(wanted - found)

    @property
    def value(self) -> float | None:
        """The micro-averaged F1, 0 to 1."""
        return Share(2 * self.tp, 2 * self.tp + self.fp + self.fn).value

    @property
    def precision(self) -> float | None:
        """The share of right ones among the labels given."""
        return Share(self.tp, self.tp + self.fp).value

    @property
    def recall(self) -> float | None:
        """The share of the labels wanted that were given."""
        return Share(self.tp, self.tp + self.fn).value

    def to_json(self) -> dict[str, Any]:
        """F1, precision, recall and what they are counted from."""
        counted = {"tp": self.tp, "fp": self.fp, "fn": self.fn}
        return {"f1": self.value, "precision": self.precision, "recall": self.recall, **counted}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One wrong answer: of which case, by which measure, what a person said and what came."""

    id: str
    measure: str
    expected: Any
    got: Any


def _shares() -> dict[str, Share]:
    names = ("lead_at_1", "lead_at_3", "co_host_recall_at_5", "mistake_rate", "priority_at_1", "decision_accuracy")
    return {name: Share() for name in names}


def _agreements() -> dict[str, Agreement]:
    return {name: Agreement() for name in ("priorities", "sdgs", "flags")}


@dataclass(slots=True)
class Measured:
    """All measures over a labelled file, and the wrong answers in the file's order."""

    cases: int = 0
    routed: int = 0
    shares: dict[str, Share] = field(default_factory=_shares)
    agreements: dict[str, Agreement] = field(default_factory=_agreements)
    per_flag: dict[str, Agreement] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    without_prediction: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # ids of predictions for no case

    def value(self, name: str) -> float | None:
        """One of MEASURES, 0 to 1; None where no case counts for it."""
        return (self.shares.get(name) or self.agreements[name]).value

    def values(self) -> dict[str, float | None]:
        """All of MEASURES, in their order."""
        return {name: self.value(name) for name in MEASURES}

    def to_json(self) -> dict[str, Any]:
        """The measures with what they are counted from, as plain data."""
        return {
            "cases": self.cases,
            "routed_cases": self.routed,
            "without_prediction": self.without_prediction,
            "unknown": self.unknown,
            **{name: share.value for name, share in self.shares.items()},
            **{name: agreement.to_json() for name, agreement in self.agreements.items()},
            "per_flag": {name: counts.to_json() for name, counts in self.per_flag.items()},
            "counts": {name: [share.hits, share.of] for name, share in self.shares.items()},
        }

    def note(self, case: Row, measure: str, expected: object, got: object) -> None:
        """Remember a wrong answer."""
        self.wrong.append(Wrong(case["id"], measure, expected, got))


def measure(cases: Sequence[Row], predictions: Iterable[Row]) -> Measured:
    """Compare predictions with labelled cases; a case without a prediction counts as an empty one."""
    found = {str(one["id"]): one for one in predictions}
    known = {case["id"] for case in cases}
    result = Measured(cases=len(cases), unknown=[one for one in found if one not in known])
    for case in cases:
        got = found.get(case["id"])
        if got is None:
            result.without_prediction.append(case["id"])
            got = {}
        if case["expected"]["decision"] == ROUTE:
            result.routed += 1
            _hosts(result, case, list(dict.fromkeys(got.get("ranked") or ())))
        _goals(result, case, got)
        _flags(result, case, got.get("flags") or ())
        right = got.get("decision") == case["expected"]["decision"]
        result.shares["decision_accuracy"].add(right)
        if not right:
            result.note(case, "decision", case["expected"]["decision"], got.get("decision"))
    return result


def _hosts(result: Measured, case: Row, ranked: list[str]) -> None:
    expected = case["expected"]
    for name, measure_name, first in (("lead_at_1", "lead@1", 1), ("lead_at_3", "lead@3", 3)):
        right = bool(set(ranked[:first]) & set(expected["lead"]))
        result.shares[name].add(right)
        if not right:
            result.note(case, measure_name, expected["lead"], ranked[:first])
    bad = [slug for slug in ranked[:3] if slug in expected["not"]]
    result.shares["mistake_rate"].add(bool(bad))
    if bad:
        result.note(case, "mistake", expected["not"], bad)
    hits = sum(slug in ranked[:5] for slug in expected["co_hosts"])
    result.shares["co_host_recall_at_5"].add(hits, len(expected["co_hosts"]))
    if hits < len(expected["co_hosts"]):
        result.note(case, "co-host", expected["co_hosts"], ranked[:5])


def _goals(result: Measured, case: Row, got: Row) -> None:
    expected, priorities = case["expected"], list(got.get("priorities") or ())
    if expected["priorities"]:
        right = bool(priorities) and priorities[0] in expected["priorities"]
        result.shares["priority_at_1"].add(right)
        if not right:
            result.note(case, "priority@1", expected["priorities"], priorities[:1])
    for name in ("priorities", "sdgs"):
        answer = list(got.get(name) or ())
        result.agreements[name].add(expected[name], answer)
        if set(expected[name]) != set(answer):
            result.note(case, name, expected[name], answer)


def _flags(result: Measured, case: Row, got: Iterable[str]) -> None:
    expected, raised = list(case["expected"]["flags"]), list(dict.fromkeys(got))
    result.agreements["flags"].add(expected, raised)
    for name in dict.fromkeys([*expected, *raised]):
        counts = result.per_flag.setdefault(name, Agreement())
        counts.add([name] if name in expected else [], [name] if name in raised else [])
    if set(expected) != set(raised):
        missing, extra = [f for f in expected if f not in raised], [f for f in raised if f not in expected]
        result.note(case, "flags", expected, {"missing": missing, "extra": extra})


def fallen(before: Measured, after: Measured) -> list[str]:
    """The measures that are worse afterwards, however little."""
    worse = []
    for name in MEASURES:
        was, is_now = before.value(name), after.value(name)
        if was is not None and is_now is not None and (is_now > was if name in LOWER_IS_BETTER else is_now < was):
            worse.append(name)
    return worse
