"""The calendar part of a mail: an invitation or cancellation for one appointment, a file for several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app import calendars
from app.calendars import Attendee, Event, Mailbox, fragment, invitation
from app.core.dates import LOCALES
from app.core.time import now
from app.feeds.files import visitor_calendar, visitor_event
from app.notifications.invitations import CANCELLED, Due, answer_kept, carried, dues_of, was_invited, wish_of
from app.notifications.kinds import KINDS
from app.notifications.message import wire_address
from app.notifications.models import Notification
from app.notifications.reply_address import organizer_address
from app.notifications.sight import as_last_seen
from app.strategy.settings import city_rules
from app.visits.fragments import event_of
from app.visits.known_stop import as_known
from app.visits.models import Visit
from app.visits.rules import may_see_visit


@dataclass(frozen=True, slots=True)
class Part:
    """What a mail brings: `method` is REQUEST or CANCEL for one appointment, PUBLISH for an attached file, or empty."""

    method: str = ""
    text: str = ""
    dues: tuple[Due, ...] = ()

    @property
    def carries(self) -> list[dict[str, object]]:
        """What is to be settled when the mail has left."""
        return [due.as_carried() for due in self.dues]


NOTHING = Part()


def part_for(found: Notification) -> Part:
    """What the mail brings as things are now, in its reader's language."""
    visit = found.visit
    if visit is None or not KINDS[found.kind].brings_calendar:
        return NOTHING
    wish = wish_of(found.user, visit)
    dues = carried(dues_of(visit, key_of(found), wish), stop_id_of(found), wish)
    with force_locale(LOCALES[found.language]):
        if len(dues) == 1:
            return Part(dues[0].method, _single(dues[0], found, visit), tuple(dues))
        is_whole = found.kind == "confirmed" and wish == "together" and not was_invited(visit, key_of(found))
        if is_whole:  # the whole programme, whatever their calendar knows
            return Part("PUBLISH", _programme(found, visit), tuple(dues))
        return Part("PUBLISH", _file(dues, found, visit), tuple(dues)) if dues else NOTHING


def key_of(found: Notification) -> str:
    """Whose calendar it is."""
    return f"u{found.user_id}" if found.user_id else "visitor"


def stop_id_of(found: Notification) -> int | None:
    """The one appointment that the mail is about; None for a mail about the visit."""
    stop_id: int | None = found.facts.get("about", {}).get("appointment")
    return stop_id


def _single(due: Due, found: Notification, visit: Visit) -> str:
    name = found.user.name if found.user else visit.contact_name or visit.organisation
    answer = answer_kept(due.invitation, due.state, due.stop.sequence)
    attendee = Attendee(name, wire_address(found.address), answer, asks_answer=answer == "NEEDS-ACTION")
    organizer = Mailbox(_("Vertskap %(city)s", city=city_rules().city_name), organizer_address(due.invitation.id))
    return invitation(due.method, _event(due, found), organizer=organizer, attendee=attendee).decode()


def _programme(found: Notification, visit: Visit) -> str:
    return visitor_calendar(visit, language=found.language, city=city_rules().city_name, at=now()).decode()


def _file(dues: Sequence[Due], found: Notification, visit: Visit) -> str:
    return calendars.download(visit.ref, [fragment(_event(due, found)) for due in dues]).decode()


def _event(due: Due, found: Notification) -> Event:
    """As the reader may see it; whoever is not its contact person any more sees no more than that it is off."""
    if found.user is not None and due.state == CANCELLED and not may_see_visit(found.user, due.stop.visit):
        return as_last_seen(event_of(due.stop, "busy", found.language), due.invitation, found.language)
    if found.user is None:
        event = visitor_event(as_known(due.stop), found.language, "", city_rules().city_name)
    else:
        level = "full" if due.stop.contact_id == found.user_id else "team"
        event = event_of(due.stop, level, found.language)
    if found.kind.startswith("host-") and found.user is not None:
        event = replace(event, url=f"{current_app.config['BASE_URL']}/visits/{due.stop.visit.ref}")
    return replace(event, status="cancelled") if due.state == CANCELLED else event


def brings_words(part: Part, language: str) -> str:
    """What the mail says of its calendar part; empty where it has none."""
    with force_locale(LOCALES[language]):
        if not part.method:
            return ""
        if part.method == "PUBLISH":
            return str(_("The attached file holds the appointments for your calendar, as they are now."))
        if part.method == "CANCEL":
            return str(_("The cancellation in this mail takes the appointment out of your calendar."))
        if part.dues[0].is_new:
            return str(_("The invitation in this mail puts the appointment into your calendar."))
        return str(_("The invitation in this mail brings the appointment in your calendar up to date."))
