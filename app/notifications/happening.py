"""An Activity with what it was about: the offer, stop or message, and the hosts it concerned at that moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.notifications.facts import About
from app.notifications.recipients import Recipient, as_recipients
from app.people.models import Host, User
from app.visits.for_visitor import is_shown
from app.visits.models import Activity, Offer, Visit
from app.visits.programme_models import Appointment, Message

SUBJECTS = ("offer", "appointment", "message")


@dataclass(frozen=True, slots=True)
class Tell:
    """One person to be told one thing; `is_receipt` tells the visitor of the visitor's own act."""

    kind: str
    recipient: Recipient
    visit: Visit
    about: About = field(default_factory=dict)
    is_receipt: bool = False
    not_before: datetime | None = None  # when it may be sent at the earliest; at once where nothing is said


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened, as the catalogue looks at it."""

    activity: Activity

    @property
    def visit(self) -> Visit:
        """The visit it happened to."""
        return self.activity.visit

    @property
    def about(self) -> About:
        """The id of the offer, stop or message, under its name."""
        if self.activity.subject not in SUBJECTS or self.activity.subject_id is None:
            return {}
        return {self.activity.subject: self.activity.subject_id}

    @property
    def offer(self) -> Offer | None:
        """The offer it happened to, if any."""
        return db.session.get(Offer, self.about["offer"]) if "offer" in self.about else None

    @property
    def appointment(self) -> Appointment | None:
        """The stop it happened to, if any."""
        return db.session.get(Appointment, self.about["appointment"]) if "appointment" in self.about else None

    @property
    def message(self) -> Message | None:
        """The message that was written, if any."""
        return db.session.get(Message, self.about["message"]) if "message" in self.about else None

    def closed_offers(self, *parts: str) -> list[Offer]:
        """The offers that closed at this very moment."""
        offers = [offer for offer in self.visit.offers if offer.answered_at == self.activity.at]
        return [offer for offer in offers if offer.status == "closed" and offer.part in parts]

    def reopened_offers(self) -> list[Offer]:
        """Lead offers open again, made earlier: a newly made one has an Activity of its own."""
        offers = [offer for offer in self.visit.offers if offer.part == "lead" and offer.status == "open"]
        return [offer for offer in offers if offer.created_at < self.activity.at]

    def extended_offers(self) -> list[Offer]:
        """Open offers that got more time by the visitor's answer."""
        extended = self.activity.changes.get("extended") or []
        return [offer for offer in self.visit.offers if offer.id in extended and offer.status == "open"]

    def is_lesser_offer(self) -> bool:
        """Whether the host is asked for a part only beside an open offer of the lead."""
        found = self.offer
        leads = [offer for offer in self.visit.offers if offer.part == "lead" and offer.status == "open"]
        return found is not None and found.part == "part" and found.host_id in {offer.host_id for offer in leads}

    def hosts_before(self) -> list[Host]:
        """Everybody who had to do with the visit when it ended: lead, asked, joined, and hosts of its stops."""
        hosts = [self.visit.lead_host] if self.visit.lead_host else []
        hosts += [offer.host for offer in self.closed_offers("lead", "part")]
        hosts += [stop.host for stop in self.visit.appointments if stop.changed_at == self.activity.at]
        return list({host.id: host for host in hosts}.values())

    def is_overtaken(self) -> bool:
        """Whether the same stop was moved once more: then that tells where it is now."""
        return any(
            one.id > self.activity.id and one.verb == self.activity.verb and one.subject_id == self.activity.subject_id
            for one in self.visit.activities
        )

    def is_own_yes(self, stop: Appointment) -> bool:
        """Whether the host that had been asked for the stop has answered by changing it."""
        answered = self.activity.changes.get("answer") == ["asked", "accepted"]
        return answered and self.activity.host_id == stop.host_id and stop.answer == "accepted"

    def new_contact(self) -> list[Recipient]:
        """Whoever has become the contact person of the stop, once the visitor was shown it."""
        stop = self.appointment
        is_new = "contact" in self.activity.changes and stop is not None and stop.status != "hold"
        return as_recipients([stop.contact]) if is_new and stop and stop.contact else []

    def former_contact(self) -> list[Recipient]:
        """Whoever was the contact person of the stop, once the visitor was shown it, and is it no more."""
        stop, was = self.appointment, (self.activity.changes.get("contact") or [None])[0]
        if stop is None or was in (None, stop.contact_id) or stop.status == "hold" or not self._knew_of_it(was):
            return []
        return as_recipients(user for user in [db.session.get(User, was)] if user)

    def _knew_of_it(self, contact_id: int) -> bool:
        """Not where the move that named that person was overtaken by this one, so that nobody told of it."""
        named = [one for one in self.visit.activities if one.id < self.activity.id and self._names(one, contact_id)]
        told_at = named[-1].announced_at if named else None
        return not named or (told_at is not None and told_at < self.activity.at)

    def _names(self, one: Activity, contact_id: int) -> bool:
        is_move = (one.verb, one.subject_id) == (self.activity.verb, self.activity.subject_id)
        return is_move and (one.changes.get("contact") or [None])[-1] == contact_id

    def former_hosts(self) -> list[Host]:
        """The host that has the stop no more, unless it gave it away itself."""
        was = (self.activity.changes.get("host") or [None])[0]
        found = db.session.get(Host, was) if was is not None and was != self.activity.host_id else None
        return [found] if found is not None else []

    def former_lead(self) -> Host | None:
        """Who led before a coordinator gave the lead to another."""
        slug = (self.activity.changes.get("lead_host") or [None])[0]
        return db.session.scalar(select(Host).where(Host.slug == slug)) if slug else None

    def is_seen_by_visitor(self, appointment: Appointment) -> bool:
        """Whether the visitor has been shown this stop."""
        return is_shown(appointment)


def tell_each(
    kind: str,
    recipients: Iterable[Recipient],
    what: Happening,
    *,
    visit: Visit | None = None,
    about: About | None = None,
    is_receipt: bool = False,
) -> Iterator[Tell]:
    """The same thing to each of these people, once more for whoever is in several lists: the first line counts."""
    for recipient in recipients:
        yield Tell(kind, recipient, visit or what.visit, what.about if about is None else about, is_receipt)
