"""Forms of the administrator: a person with roles and hosts, and a host's profile."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import BooleanField, EmailField, Field, SelectMultipleField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.text import clean_line
from app.extensions import db
from app.people.models import Host, User
from app.people.users import find_user, normal_email
from app.planning.hours import spans_of
from app.web.coordinator.checks import Line, OneOf, Text, by_name, find_host, host_choices
from app.web.coordinator.keeping_forms import NAMES, NamedForm, People
from app.web.host.fields import OptionField, required
from app.web.language import OWN_NAMES, page_language
from app.web.meanwhile import EditForm
from app.web.visitor.checks import Filled, PlainText, Telephone
from app.web.visitor.choices import common_languages
from app.web.words import choices

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_SPANS = 2  # before and after midday, as the members' own form has them
NORWEGIAN = {"man": "mon", "mån": "mon", "tir": "tue", "tys": "tue", "ons": "wed", "tor": "thu", "fre": "fri"}
NORWEGIAN |= {"lør": "sat", "lau": "sat", "søn": "sun"}
HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d\s*[-–]\s*(([01]\d|2[0-3]):[0-5]\d|24:00)")


class Ticks(SelectMultipleField):
    """Any number of choices, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Only what is on the list."""
        known = {value for value, *_rest in self.iter_choices()}
        if any(value not in known for value in self.data or ()):
            raise ValidationError(_("Choose from the list. What was sent is not in it."))


class PersonForm(EditForm):
    """Who a person is, and what they may do."""

    name = Line(_l("Name"), _l("Write the person's name."), length=100)
    email = EmailField(
        _l("E-mail address"),
        [Filled(_l("Write the e-mail address.")), PlainText(254)],
        description=_l("Sign-in links and mails go there."),
    )
    title = Line(_l("Title"))
    phone = Line(_l("Telephone"), length=40, checks=[Telephone()])
    language = OptionField(
        _l("Language of pages and mails"),
        choices=[(code, OWN_NAMES[code]) for code in ("nb", "nn", "en")],
        validators=[required(_l("Choose a language."))],
    )
    is_coordinator = BooleanField(_l("Coordinator"), description=_l("Sees every visit and may decide on all of them."))
    is_admin = BooleanField(_l("Administrator"), description=_l("May change people, hosts and settings."))
    hosts = Ticks(_l("Member of these hosts"))

    def __init__(self, person: User | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.hosts.choices = host_choices()

    def validate_email(self, field: Field) -> None:
        """An address that nobody else has."""
        try:
            address = normal_email(str(field.data))
        except ValueError as error:
            raise ValidationError(_("Write an e-mail address such as name@example.org.")) from error
        other = find_user(address)
        if other is not None and (self.person is None or other.id != self.person.id):
            raise ValidationError(_("Somebody already has this address: %(name)s.", name=other.name))


class HostForm(NamedForm):
    """A host's profile: what routing, offers and programmes go by."""

    kind = OptionField(
        _l("Kind"), choices=choices("host_kind"), validators=[required(_l("Choose what kind of host it is."))]
    )
    description_nb = Text(_l("Description in bokmål"))
    description_nn = Text(_l("Description in nynorsk"))
    description_en = Text(_l("Description in English"))
    aliases = Text(_l("Other names"), rows=3, description=_l("One on each line. Visitors may ask for them."))
    email = Line(_l("E-mail address"), length=254)
    website = Line(_l("Website"))
    owner = OneOf(_l("Belongs to"), [Optional()])
    backup = OneOf(
        _l("Stands in when it has nobody"), [Optional()], description=_l("Asked when nobody there can answer.")
    )
    languages = Ticks(_l("Languages in which it receives"))
    daily_cap = People(_l("At most how many visits a day?"), [Optional()])
    weekly_cap = People(_l("At most how many visits a week?"), [Optional()])
    monthly_cap = People(_l("At most how many visits a month?"), [Optional()])
    notice_days = People(_l("Days of notice it needs"), [Filled(_l("Write a number of days."))])
    opening_hours = Text(
        _l("Opening hours"),
        rows=5,
        description=_l(
            "One weekday on each line: mon 09:00-15:30, or mon 08:00-11:00, 12:00-15:00."
            " A weekday without a line is closed."
        ),
    )

    def __init__(self, host: Host, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.host = host
        others = [choice for choice in host_choices(blank=_("None")) if choice[0] != host.slug]
        self.owner.choices, self.backup.choices = others, others
        spoken = common_languages(page_language())
        more = [(code, code) for code in host.languages if code not in dict(spoken)]
        self.languages.choices = [*spoken, *more]

    def validate_email(self, field: Field) -> None:
        """An address, if any."""
        try:
            normal_email(str(field.data)) if field.data else None
        except ValueError as error:
            raise ValidationError(_("Write an e-mail address such as name@example.org.")) from error

    def validate_opening_hours(self, field: Field) -> None:
        """Every line a weekday and two times, the first before the second."""
        for line in str(field.data or "").splitlines():
            if line.strip() and read_hours(line) is None:
                raise ValidationError(_("This line cannot be read: “%(line)s”. Write mon 09:00-15:30.", line=line[:40]))

    def fill(self, row: Host) -> bool:
        """Put everything into the row; True when its name changed."""
        renamed = self.fill_names(row)
        for name in ("kind", "description_nb", "description_nn", "description_en", "email", "website"):
            setattr(row, name, self[name].data)
        owner, backup = find_host(self.owner.data), find_host(self.backup.data)
        row.owner_id, row.backup_id = owner.id if owner else None, backup.id if backup else None
        row.aliases = list(dict.fromkeys(filter(None, map(clean_line, self.aliases.data.split("\n")))))
        for name in ("languages", "notice_days", "daily_cap", "weekly_cap", "monthly_cap"):
            setattr(row, name, self[name].data)
        row.opening_hours = dict(filter(None, map(read_hours, self.opening_hours.data.split("\n"))))
        return renamed


def read_hours(line: str) -> tuple[str, list[str]] | None:
    """ "mon 09:00-15:30" as a weekday and its times, "mon 08:00-11:00, 12:00-15:00" too; None for anything else."""
    typed, _space, hours = line.strip().lower().partition(" ")
    day = NORWEGIAN.get(typed[:3], typed[:3])
    spans = [span.strip() for span in hours.split(",")]
    if day not in WEEKDAYS or len(spans) > MOST_SPANS or not all(map(HOURS.fullmatch, spans)):
        return None
    clocks = [clock for span in spans for clock in re.split(r"\s*[-–]\s*", span)]
    return (day, clocks) if all(one < other for one, other in pairwise(clocks)) else None


def written_hours(hours: dict[str, Any]) -> str:
    """A host's opening hours as the form takes them."""
    spans = {day: ", ".join(f"{opens}-{closes}" for opens, closes in spans_of(hours, day)) for day in WEEKDAYS}
    return "\n".join(f"{day} {words}" for day, words in spans.items() if words)


def users_by_name() -> list[User]:
    """Everybody, by name, the deactivated last."""
    rows = {str(user.id): user for user in db.session.scalars(select(User))}
    ordered = [rows[key] for key, _name in by_name((key, user.name) for key, user in rows.items())]
    return sorted(ordered, key=lambda user: user.deactivated_at is not None)


__all__ = ["NAMES", "HostForm", "PersonForm", "users_by_name", "written_hours"]
