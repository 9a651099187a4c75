"""Form fields whose refusals are our own words, in every language of the pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, StopValidation, ValidationError

from app.web.visitor.checks import refuse_markup

LINE = 200  # characters
TEXT = 5_000
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)

NOT_A_CHOICE = _l("Choose one of the answers in the list.")
TOO_LONG = _l("Write at most %(max)d characters.")


class AtMost(Length):
    """Plain text of at most so many characters."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raise ValidationError where the text is too long, StopValidation where it holds tags or hidden signs."""
        super().__call__(form, field)
        refuse_markup(str(field.data or ""))


class Within(NumberRange):
    """A number from one to another; what is no number at all is told already."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raise ValidationError where it is too small or too large."""
        if field.process_errors:
            raise StopValidation()
        super().__call__(form, field)


def at_most(longest: int) -> AtMost:
    """Plain text of at most so many characters, refused like the visitors' own where it holds markup."""
    return AtMost(max=longest, message=TOO_LONG)


def required(words: Any) -> InputRequired:
    """Something must be given; `words` says what."""
    return InputRequired(words)


class ChoiceField(SelectField):
    """One of a list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, invalid_choice_message=NOT_A_CHOICE, invalid_value_message=NOT_A_CHOICE, **kwargs)

    def offer(self, choices: Iterable[SelectChoice]) -> None:
        """Set the choices, in groups where they carry one."""
        self.choices = list(choices)


class OptionField(RadioField):
    """One of a few, all of them in sight."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, invalid_choice_message=NOT_A_CHOICE, invalid_value_message=NOT_A_CHOICE, **kwargs)


class DayField(DateField):
    """A date of this or the next century."""

    def __init__(self, label: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(label, *args, invalid_value_message=_l("Write the date as 2027-06-08."), **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Refuse years that no calendar program would show."""
        if isinstance(self.data, date) and not EARLIEST <= self.data <= LATEST:
            raise ValidationError(_l("Choose a date after the year 2000 and before 2200."))


class ClockField(TimeField):
    """A time of day on the venue's clock; "9:30", "0930" and "9.30" will do."""

    def __init__(self, label: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(label, *args, invalid_value_message=_l("Write the time as 09:30."), **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the ways people write a time."""
        written = "".join(valuelist).strip().replace(".", ":")
        if ":" not in written and written.isdecimal():
            written = f"{written[:-2]}:{written[-2:]}" if len(written) > 2 else f"{written}:00"
        super().process_formdata([written] if written else [])

    def as_written(self) -> time | None:
        """The time, for templates that need it typed."""
        return self.data if isinstance(self.data, time) else None


def text_area(label: Any, *validators: Any, rows: int = 4, **kwargs: Any) -> TextAreaField:
    """Several lines of text."""
    return TextAreaField(label, validators=[*validators, at_most(TEXT)], render_kw={"rows": rows}, **kwargs)
