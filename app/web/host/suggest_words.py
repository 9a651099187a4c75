"""What planning found, in words: reasons, what stands in the way, what would help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.planning.holidays import find_holiday
from app.planning.results import Obstacle, Reason, Relaxation
from app.planning.scene import Span
from app.planning.travel import Leg
from app.web.formats import day as written_day
from app.web.formats import days as written_days
from app.web.formats import listed, when
from app.web.language import page_language
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


def obstacle_words(obstacle: Obstacle, names: Names) -> str:
    """Why the day fails."""
    stops = len(obstacle.wishes)
    values = {
        "stop": listed(_("“%(title)s”", title=names[key]) for key in obstacle.wishes),
        "who": names.get(f"{obstacle.subject_kind}:{obstacle.subject}", obstacle.subject),
        "free": _spans(obstacle.free),
        "why": listed(_kind(kind) for kind in obstacle.kinds),
    }
    if obstacle.code == "busy" and not obstacle.free:
        return _("%(stop)s: %(who)s is not free at all (%(why)s).", **values)
    words: dict[str, Callable[[], str]] = {
        "weekend": lambda: _("It is a weekend."),
        "holiday": lambda: _("It is a public holiday: %(name)s.", name=_holiday(obstacle.day)),
        "past": lambda: _("%(stop)s: the time is past.", **values),
        "fixed-elsewhere": lambda: _("%(stop)s: its fixed time is on another day.", **values),
        "closed": lambda: _("%(stop)s: %(who)s has no opening hours on this day.", **values),
        "hours-short": lambda: _("%(stop)s: %(who)s is only open %(free)s, too short for this stop.", **values),
        "busy": lambda: _("%(stop)s: %(who)s is free only %(free)s (%(why)s).", **values),
        "fixed-taken": lambda: _("%(stop)s: %(who)s is not free at the fixed time.", **values),
        "dark": lambda: _("%(stop)s: it is only light %(free)s.", **values),
        "not-lunch": lambda: _("%(stop)s: nobody is free at lunch time (%(free)s).", **values),
        "own-stops": lambda: _("%(stop)s: the visit's own stops leave no time for it.", **values),
        "no-common": lambda: _(
            "%(stop)s: host, person and place are each free long enough, but not at once.", **values
        ),
        "too-many": lambda: _("%(stop)s: more stops than a day may have.", **values),
        "lunch": lambda: ngettext(
            "%(stop)s fits only without lunch.", "%(stop)s fit together only without lunch.", stops, **values
        ),
        "order": lambda: ngettext(
            "%(stop)s fits only in another order.", "%(stop)s fit together only in another order.", stops, **values
        ),
        "far-off": lambda: _("It is too far from the visit's own stops for the number of days it may take."),
        "together": lambda: ngettext(
            "%(stop)s does not fit: free %(free)s.", "%(stop)s do not fit together: free %(free)s.", stops, **values
        ),
    }
    return words[obstacle.code]()


def relaxation_words(relaxation: Relaxation, names: Names) -> str:
    """What could be given up: the words of a button."""
    data: dict[str, Any] = relaxation.data
    stop = names.get(str(data.get("wish", "")), "")
    words: dict[str, Callable[[], str]] = {
        "no-lunch": lambda: _("Without lunch"),
        "shorten": lambda: _("“%(stop)s” in %(minutes)d minutes", stop=stop, minutes=data["minutes"]),
        "other-contact": lambda: _("“%(stop)s” with anybody of the host", stop=stop),
        "in-dark": lambda: _("“%(stop)s” in the dark too", stop=stop),
        "lunch-elsewhere": lambda: _("“%(stop)s” without lunch there", stop=stop),
        "split": lambda: _("Let the group divide"),
        "more-stops": lambda: _("%(num)d stops a day", num=data["stops_a_day"]),
        "longer-stay": lambda: _("Over %(num)d days", num=data["days"]),
        "other-days": lambda: _("On other days: %(days)s", days=written_days((data["first_on"], data["last_on"]))),
        "free-time": lambda: _("“%(stop)s” at another time", stop=stop),
        "free-order": lambda: _("“%(stop)s” in any order", stop=names.get(str(data.get("second", "")), "")),
        "ignore-busy": lambda: _(
            "Although %(who)s is taken %(when)s",
            who=names[f"{data['kind']}:{data['subject']}"],
            when=when(data["busy"].starts_at, data["busy"].ends_at),
        ),
        "drop": lambda: _("Without “%(stop)s”", stop=stop),
    }
    return words[relaxation.code]()


def day_words(day: date) -> str:
    """The day as the heading of what stands in its way."""
    return written_day(day)


def _holiday(day: date) -> str:
    return find_holiday(day, page_language()) or ""


def _spans(spans: tuple[Span, ...]) -> str:
    return listed(f"{_clock(span.starts)}–{_clock(span.ends)}" for span in spans)


def _clock(minute: int) -> str:
    return f"{minute // 60}.{minute % 60:02d}" if page_language() != "en" else f"{minute // 60}:{minute % 60:02d}"


def _kind(kind: str) -> str:
    return {
        "appointment": _("another appointment"),
        "imported": _("taken in their own calendar"),
        "absence": _("away"),
        "closed": _("closed"),
        "quiet": _("a quiet week"),
        "full": _("as many visits as they take"),
    }[kind]
