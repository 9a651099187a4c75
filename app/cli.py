"""Flask commands: thin, each calls one function of a room and commits."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask_migrate import upgrade

from app.city.files import read_city
from app.city.load import load_city
from app.city.nodes import CityFileError
from app.core.time import now
from app.extensions import db
from app.people.links import mint_link
from app.people.users import create_user, first_coordinator

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
    report = load_city(city, at=now())
    made = first_coordinator(at=now())
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
@click.option("--language", default="nb", type=click.Choice(["en", "nb", "nn"]))
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


COMMANDS: tuple[click.Command, ...] = (setup, create_user_command)


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
