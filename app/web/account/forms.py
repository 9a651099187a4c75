"""The forms of signing in and of one's own settings."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.web.language import OWN_NAMES
from app.web.meanwhile import EditForm
from app.web.visitor.checks import Telephone

LONGEST_ADDRESS = 254  # RFC 5321


class SignInForm(FlaskForm):  # type: ignore[misc]
    """The address that the link goes to; `then` is where to go afterwards."""

    email = StringField(
        _l("Your e-mail address"),
        description=_l("The one your coordinator registered."),
        validators=[InputRequired(_l("Write your e-mail address.")), Length(max=LONGEST_ADDRESS)],
    )
    then = HiddenField()

    def validate_email(self, field: StringField) -> None:
        """It must look like an address; whether anybody has it is never told."""
        try:
            validate_email(field.data.strip(), check_deliverability=False)
        except EmailNotValidError as error:
            raise ValidationError(_("Write the address in full, for example name@example.org.")) from error


class AccountForm(EditForm):
    """What a person may change about themselves."""

    name = StringField(
        _l("Your name"),
        description=_l("Visitors and other hosts see it."),
        validators=[InputRequired(_l("Write your name.")), Length(max=120)],
    )
    phone = StringField(
        _l("Telephone"),
        description=_l("For hosts and coordinators, in case something happens on the day."),
        validators=[Length(max=40), Telephone()],
    )
    language = RadioField(
        _l("Language of pages and mails"),
        choices=list(OWN_NAMES.items()),
        validators=[InputRequired(_l("Choose a language."))],
    )
    invitations = RadioField(
        _l("Appointments in your own calendar"),
        description=_l("Where you are the contact person. What your calendar shows already is kept up to date."),
        choices=[
            ("each", _l("An invitation of its own for each appointment, one mail each")),
            ("together", _l("Fewer mails: several new appointments in one file, which your calendar does not update")),
            ("none", _l("Not by mail: I subscribe to a calendar feed")),
        ],
        validators=[InputRequired(_l("Choose how appointments reach your calendar."))],
    )
