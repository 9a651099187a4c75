"""Figures that tests report: printed when the run ends, and kept as JSON where `--figures-to` says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FIGURE = "figure"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--figures-to", type=Path, help="a JSON file for the figures that tests report")


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """`figures("RC-1", rounds=100, winners=100)` reports what a test counted or measured, whether it passes or not."""

    def report(row: str, **numbers: object) -> None:
        record_property(FIGURE, {"row": row, **numbers})

    return report


def reported(terminalreporter: Any) -> list[dict[str, Any]]:
    """Every figure of the run with its test and how that test ended; also those of workers."""
    ended = [report for reports in terminalreporter.stats.values() for report in reports if hasattr(report, "when")]
    return [
        {**value, "test": report.nodeid, "outcome": report.outcome}
        for report in ended
        if report.when == "call"
        for name, value in report.user_properties
        if name == FIGURE
    ]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print them, and keep them."""
    rows = sorted(reported(terminalreporter), key=lambda row: (str(row["row"]), row["test"]))
    if not rows:
        return
    terminalreporter.section(f"figures ({config.getoption('engine')})")
    for row in rows:
        numbers = ", ".join(f"{name} {value}" for name, value in row.items() if name not in ("row", "test", "outcome"))
        terminalreporter.write_line(f"{row['row']}: {numbers} [{row['outcome']}]")
    if target := config.getoption("figures_to"):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(rows, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
