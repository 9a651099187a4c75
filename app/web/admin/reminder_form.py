"""The form of one reminder rule; whatever does not fit together is refused beside the field that can mend it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField
from wtforms.validators import ValidationError

from app.core.text import clean_line
from app.notifications.audiences import AUDIENCES
from app.notifications.fitting_people import SAID_TO, VISITOR, is_for_visitor, spoken_past, unknown_there
from app.notifications.reminder_models import ReminderRule
from app.notifications.reminder_moments import ANCHORS
from app.notifications.reminder_rules import LONGEST, OWN_WORDS, kinds_fitting
from app.web.admin.forms import Ticks
from app.web.admin.own_words_form import data_of_words, guard_words, word_fields, words_in
from app.web.admin.reminder_words import CLOCKS, DIRECTIONS, PEOPLE, UNITS, moment_choices
from app.web.host.fields import ChoiceField, OptionField, required
from app.web.mail.words import KINDS
from app.web.meanwhile import EditForm

WHEN_OVER = ("thanks", "please-report")  # mails about a visit that has ended
REMINDER_KINDS = ("day-before", "thanks", "stop-soon", "confirm-reminder", "reminder", "briefing", "host-day-before",
    "host-stop-soon", "offer-lapsing", "hold-lapsing", "please-report", "follow-up-due", "host-reminder")  # fmt: skip


class ReminderForm(EditForm):
    """When, who, and which mail."""

    moment = ChoiceField(_l("It counts from"), validators=[required(_l("Choose what it counts from."))])
    amount = IntegerField(_l("How long"), validators=[required(_l("Write a number; 0 is the day itself."))])
    unit = OptionField(_l("Days or hours"), choices=list(UNITS.items()), default="days")
    direction = OptionField(_l("Before or after"), choices=list(DIRECTIONS.items()), default="before")
    clock = OptionField(_l("Time of day"), choices=list(CLOCKS.items()), default="morning")
    audience = Ticks(_l("Who is told"), choices=list(PEOPLE.items()))
    kind = ChoiceField(_l("Mail"), validators=[required(_l("Choose a mail."))])
    subject_en, body_en = word_fields(_l("Subject in English"), _l("Text in English"))
    subject_nb, body_nb = word_fields(_l("Subject in bokmål"), _l("Text in bokmål"))
    subject_nn, body_nn = word_fields(_l("Subject in nynorsk"), _l("Text in nynorsk"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moment.offer(moment_choices())
        self.kind.offer((kind, KINDS[kind]) for kind in REMINDER_KINDS)
        guard_words(self)

    @property
    def anchor(self) -> tuple[str, str]:
        """The anchor, and the verb where it is an activity."""
        name, _colon, verb = str(self.moment.data or "").partition(":")
        return name, verb

    def validate_amount(self, field: Field) -> None:
        """Not negative, not for ever, at least one working day or hour; at once where something happens."""
        least = 0 if self.unit.data == "days" or (self.unit.data == "hours" and self.anchor[0] == "activity") else 1
        if self.kind.data in WHEN_OVER and self.clock.data == "morning":  # at 09:00 of the day itself it goes on
            least = 1
        most = LONGEST.get(str(self.unit.data), 0)
        if field.data is None or not least <= field.data <= most:
            raise ValidationError(_("Write a number from %(least)d to %(most)d.", least=least, most=most))

    def validate_direction(self, field: Field) -> None:
        """What has happened can only be followed."""
        if field.data == "before" and self.anchor[0] in ("activity", "report-due"):
            raise ValidationError(_("Nobody knows of this before it happens: choose “after”."))
        if field.data == "before" and self.kind.data in WHEN_OVER:
            raise ValidationError(_("This mail speaks of a visit that is over: choose “after”."))

    def validate_clock(self, field: Field) -> None:
        """A date has no hour."""
        if field.data == "exact" and self.anchor[0] == "follow-up-due" and self.unit.data != "hours":
            raise ValidationError(_("A follow-up has a date without an hour: choose 09:00."))

    def validate_kind(self, field: Field) -> None:
        """A mail that has something to say about this moment."""
        anchor, verb = self.anchor
        if anchor in ANCHORS and field.data not in kinds_fitting(anchor, verb):
            fitting = ", ".join(str(KINDS[kind]) for kind in kinds_fitting(anchor, verb))
            raise ValidationError(_("This mail says nothing about that moment. These do: %(mails)s.", mails=fitting))
        if field.data in OWN_WORDS and not clean_line(self.subject_en.data):
            raise ValidationError(_("This mail needs words of your own: write them below."))

    def validate_audience(self, field: Field) -> None:
        """The visitor alone for visitors' mails, somebody else for the others, and people whom the moment knows."""
        chosen = set(field.data or ())
        to_visitor = is_for_visitor(self.kind.data) if self.kind.data in KINDS else VISITOR in chosen
        if not chosen or chosen == {"backup"}:
            raise ValidationError(_("Choose who is told."))
        if to_visitor and chosen != {VISITOR}:
            raise ValidationError(_("This mail has the visitor's secret link: choose the visitor, and nobody else."))
        if not to_visitor and VISITOR in chosen:
            raise ValidationError(_("This mail is for hosts: the visitor cannot get it."))
        self._guard_people(chosen)

    def _guard_people(self, chosen: set[str]) -> None:
        """Those to whom the mail says what is so, and whom the moment knows."""
        anchor, verb = self.anchor
        fits = anchor in ANCHORS and self.kind.data in kinds_fitting(anchor, verb)
        if fits and spoken_past(self.kind.data, chosen):
            who = ", ".join(str(PEOPLE[word]) for word in SAID_TO[self.kind.data])
            raise ValidationError(
                _("This mail speaks to these alone: %(who)s. To others write words of your own.", who=who)
            )
        for word in unknown_there(anchor, verb, (word for word in PEOPLE if word in chosen)):
            raise ValidationError(_("With this moment there is nobody of this kind: %(who)s.", who=PEOPLE[word]))

    def fill(self, rule: ReminderRule) -> None:
        """Put what was chosen into the rule."""
        rule.anchor, rule.verb = self.anchor
        rule.amount, rule.unit, rule.direction = self.amount.data, self.unit.data, self.direction.data
        rule.clock = "exact" if rule.unit == "hours" else self.clock.data
        rule.audience = [word for word in AUDIENCES if word in self.audience.data]
        rule.kind = self.kind.data
        rule.words = words_in(self)

    @staticmethod
    def data_of(rule: ReminderRule) -> dict[str, Any]:
        """The rule as the form shows it."""
        found = {name: getattr(rule, name) for name in ("amount", "unit", "direction", "clock", "kind", "audience")}
        found["moment"] = f"activity:{rule.verb}" if rule.anchor == "activity" else rule.anchor
        return found | data_of_words(rule.words)
