"""Who is told what when something happens to a stop: lines of the catalogue, one function for each verb."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from app.notifications.facts import About
from app.notifications.happening import Happening, Tell, tell_each
from app.notifications.known_before import to_whom_it_is_news
from app.notifications.recipients import Recipient, as_recipients, lead_members, members_of, visitor_of
from app.visits.programme_models import Appointment
from app.visits.rules import sees_without_stops
from app.visits.statuses import Status
from app.visits.waiting import UNASKED, UNASKED_SOON

SHOWN = {"starts_at", "ends_at", "place", "host"}  # the changes of a stop that its people must know


def on_part(what: Happening) -> Iterator[Tell]:
    """A new stop: the other host that is asked to take it."""
    stop = what.appointment
    if stop is not None and stop.answer == "asked" and not stop.is_cancelled:
        yield from tell_each("part-asked", members_of([stop.host]), what)


def on_move(what: Happening) -> Iterator[Tell]:
    """Its host (asked again, or told), whoever has it no more, the lead; the visitor where nothing is proposed anew.

    A host that so says yes to what it was asked: the lead hears of it, where not by the change itself.
    """
    stop, changed = what.appointment, what.activity.changes.keys()
    if stop is None:
        return
    stands = not stop.is_cancelled and not what.is_overtaken()  # else something later tells where it is
    if stands and (SHOWN | {"contact"}) & changed:
        yield from _on_new_people(stop, what)
    for former in what.former_contact():
        about = {**what.about, "former_contact": former.user.id if former.user else 0}
        yield from tell_each("contact-replaced", [former], what, about=about)
    if stands and SHOWN & changed:
        yield from _on_new_facts(stop, what)
    if stands and what.is_own_yes(stop):
        yield from tell_each("part-accepted", lead_members(what.visit), what)


def _on_new_people(stop: Appointment, what: Happening) -> Iterator[Tell]:
    """The host that is asked for it, the new contact person, the host that has it no more."""
    if stop.answer == "asked":
        yield from tell_each("part-asked", members_of([stop.host]), what)
    yield from tell_each("contact-named", what.new_contact(), what, about={**what.about, "contact": stop.contact_id})
    for former in what.former_hosts():
        about = {**what.about, "former_host": former.id}
        yield from tell_each("host-replaced", members_of([former]), what, about=about)


def _on_new_facts(stop: Appointment, what: Happening) -> Iterator[Tell]:
    """Whoever receives there and the lead; the visitor, if the stop had been shown.

    After a great change the visitor is to be asked. While that is not done, they hear of it after an hour, or at once
    shortly before the start: what they said yes to does not hold any more.
    """
    yield from tell_each("host-moved", to_whom_it_is_news(_people_of(stop, what), stop, what.activity), what)
    if not what.is_seen_by_visitor(stop):
        return
    waits = what.activity.status_after == Status.PROPOSED  # the visitor is still to accept: look at it once more
    visitor = visitor_of(what.visit)
    if waits:
        yield from tell_each("proposed", visitor, what)
    elif what.activity.changes.get("big"):
        for tell in tell_each("changing", visitor, what):
            yield replace(tell, not_before=_unasked_until(stop, what))
    else:
        yield from tell_each("moved", to_whom_it_is_news(visitor, stop, what.activity), what)


def _unasked_until(stop: Appointment, what: Happening) -> datetime:
    """Until when the lead host may ask the visitor before they are told without it."""
    before = what.activity.changes.get("starts_at")
    first = min([stop.starts_at, *([datetime.fromisoformat(before[0])] if before else [])])
    return what.activity.at + (timedelta(0) if first <= what.activity.at + UNASKED_SOON else UNASKED)


def on_run_late(what: Happening) -> Iterator[Tell]:
    """At once, one mail each: whoever receives at the moved stops, the lead host, the visitor."""
    moved: list[int] = what.activity.changes.get("moved") or []
    stops = [stop for stop in what.visit.appointments if stop.id in moved and not stop.is_cancelled]
    about: About = {"late": moved, "minutes": what.activity.changes.get("minutes", 0)}
    people = as_recipients(stop.contact for stop in stops if stop.contact) + members_of(stop.host for stop in stops)
    yield from tell_each("host-running-late", people + lead_members(what.visit), what, about=about)
    if any(what.is_seen_by_visitor(stop) for stop in stops):
        yield from tell_each("running-late", visitor_of(what.visit), what, about=about)


def on_remove(what: Happening) -> Iterator[Tell]:
    """Its host, the lead of others' removals, and the visitor if the stop had been shown."""
    stop = what.appointment
    if stop is None:
        return
    yield from tell_each("host-removed", _people_of(stop, what), what)
    if what.is_seen_by_visitor(stop):
        yield from tell_each("removed", visitor_of(what.visit), what)


def on_part_declined(what: Happening) -> Iterator[Tell]:
    """The lead host, with the reason; the visitor if the stop had been shown."""
    yield from tell_each("part-declined", lead_members(what.visit), what)
    if what.appointment is not None and what.is_seen_by_visitor(what.appointment):
        yield from tell_each("removed", visitor_of(what.visit), what)


def on_hold_lapsed(what: Happening) -> Iterator[Tell]:
    """The lead host and the stop's own; whoever saw no more of the visit than this stop reads that it is off."""
    stop = what.appointment
    yield from tell_each("hold-lapsed", lead_members(what.visit), what)
    contact = as_recipients([stop.contact] if stop and stop.contact else [])
    for person in contact + members_of([stop.host] if stop else []):
        sees_more = person.user is not None and sees_without_stops(person.user, what.visit)
        yield from tell_each("hold-lapsed" if sees_more else "host-removed", [person], what)


def _people_of(stop: Appointment, what: Happening) -> list[Recipient]:
    """The stop's host and the lead host, without the host whose person did it; its contact person in any case."""
    hosts = [stop.host, *([what.visit.lead_host] if what.visit.lead_host else [])]
    people = members_of(host for host in hosts if host.id != what.activity.host_id)
    contact = [stop.contact] if stop.contact and what.is_seen_by_visitor(stop) else []
    return as_recipients(contact) + people
