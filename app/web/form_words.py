"""What WTForms says of a wrong value, in our words and in all three languages (the library has no nynorsk)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import Form

NOT_A_CHOICE = _l("Choose one of the answers in the list.")
WORDS: Mapping[str, LazyString] = {
    "This field is required.": _l("Fill in this field."),
    "Not a valid choice.": NOT_A_CHOICE,
    "'%(value)s' is not a valid choice for this field.": NOT_A_CHOICE,
    "Invalid Choice: could not coerce.": NOT_A_CHOICE,
    "Invalid choice(s): one or more data inputs could not be coerced.": NOT_A_CHOICE,
    "Not a valid integer value.": _l("Write a whole number, such as 12."),
    "Not a valid decimal value.": _l("Write a number, such as 1.5."),
    "Not a valid float value.": _l("Write a number, such as 1.5."),
    "Not a valid date value.": _l("Write a date that exists, such as 2027-06-08."),
    "Not a valid datetime value.": _l("Write a date and a time, such as 2027-06-08 10:00."),
    "Not a valid time value.": _l("Write a time, such as 10:00."),
    "Invalid email address.": _l("Write a whole e-mail address, such as name@example.org."),
    "Invalid URL.": _l("Write a whole web address, such as https://example.org."),
    "Invalid input.": _l("Write this differently: some of the characters cannot be used here."),
    "Number must be at least %(min)s.": _l("The number must be %(min)s or more."),
    "Number must be at most %(max)s.": _l("The number must be %(max)s or less."),
    "Number must be between %(min)s and %(max)s.": _l("The number must be between %(min)s and %(max)s."),
    "Field must be at least %(min)d character long.": _l("Write at least %(min)d characters."),
    "Field cannot be longer than %(max)d character.": _l("Write at most %(max)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": _l("Write between %(min)d and %(max)d characters."),
    "Field must be exactly %(max)d character long.": _l("Write exactly %(max)d characters."),
}


class OurWords:
    """Stands where Flask-WTF keeps the library's own catalogue for a request; placeholders are filled by WTForms."""

    def ugettext(self, text: str) -> str:
        """Our sentence for the library's; an unknown one is shown as it is."""
        return str(WORDS.get(text, text))

    def ungettext(self, singular: str, plural: str, count: int) -> str:
        """The same for sentences with a number; ours fit every number."""
        return str(WORDS.get(singular, singular if count == 1 else plural))

    gettext, ngettext = ugettext, ungettext  # WTForms' own names for the same


class PlainForm(Form):  # type: ignore[misc]
    """A form without a key against forgery: one that is only read, or a part of another. Speaks as the others do."""

    class Meta:
        """WTForms keeps no catalogue for these by itself."""

        def get_translations(self, _form: Form) -> OurWords:
            """Our sentences."""
            return OurWords()


def _use_our_words() -> None:
    request.wtforms_translations = OurWords()  # type: ignore[attr-defined]


def init_app(app: Flask) -> None:
    """Before any form of a request is made."""
    app.before_request(_use_our_words)
