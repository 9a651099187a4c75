"""The command that says what routing would decide now for the open visits; it changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click
from sqlalchemy import select

from app.core.database import reading
from app.extensions import db
from app.visits.dry_run import Compared, DryRun, dry_run, dry_runs, is_worth_a_dry_run
from app.visits.models import Visit

MOST_REASONS = 3


@click.command("route-dry-run")
@click.option("--ref", default="", help="One visit by its reference; otherwise every open visit.")
def route_dry_run(ref: str) -> None:
    """Say what routing would decide now where it differs from what it decided or from who leads; changes nothing."""
    with reading():
        seen = changed = 0
        for found in [_one(ref)] if ref else dry_runs():
            seen += 1
            changed += bool(found.changes)
            for line in _lines(found):
                click.echo(line)
        db.session.rollback()
    click.echo(f"{changed} of {seen} visits would change.")


def _one(ref: str) -> DryRun:
    visit = db.session.scalar(select(Visit).where(Visit.ref == ref.upper()))
    if visit is None or not is_worth_a_dry_run(visit):
        raise click.ClickException(f"There is no routed visit {ref}.")
    return dry_run(visit)


def _lines(found: DryRun) -> Iterator[str]:
    if found.changes:
        yield f"{found.visit.ref}  {found.visit.status}  {found.visit.organisation}"
    for one in found.changes:
        stands = f" (stands: {_said(one.stands)})" if one.stands != one.then else ""
        yield f"  {one.part}: {_said(one.then)} -> {_said(one.now)}{stands}"
        for slug in one.now:
            if slug not in one.then or (one.part == "lead" and one.departs):
                yield from _reasons(one, slug)


def _reasons(one: Compared, slug: str) -> Iterator[str]:
    heaviest = sorted(one.reasons.get(slug, ()), key=lambda reason: -abs(reason.get("weight") or 0))
    for reason in heaviest[:MOST_REASONS]:
        about = " ".join(filter(None, (reason.get("subject"), ", ".join(reason.get("words") or ()))))
        yield f"    {slug}: {reason['code']} {about}".rstrip()


def _said(slugs: Iterable[str]) -> str:
    return ", ".join(slugs) or "-"


COMMANDS: tuple[click.Command, ...] = (route_dry_run,)
