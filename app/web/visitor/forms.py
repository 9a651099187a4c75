"""The four forms of a request. What was typed is kept raw in the draft, so going back shows exactly that."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, StringField, TelField, TextAreaField, URLField
from wtforms.validators import Email, Optional, ValidationError

from app.core.time import now, venue_date
from app.web.language import page_language
from app.web.visitor import choices
from app.web.visitor.checks import Day, Filled, Hours, OneOf, PlainText, SomeOf, Telephone, Website, WholeNumber
from app.web.words import LEVELS, ORGANISATION_TYPES, PARTNERSHIP_KINDS

LINE, NAME, SHORT, LONG, LONGEST = 200, 100, 500, 2000, 6000
WINDOWS = (1, 2, 3)
WISHED_HOSTS = (1, 2, 3)
EMAIL_WORDS = _l("Write an e-mail address such as name@example.org.")


class StepForm(FlaskForm):  # type: ignore[misc]
    """One step; the CSRF token is checked for the whole application, not by each form."""

    class Meta:
        csrf = False


class WhoForm(StepForm):
    """The organisation and the person who writes."""

    organisation = StringField(
        _l("Organisation"), [Filled(_l("Write the name of your organisation.")), PlainText(LINE)]
    )
    organisation_type = OneOf(_l("What kind of organisation is it?"), [Filled(_l("Choose the nearest kind."))])
    country = OneOf(_l("Country"), [Filled(_l("Choose the country you write from."))])
    city = StringField(_l("City or town"), [PlainText(NAME)])
    website = URLField(_l("Website"), [PlainText(LINE), Website()])
    on_behalf_of = StringField(
        _l("On whose behalf do you write?"),
        [PlainText(LINE)],
        description=_l("Only if you arrange this for somebody else: name the organisation that will come."),
    )
    contact_name = StringField(_l("Your name"), [Filled(_l("Write your name.")), PlainText(NAME)])
    contact_email = EmailField(
        _l("Your e-mail address"),
        [Filled(_l("Write your e-mail address. The answer is sent there.")), PlainText(254), Email(EMAIL_WORDS)],
        description=_l("We send a link there, by which you confirm the request and follow it."),
    )
    contact_phone = TelField(
        _l("Telephone"),
        [PlainText(40), Telephone()],
        description=_l("With the country code. For urgent matters during the visit."),
    )

    def fill_choices(self) -> None:
        """Kinds of organisation and countries."""
        choose = [("", _("Choose"))]
        self.organisation_type.choices = [*choose, *ORGANISATION_TYPES.items()]
        self.country.choices = [*choose, *choices.countries(page_language())]


class DelegationForm(StepForm):
    """Who comes."""

    group_size = WholeNumber(
        _l("How many people will come?"),
        [Filled(_l("Write about how many people will come."))],
        description=_l("A good guess is enough for now."),
    )
    head_name = StringField(
        _l("Name of the head of delegation"),
        [PlainText(NAME)],
        description=_l("Leave it empty if it is not decided yet."),
    )
    head_title = StringField(_l("Title of the head of delegation"), [PlainText(LINE)])
    head_level = OneOf(_l("Level of the head of delegation"), [Optional()])
    languages = SomeOf(
        _l("Which languages can the visit be held in?"),
        description=_l("Tick every language that the whole delegation understands."),
    )
    other_language = OneOf(_l("Another language"), [Optional()])
    interpreter_needed = BooleanField(_l("We need an interpreter"))

    def fill_choices(self) -> None:
        """Levels and languages."""
        self.head_level.choices = [("", _("Not decided yet")), *LEVELS.items()]
        self.languages.choices = choices.common_languages(page_language())
        self.other_language.choices = [("", _("None")), *choices.other_languages(page_language())]

    def validate_languages(self, field: SomeOf) -> None:
        """At least one, ticked or chosen."""
        if not field.data and not self.other_language.data:
            raise ValidationError(_("Choose at least one language."))


class VisitForm(StepForm):
    """What the visit is about."""

    purpose = TextAreaField(
        _l("What do you want to learn, show or agree on?"),
        [Filled(_l("Write in a few sentences what the visit is for.")), PlainText(LONGEST)],
        description=_l("The more precise you are, the better the hosts we can find. Write in the language you prefer."),
    )
    themes = SomeOf(_l("Which themes come nearest?"), description=_l("Tick one or a few. Leave it open if unsure."))
    host_1 = StringField(_l("First host you would like to meet"), [PlainText(LINE)])
    host_2 = StringField(_l("Second host"), [PlainText(LINE)])
    host_3 = StringField(_l("Third host"), [PlainText(LINE)])
    partnership = OneOf(_l("Do you come through a twin city or a network?"), [Optional()])
    relation = StringField(_l("Another tie to the city"), [PlainText(LINE)], description=_l("A project, an agreement."))
    previous_visit = TextAreaField(
        _l("Have you been here before?"), [PlainText(SHORT)], description=_l("When, and whom did you meet?")
    )
    occasion = OneOf(_l("Is the visit tied to a larger event here?"), [Optional()])
    event = StringField(_l("Another event"), [PlainText(LINE)])
    in_return = TextAreaField(
        _l("What can you offer in return?"),
        [PlainText(LONG)],
        description=_l("Experience you can share, a talk, an invitation. It helps hosts to say yes."),
    )

    def fill_choices(self) -> None:
        """Themes, partnerships and occasions from the city's data."""
        language = page_language()
        self.themes.choices = [(theme.slug, theme.name) for theme in choices.themes(language)]
        groups = choices.partnerships(language)
        named = {str(PARTNERSHIP_KINDS.get(kind, kind)): found for kind, found in groups.items()}
        self.partnership.choices = {"": [("", _("No"))], **named}
        occasions = choices.occasions(language, today=venue_date(now()))
        self.occasion.choices = [("", _("No")), *occasions]


class WhenForm(StepForm):
    """One to three spans of dates, how long, and what is around it."""

    starts_on_1 = Day(_l("First day"), [Filled(_l("Write the first day on which you could come."))])
    ends_on_1 = Day(_l("Last day"), [Optional()])
    starts_on_2 = Day(_l("First day"), [Optional()])
    ends_on_2 = Day(_l("Last day"), [Optional()])
    starts_on_3 = Day(_l("First day"), [Optional()])
    ends_on_3 = Day(_l("Last day"), [Optional()])
    duration_hours = Hours(
        _l("How many hours of programme do you wish?"),
        [Optional()],
        description=_l("In all. A short call is 1 hour, a full day about 6."),
    )
    flexibility = TextAreaField(
        _l("How flexible are the dates?"),
        [PlainText(SHORT)],
        description=_l("Flights booked, days that cannot be used."),
    )
    rest_of_stay = TextAreaField(
        _l("The rest of your stay"),
        [PlainText(LONG)],
        description=_l("Where you come from and go to, and other meetings in Norway."),
    )

    def fill_choices(self) -> None:
        """Nothing to choose from."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then each pair of dates."""
        fine = bool(super().validate(extra_validators))
        wrong = [number for number in WINDOWS if not self._check_window(number)]
        return fine and not wrong

    def _check_window(self, number: int) -> bool:
        first, last = self[f"starts_on_{number}"], self[f"ends_on_{number}"]
        if first.errors or last.errors:
            return False
        if last.data and not first.data:
            first.errors = [_("Write the first day too.")]
        elif last.data and last.data < first.data:
            last.errors = [_("The last day is before the first.")]
        return not first.errors and not last.errors

    @property
    def windows(self) -> list[tuple[date, date]]:
        """The spans given; a single day where no last day is given. Only after validation."""
        pairs = [(self[f"starts_on_{number}"].data, self[f"ends_on_{number}"].data) for number in WINDOWS]
        return [(first, last or first) for first, last in pairs if first]


class AddressForm(StepForm):
    """Where the confirmation mail should go."""

    contact_email = EmailField(
        _l("Your e-mail address"), [Filled(_l("Write your e-mail address.")), PlainText(254), Email(EMAIL_WORDS)]
    )
