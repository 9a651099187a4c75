"""How many times a rule would repeat, estimated before anything is repeated.

A rule of 176 bytes can stand for two thousand million occurrences; the estimate costs nothing and is never too low.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import prod
from typing import Any, Final

# Seconds in the shortest step of each frequency.
STEPS: Final = {
    "SECONDLY": 1,
    "MINUTELY": 60,
    "HOURLY": 3_600,
    "DAILY": 86_400,
    "WEEKLY": 7 * 86_400,
    "MONTHLY": 28 * 86_400,
    "YEARLY": 365 * 86_400,
}
# How often a weekday comes in one step, where the rule names weekdays.
_WEEKDAYS: Final = {"MONTHLY": 5, "YEARLY": 53}
_LISTS: Final = ("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE", "BYSECOND")
Rule = Mapping[str, Sequence[Any]]


def estimated_occurrences(rule: Rule, starts: date, last: date) -> int:
    """At most how many times the rule is looked at from `starts` to `last`; raises ValueError for no real rule."""
    frequency = str(_first(rule, "FREQ", "")).upper()
    if frequency not in STEPS:
        raise ValueError("a rule without a frequency")
    days = (min(_day(_first(rule, "UNTIL", last)), last) - _day(starts)).days + 2
    if days <= 0:
        return 0
    looks = days * 86_400 // (STEPS[frequency] * max(int(_first(rule, "INTERVAL", 1)), 1)) + 1
    lists = {name: len(rule[name]) for name in _LISTS if rule.get(name)}
    if not lists and rule.get("COUNT"):
        return min(int(_first(rule, "COUNT", 1)), looks)
    weekdays = _WEEKDAYS.get(frequency, 1) if "BYDAY" in lists else 1
    return looks * prod(lists.values()) * weekdays


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _first(rule: Rule, name: str, otherwise: Any) -> Any:
    value = rule.get(name, otherwise)
    return value[0] if isinstance(value, list | tuple) and value else value
