"""Routing's reasons in sentences of the reader's language, and the visitor's own words that they rest on, marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, current_app, g
from flask_babel import LazyString
from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.people.models import Host
from app.routing import Catalogue
from app.routing.anew import OF_THAT_DAY
from app.routing.everyday import everyday_words, languages_of, subject_words
from app.routing.text import fold
from app.strategy.models import Goal, Occasion, Partnership, Theme
from app.visits.models import VisitGoal
from app.web.evidence_words import FIELDS, SENTENCES
from app.web.formats import days, language_name, listed
from app.web.language import page_language

Reasons = Iterable[Mapping[str, Any]]
MOST_WORDS = 6
TOO_LIGHT = 0.1  # a reason this far below the heaviest one would only confuse …
OWN_TOO_LIGHT = 0.05  # … and that the host answers for the subject this far: likeness weighs much more than it
# Reasons whose words tell a subject: by their likeness to other texts, or because the city's files list them.
BY_LIKENESS = frozenset({"resembles", "sender-resembles"})
BY_LISTED_WORDS = frozenset({"answers-for", "serves", "words", "colleague"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; marked where a reason rests on it."""

    text: str
    marked: bool = False


@dataclass(slots=True)
class _Finding:
    """Reasons of one kind about one subject, found in one field."""

    code: str
    source: str
    subject: str
    weight: float
    words: list[str]


def reason_sentences(reasons: Reasons, limit: int = 0, text: str = "") -> list[str]:
    """The reasons as sentences, the heaviest first; words found in one field for one subject share a sentence.

    The `limit` is one of reasons of the subject: what availability and fairness did stands beside them, however light.
    Words of every day are not named: of the languages of the `text` that the reasons are about, or of any language.
    """
    found = _findings(reasons, text)
    about = _sentences(one for one in found if one.code not in OF_THAT_DAY)
    return [*(about[:limit] if limit else about), *_sentences(one for one in found if one.code in OF_THAT_DAY)]


def _sentences(findings: Iterable[_Finding]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(_sentence, findings))))


def _findings(reasons: Reasons, text: str) -> list[_Finding]:
    everyday = everyday_words(languages_of(text))
    found: dict[tuple[str, str, str], _Finding] = {}
    for reason in sorted(reasons, key=_weight, reverse=True):
        about = (str(reason.get("code") or ""), str(reason.get("source") or ""), _subject(reason))
        finding = found.setdefault(about, _Finding(*about, _weight(reason), []))
        words = [str(word) for word in reason.get("words") or () if word and str(word) not in finding.words]
        finding.words += [word for word in words if _tells(word, finding.code, everyday)]
    heaviest = max((finding.weight for finding in found.values()), default=0.0)
    return [
        one
        for one in found.values()
        if one.weight == 0 or one.weight >= heaviest * _least(one) or one.code in OF_THAT_DAY
    ]


def _least(finding: _Finding) -> float:
    """What share of the heaviest one's weight a reason must have to be said."""
    return OWN_TOO_LIGHT if finding.code == "answers-for" else TOO_LIGHT


def _tells(word: str, code: str, everyday: frozenset[str]) -> bool:
    """Whether a word means something to a person who asks why; what the city's files hold for typical does."""
    folded = fold(word.strip())
    if code in BY_LIKENESS:
        return folded not in everyday and folded not in _city_names()
    return code not in BY_LISTED_WORDS or folded not in everyday or folded in subject_words(_catalogue().themes)


def _city_names() -> frozenset[str]:
    """The city's own names: every request is to it."""
    return frozenset(map(fold, _catalogue().rules.city_names))


def _catalogue() -> Catalogue:
    catalogue: Catalogue = current_app.extensions["city-catalogue"]
    return catalogue


def _weight(reason: Mapping[str, Any]) -> float:
    return abs(float(reason.get("weight") or 0))  # what speaks against a host weighs below zero


def goal_reasons(link: VisitGoal) -> list[dict[str, Any]]:
    """Why routing suggested the goal; of reasons that were stored without their subject, what its proposal says."""
    if all("subject" in reason for reason in link.reasons):
        return link.reasons
    proposed = [one for kind in ("priorities", "sdgs") for one in link.visit.routing.get(kind, [])]
    return next((one["reasons"] for one in proposed if one["code"] == link.goal.slug), link.reasons)


def _subject(reason: Mapping[str, Any]) -> str:
    """The theme, host or partnership; of a theme's narrower topic, the theme."""
    return str(reason.get("subject") or "").split("/")[0]


def marked_pieces(text: str, reasons: Reasons, source: str = "purpose") -> list[Piece]:
    """The text cut where the reasons' words stand in it; joined again the pieces are the text, letter for letter."""
    found = [finding for finding in _findings(reasons, text) if (finding.source or source) == source]
    words = {word for finding in found for word in finding.words}
    longest_first = sorted(filter(str.strip, words), key=len, reverse=True)
    if not longest_first:
        return [Piece(text)]
    pattern = re.compile(r"(?<!\w)(" + "|".join(map(re.escape, longest_first)) + ")", re.IGNORECASE)
    parts = pattern.split(text)
    return [Piece(part, number % 2 == 1) for number, part in enumerate(parts) if part]


def names() -> Mapping[str, str]:
    """What the slugs in reasons are called in the reader's language; read once for each request and language."""
    language = page_language()
    kept: dict[str, dict[str, str]] = g.setdefault("reason_names", {})
    if language not in kept:
        tables: tuple[type[Any], ...] = (Goal, Occasion, Partnership, Theme, Host)
        kept[language] = {
            row.slug: row.name_in(language) for table in tables for row in db.session.scalars(select(table))
        }
    return kept[language]


def quoted(words: Iterable[str]) -> str:
    """The visitor's own words, each in the quotation marks of the reader's language."""
    return listed(_("“%(words)s”", words=word) for word in words)


def _sentence(finding: _Finding) -> str:
    template = _template(finding)
    words = _outermost(finding.words)[:MOST_WORDS]
    values = {
        "subject": names().get(finding.subject, finding.subject),
        "field": str(FIELDS.get(finding.source, finding.source)),
        "count": int(finding.weight),
        "words": quoted(words),
        "plain": listed(words),
        "languages": listed(dict.fromkeys(map(language_name, words))),
        "dates": listed(_dates(word) for word in words),
    }
    return str(template) % values if template else ""


def _outermost(words: list[str]) -> list[str]:
    """Each word once, without those that stand inside another of them: "steep streets" says "streets" too."""
    once: dict[str, str] = {}
    for word in words:
        once.setdefault(word.strip().casefold(), word.strip())
    return [word for own, word in once.items() if not any(own != one and own in one for one in once)]


def _template(finding: _Finding) -> LazyString | None:
    """The code's own sentence where all that it speaks of is there; else one for what there is."""
    keys = [
        f"{finding.code}/{finding.source}",
        f"{finding.code}/words",
        finding.code,
        "words",
        "words/words",
        "about",
        "because",
    ]
    return next((SENTENCES[key] for key in keys if key in SENTENCES and _has_all(finding, str(SENTENCES[key]))), None)


def _has_all(finding: _Finding, sentence: str) -> bool:
    has = {"subject": finding.subject, "field": finding.source}
    has |= dict.fromkeys(("words", "plain", "languages", "dates"), " ".join(finding.words))
    return all(value or f"%({name})s" not in sentence for name, value in has.items())


def _dates(span: str) -> str:
    """A span such as 2027-06-08/2027-06-10 as people write it; anything else as it stands."""
    try:
        first, last = (date.fromisoformat(part) for part in span.split("/"))
    except ValueError:
        return span
    return days((first, last))


def init_app(app: Flask) -> None:
    """Give templates reason_sentences(), goal_reasons(), marked_pieces() and quoted()."""
    app.add_template_global(goal_reasons, "goal_reasons")
    app.add_template_global(reason_sentences, "reason_sentences")
    app.add_template_global(marked_pieces, "marked_pieces")
    app.add_template_global(quoted, "quoted")
