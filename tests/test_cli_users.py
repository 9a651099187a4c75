"""Users made at the command line."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.people.models import User


def test_a_new_user_reads_the_sites_language_unless_another_is_asked_for(
    app: Flask, flask_command: Callable[..., str]
) -> None:
    flask_command("create-user", "new@example.org")
    flask_command("create-user", "ny@example.org", "--language", "nn")
    with app.app_context():
        made = db.session.execute(select(User.email, User.language).where(User.email.like("n%@example.org")))
        assert dict(made.all()) == {"new@example.org": "en", "ny@example.org": "nn"}
