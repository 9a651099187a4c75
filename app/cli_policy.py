"""The command that writes policy.json; it needs an application that starts although the file is behind."""

from __future__ import annotations

import click
from flask import current_app

from app.web.policy import disagreements, write_policy


@click.command("policy")
@click.option("--write", is_flag=True, help="Write the file; without it, say whether it agrees with the code.")
def policy(write: bool) -> None:
    """Compare policy.json with what the routes declare, or write it (`make policy`)."""
    if write:
        click.echo(f"Written: {write_policy(current_app)}")
    elif wrong := disagreements(current_app):
        raise click.ClickException("\n".join(wrong))
    else:
        click.echo("policy.json and the routes agree.")


COMMANDS: tuple[click.Command, ...] = (policy,)
