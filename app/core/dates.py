"""Dates written out for people, in the reader's language and on the venue's wall clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from babel import Locale
from babel.dates import format_date, get_timezone_name

from app.core.languages import known_language
from app.core.nights import is_over_midnight
from app.core.time import end_of_day, in_venue, now, start_of_day, venue_date

LOCALES = {"en": "en_GB", "nb": "nb", "nn": "nn"}
EN_DASH = "–"
MIDNIGHT = time()
NEXT_DAY = {"en": "the next day", "nb": "neste dag", "nn": "neste dag"}


def locale_of(language: str) -> Locale:
    """Babel's locale for one of our languages; English is British, with its dates."""
    return Locale.parse(LOCALES[known_language(language)])


def _pattern(language: str, parts: str) -> str:
    return parts if language == "en" else parts.replace("d MMM", "d. MMM")


def written_day(day: date, language: str, *, weekday: bool = True, year: bool | None = None) -> str:
    """ "Tuesday 8 June", "tirsdag 8. juni"; the year is added unless it is the present one, or as asked for."""
    with_year = day.year != venue_date(now()).year if year is None else year
    parts = ("EEEE " if weekday else "") + "d MMMM" + (" y" if with_year else "")
    return format_date(day, _pattern(known_language(language), parts), locale=locale_of(language))


def short_day(day: date, language: str) -> str:
    """ "Tue 8 Jun 2027" for tables and lists."""
    return format_date(day, _pattern(known_language(language), "EEE d MMM y"), locale=locale_of(language))


def written_weekday(day: date, language: str) -> str:
    """ "Tue 8" or "tir. 8.", where the month is known."""
    return format_date(day, "EEE d" if known_language(language) == "en" else "EEE d.", locale=locale_of(language))


def written_month(day: date, language: str) -> str:
    """ "June 2027", "juni 2027"."""
    return format_date(day, "LLLL y", locale=locale_of(language))


def written_days(first: date, last: date, language: str) -> str:
    """A span of whole days: "8–10 June 2027", "28. juni – 2. juli 2027"; one day is written as one."""
    if first == last:
        return written_day(first, language, year=True)
    dot = "" if known_language(language) == "en" else "."
    end = written_day(last, language, weekday=False, year=True)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{dot}{EN_DASH}{end}"
    start = written_day(first, language, weekday=False, year=first.year != last.year)
    return f"{start} {EN_DASH} {end}"


def written_time(moment: datetime, language: str) -> str:
    """The venue's wall clock: "10:00" in English, "10" or "11.30" in Norwegian."""
    wall = in_venue(moment)
    if known_language(language) == "en":
        return f"{wall:%H:%M}"
    return f"{wall.hour}.{wall:%M}" if wall.minute else str(wall.hour)


def written_hours(starts_at: datetime, ends_at: datetime, language: str) -> str:
    """ "10:00–11:30" or "10–11.30", where it is plain that a clock is meant."""
    return f"{written_time(starts_at, language)}{EN_DASH}{_written_end(starts_at, ends_at, language)}"


def _written_end(starts_at: datetime, ends_at: datetime, language: str) -> str:
    """Midnight is the end of the day that it began on, not the beginning of the next."""
    if in_venue(ends_at).time() == MIDNIGHT and not is_over_midnight(starts_at, ends_at):
        return "24:00" if known_language(language) == "en" else "24"
    return written_time(ends_at, language)


def written_times(starts_at: datetime, ends_at: datetime, language: str) -> str:
    """ "10:00–11:30" or "kl. 10–11.30"; "23:30–00:20 the next day"."""
    clock = "" if known_language(language) == "en" else "kl. "
    later = f" {NEXT_DAY[known_language(language)]}" if is_over_midnight(starts_at, ends_at) else ""
    return clock + written_hours(starts_at, ends_at, language) + later


def written_times_on(day: date, starts_at: datetime, ends_at: datetime, language: str) -> str:
    """What of that time lies on the day: "18:00–24:00" or "kl. 18–24"; empty where it is all of the day."""
    begins, ends = start_of_day(day), end_of_day(day)
    if starts_at <= begins and ends_at >= ends:
        return ""
    if ends_at < ends:
        return written_times(max(starts_at, begins), ends_at, language)
    clock, midnight = ("", "24:00") if known_language(language) == "en" else ("kl. ", "24")
    return f"{clock}{written_time(starts_at, language)}{EN_DASH}{midnight}"


def written_zone(moment: datetime, language: str) -> str:
    """The venue's clock at that moment, in full: "Central European Summer Time, UTC+2"."""
    wall = in_venue(moment)
    name = get_timezone_name(wall, locale=locale_of(language))
    hours = (wall.utcoffset() or timedelta()).total_seconds() / 3600
    return f"{name[:1].upper()}{name[1:]}, UTC{hours:+g}"


def written_moment(moment: datetime, language: str, city: str = "") -> str:
    """ "Tuesday 8 June, 10:00, Bergen" or "tirsdag 8. juni kl. 10, Bergen"; the city names the clock."""
    joint = ", " if known_language(language) == "en" else " kl. "
    words = written_day(venue_date(moment), language) + joint + written_time(moment, language)
    return f"{words}, {city}" if city else words


def written_second(moment: datetime, language: str) -> str:
    """ "Tuesday 8 June, 10:00:05" or "tirsdag 8. juni kl. 10.00.05"."""
    local, is_english = in_venue(moment), known_language(language) == "en"
    clock = f", {local:%H:%M:%S}" if is_english else f" kl. {local:%H.%M.%S}"
    return written_day(local.date(), language) + clock


def written_when(starts_at: datetime, ends_at: datetime, language: str, city: str = "") -> str:
    """ "tirsdag 8. juni kl. 10–11.30, Bergen"; over midnight both days are written."""
    if is_over_midnight(starts_at, ends_at):
        return f"{written_moment(starts_at, language)} {EN_DASH} {written_moment(ends_at, language, city)}"
    joint = ", " if known_language(language) == "en" else " "
    words = written_day(venue_date(starts_at), language) + joint + written_times(starts_at, ends_at, language)
    return f"{words}, {city}" if city else words
