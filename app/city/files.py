"""Reading a city's folder: all of it, or a refusal with file, line and reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from app.city.check import check_mentions
from app.city.facts import read_facts
from app.city.nodes import CityFileError, Register
from app.city.reminders import NAME, read_reminders
from app.city.routing import read_rules
from app.city.rows import Row, read_framework, read_host, read_occasion, read_partnership, read_place, read_rows
from app.city.themes import read_theme, read_words, with_words
from app.city.training import check_training
from app.city.travel import read_travel
from app.city.types import City
from app.city.yamlfile import open_entry


def read_city(folder: Path | str) -> City:
    """The city that this folder describes; raises CityFileError for the first thing that is wrong."""
    folder = Path(folder)
    if not folder.is_dir():
        raise CityFileError(folder, 1, "there is no such folder")
    register = Register()

    def rows(name: str, key: str, row: Row) -> tuple[Any, ...]:
        return read_rows(open_entry(folder / name), key, row, register)

    facts = read_facts(folder / "city.yaml", register)
    frameworks = [
        *rows("strategy.yaml", "frameworks", read_framework),
        *rows("sdgs.yaml", "frameworks", read_framework),
    ]
    city = City(
        facts=facts,
        frameworks=tuple(framework for framework, _ in frameworks),
        goals=tuple(goal for _, goals in frameworks for goal in goals),
        hosts=rows("hosts.yaml", "hosts", read_host),
        themes=rows("themes.yaml", "themes", read_theme),
        partnerships=rows("partnerships.yaml", "partnerships", read_partnership),
        places=rows("places.yaml", "places", read_place),
        occasions=rows("occasions.yaml", "occasions", read_occasion),
        rules=read_rules(folder / "routing.yaml", facts, register),
        travel=read_travel(folder / "travel.yaml", register),
        reminders=read_reminders(folder / NAME, register),
    )
    words = read_words(folder / "words", register)
    check_mentions(register)
    check_training(folder / "training", city)
    return replace(city, themes=tuple(with_words(theme, words) for theme in city.themes))
