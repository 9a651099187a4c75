"""Commands of the routing room: route a file of requests, and report how well."""

from __future__ import annotations

from typing import TextIO

import click
from flask import current_app

from app.routing.cases import route_cases


@click.command("route")
@click.option("--cases", required=True, type=click.File(encoding="utf-8-sig"), help="Requests, one JSON object a line.")
@click.option("--out", required=True, type=click.File("w", encoding="utf-8"), help="Where the decisions go.")
def route(cases: TextIO, out: TextIO) -> None:
    """Decide for each request in a file, by the city's files alone; the database is neither read nor written."""
    try:
        for line in route_cases(cases, current_app.extensions["city-catalogue"]):
            out.write(line + "\n")
    except ValueError as error:
        raise click.ClickException(f"{cases.name}: {error}") from error


COMMANDS: tuple[click.Command, ...] = (route,)
