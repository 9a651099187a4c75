"""What the city says of itself on the visitor's pages: data of the city, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.core.languages import pick
from app.extensions import db
from app.strategy.models import CitySetting
from app.web.language import page_language


@dataclass(frozen=True, slots=True)
class CityTexts:
    """Texts that the city may leave empty."""

    municipality: str
    contact: str
    group_advice: str
    not_offered: list[str]


def city_texts() -> CityTexts:
    """The texts as they stand in the settings."""
    keys = ("municipality", "contact", "group_advice", "not_offered")
    rows = db.session.execute(select(CitySetting.key, CitySetting.value).where(CitySetting.key.in_(keys)))
    stored: dict[str, Any] = {row.key: row.value for row in rows}
    language = page_language()
    return CityTexts(
        municipality=pick(stored.get("municipality", {}), language),
        contact=pick(stored.get("contact", {}), language),
        group_advice=pick(stored.get("group_advice", {}), language),
        not_offered=[pick(names, language) for names in stored.get("not_offered", [])],
    )
