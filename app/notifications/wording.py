"""What mails say for codes and rows, in the language in force; written for the reader, so not the labels of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.dates import written_days, written_when
from app.core.time import in_venue, venue_zone
from app.notifications.known_before import Known
from app.notifications.parts import Listed
from app.people.models import Place, User
from app.strategy.models import Theme
from app.visits.fragments import place_in
from app.visits.known_stop import ShownStop
from app.visits.models import Visit
from app.visits.programme_models import Appointment

Before = Callable[[Appointment], Known | None]  # how a reader believes a stop to be, where it is otherwise


def decline_sentence(code: str) -> str:
    """Why the city says no, as a sentence to the visitor; empty where the coordinator's own words must do."""
    sentences = {
        "no-capacity": _("None of the hosts who could receive you has the capacity at that time."),
        "dates": _("We cannot receive you on the dates you asked for."),
        "not-our-field": _("What you would like to see is not something our region can show."),
        "too-large": _("Your group is larger than our hosts can receive."),
        "too-late": _("There is too little time left to prepare a good visit."),
        "repeat": _("Your organisation visited us on the same subject not long ago."),
        "no-purpose": _("We could not find a professional purpose that our hosts could prepare for."),
        "commercial": _("We do not arrange sales meetings with the city or its hosts."),
        "leisure": _("We receive professional visits only, not private trips."),
        "wrong-city": _("Your request seems to be meant for another city of the same name."),
        "invitation-letter": _("We do not issue invitation letters or support visa applications on their own."),
    }
    return str(sentences.get(code, ""))


def refusal_words(code: str) -> str:
    """Why a host says no to its part."""
    words = {
        "not-ours": _("not our subject"),
        "no-capacity": _("no capacity"),
        "dates": _("the dates do not fit"),
        "other": _("another reason"),
    }
    return str(words.get(code, ""))


def people_words(visit: Visit) -> str:
    """How many are coming; empty where it was not said."""
    if not visit.group_size:
        return ""
    return ngettext("%(num)d person", "%(num)d people", visit.group_size)


def theme_words(themes: Iterable[Theme], language: str) -> str:
    """The subjects by name, comma between."""
    return ", ".join(theme.name_in(language) for theme in themes)


def window_words(visit: Visit, language: str) -> str:
    """The dates that would suit the visitor."""
    return "; ".join(written_days(window.starts_on, window.ends_on, language) for window in visit.windows)


def stop_line(appointment: ShownStop, language: str, city: str) -> str:
    """One stop of the programme: when, what, where, with whom."""
    when = written_when(appointment.starts_at, appointment.ends_at, language, city)
    where = ", ".join(filter(None, (appointment.host.name_in(language), place_in(appointment, language))))
    return _("%(when)s: %(title)s (%(where)s)", when=when, title=appointment.title, where=where)


def known_line(known: Known, language: str, city: str) -> str:
    """When, where and with whom somebody believes a stop to be."""
    when = written_when(known.starts_at, known.ends_at, language, city)
    place = known.place_words or (known.place.name_in(language) if known.place else "")
    where = known.host.name_in(language), place, known.place_text
    return f"{when} ({', '.join(filter(None, where))})"


def changed_line(appointment: Appointment, language: str, city: str, known: Known | None) -> str:
    """The stop as it is now and as it was; one that is off says so first."""
    line = stop_line(appointment, language, city)
    if appointment.is_cancelled:
        return _("Cancelled: %(what)s", what=line)
    return _with_before(line, appointment, known, language, city)


def with_contact(line: str, contact: User | None, before: User | None) -> str:
    """The same with who receives now, and who was to."""
    names = {"name": contact.name if contact else _("nobody"), "before": before.name if before else _("nobody")}
    return _("%(what)s – contact person: %(name)s, before: %(before)s", what=line, **names)


def listed_places(places: Iterable[Place], language: str) -> str:
    """Their names, comma between."""
    return ", ".join(place.name_in(language) for place in places)


def busy_lines(
    room: Place, stop: Appointment | None, before: Appointment | Known | None, language: str, city: str
) -> Iterator[str]:
    """When the room is busy because of a stop, and when it was; nothing of what happens there."""
    place = room.name_in(language)
    now, was = (written_when(one.starts_at, one.ends_at, language, city) if one else "" for one in (stop, before))
    if now and was != now:
        line = _("%(place)s is busy: %(when)s", place=place, when=now)
        yield _("%(what)s – before: %(before)s", what=line, before=was) if was else line
    elif was and not now:
        yield _("%(place)s is not busy any more: %(when)s", place=place, when=was)


def programme_lines(stops: Iterable[Appointment], language: str, city: str, before: Before | None = None) -> Listed:
    """The stops in order, one a line; one whose host has not answered, or that the reader knows otherwise, says so."""
    return Listed(
        _with_before(_settled_line(stop, language, city), stop, before(stop) if before else None, language, city)
        for stop in _in_order(stops)
    )


def _with_before(line: str, stop: Appointment, known: Known | None, language: str, city: str) -> str:
    """What the reader believes stands beside what is; the place and the host only where these are others."""
    if known is None:
        return line
    is_there = (known.host.id, known.place, known.place_text) == (stop.host_id, stop.place, stop.place_text)
    is_there = is_there and not known.place_words
    when = written_when(known.starts_at, known.ends_at, language, city)
    return _("%(what)s – before: %(before)s", what=line, before=when if is_there else known_line(known, language, city))


def day_lines(stops: Iterable[Appointment], language: str, city: str) -> Listed:
    """The stops of a day that is near, one a line; one that is not confirmed says so."""
    return Listed(_confirmed_line(stop, language, city) for stop in _in_order(stops))


def _in_order(stops: Iterable[Appointment]) -> list[Appointment]:
    return sorted(stops, key=lambda stop: (stop.starts_at, stop.id))


def _settled_line(appointment: Appointment, language: str, city: str) -> str:
    line = stop_line(appointment, language, city)
    return _("%(what)s – not settled: this host has not answered yet", what=line) if is_open(appointment) else line


def _confirmed_line(appointment: Appointment, language: str, city: str) -> str:
    if appointment.status == "confirmed" or is_open(appointment):
        return _settled_line(appointment, language, city)
    line = stop_line(appointment, language, city)
    return _("%(what)s – not settled: the changed programme has not been accepted yet", what=line)


def is_open(appointment: Appointment) -> bool:
    """Whether the stop still waits for its host's yes."""
    return appointment.answer == "asked" and not appointment.is_cancelled


def zone_words(moment: datetime, city: str) -> str:
    """Which clock the times are on, with its distance from UTC on that day."""
    offset = f"{in_venue(moment):%z}"
    facts = {"city": city, "zone": venue_zone().key, "offset": f"{offset[:3]}:{offset[3:]}"}
    return _("All times are local time in %(city)s (%(zone)s, UTC%(offset)s).", **facts)
