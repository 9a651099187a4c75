"""The arithmetic of the response clock, and of an offer's clock, in words."""

from __future__ import annotations

from flask_babel import format_decimal
from flask_babel import gettext as _

from app.planning.clock import Step
from app.planning.holidays import find_holiday
from app.web.language import page_language


def working_days(count: float) -> str:
    """The number as the reader's language writes it: "2", "2.5"."""
    return str(format_decimal(round(count, 1)))


def step_words(step: Step) -> str:
    """What one day did to the clock."""
    total = working_days(step.total)
    match step.kind:
        case "arrived":
            return _("the request came; this day is not counted")
        case "weekend":
            return _("weekend, not counted")
        case "holiday":
            name = find_holiday(step.on, page_language()) or step.holiday
            return _("%(holiday)s, not counted", holiday=name)
        case "paused":
            return _("the visitor was asked, the clock stood still")
    if step.paused:
        return _("partly counted, because the visitor was asked; %(total)s so far", total=total)
    return _("counted; %(total)s so far", total=total)


def offer_step_words(step: Step) -> str:
    """What one day did to an offer's clock, which begins when the host is asked."""
    return _("the host was asked; this day is not counted") if step.kind == "arrived" else step_words(step)
