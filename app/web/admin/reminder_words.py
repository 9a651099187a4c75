"""What the pages of reminder rules call their moments, units, people and mails."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.notifications.own_words import PLACEHOLDERS
from app.notifications.reminder_models import ReminderRule
from app.notifications.reminder_rules import VERBS, unfit_of
from app.web.happened import HAPPENED
from app.web.mail.words import kind_words

MOMENTS: Mapping[str, LazyString] = {
    "visit-start": _l("The visit begins"),
    "visit-day": _l("Each day of the visit"),
    "visit-end": _l("The visit ends"),
    "stop-start": _l("An appointment begins"),
    "stop-end": _l("An appointment ends"),
    "offer-due": _l("The time to answer an offer is over"),
    "hold-lapse": _l("Appointments on hold lapse"),
    "follow-up-due": _l("A follow-up is due"),
    "report-due": _l("The visit is over, and not reported"),
}
UNITS: Mapping[str, LazyString] = {
    "days": _l("Days"),
    "working-days": _l("Working days"),
    "hours": _l("Hours"),
}
DIRECTIONS: Mapping[str, LazyString] = {"before": _l("Before it"), "after": _l("After it")}
CLOCKS: Mapping[str, LazyString] = {
    "morning": _l("At 09:00 in the city"),
    "exact": _l("At the same time of day"),
}
PEOPLE: Mapping[str, LazyString] = {
    "visitor": _l("The visitor"),
    "lead": _l("The people of the lead host"),
    "co-hosts": _l("The people of the other hosts"),
    "host": _l("The people of the host that was asked, or whose appointment it is"),
    "contacts": _l("The contact persons of the appointments"),
    "owner": _l("Whoever is to follow it up"),
    "coordinators": _l("The coordinators"),
    "backup": _l("Whoever stands in for these hosts"),
}


def moment_choices() -> list[tuple[str, LazyString]]:
    """Dates first, then what can happen: "activity:claim"."""
    return [*MOMENTS.items(), *((f"activity:{verb}", HAPPENED[verb]) for verb in VERBS)]


def moment_words(rule: ReminderRule) -> str:
    """What the rule counts from."""
    return str(HAPPENED[rule.verb] if rule.anchor == "activity" else MOMENTS[rule.anchor])


def timing_words(rule: ReminderRule) -> str:
    """ "7 days before, at 09:00"."""
    if not rule.amount:
        return _("On the day, at 09:00") if rule.clock == "morning" else _("At once")
    clock = _("at 09:00") if rule.clock == "morning" and rule.unit != "hours" else ""
    return ", ".join(filter(None, (_distance(rule), clock)))


def _distance(rule: ReminderRule) -> str:
    before = rule.direction == "before"
    if rule.unit == "days":
        if before:
            return ngettext("%(num)d day before", "%(num)d days before", rule.amount)
        return ngettext("%(num)d day after", "%(num)d days after", rule.amount)
    if rule.unit == "working-days":
        if before:
            return ngettext("%(num)d working day before", "%(num)d working days before", rule.amount)
        return ngettext("%(num)d working day after", "%(num)d working days after", rule.amount)
    if before:
        return ngettext("%(num)d hour before", "%(num)d hours before", rule.amount)
    return ngettext("%(num)d hour after", "%(num)d hours after", rule.amount)


def when_words(rule: ReminderRule, *, is_past: bool) -> str:
    """What the moment of a mail shown before it is sent is called."""
    if not rule.is_on:
        return _("Would be sent, if the rule were on")
    return _("Would have been sent") if is_past else _("Will be sent")


def people_words(rule: ReminderRule) -> str:
    """Everybody whom the rule names, as one line."""
    first, *others = [str(PEOPLE[word]) for word in rule.audience if word in PEOPLE] or [""]
    return "; ".join([first, *(words[:1].lower() + words[1:] for words in others)])


def unfit_words(rule: ReminderRule) -> str:
    """Whom it names and does not tell, as one line; empty where it tells all of them."""
    return "; ".join(str(PEOPLE[word]) for word in unfit_of(rule) if word in PEOPLE)


def mail_words(rule: ReminderRule) -> str:
    """Which mail it sends."""
    return kind_words(rule.kind)


def placeholder_list() -> list[str]:
    """The placeholders of own words, as they are typed."""
    return ["{" + name + "}" for name in PLACEHOLDERS]
