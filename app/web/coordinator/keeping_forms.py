"""Forms of what coordinators keep: larger events in the city, and places."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field
from wtforms.validators import Optional, ValidationError

from app.core.text import clean_line
from app.extensions import Named
from app.people.models import Place
from app.strategy.models import Occasion
from app.web.coordinator.checks import Line, OneOf, Text, find_host, host_choices, optional_day
from app.web.meanwhile import EditForm
from app.web.visitor.checks import Typed, Website, WholeNumber

NAMES = ("name_en", "name_nb", "name_nn")


class Degrees(Typed):
    """A coordinate in degrees; a comma or a point for decimals."""

    def __init__(self, label: Any, most: int, **others: Any) -> None:
        super().__init__(label, [Optional()], **others)
        self.most = most

    def parse(self, typed: str) -> float:
        """The number, within the bounds of the earth."""
        if not re.fullmatch(r"-?[0-9]{1,3}([.,][0-9]{1,8})?", typed):
            raise ValueError(_("Write the degrees as a number, such as 60.3925."))
        degrees = float(typed.replace(",", "."))
        if abs(degrees) > self.most:
            raise ValueError(_("That is not on the earth: at most %(number)d degrees.", number=self.most))
        return degrees

    def _value(self) -> str:
        return super()._value() or ("" if self.data is None else f"{self.data:.8f}".rstrip("0").rstrip("."))


class People(WholeNumber):
    """A number of people that may come from a row."""

    def _value(self) -> str:
        return super()._value() or ("" if self.data is None else str(self.data))


class NamedForm(EditForm):
    """A name in each language; one is enough, the others are then shown in it."""

    name_nb = Line(_l("Name in bokmål"))
    name_nn = Line(_l("Name in nynorsk"))
    name_en = Line(_l("Name in English"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then that there is a name at all."""
        sound = bool(super().validate(extra_validators))
        if not any(clean_line(self[name].data) for name in NAMES):
            self.name_nb.errors = [_("Write the name in at least one language.")]
            return False
        return sound

    def any_name(self) -> str:
        """The first name there is: English, bokmål, nynorsk."""
        return next(clean_line(self[name].data) for name in NAMES if clean_line(self[name].data))

    def fill_names(self, row: Named) -> bool:
        """Put the names into the row; True when one changed. A language without a name gets none."""
        before = [getattr(row, name) for name in NAMES]
        for name in NAMES:
            setattr(row, name, clean_line(self[name].data))
        return before != [getattr(row, name) for name in NAMES]


class OccasionForm(NamedForm):
    """A larger event in the city that visits are tied to."""

    aliases = Text(
        _l("Other names"), rows=3, description=_l("One on each line. Requests that mention one are tied to the event.")
    )
    starts_on = optional_day(_l("First day"))
    ends_on = optional_day(_l("Last day"))
    website = Line(_l("Website"))
    note = Text(_l("Note"), description=_l("For hosts and coordinators."))

    def validate_website(self, field: Field) -> None:
        """A web address, if any."""
        Website()(self, field)

    def validate_ends_on(self, field: Field) -> None:
        """Not before the first day, and not without one."""
        first = self.starts_on.data
        if field.data and not first:
            raise ValidationError(_("Write the first day too."))
        if field.data and field.data < first:
            raise ValidationError(_("The last day is before the first."))

    def fill(self, row: Occasion) -> None:
        """Put everything into the row."""
        self.fill_names(row)
        row.aliases = list(dict.fromkeys(filter(None, map(clean_line, self.aliases.data.split("\n")))))
        row.starts_on, row.ends_on = self.starts_on.data, self.ends_on.data or self.starts_on.data
        row.website, row.note = self.website.data, self.note.data


class PlaceForm(NamedForm):
    """An address or a room."""

    host = OneOf(_l("Whose place is it?"), [Optional()])
    address = Line(_l("Address"))
    latitude = Degrees(_l("Latitude"), 90, description=_l("In degrees, such as 60.3925. For travel times."))
    longitude = Degrees(_l("Longitude"), 180)
    capacity = People(_l("Room for how many people?"), [Optional()])
    exclusive = BooleanField(
        _l("One group at a time"), description=_l("Then two appointments at the same time are refused here.")
    )
    note = Text(_l("Note"), description=_l("Entrance, stairs, whom to call. For hosts and coordinators."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.host.choices = host_choices(blank=_("The city's own, or nobody's"))

    def fill(self, row: Place) -> None:
        """Put everything but `exclusive` into the row."""
        self.fill_names(row)
        host = find_host(self.host.data)
        row.host_id = host.id if host else None
        row.address, row.note, row.capacity = self.address.data, self.note.data, self.capacity.data
        row.latitude, row.longitude = self.latitude.data, self.longitude.data
