"""What stands in the way of a programme, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import ngettext

from app.planning.holidays import find_holiday
from app.planning.results import Obstacle
from app.planning.scene import Span
from app.planning.travel import Leg
from app.web.formats import day as written_day
from app.web.formats import days as written_days
from app.web.formats import listed
from app.web.language import page_language
from app.web.ways import way_words

Names = Mapping[str, str]  # of wishes, hosts, people and places, by planning's keys
MOST_DAYS = 4  # on which a stop can be, named one by one


def obstacle_lines(obstacles: Sequence[Obstacle], names: Names) -> list[tuple[str, str]]:
    """Each sentence once, with the days of which it is true; none for what is true of the visit as a whole."""
    lines: dict[str, list[date]] = {}
    for obstacle in obstacles:
        days = lines.setdefault(obstacle_words(obstacle, names), [])
        if obstacle.day and obstacle.day not in days:
            days.append(obstacle.day)
    return [(listed(_stretches(sorted(days))), words) for words, days in lines.items()]


def _stretches(days: Sequence[date]) -> Iterator[str]:
    """Day by day, but three or more in a row as from the first to the last."""
    for _start, row in groupby(enumerate(days), key=lambda pair: pair[1].toordinal() - pair[0]):
        stretch = [day for _place, day in row]
        if len(stretch) > 2:
            yield written_days((stretch[0], stretch[-1]))
        else:
            yield from (written_day(day) for day in stretch)


def obstacle_words(obstacle: Obstacle, names: Names) -> str:
    """Why the day fails."""
    values = {
        "stop": listed(titled(names, obstacle.wishes)),
        "who": names.get(f"{obstacle.subject_kind}:{obstacle.subject}", obstacle.subject),
        "free": _spans(obstacle.free),
        "why": listed(_kind(kind) for kind in obstacle.kinds),
        "name": find_holiday(obstacle.day, page_language()) or "" if obstacle.day else "",
    }
    return (_of_one(obstacle, values, names) | _of_several(obstacle, values, names))[obstacle.code]()


def titled(names: Names, keys: Sequence[str]) -> Iterator[str]:
    """The stops' titles in quotation marks."""
    return (_("“%(title)s”", title=names[key]) for key in keys)


def _of_one(obstacle: Obstacle, values: dict[str, str], names: Names) -> dict[str, Callable[[], str]]:
    return {
        "weekend": lambda: _("It is a weekend."),
        "holiday": lambda: _("It is a public holiday: %(name)s.", **values),
        "past": lambda: _("%(stop)s: the time is past.", **values),
        "fixed-outside": lambda: _(
            "%(stop)s: its fixed time is on this day, which is not among those asked for.", **values
        ),
        "day-outside": lambda: _(
            "%(stop)s: it is wished for this day only, which is not among those asked for.", **values
        ),
        "closed": lambda: _("%(stop)s: %(who)s has no opening hours on this day.", **values),
        "hours-short": lambda: _("%(stop)s: %(who)s is only open %(free)s, too short for this stop.", **values),
        "busy": lambda: _busy(obstacle, values),
        "fixed-taken": lambda: _("%(stop)s: %(who)s is not free at the fixed time.", **values),
        "dark": lambda: _dark(obstacle, values),
        "not-lunch": lambda: _not_lunch(obstacle, values),
        "own-stops": lambda: _("%(stop)s: the visit's own stops leave no time for it.", **values),
        "fixed-closed": lambda: _(
            "%(stop)s: %(who)s is only open %(free)s, not the whole of the fixed time.", **values
        ),
        "nobody": lambda: _nobody(obstacle, values, names),
        "no-common": lambda: _(
            "%(stop)s: never long enough free at once (%(each)s).", each=_each(obstacle, names), **values
        ),
    }


def _of_several(obstacle: Obstacle, values: dict[str, str], names: Names) -> dict[str, Callable[[], str]]:
    stops = len(obstacle.wishes)
    return {
        "too-many": lambda: _too_many(obstacle, values),
        "lunch": lambda: ngettext(
            "%(stop)s fits only without lunch.", "%(stop)s fit together only without lunch.", stops, **values
        ),
        "order": lambda: ngettext(
            "%(stop)s fits only in another order.", "%(stop)s fit together only in another order.", stops, **values
        ),
        "travel": lambda: _travel(obstacle, values, names),
        "at-once": lambda: _("%(stop)s are at the same time: %(free)s.", **values),
        "together": lambda: _together(obstacle, values),
        "far-off": lambda: _("It is too far from the visit's own stops for the number of days it may take."),
        "days-apart": lambda: _days_apart(obstacle, values, names),
        "days-few": lambda: _("%(stop)s do not fit within %(num)d days.", num=obstacle.data["stay"], **values),
    }


def _each(obstacle: Obstacle, names: Names) -> str:
    """Those who are never free at once, each with its free times."""
    every = ((names.get(f"{kind}:{key}", key), free) for kind, key, free in obstacle.data["each"])
    nothing = _("not at all")
    return "; ".join(f"{who}: {_spans(free) or nothing}" for who, free in every)


def _nobody(obstacle: Obstacle, values: dict[str, str], names: Names) -> str:
    if obstacle.data["fixed"]:
        return _("%(stop)s: nobody at %(who)s is free at the fixed time.", **values)
    if not obstacle.data["each"]:
        return _("%(stop)s: nobody at %(who)s is free.", **values)
    return _(
        "%(stop)s: nobody at %(who)s is free long enough; those with the most free time: %(each)s.",
        each=_each(obstacle, names),
        **values,
    )


def _busy(obstacle: Obstacle, values: dict[str, str]) -> str:
    if not obstacle.free:
        return _("%(stop)s: %(who)s is not free at all (%(why)s).", **values)
    return _("%(stop)s: %(who)s is free only %(free)s (%(why)s).", **values)


def _dark(obstacle: Obstacle, values: dict[str, str]) -> str:
    fixed, light = obstacle.data.get("fixed"), obstacle.free[0]
    if light.starts >= light.ends:
        return _("%(stop)s: it is dark all day.", **values)
    if fixed and fixed.starts < light.starts:
        return _("%(stop)s: it is dark until %(clock)s.", clock=_clock(light.starts), **values)
    if fixed:
        return _("%(stop)s: it is dark from %(clock)s.", clock=_clock(light.ends), **values)
    return _("%(stop)s: it is only light %(free)s.", **values)


def _not_lunch(obstacle: Obstacle, values: dict[str, str]) -> str:
    if "fixed" in obstacle.data:
        return _("%(stop)s: its fixed time is not at lunch time (%(free)s).", **values)
    return _("%(stop)s: nobody is free at lunch time (%(free)s).", **values)


def _too_many(obstacle: Obstacle, values: dict[str, str]) -> str:
    if obstacle.day is None:
        return _("%(stop)s: more stops than %(num)d days may have.", num=obstacle.data["stay"], **values)
    return _("%(stop)s: more stops than a day may have.", **values)


def _together(obstacle: Obstacle, values: dict[str, str]) -> str:
    stops = len(obstacle.wishes)
    if not obstacle.free:
        return _("%(stop)s do not all fit on one day.", **values)
    return ngettext(
        "%(stop)s does not fit: free %(free)s.", "%(stop)s do not fit together: free %(free)s.", stops, **values
    )


def _travel(obstacle: Obstacle, values: dict[str, str], names: Names) -> str:
    if len(obstacle.wishes) == 1:
        return _("%(stop)s fits only without the ways from and to the visit's own stops.", **values)
    if "leg" not in obstacle.data:
        return _("%(stop)s fit together only without the ways between them.", **values)
    return _("%(stops)s: %(way)s", stops=_both(obstacle, values, names), way=_way(obstacle))


def _both(obstacle: Obstacle, values: dict[str, str], names: Names) -> str:
    """The two stops with the time and place that each has."""
    if not obstacle.data["exact"]:
        return _("%(stop)s are free %(free)s", **values)
    one, other = (
        _("%(stop)s (%(place)s)", stop=title, place=place) if (place := names.get(f"place-of:{key}")) else title
        for title, key in zip(titled(names, obstacle.wishes), obstacle.wishes, strict=True)
    )
    ends, begins = _clock(obstacle.free[0].ends), _clock(obstacle.free[1].starts)
    return _(
        "%(one)s lasts until %(ends)s and %(other)s begins at %(begins)s",
        one=one,
        ends=ends,
        other=other,
        begins=begins,
    )


def _way(obstacle: Obstacle) -> str:
    leg: Leg = obstacle.data["leg"]
    buffer = int(obstacle.data["buffer"])
    if not leg.minutes:
        return ngettext(
            "%(num)d minute is kept free between two stops.", "%(num)d minutes are kept free between two stops.", buffer
        )
    way = _("%(way)s (estimate)", way=way_words(leg)) if leg.estimated else way_words(leg)
    return ngettext(
        "the way takes %(way)s, and %(num)d minute is kept free.",
        "the way takes %(way)s, and %(num)d minutes are kept free.",
        buffer,
        way=way,
    )


def _days_apart(obstacle: Obstacle, values: dict[str, str], names: Names) -> str:
    stay, days = int(obstacle.data["stay"]), obstacle.data["on"]
    if any(len(one) > MOST_DAYS for one in days):
        return ngettext(
            "%(stop)s are never possible on the same day.",
            "%(stop)s are never possible within %(num)d days of each other.",
            stay,
            **values,
        )
    each = listed(
        _("%(stop)s is possible only on %(days)s", stop=title, days=listed(written_day(day) for day in one))
        for title, one in zip(titled(names, obstacle.wishes), days, strict=True)
    )
    return ngettext(
        "%(each)s: that is more than one day.",
        "%(each)s: that is more than %(num)d days.",
        stay,
        each=each,
    )


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
