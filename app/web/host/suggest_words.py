"""What planning found, in words: reasons, ways, what would help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.planning.results import Reason, Relaxation
from app.planning.travel import Leg
from app.web.formats import days as written_days
from app.web.formats import when
from app.web.ways import way_words

Names = Mapping[str, str]  # of wishes, hosts, people and places, by planning's keys


def reason_words(reason: Reason) -> str:
    """One reason as a sentence."""
    count, minutes = int(reason.data.get("count", 0)), int(reason.data.get("minutes", 0))
    words: dict[str, Callable[[], str]] = {
        "travel": lambda: ngettext("%(num)d minute on the way", "%(num)d minutes on the way", minutes),
        "waiting": lambda: _waiting(minutes),
        "days": lambda: ngettext("Everything on one day", "Spread over %(num)d days", count),
        "window": lambda: _("Among the visitor's wishes: number %(number)d", number=reason.data["number"]),
        "split": lambda: ngettext("The group divides once", "The group divides %(num)d times", count),
        "estimated": lambda: ngettext("One way is an estimate", "%(num)d ways are estimates", count),
        "same-day": lambda: ngettext("One stop already on that day", "%(num)d stops already on that day", count),
        "alone": lambda: _("No other stop on that day yet"),
    }
    return words[reason.code]()


def _waiting(minutes: int) -> str:
    return ngettext("%(num)d minute of waiting", "%(num)d minutes of waiting", minutes) if minutes else _("No waiting")


def leg_words(leg: Leg) -> str:
    """The way to a stop."""
    if leg.mode == "same":
        return _("Same place")
    if not leg.known:
        return ngettext(
            "%(num)d minute allowed for the way: the place is not on the map",
            "%(num)d minutes allowed for the way: the place is not on the map",
            leg.minutes,
        )
    way = way_words(leg)
    return _("%(way)s (estimate)", way=way) if leg.estimated else way


def relaxation_words(relaxation: Relaxation, names: Names) -> str:
    """What could be given up: the words of a button."""
    data: dict[str, Any] = relaxation.data
    stop = names.get(str(data.get("wish", "")), "")
    words: dict[str, Callable[[], str]] = {
        "no-lunch": lambda: _("Without lunch"),
        "shorten": lambda: _("“%(stop)s” in %(minutes)d minutes", stop=stop, minutes=data["minutes"]),
        "other-contact": lambda: _("“%(stop)s” with anybody of the host", stop=stop),
        "other-place": lambda: _("“%(stop)s” at another place", stop=stop),
        "in-dark": lambda: _("“%(stop)s” in the dark too", stop=stop),
        "lunch-elsewhere": lambda: _("“%(stop)s” without lunch there", stop=stop),
        "split": lambda: _("Let the group divide"),
        "more-stops": lambda: _("%(num)d stops a day", num=data["stops_a_day"]),
        "longer-stay": lambda: _("Over %(num)d days", num=data["days"]),
        "other-days": lambda: _("On other days: %(days)s", days=written_days((data["first_on"], data["last_on"]))),
        "free-time": lambda: _("“%(stop)s” at another time", stop=stop),
        "free-day": lambda: _("“%(stop)s” on another day", stop=stop),
        "free-order": lambda: _("“%(stop)s” in any order", stop=names.get(str(data.get("second", "")), "")),
        "ignore-busy": lambda: _(
            "Although %(who)s is taken %(when)s",
            who=names[f"{data['kind']}:{data['subject']}"],
            when=when(data["busy"].starts_at, data["busy"].ends_at),
        ),
        "drop": lambda: _("Without “%(stop)s”", stop=stop),
    }
    return words[relaxation.code]()
