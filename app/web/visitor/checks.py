"""Fields and rules of the visitor's forms: every refusal says what to do, and shows again what was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from wtforms import Field, Form, SelectField, SelectMultipleField, StringField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from app.core.text import clean_text

# Direction marks are part of ordinary Arabic and Hebrew text; they are left out quietly when the visit is made.
MARKS = str.maketrans("", "", "\u061c\u200e\u200f")
OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# "<b>", "</p>", "<img src=…>", "<!--"; not "Ola <ola@example.org>" and not "a < b".
TAGS = re.compile(r"<(?:/?[a-z][a-z0-9:-]*(?:[\s/][^<>]*)?>|!--|script|svg|iframe)", re.IGNORECASE)
WEBSITE = re.compile(r"(?:https?://)?[^\s/@:.]+(?:\.[^\s/@:.]+)+(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
DAY_PATTERNS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")
FEWEST_DIGITS = 5
FIRST_YEAR, LAST_YEAR = 2000, 2199


class Filled:
    """Something readable must be there; the words say what."""

    field_flags = {"required": True}

    def __init__(self, words: LazyString) -> None:
        self.words = words

    def __call__(self, _form: Form, field: Field) -> None:
        if not any(clean_text(str(typed)) for typed in field.raw_data or ()):
            field.errors = []
            raise StopValidation(str(self.words))


def refuse_markup(text: str) -> None:
    """Raise StopValidation where a text holds tags or hidden signs; the same for everybody who writes."""
    text = text.translate(MARKS)
    if OVERRIDES.search(text) or CONTROLS.search(text):
        raise StopValidation(_("There are hidden signs in this text. Type it again instead of pasting it."))
    if TAGS.search(text):
        raise StopValidation(_("Write it as plain text, without tags such as <b> or <script>."))


class PlainText:
    """Text without tags or hidden signs, of at most so many characters. Sets no maxlength: browsers cut in silence."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, _form: Form, field: Field) -> None:
        text = str(field.data or "").translate(MARKS)
        if len(text) > self.most:
            raise StopValidation(_too_long(self.most, len(text)))
        refuse_markup(text)


def _too_long(most: int, count: int) -> str:
    over = count - most
    return ngettext(
        "Shorten this by %(num)d character. There is room for %(most)d.",
        "Shorten this by %(num)d characters. There is room for %(most)d.",
        over,
        most=most,
    )


class Telephone:
    """Digits, with what people write around them; five are the fewest (a Norwegian service number)."""

    def __call__(self, _form: Form, field: Field) -> None:
        text = str(field.data or "").strip()
        if text and sum(sign.isdigit() for sign in text) < FEWEST_DIGITS:
            raise StopValidation(_("Write a telephone number in digits, such as +47 55 56 55 56."))


class Website:
    """An address on the web, with or without https://."""

    def __call__(self, _form: Form, field: Field) -> None:
        text = str(field.data or "").strip()
        if text and not WEBSITE.fullmatch(text):
            raise ValidationError(_("Write a web address such as www.example.org."))


class Typed(StringField):
    """A field whose value is parsed from what was typed; unreadable input is kept as typed."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data: Any = self.parse(typed) if typed else None

    def parse(self, typed: str) -> Any:
        """The value, or ValueError with the words to show."""
        raise NotImplementedError

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ""


class WholeNumber(Typed):
    """A number of people, at least one."""

    def parse(self, typed: str) -> int:
        if not re.fullmatch(r"[0-9]+", typed):
            raise ValueError(_("Write a whole number in digits, such as 12."))
        if len(typed) > 6 or int(typed) < 1:
            raise ValueError(_("Write a number from 1 to 999999."))
        return int(typed)


class Hours(Typed):
    """A number of hours; a comma or a point for halves."""

    def parse(self, typed: str) -> float:
        if not re.fullmatch(r"[0-9]{1,4}(?:[.,][0-9]{1,2})?", typed):
            raise ValueError(_("Write the number of hours in digits, such as 6 or 2.5."))
        hours = float(typed.replace(",", "."))
        if not 0 < hours <= 500:
            raise ValueError(_("Write a number of hours between 0.5 and 500."))
        return hours


class DayInput(TextInput):
    """The browser's date field; a text field where what was typed is no date, so that it can be seen and corrected."""

    def __call__(self, field: Field, **attributes: Any) -> Any:
        readable = field.data is not None or not field._value()
        if field.data is not None:
            attributes["value"] = field.data.isoformat()
        return super().__call__(field, **{"type": "date" if readable else "text", **attributes})


class Day(Typed):
    """A date: as browsers send it, or as people write it, day first."""

    widget = DayInput()

    def parse(self, typed: str) -> date:
        for pattern in DAY_PATTERNS:
            found = _parsed(typed, pattern)
            if found is not None:
                return _within_reach(found)
        raise ValueError(_("Write the date as day, month and year, such as 08.06.2027."))


def _parsed(typed: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(typed, pattern).date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return None


def _within_reach(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(_("Look at the year of this date once more."))
    return day


class OneOf(SelectField):
    """One choice from a list."""

    def pre_validate(self, form: Form) -> None:
        _from_the_list(super().pre_validate, form)


class SomeOf(SelectMultipleField):
    """Any number of choices from a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Form) -> None:
        _from_the_list(super().pre_validate, form)


def _from_the_list(check: Any, form: Form) -> None:
    try:
        check(form)
    except ValidationError as error:
        raise ValidationError(_("Choose from the list. What was sent is not in it.")) from error
