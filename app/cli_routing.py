"""Commands of the routing room: route a file of requests, report how well, learn from what people decided."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TextIO

import click
from flask import current_app

from app.city.labelled import own_cases
from app.core.database import reading
from app.core.errors import NotAllowed
from app.extensions import db
from app.people.actors import SYSTEM
from app.routing import Catalogue
from app.routing.bench import bench
from app.routing.cases import route_cases
from app.routing.labelled import labels_of, read_labelled, read_predictions
from app.routing.learning import Weights
from app.routing.measure import LOWER_IS_BETTER, MEASURES, Agreement, Measured, measure
from app.visits.learning import LeftOut, deactivate, keep_weights
from app.visits.taught import taught, weights_in_force
from app.visits.trying import learn_what_helps

CONFIGURATIONS: dict[str, Callable[[Catalogue], Catalogue]] = {
    "files": lambda base: base,  # the city's files alone; the database is not read
    "words": lambda base: taught(base, weights=Weights()),
    "in-force": lambda base: taught(base, weights=weights_in_force()),
}
LABELS = {
    "lead_at_1": "lead@1",
    "lead_at_3": "lead@3",
    "co_host_recall_at_5": "co-host recall@5",
    "mistake_rate": "mistakes",
    "priority_at_1": "priority@1",
    "priorities": "priorities micro-F1",
    "sdgs": "SDG micro-F1",
    "flags": "flags micro-F1",
    "decision_accuracy": "decision",
}


@click.command("route")
@click.option("--cases", required=True, type=click.File(encoding="utf-8-sig"), help="Requests, one JSON object a line.")
@click.option("--out", required=True, type=click.File("w", encoding="utf-8"), help="Where the decisions go.")
def route(cases: TextIO, out: TextIO) -> None:
    """Decide for each request in a file, by the city's files alone; the database is neither read nor written."""
    try:
        for line in route_cases(cases, _base()):
            out.write(line + "\n")
    except ValueError as error:
        raise click.ClickException(f"{cases.name}: {error}") from error


@click.command("route-report")
@click.option("--cases", required=True, type=click.File(encoding="utf-8-sig"), help="Labelled requests, one a line.")
@click.option("--predictions", default="files", help="A file that `flask route` wrote, or: files, words, in-force.")
@click.option("--against", default="", help="Another one to compare with: a file, or files, words, in-force.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--errors", is_flag=True, help="List every wrong answer.")
def route_report(cases: TextIO, predictions: str, against: str, as_json: bool, errors: bool) -> None:
    """Score decisions on any labelled file, list what is wrong, and compare two of them.

    Decisions come from a file, or are made now: by the city's files alone (files), with the words edited in the
    application (words), or with the learned weights as well (in-force).
    """
    try:
        labelled = read_labelled(cases, labels_of(_base()))
    except ValueError as error:
        raise click.ClickException(f"{cases.name}: {error}") from error
    found = _measured(labelled, predictions)
    other = _measured(labelled, against) if against else None
    click.echo(_as_json(found, other, errors) if as_json else "\n".join(_as_text(found, other, errors)))


@click.command("route-learn")
@click.option("--none", "nothing", is_flag=True, help="Put no learned weights in force; the versions are kept.")
def route_learn(nothing: bool) -> None:
    """Learn from decided visits; what makes any measure on the city's labelled cases fall is left out, and named.

    Where nothing is left, the version is refused.
    """
    if nothing:
        deactivate()
        db.session.commit()
        click.echo("No learned weights are in force.")
        return
    cases = own_cases(current_app.config["CITY_DIR"])
    if not cases:
        raise click.ClickException("The city has no labelled cases (cases.jsonl) to check learned weights on.")
    with reading():
        tried = learn_what_helps(_base(), cases)
        db.session.rollback()
    weights, checked = tried.weights, tried.checked
    try:
        row = keep_weights(weights, checked, left_out=tried.left_out, by=SYSTEM)
    except NotAllowed as refused:
        raise click.ClickException(
            "Words were edited meanwhile, so nothing was put in force. Run it again."
        ) from refused
    said = f"Version {row.version}: learned from {weights.visits} visits, {len(weights.factors)} weights changed"
    db.session.commit()
    without = "".join(f"\n{_left_out(one)}" for one in tried.left_out)
    if checked.fallen:
        names = ", ".join(LABELS[name] for name in checked.fallen)
        raise click.ClickException(f"{said}. Refused: on {checked.cases} labelled cases these fall: {names}.{without}")
    click.echo(f"{said}. In force: on {checked.cases} labelled cases no measure falls.{without}")


def _left_out(one: LeftOut) -> str:
    factors = ", ".join(f"{factor.target} {factor.factor:g} times as much" for factor in one.teaching.factors)
    falls = ", ".join(
        f"{LABELS[name]} falls from {_shown(before)} to {_shown(after)}"
        if name not in LOWER_IS_BETTER
        else f"{LABELS[name]} rise from {_shown(before)} to {_shown(after)}"
        for name, (before, after) in one.fallen.items()
    )
    what = f"{one.teaching.topic}, {one.teaching.kind}: {factors}"
    return f"Not learned: {what} ({one.teaching.visits} visits), because {falls}."


def _base() -> Catalogue:
    base: Catalogue = current_app.extensions["city-catalogue"]
    return base


def _measured(labelled: list[dict[str, Any]], source: str) -> Measured:
    try:
        if source in CONFIGURATIONS:
            with reading():
                return bench(labelled, CONFIGURATIONS[source](_base())).measured
        with click.open_file(source, encoding="utf-8-sig") as lines:
            return measure(labelled, read_predictions(lines))
    except (ValueError, OSError) as error:
        raise click.ClickException(f"{source}: {error}") from error


def _as_json(found: Measured, other: Measured | None, errors: bool) -> str:
    result = found.to_json()
    if errors:
        result["errors"] = [_error(one) for one in found.wrong]
    if other is not None:
        result["against"] = other.to_json()
    return json.dumps(result, ensure_ascii=False)


def _error(wrong: Any) -> dict[str, Any]:
    return {"id": wrong.id, "measure": wrong.measure, "expected": wrong.expected, "got": wrong.got}


def _as_text(found: Measured, other: Measured | None, errors: bool) -> list[str]:
    lines = [f"cases                {found.cases} ({found.routed} to route)"]
    for name in MEASURES:
        note = "  (lower is better)" if name in LOWER_IS_BETTER else ""
        compared = f"  against {_shown(other.value(name))}" if other else ""
        lines.append(f"{LABELS[name]:<20} {_shown(found.value(name))}{compared}{_counted(found, name)}{note}")
        if name == "flags":
            lines += [f"  flag {flag:<18}{_agreed(counts)}" for flag, counts in found.per_flag.items()]
    lines += [f"no prediction for {identity}" for identity in found.without_prediction]
    lines += [f"a prediction for no case: {identity}" for identity in found.unknown]
    if errors:
        lines += [
            f"{one.id}  {one.measure:<10} expected {_json(one.expected)}  got {_json(one.got)}" for one in found.wrong
        ]
    if errors and other:
        lines += _differences(found, other)
    return lines


def _counted(found: Measured, name: str) -> str:
    """What a measure is counted from: so many of so many, or precision and recall."""
    if name in found.shares:
        return f"  {found.shares[name].hits}/{found.shares[name].of}"
    return _agreed(found.agreements[name])


def _agreed(counts: Agreement) -> str:
    precision, recall = _shown(counts.precision), _shown(counts.recall)
    return f"  P {precision}  R {recall}  right {counts.tp}, superfluous {counts.fp}, missing {counts.fn}"


def _differences(found: Measured, other: Measured) -> list[str]:
    mine, theirs = ({(one.id, one.measure) for one in measured.wrong} for measured in (found, other))
    better = [f"right only here: {identity} {name}" for identity, name in sorted(theirs - mine)]
    return better + [f"wrong only here: {identity} {name}" for identity, name in sorted(mine - theirs)]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _shown(value: float | None) -> str:
    return "  n/a" if value is None else f"{value:.3f}"


COMMANDS: tuple[click.Command, ...] = (route, route_report, route_learn)
