"""What the tests share of words that are taught and checked against a city's labelled requests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.city.labelled import OWN
from app.people.actors import by_user
from app.strategy.edit_models import WordEdit
from app.strategy.words import edit_word
from tests import cast
from tests.test_cli_routing import SERVICE
from tests.web.office import Store, user_called

UNCLEAR = "We should like to hear how you look after your zorbling, and meet those who do it."
TAUGHT: dict[str, Any] = {"word": "zorbling", "language": "en", "topic": "climate/emissions", "weight": "3"}


def labelled(identity: str, purpose: str, **expected: object) -> str:
    """One labelled request, as a line of a file."""
    request = {**SERVICE["request"], "purpose": purpose}  # type: ignore[dict-item]
    return json.dumps({"id": identity, "request": request, "expected": expected})


def label_city(app: Flask, folder: Path) -> None:
    """A city whose labelled requests say that nobody can know what zorbling is about."""
    unclear = labelled("Z1", UNCLEAR, decision="coordinator-review", flags=["unclear-purpose"])
    (folder / OWN).write_text(f"{json.dumps(SERVICE)}\n{unclear}\n", "utf-8")
    app.config["CITY_DIR"] = str(folder)


def needing_words(city: Path) -> None:
    """The labelled request is right only with what is taught of zorbling."""
    (city / OWN).write_text(labelled("Z1", UNCLEAR, decision="route", lead=["klimaetaten"]), "utf-8")


def put(
    store: Store, word: str, topic: str = "climate/emissions", *, weight: float = 3.0, removed: bool = False
) -> int:
    """A word in force that nobody checked, as words of earlier versions are."""
    with store() as session:
        ada = by_user(user_called(session, cast.ADA))
        return edit_word(topic, "en", word, weight=weight, removed=removed, by=ada).id


def edited(store: Store) -> list[tuple[str, float, bool]]:
    """The words in force here: each with its weight, and whether it is taken out."""
    with store() as session:
        return [(one.word, one.weight, one.removed) for one in session.scalars(select(WordEdit).order_by(WordEdit.id))]
