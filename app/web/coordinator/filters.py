"""The filter of the list, the board and the calendar's neighbours: a form whose answers are the page's address."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.text import clean_line
from app.extensions import db
from app.strategy.models import Framework, Goal, Partnership, Theme
from app.visits.models import Visit
from app.visits.queries import VisitFilter
from app.web import formats
from app.web.coordinator.checks import Choices, by_name, host_choices
from app.web.form_words import PlainForm
from app.web.language import page_language
from app.web.visitor.checks import Day, PlainText
from app.web.visitor.choices import countries as all_countries
from app.web.words import choices

ORDERS = {"newest": _l("Newest request first"), "oldest": _l("Oldest request first"), "dates": _l("By wished dates")}


class Known(SelectField):
    """One of a list; an unknown one is named in the message."""

    def pre_validate(self, form: Form) -> None:
        """Say which word of the address is not known."""
        if not any(self.data == value for value, *_rest in self.iter_choices()):
            raise ValidationError(_("There is no “%(slug)s” here. Choose one from the list.", slug=self.data[:60]))


class Slug(Known):
    """One of the things that have a page or a name of their own."""


class Statuses(SelectMultipleField):
    """Any number of statuses, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Form) -> None:
        """Say which word of the address is not known."""
        known = {value for value, *_rest in self.iter_choices()}
        if unknown := [value for value in self.data or () if value not in known]:
            raise ValidationError(_("There is no status “%(slug)s”.", slug=unknown[0][:60]))


class FilterForm(PlainForm):
    """What the list is narrowed to; nothing in it changes anything, so it is sent by GET."""

    text = StringField(_l("Words"), [PlainText(200)])
    host = Slug(_l("Host"), default="")
    theme = Slug(_l("Theme"), default="")
    goal = Slug(_l("Goal"), default="")
    partnership = Slug(_l("Partnership"), default="")
    country = Slug(_l("Country"), default="")
    starts = Day(_l("Takes place from"), [Optional()], name="from")
    ends = Day(_l("Takes place until"), [Optional()], name="to")
    order = Slug(_l("Order"), default="newest", choices=list(ORDERS.items()))
    status = Statuses(_l("Status"), choices=choices("status"))

    def __init__(self, answers: MultiDict[str, str]) -> None:
        super().__init__(_without_blanks(answers))
        everything = str(_("All"))
        self.host.choices = host_choices(blank=everything, retired=True)
        self.theme.choices = [("", everything), *_named(db.session.scalars(select(Theme)))]
        self.goal.choices = [("", everything), *goal_choices()]
        self.partnership.choices = [("", everything), *_named(db.session.scalars(select(Partnership)))]
        if len(self.country.data) == 2:
            self.country.data = self.country.data.upper()
        self.country.choices = [("", everything), *_with(countries(), self.country.data)]

    @property
    def wanted(self) -> VisitFilter:
        """What the form asks for; only after validation."""
        return VisitFilter(
            status=tuple(self.status.data or ()),
            host=self.host.data,
            theme=self.theme.data,
            goal=self.goal.data,
            partnership=self.partnership.data,
            country=self.country.data,
            starts_on=self.starts.data,
            ends_on=self.ends.data,
            text=clean_line(self.text.data),
        )

    @property
    def narrowed(self) -> list[tuple[str, str]]:
        """What is filtered by, as pairs of label and words."""
        found = []
        for field in self:
            if field.name == "order" or not field.data:
                continue
            if isinstance(field, Statuses):
                words = formats.listed(said for value, said, *_rest in field.iter_choices() if value in field.data)
            elif isinstance(field, Slug):
                words = next((str(said) for value, said, *_rest in field.iter_choices() if value == field.data), "")
            else:
                words = formats.full_day(field.data) if isinstance(field, Day) else field.data
            found.append((field.label.text, words))
        return found

    def query(self, **changes: object) -> str:
        """The address's query for this filter; the same filter always has the same."""
        pairs: list[tuple[str, object]] = []
        for field in self:
            values = field.data if isinstance(field, Statuses) else [field.data]
            pairs += [(field.name, value) for value in sorted(values or []) if value and value != field.default]
        return urlencode([*pairs, *changes.items()])


def _with(known: Choices, code: str) -> Choices:
    """The countries visits came from, and the one asked for if there is such a country: nobody has come from it."""
    if code and code not in dict(known) and code in dict(all_countries(page_language())):
        return by_name([*known, (code, formats.country(code))])
    return known


def _without_blanks(answers: MultiDict[str, str]) -> MultiDict[str, str]:
    """Empty answers count as not given, so that they get the default."""
    return MultiDict([(name, value) for name, value in answers.items(multi=True) if value.strip()])


def _named(rows: Iterable[Theme | Partnership]) -> Choices:
    return by_name((row.slug, row.name_in(page_language())) for row in rows)


def goal_choices() -> Choices:
    """Goals in the order of their frameworks, with the code people know them by."""
    query = select(Goal).join(Framework)
    rows = db.session.scalars(query.order_by(Framework.position, Goal.framework_id, Goal.position, Goal.id))
    return [(goal.slug, goal_words(goal)) for goal in rows]


def goal_words(goal: Goal) -> str:
    """ "1.3 Innovation …", "SDG 11 Sustainable cities …", or the name alone where there is no code."""
    name = goal.name_in(page_language())
    if goal.kind == "sdg":
        return _("SDG %(number)s: %(name)s", number=goal.slug.removeprefix("sdg-"), name=name)
    return f"{goal.slug} {name}" if goal.slug[:1].isdigit() else name


def countries() -> Choices:
    """Countries that visits came from, by name."""
    codes = db.session.scalars(select(Visit.country).distinct().where(Visit.country != ""))
    return by_name((code, formats.country(code)) for code in codes)
