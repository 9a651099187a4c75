"""The labelled requests are decided as well as recorded, and the open ones as well as promised."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.city.catalogue import catalogue_from_files
from app.routing import Catalogue
from app.routing.bench import bench
from app.routing.labelled import read_labelled
from app.routing.measure import LOWER_IS_BETTER, Measured

ROOT = Path(__file__).resolve().parents[2]
RECORDED = json.loads((ROOT / "bench" / "routing.json").read_text(encoding="utf-8"))
SLACK = 0.02
PROMISED = {
    "lead_at_1": 0.95,
    "lead_at_3": 0.98,
    "co_host_recall_at_5": 0.85,
    "mistake_rate": 0.05,
    "priority_at_1": 0.85,
    "priorities": 0.75,
    "sdgs": 0.75,
    "flags": 0.95,
    "decision_accuracy": 0.96,
}

pytestmark = pytest.mark.one_engine


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return catalogue_from_files(ROOT / "app" / "city" / "data" / "bergen")


def measured(name: str, catalogue: Catalogue) -> Measured:
    lines = (ROOT / "tests" / "cases" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return bench(read_labelled(lines), catalogue).measured


def short_of(
    bars: dict[str, float | None], found: Measured, slack: float
) -> dict[str, tuple[float | None, float | None]]:
    """The measures that miss their bar by more than the slack: the bar, and what was found."""
    missed = {}
    for name, bar in bars.items():
        value = found.value(name)
        if bar is None or value is None:
            continue
        if (value - bar if name in LOWER_IS_BETTER else bar - value) > slack:
            missed[name] = (bar, round(value, 3))
    return missed


def test_every_labelled_file_has_recorded_measures() -> None:
    assert sorted(RECORDED) == sorted(path.stem for path in (ROOT / "tests" / "cases").glob("*.jsonl"))


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_no_measure_falls_below_its_record(name: str, catalogue: Catalogue) -> None:
    assert short_of(RECORDED[name], measured(name, catalogue), SLACK + 1e-9) == {}


def test_the_open_requests_reach_what_is_promised(catalogue: Catalogue) -> None:
    assert short_of(dict(PROMISED), measured("open", catalogue), 1e-9) == {}
