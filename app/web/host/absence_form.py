"""The form by which an absence is entered: who, from when to when, and who stands in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import Field, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from app.core.text import clean_line
from app.core.time import now, venue_date
from app.extensions import db
from app.people.absences import LONGEST, Span
from app.people.models import Host, Membership, User
from app.web.host.fields import ChoiceField, at_most
from app.web.language import page_language
from app.web.visitor.checks import Day, Filled
from app.web.visitor.choices import sorting_key

Who = Host | User


class DaysForm(FlaskForm):
    """Whose days, from when to when, and a word about them."""

    who = ChoiceField(_l("Who?"))
    starts_on = Day(_l("First day"), [Filled(_l("Write the first day."))])
    ends_on = Day(_l("Last day"), [Optional()], description=_l("Left empty, it is one day."))
    note = StringField(_l("Note"), [at_most(200)], description=_l("Colleagues and administrators read it."))

    def __init__(self, *whom: Who, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.whom = {key_of(one): one for one in whom}
        self.who.offer(SelectChoice(key, words_for(one)) for key, one in self.whom.items())

    def validate_ends_on(self, field: Field) -> None:
        """Not before the first day, not over already, not for years."""
        first, last = self.starts_on.data, field.data or self.starts_on.data
        if first is None:
            return
        if last < first:
            raise ValidationError(_("The last day is before the first."))
        if last < venue_date(now()):
            raise ValidationError(_("These days are over."))
        if last - first > LONGEST:
            raise ValidationError(_("Write at most two years. A host that is gone for good is retired instead."))

    @property
    def span(self) -> Span:
        """The days, both included."""
        return self.starts_on.data, self.ends_on.data or self.starts_on.data

    @property
    def chosen(self) -> Who:
        """Whose days they are."""
        return self.whom[self.who.data]

    @property
    def words(self) -> str:
        """The note, on one line."""
        return clean_line(self.note.data)


class AbsenceForm(DaysForm):
    """Who is away, when, and who stands in."""

    who = ChoiceField(_l("Who is away?"))
    starts_on = Day(_l("First day away"), [Filled(_l("Write the first day."))])
    ends_on = Day(_l("Last day away"), [Optional()], description=_l("Left empty, it is one day."))
    backup = ChoiceField(
        _l("Who stands in?"),
        default="",
        description=_l("They get the mails, see the visits and answer as if they belonged to the host, in these days."),
    )
    note = StringField(
        _l("Note"),
        [at_most(200)],
        description=_l("Colleagues and administrators read it. Do not write why somebody is away."),
    )

    def __init__(self, *whom: Who, **kwargs: Any) -> None:
        super().__init__(*whom, **kwargs)
        self.backups = {key_of(one): one for one in possible_backups()}
        groups = {Host: str(_("Hosts")), User: str(_("People"))}
        named = [SelectChoice(key, words_for(one), {}, groups[type(one)]) for key, one in self.backups.items()]
        self.backup.offer([SelectChoice("", str(_("The host's own backup, if it has one"))), *named])

    def validate_backup(self, field: Field) -> None:
        """Somebody else than who is away."""
        if field.data and field.data == self.who.data:
            raise ValidationError(_("Choose somebody else: this is who is away."))

    @property
    def stand_in(self) -> Who | None:
        """Who stands in, if anybody was chosen."""
        return self.backups.get(self.backup.data or "")


def key_of(one: Who) -> str:
    """The form's value for a host or a person."""
    return f"host-{one.id}" if isinstance(one, Host) else f"person-{one.id}"


def words_for(one: Who) -> str:
    """A host by its name; a person by name and hosts."""
    language = page_language()
    if isinstance(one, Host):
        return one.name_in(language)
    return ", ".join([one.name, *(host.name_in(language) for host in one.hosts)])


def possible_backups() -> list[Who]:
    """Hosts, then the people of hosts, by name."""
    query = select(Host).where(Host.retired_at.is_(None))
    people = selectinload(Host.memberships).selectinload(Membership.user)
    back = people.selectinload(User.memberships).selectinload(Membership.host)
    hosts = list(db.session.scalars(query.options(people, back)))
    members = {user.id: user for host in hosts for user in host.members}
    return [*_sorted(hosts), *_sorted(members.values())]


def _sorted(rows: Iterable[Who]) -> list[Who]:
    return sorted(rows, key=lambda one: sorting_key(words_for(one), page_language()))
