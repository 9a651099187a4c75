"""Flask commands: thin, each calls one function of a room and commits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TextIO

import click
from flask import Flask, current_app
from flask_migrate import upgrade

from app import cli_acceptance, cli_dry_run, cli_jobs, cli_policy, cli_routing, cli_upkeep
from app.city.files import read_city
from app.city.load import load_city
from app.city.nodes import CityFileError, ZoneInUse
from app.cli_demo import demo_at_hand
from app.core.languages import DEFAULT_LANGUAGE, LANGUAGES
from app.core.time import now
from app.extensions import db
from app.people.links import mint_link
from app.people.models import User
from app.people.users import create_user, first_coordinator
from app.upkeep.jobs import SETUP, Done, note_run
from app.visits.importing import ImportFileError, import_requests, read_requests

MIGRATIONS = str(Path(__file__).resolve().parent.parent / "migrations")


def sign_in_url(user_id: int, *, purpose: str = "first-sign-in") -> str:
    """A fresh one-time sign-in link for that user."""
    token = mint_link(purpose, user_id, at=now())
    return f"{current_app.config['BASE_URL']}/sign-in/{token}"


@click.command()
@click.option("--quiet", is_flag=True, help="Print only what needs attention.")
def setup(quiet: bool) -> None:
    """Migrate the database and load the city's data; safe to repeat."""
    try:
        city = read_city(Path(current_app.config["CITY_DIR"]))
    except CityFileError as error:
        raise click.ClickException(str(error)) from error
    upgrade(directory=MIGRATIONS)
    try:
        report = load_city(city, at=now())
    except ZoneInUse as error:
        raise click.ClickException(str(error)) from error
    made = first_coordinator(at=now())
    note_run(Done(SETUP, now(), now(), 0))
    link = sign_in_url(made.id) if made else ""
    db.session.commit()
    if not quiet or report.has_news():
        click.echo(str(report))
    if made:
        click.echo(f"First coordinator: {made.email}\nOne-time sign-in link, valid for 7 days: {link}")


@click.command("create-user")
@click.argument("email")
@click.option("--name", default="", help="The person's name.")
@click.option("--host", "hosts", multiple=True, help="Slug of a host; may be repeated.")
@click.option("--coordinator", is_flag=True)
@click.option("--admin", is_flag=True)
@click.option("--language", default=DEFAULT_LANGUAGE, show_default=True, type=click.Choice(LANGUAGES))
def create_user_command(
    email: str, name: str, hosts: tuple[str, ...], coordinator: bool, admin: bool, language: str
) -> None:
    """Make a user (or give a known one a new link) and print a one-time sign-in link."""
    try:
        user = create_user(
            email, name=name, hosts=hosts, coordinator=coordinator, admin=admin, language=language, at=now()
        )
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    link = sign_in_url(user.id)
    db.session.commit()
    click.echo(link)


@click.command("import-visits")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
def import_visits(file: TextIO) -> None:
    """Register requests from a JSON Lines file on the visitors' behalf; prints one JSON line each; sends no mail."""
    try:
        lines = read_requests(file)
    except (ImportFileError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file.name}: {error}. Nothing was imported.") from error
    for row in import_requests(lines, at=now()):
        click.echo(json.dumps(row, ensure_ascii=False))
    db.session.commit()


@click.command("demo")
def demo() -> None:
    """Add a year of sample visits (once), and print links to look around with. No mail leaves."""
    made = demo_at_hand(Path(current_app.config["CITY_DIR"]) / "sample")
    people = [("Coordinator", made.coordinator), *(("Host", user) for user in made.hosts)]
    links = [(f"{role}: {user.name}, {role_of(user)}", sign_in_url(user.id)) for role, user in people]
    token = mint_link("visit", made.visit.id, at=now())
    links.append((f"Visitor: {made.visit.organisation}", f"{current_app.config['BASE_URL']}/v/{token}"))
    db.session.commit()
    click.echo(f"{made.visits} sample visits are in the database. Ways in (a person's link is good for one sign-in):")
    for words, url in links:
        click.echo(f"  {words}\n    {url}")


def role_of(user: User) -> str:
    """Where the person belongs, in English: the hosts, or the coordinators."""
    return ", ".join(host.name_in("en") for host in user.hosts) or "international office"


COMMANDS: tuple[click.Command, ...] = (
    setup,
    create_user_command,
    import_visits,
    demo,
    *cli_jobs.COMMANDS,
    *cli_routing.COMMANDS,
    *cli_dry_run.COMMANDS,
    *cli_acceptance.COMMANDS,
    *cli_policy.COMMANDS,
    *cli_upkeep.COMMANDS,
)


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
