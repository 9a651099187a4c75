"""Requests meant for another place of the city's name: its sights and offices are what is asked for, not only named."""

from __future__ import annotations

from collections import defaultdict

from app.routing.catalogue import Catalogue
from app.routing.cues import cue
from app.routing.evidence import Reading
from app.routing.flag_texts import expression, matches
from app.routing.names import Mention
from app.routing.partners import Partners
from app.routing.text import Passage, fold
from app.routing.types import Flag, Reason

ASTRAY = 2
BEFORE, AFTER = 60, 40  # characters that tell how a place is named


def wrong_city_flag(reading: Reading, partners: Partners, catalogue: Catalogue) -> Flag | None:
    """Meant for another place of the same name: words around that place, and nothing that speaks for this one."""
    if partners.at_home or not partners.namesakes:
        return None
    cities = {fold(name) for name in catalogue.rules.city_names}
    by_place: dict[str, list[Mention]] = defaultdict(list)
    for mention in _wanted(partners.namesakes, reading, cities):
        by_place[mention.name.slug].append(mention)
    place = max(by_place, key=lambda slug: len(_names(by_place[slug])), default="")
    found = by_place.get(place, [])
    direct = any(_is_direct(mention, cities) for mention in found)
    if not found or (len(_names(found)) < ASTRAY and not direct):
        return None
    quoted = tuple(dict.fromkeys(mention.quote for mention in found))[:5]
    return Flag("wrong-city", (Reason("namesake", "purpose", quoted, float(len(_names(found))), place),))


def _names(found: list[Mention]) -> set[str]:
    return {" ".join(mention.name.words) for mention in found}


def _is_direct(mention: Mention, cities: set[str]) -> bool:
    """Whether it is the other place's own name, which holds this city's."""
    return any(city in " ".join(mention.name.words) for city in cities)


def _wanted(found: tuple[Mention, ...], reading: Reading, cities: set[str]) -> list[Mention]:
    """The names that are not only those of the sender, and not only named in passing."""
    own = fold(" ".join(passage.folded for passage in reading.fields.values()))
    passing = {id(one): _in_passing(one, reading.purpose, own, cities) for one in found}
    return [
        one
        for one in found
        if not passing[id(one)]
        and not any(passing[id(other)] and other.at <= one.at and one.last <= other.last for other in found)
        and (_is_direct(one, cities) or " ".join(one.name.words) not in own)
    ]


def _in_passing(mention: Mention, passage: Passage, own: str, cities: set[str]) -> bool:
    """Whether a place is named as where somebody comes from, what lies near, what it is like, or who told of us."""
    words = passage.words[mention.at : mention.last]
    if words[0].sentence != words[-1].sentence:
        return True
    begin, end = passage.sentences[words[0].sentence]
    before = passage.folded[max(begin, words[0].start - BEFORE) : words[0].start]
    after = passage.folded[words[-1].end : min(end, words[-1].end + AFTER)]
    sentence = passage.folded[max(begin, words[0].start - 300) : min(end, words[-1].end + 300)]
    again = matches("regularly", sentence) and not cue("ask").search(sentence)
    if again or expression("living_there").search(before):
        return True
    if not _is_direct(mention, cities):
        return False
    if " ".join(mention.name.words) in own and expression("we_of").search(before) and not cue("ask").search(before):
        return True
    near = expression("in_passing").search(before) or expression("in_passing_behind").match(after)
    return bool(near) or matches("names_alike", sentence)
