"""What the templates of mails may speak of: plain values of one visit, in the reader's language; never contact data."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from app.core.dates import LOCALES, written_day, written_moment, written_when
from app.core.languages import known_language
from app.core.time import now
from app.extensions import db
from app.notifications import facts, wording
from app.notifications.by_when import SIGN_IN_MINUTES, dates_for
from app.notifications.changed_values import changed_values, place_as_told
from app.notifications.facts import About
from app.notifications.known_before import known_before
from app.notifications.matter import Matter
from app.notifications.parts import Late, Quoted
from app.notifications.sight import last_seen_values
from app.people.models import Host, User
from app.strategy.models import HostTheme
from app.strategy.settings import city_rules
from app.visits.invitation_models import Invitation
from app.visits.known_stop import as_known
from app.visits.models import Offer
from app.visits.places import CORRECTED
from app.visits.programme_models import Appointment, FollowUp, Message
from app.visits.rules import is_lead
from app.visits.statuses import Status
from app.visits.stops import is_as_agreed

Values = dict[str, Any]
MOVING = ("move-appointment", "run-late", "propose")  # what makes a stop another than its reader knows


def pages() -> Values:
    """Where staff find all that is theirs: a mail about several visits, or one out of sight, leads there."""
    base = current_app.config["BASE_URL"]
    paths = {"mail": "mail?state=failed", "rules": "admin/reminders"}
    paths |= {name: name for name in ("inbox", "calendar", "notices")}
    return {f"{name}_page": f"{base}/{path}" for name, path in paths.items()} | {"sign_in_minutes": SIGN_IN_MINUTES}


def values_for(matter: Matter) -> Values:
    """Every value that the templates know, worded in the reader's language whatever language is in force."""
    with force_locale(LOCALES[known_language(matter.language)]):
        return _every_value(matter)


def _every_value(matter: Matter) -> Values:
    found: Values = {**_visit_values(matter), **_activity_values(matter)}
    found |= {"brings": "", "stop": "", "stop_before": "", "own_before": ""}
    if offer := facts.find_offer(matter.about):
        found |= _offer_values(matter, offer)
    if appointment := facts.find_appointment(matter.about):
        found |= _appointment_values(matter, appointment)
    found |= _invitation_values(matter)
    if reader := db.session.get(User, matter.reader_id) if "attendee" in matter.about and matter.reader_id else None:
        found |= last_seen_values(matter.visit, matter.about, reader, matter.language, matter.city)
    if message := _message(matter.about):
        found |= {
            "words": Quoted(message.body),
            "author": author_of(message, matter),
            "from_visitor": message.user_id is None,
        }
    if "late" in matter.about:
        found |= _late_values(matter)
    if "stops" in matter.about:
        found |= changed_values(matter)
    if "day" in matter.about:
        found |= _day_values(matter, date.fromisoformat(matter.about["day"]))
    if follow_up := _follow_up(matter.about):
        found |= {"commitment": follow_up.text, "due": written_day(follow_up.due_on, matter.language)}
    return found


def _visit_values(matter: Matter) -> Values:
    visit, language = matter.visit, matter.language
    rules = city_rules()
    return {
        "ref": visit.ref,
        "organisation": visit.organisation,
        "contact_name": visit.contact_name,
        "people": wording.people_words(visit),
        "purpose": visit.purpose,
        "themes": Late(lambda: wording.theme_words(visit.themes, language)),
        "windows": Late(lambda: wording.window_words(visit, language)),
        "lead_host": matter.name(visit.lead_host),
        "lead_person": visit.lead_user.name if visit.lead_user else "",
        "why": Late(lambda: wording.decline_sentence(visit.closing_reason)),
        "closing_text": Quoted(visit.closing_text),
        "alternatives": Quoted(visit.alternatives),
        "replies_read": bool(current_app.config["IMAP_URL"]),
        "registered": visit.source == "coordinator",
        "answer_days": rules.answer_working_days,
        "is_off": visit.status in (Status.CANCELLED, Status.WITHDRAWN, Status.DECLINED),
        "is_declined": visit.status == Status.DECLINED,
        "page": f"{current_app.config['BASE_URL']}/visits/{visit.ref}",
        **_programme_values(matter),
        **dates_for(visit, matter.about, language, matter.city, at=matter.due_at or now()),
    }


def _programme_values(matter: Matter) -> Values:
    stops = sorted((a for a in matter.visit.appointments if not a.is_cancelled), key=lambda a: a.starts_at)
    shown = [stop for stop in stops if stop.status != "hold"] if matter.to_visitor else stops
    own = [stop for stop in stops if stop.contact_id == matter.reader_id]
    one = facts.find_appointment(matter.about)
    before = _before(matter) if matter.to_visitor else None
    return {
        "is_open": any(stop.status != "confirmed" for stop in ([one] if one else own)),
        "own_programme": Late(lambda: wording.programme_lines(own, matter.language, matter.city, _before(matter))),
        "programme": Late(lambda: wording.programme_lines(shown, matter.language, matter.city, before)),
        "zone": wording.zone_words(shown[0].starts_at, matter.city) if shown else "",
    }


def _before(matter: Matter) -> wording.Before | None:
    """How the reader believes a stop to be, for what may have moved one; None where nothing was moved."""
    activity = matter.activity
    if activity is not None and activity.verb == CORRECTED:
        return lambda stop: place_as_told(matter, stop, activity)
    if activity is None or activity.verb not in MOVING:
        return None
    reader_id = None if matter.to_visitor else matter.reader_id
    return lambda stop: known_before(stop, activity, reader_id=reader_id)


def _activity_values(matter: Matter) -> Values:
    activity = matter.activity
    if activity is None:
        return {"reason": "", "actor": "", "actor_host": ""}
    other = db.session.scalar(select(Host).where(Host.slug == str(activity.changes.get("host", ""))))
    return {
        "reason": Quoted(activity.reason),
        "actor": activity.user.name if activity.user else "",
        "actor_host": matter.name(activity.host) or matter.name(other),
        "lapsed": activity.verb == "lapse",
        "hold_lapsed": activity.verb == "lapse-hold",
    }


def _offer_values(matter: Matter, offer: Offer) -> Values:
    asked_for = select(HostTheme).where(
        HostTheme.host_id == offer.host_id, HostTheme.theme_id.in_([theme.id for theme in matter.visit.themes])
    )
    subjects = [link.theme for link in db.session.scalars(asked_for)]
    return {
        "as_lead": offer.part == "lead",
        "offered_host": matter.name(offer.host),
        "offer_note": Quoted(offer.note),
        "refusal": wording.refusal_words(offer.decline_reason),
        "refusal_text": Quoted(offer.decline_text),
        "subjects": wording.theme_words(subjects, matter.language),
        "answer_by": written_moment(offer.due_at, matter.language, matter.city),
        "answer_zone": wording.zone_words(offer.due_at, matter.city),
    }


def _appointment_values(matter: Matter, appointment: Appointment) -> Values:
    hold = appointment.hold_until if appointment.status == "hold" else None
    before = _before(matter)
    known = before(appointment) if before else None
    was = wording.known_line(known, matter.language, matter.city) if known else ""
    gone = as_known(appointment) if matter.to_visitor and appointment.is_cancelled else None
    return {
        "stop": wording.stop_line(gone or appointment, matter.language, matter.city),
        "stop_before": was,
        "own_before": was if known and known.host.id == appointment.host_id else "",  # another host had it then
        "hold_until": written_moment(hold, matter.language, matter.city) if hold else "",
        "stop_title": appointment.title,
        "stop_host": matter.name(appointment.host),
        "taken_by": _taken_by(matter, appointment),
        "to_be_asked": _is_to_be_asked(matter, appointment),
        "decline_text": Quoted(appointment.decline_text),
        "zone": wording.zone_words(appointment.starts_at, matter.city),
    }


def _taken_by(matter: Matter, stop: Appointment) -> str:
    """The host beside the lead that has said yes by moving it itself; empty where nobody has."""
    activity, own = matter.activity, stop.host_id != matter.visit.lead_host_id and stop.answer == "accepted"
    moved = activity is not None and (activity.verb, activity.host_id) == ("move-appointment", stop.host_id)
    return matter.name(stop.host) if own and moved else ""


def _is_to_be_asked(matter: Matter, stop: Appointment) -> bool:
    """Whether the reader has to ask the visitor, whose yes was to something else."""
    reader = db.session.get(User, matter.reader_id) if matter.reader_id else None
    waits = matter.visit.status == Status.CONFIRMED and not is_as_agreed(stop)
    return waits and reader is not None and is_lead(reader, matter.visit)


def _late_values(matter: Matter) -> Values:
    stops = facts.find_late_stops(matter.visit, matter.about)
    shown = [stop for stop in stops if stop.status != "hold"] if matter.to_visitor else stops
    return {
        "late_minutes": matter.about["minutes"],
        "late_stops": wording.programme_lines(shown, matter.language, matter.city, _before(matter)),
        "zone": wording.zone_words(stops[0].starts_at, matter.city) if stops else "",
    }


def _day_values(matter: Matter, day: date) -> Values:
    stops = facts.stops_on(matter.visit, day)
    holds = facts.holds_until(matter.visit, day)
    shown = stops or holds
    return {
        "day": written_day(day, matter.language),
        "day_programme": wording.day_lines(facts.shown_on(matter.visit, day), matter.language, matter.city),
        "holds": wording.programme_lines(holds, matter.language, matter.city),
        "zone": wording.zone_words(shown[0].starts_at, matter.city) if shown else "",
    }


def _invitation_values(matter: Matter) -> Values:
    """Who answered an invitation, and the time that is proposed instead."""
    one = db.session.get(Invitation, matter.about["invitation"]) if "invitation" in matter.about else None
    if one is None:
        return {"attendee": "", "counter": "", "counter_elsewhere": ""}
    visitor = matter.visit.contact_name or matter.visit.organisation
    starts, ends = one.counter_starts_at, one.counter_ends_at
    return {
        "attendee": one.user.name if one.user else visitor,
        "counter": written_when(starts, ends, matter.language, matter.city) if starts and ends else "",
        "counter_elsewhere": one.counter_elsewhere,
    }


def _message(about: About) -> Message | None:
    return db.session.get(Message, about["message"]) if "message" in about else None


def _follow_up(about: About) -> FollowUp | None:
    return db.session.get(FollowUp, about["follow_up"]) if "follow_up" in about else None


def author_of(message: Message, matter: Matter) -> str:
    """Who wrote: a person with host, or the visitor's contact."""
    if message.user is None:
        return matter.visit.contact_name or matter.visit.organisation
    return ", ".join(filter(None, (message.user.name, matter.name(message.host))))
