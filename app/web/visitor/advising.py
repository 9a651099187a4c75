"""The honest remarks on a wish, as sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.core.time import now, venue_date
from app.planning.advice import Limits, advise
from app.strategy.settings import city_rules
from app.web.formats import days, full_day
from app.web.visitor.forms import StepForm

CALLERS = ("head-of-state-or-government", "minister", "ambassador", "mayor")
LONGEST_CALL_HOURS = 2


def remarks(forms: Mapping[str, StepForm], *names: str) -> list[str]:
    """What the city should say at once about the answers of these steps; never a refusal."""
    rules = city_rules()
    limits = Limits(rules.lead_time_days, rules.courtesy_lead_time_days, rules.large_group)
    windows = forms["when"].windows if "when" in names else []
    size = forms["delegation"]["group_size"].data if "delegation" in names else None
    courtesy = _is_courtesy_call(forms)
    found = advise(windows, today=venue_date(now()), group_size=size, courtesy_call=courtesy, limits=limits)
    return [WORDS[advice.code](advice.data, windows[advice.window or 0] if windows else None) for advice in found]


def _is_courtesy_call(forms: Mapping[str, StepForm]) -> bool:
    """A short call by somebody of protocol rank needs less notice."""
    hours = forms["when"]["duration_hours"].data
    return forms["delegation"]["head_level"].data in CALLERS and hours is not None and hours <= LONGEST_CALL_HOURS


def _past(_data: Mapping[str, Any], window: Any) -> str:
    return _("The dates %(days)s are past. Is the year right?", days=days(window))


def _reversed(_data: Mapping[str, Any], window: Any) -> str:
    return _("The dates %(days)s end before they begin.", days=days(window))


def _short_notice(data: Mapping[str, Any], window: Any) -> str:
    return _(
        "%(days)s is soon. We ask for %(notice)d days, which would be from %(earliest)s. "
        "Send the request all the same: we will try, but cannot promise.",
        days=days(window),
        notice=data["notice_days"],
        earliest=full_day(data["earliest_on"]),
    )


def _weekend(data: Mapping[str, Any], window: Any) -> str:
    return _(
        "%(days)s is a weekend, when most hosts are closed. The next working day is %(day)s.",
        days=days(window),
        day=full_day(data["next_working_on"]),
    )


def _holiday(data: Mapping[str, Any], window: Any) -> str:
    return _(
        "%(days)s has only public holidays and weekends, when hosts are closed. The next working day is %(day)s.",
        days=days(window),
        day=full_day(data["next_working_on"]),
    )


def _large(data: Mapping[str, Any], _window: Any) -> str:
    return _(
        "%(people)d people is a large group: few places take more than %(most)d at once. "
        "Tell us how the group can be divided, and the answer comes sooner.",
        people=data["group_size"],
        most=data["largest_group"],
    )


WORDS: Mapping[str, Callable[[Mapping[str, Any], Any], str]] = {
    "window-past": _past,
    "window-reversed": _reversed,
    "short-notice": _short_notice,
    "weekend-only": _weekend,
    "holiday-only": _holiday,
    "large-group": _large,
}
