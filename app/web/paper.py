"""Sheets for paper: a programme as plain data in the reader's words, and the answer that carries the PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flask import Response, current_app, make_response
from flask_babel import gettext as _

from app.core.dates import written_zone
from app.core.pdf import Printed, typeset
from app.core.time import now
from app.visits.known_stop import ShownStop
from app.web.formats import city_name, headed_day, listed, moment_in_city, times
from app.web.language import page_language
from app.web.reach import map_url, phone_url
from app.web.words import word

TEMPLATE = "templates/paper/sheet.typ"
REGIONS = {"en": "gb", "nb": "no", "nn": "no"}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text; a link where it has a URL."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it stands for."""

    label: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: when, what, how certain, the facts in order, and the way there from the one before."""

    time: str
    title: str
    status: str
    facts: list[Fact]
    way: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the programme."""

    heading: str
    stops: list[Stop]


@dataclass(frozen=True, slots=True)
class People:
    """A table of people; rows of text."""

    heading: str = ""
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on the sheet; `lead` are sentences under the heading."""

    title: str
    subtitle: str
    reference: str
    lead: list[str]
    days: list[Day]
    facts_heading: str = ""
    facts: list[Fact] = field(default_factory=list)
    people: People = field(default_factory=People)


def line(label: str, text: str, url: str = "") -> list[Fact]:
    """A fact with one piece of text; nothing where there is no text."""
    return [Fact(label, [Part(text, url)])] if text else []


def contact_fact(label: str, name: str, phone: str = "", email: str = "") -> list[Fact]:
    """A person and how to reach them."""
    if not name:
        return []
    reach = [Part(phone, phone_url(phone))] if phone else []
    return [Fact(label, [Part(name), *reach, *([Part(email, f"mailto:{email}")] if email else [])])]


def place_of(appointment: ShownStop) -> list[Fact]:
    """Where it is: name, address, what was typed, and a link to a map."""
    place = appointment.place
    named = [place.name_in(page_language()), place.address] if place else []
    parts = [Part(words) for words in (", ".join(filter(None, named)), appointment.place_text) if words]
    return [Fact(_("Place:"), [*parts, Part(_("Map"), map_url(appointment))])] if parts else []


def contact_of(appointment: ShownStop, *, reachable: bool) -> list[Fact]:
    """The contact person of a stop, with telephone and address where the reader may have them."""
    person = appointment.contact
    if person is None:
        return []
    reach = (person.phone, person.email) if reachable else ("", "")
    return contact_fact(_("Contact person:"), person.name, *reach)


def status_of(appointment: ShownStop, waiting: str) -> str:
    """How certain the stop is, in words; `waiting` is added while its host has not answered."""
    status = str(word("appointment_status", appointment.status))
    return f"{status}. {waiting}" if appointment.answer == "asked" else status


def time_of(appointment: ShownStop) -> str:
    """When, on the venue's clock."""
    return times(appointment.starts_at, appointment.ends_at)


def days_of_paper(days: Iterable[tuple[date, Sequence[Stop]]]) -> list[Day]:
    """The stops under their written days."""
    return [Day(headed_day(on), list(stops)) for on, stops in days]


def clock_words(appointments: Iterable[ShownStop]) -> str:
    """Whose clock the times are on: the city, the zone in full, both of them where the clock changes in between."""
    zones = dict.fromkeys(written_zone(one.starts_at, page_language()) for one in appointments)
    if not zones:
        return _("All times are local time in %(city)s.", city=city_name())
    return _("All times are local time in %(city)s: %(zone)s.", city=city_name(), zone=listed(zones))


def pdf_of(sheet: Sheet) -> Printed:
    """The sheet as PDF, made now, in the reader's language."""
    at, language = now(), page_language()
    page = _("Page %(page)s of %(pages)s", page="\n", pages="\n").split("\n")
    words: dict[str, Any] = {
        "lang": language,
        "region": REGIONS[language],
        "city": city_name(),
        "page": page,
        "made": _("Made %(moment)s", moment=moment_in_city(at)),
        "nothing": _("There is no programme yet."),
    }
    notice = _(
        "Some characters could not be printed with the fonts at hand. Square brackets stand for them, with their sound "
        "or name inside where there is one; the web page shows them as they were written."
    )
    placeholder, data = _("cannot be printed"), words | asdict(sheet)
    return typeset(Path(current_app.root_path) / TEMPLATE, data, notice=notice, placeholder=placeholder, at=at)


def pdf_response(sheet: Sheet, name: str) -> Response:
    """The PDF, shown in the browser; `name` is the file's when it is kept."""
    printed = pdf_of(sheet)
    if printed.spelled:
        current_app.logger.warning(
            "a PDF was made without glyphs for %d characters; fonts for their scripts are not installed",
            len(printed.spelled),
        )
    response = make_response(printed.body)
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
