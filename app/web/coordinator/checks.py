"""Fields and choices that this door's forms share; the checks themselves are those of the public form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from wtforms import Form, StringField, TextAreaField
from wtforms.validators import Optional

from app.core.text import clean_line, clean_text
from app.extensions import db
from app.people.models import Host
from app.web.language import page_language
from app.web.numbers import BIGGEST_ID
from app.web.visitor.checks import Day, Filled, OneOf, PlainText
from app.web.visitor.choices import sorting_key

LINE, TEXT = 200, 4000  # characters

Choices = list[tuple[str, str]]
__all__ = ["BIGGEST_ID", "Choices", "Day", "Line", "OneOf", "Text", "find_host", "host_choices", "optional_day"]


class Line(StringField):
    """One line of text, cleaned; `needed` is what to say when it is empty."""

    def __init__(
        self, label: Any, needed: Any = None, length: int = LINE, checks: Sequence[Any] = (), **others: Any
    ) -> None:
        first = [Filled(needed)] if needed else []
        super().__init__(label, [*first, PlainText(length), *checks], **others)

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        """Keep the cleaned text; what was typed stays in the field when something is wrong."""
        if not validation_stopped:
            self.data: Any = clean_line(self.data)


class Text(TextAreaField):
    """Several lines of text, cleaned; `needed` is what to say when it is empty."""

    def __init__(self, label: Any, needed: Any = None, length: int = TEXT, rows: int = 4, **others: Any) -> None:
        checks = [Filled(needed)] if needed else []
        super().__init__(label, [*checks, PlainText(length)], render_kw={"rows": rows}, **others)

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        """Keep the cleaned text; what was typed stays in the field when something is wrong."""
        if not validation_stopped:
            self.data: Any = clean_text(self.data)


def optional_day(label: Any, **others: Any) -> Any:
    """A date that may be left out."""
    return Day(label, [Optional()], **others)


def host_choices(*, first: Iterable[str] = (), blank: object = None, retired: bool = False) -> Choices:
    """Hosts by name in the reader's language, the slugs in `first` before the others."""
    query = select(Host) if retired else select(Host).where(Host.retired_at.is_(None))
    language = page_language()
    names = {host.slug: host.name_in(language) for host in db.session.scalars(query)}
    ahead = [slug for slug in dict.fromkeys(first) if slug in names]
    others = sorted((slug for slug in names if slug not in ahead), key=lambda slug: sorting_key(names[slug], language))
    empty = [("", str(blank))] if blank is not None else []
    return empty + [(slug, names[slug]) for slug in [*ahead, *others]]


def find_host(slug: str | None) -> Host | None:
    """The host with that slug that is not retired, or None."""
    return db.session.scalar(select(Host).where(Host.slug == clean_line(slug), Host.retired_at.is_(None)))


def by_name(pairs: Iterable[tuple[str, str]]) -> Choices:
    """Choices in the reader's alphabetical order."""
    language = page_language()
    return sorted(pairs, key=lambda pair: sorting_key(pair[1], language))


def day_in_address(text: str) -> date | None:
    """The date written as 2027-06 or 2027-06-08 in an address, or None."""
    try:
        day = date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None
