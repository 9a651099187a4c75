"""What must still be true for a mail to be sent, as plain data compared before every attempt.

Each function takes the visit and what the mail is about (ids and dates fixed when it was derived) and returns the
facts of this moment, or None when there is nothing left to tell.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from app.core.time import venue_date
from app.extensions import db
from app.notifications.invitations import carried, dues_of, wish_of
from app.people.models import User
from app.visits.invitation_models import Invitation
from app.visits.models import Offer, Visit
from app.visits.programme_models import Appointment, FollowUp
from app.visits.statuses import DONE, PLANNING, Status
from app.visits.stops import is_big_change
from app.visits.talking import is_waiting_for_visitor

About = dict[str, Any]
Facts = dict[str, Any]
# What of it is confirmed takes place or has taken place, also while the visitor is asked anew about the rest.
UNDER_WAY = (*PLANNING, *DONE)
Reading = Callable[[Visit, About], Facts | None]


def always(_visit: Visit, _about: About) -> Facts | None:
    """It happened, and stays worth knowing."""
    return {}


def while_in(*statuses: str) -> Reading:
    """Only while the visit has one of these statuses."""

    def read(visit: Visit, _about: About) -> Facts | None:
        return {} if visit.status in statuses else None

    return read


def address_unconfirmed(visit: Visit, _about: About) -> Facts | None:
    """The visitor has still to confirm this address."""
    return {"address": visit.contact_email} if visit.status == Status.SUBMITTED else None


def lead_host(visit: Visit, _about: About) -> Facts | None:
    """This host has the visit."""
    if visit.lead_host_id is None or visit.status not in PLANNING:
        return None
    return {"lead_host": visit.lead_host_id}


def find_offer(about: About) -> Offer | None:
    """The offer that the mail is about."""
    return db.session.get(Offer, about["offer"]) if "offer" in about else None


def find_appointment(about: About) -> Appointment | None:
    """The stop that the mail is about."""
    return db.session.get(Appointment, about["appointment"]) if "appointment" in about else None


def open_offer(_visit: Visit, about: About) -> Facts | None:
    """The offer waits for an answer until this moment."""
    offer = find_offer(about)
    if offer is None or offer.status != "open":
        return None
    return {"due_at": offer.due_at.isoformat()}


def stop_facts(appointment: Appointment) -> list[Any]:
    """What people turn up by: the row, start, end and place."""
    return [
        appointment.id,
        appointment.starts_at.isoformat(),
        appointment.ends_at.isoformat(),
        appointment.place_id,
        appointment.place_text,
    ]


def stop_takes_place(_visit: Visit, about: About) -> Facts | None:
    """The stop takes place at this time and place."""
    appointment = find_appointment(about)
    if appointment is None or appointment.is_cancelled:
        return None
    return {"stop": stop_facts(appointment)}


def answer_stands(answer: str) -> Reading:
    """The stop takes place, and this is still what they last answered to it: DECLINED, or COUNTER."""

    def read(visit: Visit, about: About) -> Facts | None:
        one = db.session.get(Invitation, about["invitation"]) if about.get("invitation") else None
        if one is not None:
            said = "COUNTER" if one.is_countered else one.partstat
            answered_at = one.answered_at.isoformat() if one.answered_at else None
            if said != answer or about.get("answered_at", answered_at) != answered_at:
                return None
        return stop_takes_place(visit, about)

    return read


def is_changed_unasked(visit: Visit, about: About) -> Facts | None:
    """The stop is no more what the visitor said yes to, and they have not been asked about what it is now."""
    stop = find_appointment(about)
    was_asked = visit.status not in (Status.CLAIMED, Status.CONFIRMED)
    if stop is None or stop.status != "tentative" or was_asked or not is_big_change(stop):
        return None
    return {"stop": stop_facts(stop)}


def is_contact(visit: Visit, about: About) -> Facts | None:
    """The stop takes place, and this is its contact person."""
    appointment = find_appointment(about)
    if appointment is None or appointment.contact_id != about.get("contact", appointment.contact_id):
        return None
    return stop_takes_place(visit, about)


def is_contact_no_more(_visit: Visit, about: About) -> Facts | None:
    """The stop's contact person is somebody else, or nobody, whether it takes place or not."""
    appointment = find_appointment(about)
    return None if appointment is None or appointment.contact_id == about.get("former_contact") else {}


def is_with_another_host(_visit: Visit, about: About) -> Facts | None:
    """The stop takes place, with another host than the one that had it."""
    appointment = find_appointment(about)
    if appointment is None or appointment.is_cancelled or appointment.host_id == about.get("former_host"):
        return None
    return {"host": appointment.host_id}


def stop_is_confirmed(visit: Visit, about: About) -> Facts | None:
    """The stop is agreed on, at this time and place."""
    appointment = find_appointment(about)
    if visit.status not in UNDER_WAY or appointment is None or appointment.status != "confirmed":
        return None
    return {"stop": stop_facts(appointment)}


def find_late_stops(visit: Visit, about: About) -> list[Appointment]:
    """The stops that moved because the visit ran late, and still take place."""
    late = about.get("late") or []
    return [stop for stop in visit.appointments if stop.id in late and not stop.is_cancelled]


def late_stops(visit: Visit, about: About) -> Facts | None:
    """The moved stops take place at these times and places."""
    stops = find_late_stops(visit, about)
    return {"stops": [stop_facts(stop) for stop in stops]} if stops else None


def part_is_asked(visit: Visit, about: About) -> Facts | None:
    """The host has still to answer for this part."""
    appointment = find_appointment(about)
    if appointment is None or appointment.answer != "asked":
        return None
    return stop_takes_place(visit, about)


def question_is_open(visit: Visit, _about: About) -> Facts | None:
    """The visitor has not answered yet."""
    return {} if is_waiting_for_visitor(visit) else None


def stops_on(visit: Visit, day: date) -> list[Appointment]:
    """Confirmed stops that begin on that day at the venue, in order."""
    live = [a for a in visit.appointments if a.status == "confirmed" and venue_date(a.starts_at) == day]
    return sorted(live, key=lambda a: (a.starts_at, a.id))


def shown_on(visit: Visit, day: date) -> list[Appointment]:
    """The stops of that day that somebody was shown: the confirmed ones, and those that wait for a yes."""
    open_ones = [a for a in visit.appointments if a.status == "tentative" and venue_date(a.starts_at) == day]
    return [*stops_on(visit, day), *open_ones]


def programme_of_day(visit: Visit, about: About) -> Facts | None:
    """The visit's confirmed stops on that day."""
    stops = stops_on(visit, date.fromisoformat(about["day"]))
    if visit.status not in UNDER_WAY or not stops:
        return None
    return {"stops": [stop_facts(stop) for stop in stops]}


def first_stop(visit: Visit) -> Appointment | None:
    """The earliest confirmed stop."""
    return min((a for a in visit.appointments if a.status == "confirmed"), key=lambda a: a.starts_at, default=None)


def begins_on(visit: Visit, about: About) -> Facts | None:
    """The first confirmed stop is on that day."""
    first = first_stop(visit)
    if visit.status not in UNDER_WAY or first is None or venue_date(first.starts_at).isoformat() != about["day"]:
        return None
    return {"day": about["day"]}


def holds_until(visit: Visit, on: date) -> list[Appointment]:
    """Holds of the visit that lapse on that day."""
    held = [a for a in visit.appointments if a.status == "hold" and a.hold_until is not None]
    return [a for a in held if a.hold_until is not None and venue_date(a.hold_until) == on]


def holds_lapsing(visit: Visit, about: About) -> Facts | None:
    """There are holds that lapse on that day."""
    holds = holds_until(visit, date.fromisoformat(about["day"])) if visit.status in PLANNING else []
    return {"holds": sorted(hold.id for hold in holds)} if holds else None


def follow_up_open(_visit: Visit, about: About) -> Facts | None:
    """The commitment has not been kept yet."""
    found = db.session.get(FollowUp, about["follow_up"])
    if found is None or found.done_at is not None:
        return None
    return {"due_on": found.due_on.isoformat()}


def calendar_due(visit: Visit, about: About) -> Facts | None:
    """The person's calendar does not show it as it is; whether it is put in or taken out must stay the same."""
    key = str(about["attendee"])
    user = db.session.get(User, int(key.removeprefix("u"))) if key.startswith("u") else None
    wish = wish_of(user, visit)
    dues = carried(dues_of(visit, key, wish), about.get("appointment"), wish)
    if not dues:
        return None
    return {"method": "CANCEL" if all(due.method == "CANCEL" for due in dues) else "REQUEST"}


def stop_begins(_visit: Visit, about: About) -> datetime | None:
    """When the stop begins: too late to tell of it."""
    appointment = find_appointment(about)
    return appointment.starts_at if appointment else None


def last_late_stop_begins(visit: Visit, about: About) -> datetime | None:
    """When the last of the moved stops begins: until then somebody may still come in time."""
    return max((stop.starts_at for stop in find_late_stops(visit, about)), default=None)


def day_begins(visit: Visit, about: About) -> datetime | None:
    """When the first stop of that day begins."""
    stops = stops_on(visit, date.fromisoformat(about["day"]))
    return stops[0].starts_at if stops else None


def offer_ends(visit: Visit, about: About) -> datetime | None:
    """When the offer's time is over; not known while its clock stands still."""
    offer = find_offer(about)
    return offer.due_at if offer and not is_waiting_for_visitor(visit) else None


def holds_end(visit: Visit, about: About) -> datetime | None:
    """When the first of the holds lapses."""
    holds = holds_until(visit, date.fromisoformat(about["day"]))
    return min((hold.hold_until for hold in holds if hold.hold_until), default=None)
