"""Finding, comparing and merging counterparts: the organisations that write or come."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from rapidfuzz import fuzz
from sqlalchemy import Text, cast, select, update

from app.extensions import db
from app.routing.languages import READ, small_words
from app.strategy.models import Counterpart
from app.visits.models import Visit

LOOK_ALIKE = 86  # rapidfuzz token_set_ratio, 0-100
FOLDS = str.maketrans({"ø": "o", "æ": "ae", "å": "a", "ß": "ss", "đ": "d", "ł": "l"})


def name_key(name: str) -> str:
    """A name folded for comparing: lower case, no accents, no punctuation."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(FOLDS))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", plain))


def counterpart_for(visit: Visit, *, at: datetime) -> Counterpart:
    """The known counterpart with that name and country (also under an alias), or a new one."""
    key = name_key(visit.organisation)
    known = _known_as(key, visit.country)
    if known is not None:
        return known
    counterpart = Counterpart(
        name=visit.organisation,
        name_key=key,
        aliases=[],
        type=visit.organisation_type,
        country=visit.country,
        city=visit.city,
        website=visit.website,
        created_at=at,
    )
    db.session.add(counterpart)
    db.session.flush()
    return counterpart


def _known_as(key: str, country: str) -> Counterpart | None:
    """By its name, else by an alias; few have aliases, so only theirs are read."""
    there = Counterpart.country == country, Counterpart.merged_into_id.is_(None)
    named = select(Counterpart).where(*there, Counterpart.name_key == key).order_by(Counterpart.id).limit(1)
    if found := db.session.scalar(named):
        return found
    others = select(Counterpart.id, Counterpart.aliases).where(*there, cast(Counterpart.aliases, Text) != "[]")
    for number, aliases in db.session.execute(others.order_by(Counterpart.id)):
        if key in map(name_key, aliases):
            return db.session.get(Counterpart, number)
    return None


def look_alikes(counterpart: Counterpart) -> list[Counterpart]:
    """Other counterparts of the same country that could be the same organisation, most alike first."""
    names = select(Counterpart.id, Counterpart.name_key).where(
        Counterpart.country == counterpart.country,
        Counterpart.id != counterpart.id,
        Counterpart.merged_into_id.is_(None),
    )
    scores = {one: fuzz.token_set_ratio(counterpart.name_key, name) for one, name in db.session.execute(names)}
    alike = [one for one, score in scores.items() if score >= LOOK_ALIKE]
    found = db.session.scalars(select(Counterpart).where(Counterpart.id.in_(alike)))
    return sorted(found, key=lambda other: (-scores[other.id], other.id))


def telling_words(key: str) -> list[str]:
    """The words of a folded name without the small ones, in the order of the alphabet.

    "Kenya Ministry of Health" and "Ministry of Health, Kenya" have the same.
    """
    return sorted(word for word in key.split() if word not in small_words(READ))


def merge_counterparts(gone: Counterpart, kept: Counterpart) -> None:
    """All visits of `gone` become visits of `kept`; its names become aliases. Not undone, so pages ask first."""
    db.session.execute(update(Visit).where(Visit.counterpart_id == gone.id).values(counterpart_id=kept.id))
    kept.aliases = sorted({*kept.aliases, *gone.aliases, gone.name} - {kept.name})
    gone.merged_into_id = kept.id
    db.session.flush()
