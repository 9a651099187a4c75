"""One sample request on its way: the story of requests.yaml, told with the real verbs.

`sent` and `visit_in` are days (from today, from sending); `until` is the status at the end, `from` the step before an
exit; `lead` and `co_hosts` receive, `programme` lists the stops; `wait` names days (from today) before which a step is
not taken. The other keys say what people wrote: question, answer, messages, delegates, change, outcome, reason, text,
alternatives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.city.booking import at_clock, host_of, plans_for, visiting, working
from app.core.errors import Overlap
from app.core.time import venue_date
from app.extensions import db
from app.people.actors import SYSTEM, VISITOR, Actor, by_user
from app.people.models import Host, User
from app.strategy.models import Goal
from app.visits import lifecycle
from app.visits.importing import request_of
from app.visits.models import Offer, Visit
from app.visits.statuses import Status

STEPS = ("received", "offered", "claimed", "proposed", "confirmed", "completed", "reported")
PAST = ("completed", "reported", "no-show")
PLANNED = ("received", "offered", "claimed", "proposed", "confirmed")
EXCUSES = ("not-ours", "no-capacity", "dates")
SATURDAY = 5
Moments = Iterator[datetime]


class Walker:
    """A request and where it stands; `clock` is the moment of the latest step, never past the present."""

    visit: Visit

    def __init__(self, row: Mapping[str, Any], number: int, coordinators: Sequence[User], *, today: datetime) -> None:
        self.row, self.number, self.today = row, number, today
        self.story: Mapping[str, Any] = row["story"]
        self.until = str(self.story["until"])
        self.coordinator = by_user(coordinators[number % len(coordinators)])
        self.clock = min(self._day(self.story["sent"], self.story.get("clock", "10:20")), today - timedelta(minutes=30))
        self.first_day = self._first_day()
        self.limit = min(today, at_clock(self.first_day, "08:00"))

    def steps(self) -> Moments:
        """The moments of this story, each followed by what happens then."""
        yield self.clock
        self._begin()
        last = self.story.get("from", self.until)
        for step in STEPS[: STEPS.index(last) + 1] if last in STEPS else ():
            yield from self._walk(step, getattr(self, f"_{step}"))
        if self.until not in (*STEPS, "submitted"):
            yield from self._walk(self.until, getattr(self, f"_{self.until.replace('-', '_')}"))

    def _walk(self, step: str, tell: Callable[[], Moments]) -> Moments:
        wait = self.story.get("wait", {}).get(step)
        if wait is not None:
            self.clock = max(self.clock, min(self._day(wait, "08:00"), self.limit))
        yield from tell()

    # ------------------------------------------------------------------------------------------------ time

    def _day(self, days: int, clock: str) -> datetime:
        return at_clock(venue_date(self.today) + timedelta(days=days), clock)

    def _next(self, days: int = 1, clock: str = "13:10") -> datetime:
        """Move the clock: some days on, to a working day, in office hours; never back, never past the limit."""
        day = working(venue_date(self.clock) + timedelta(days=days))
        moment = at_clock(day, clock) + timedelta(minutes=self.number * 7 % 45)
        if moment <= self.clock:
            moment = self.clock + timedelta(minutes=20)
        self.clock = max(self.clock, min(moment, self.limit))
        return self.clock

    def _first_day(self) -> date:
        """The first day of the visit: wholly before today, after today, or as told, by how the story ends."""
        wished = venue_date(self.clock) + timedelta(days=self.story["visit_in"])
        today, span = venue_date(self.today), self._span()
        if self.until in PAST:
            return visiting(min(wished, visiting(today - timedelta(days=1), span, back=True)), back=True)
        if self.story.get("weekend"):
            return wished + timedelta(days=(SATURDAY - wished.weekday()) % 7)
        return visiting(max(wished, today + timedelta(days=1)) if self.until in PLANNED else wished)

    def _span(self) -> int:
        """How many working days the programme goes on after its first."""
        stops = self.story.get("programme", ())
        return max([self.story.get("days", 1) - 1, *(stop.get("day", 0) for stop in stops)])

    # ------------------------------------------------------------------------------------------------ steps

    def _begin(self) -> None:
        last = (
            self.first_day + timedelta(days=1) if self.story.get("weekend") else visiting(self.first_day, self._span())
        )
        wanted = {**self.row, "preferred_from": self.first_day.isoformat(), "preferred_to": last.isoformat()}
        request = replace(request_of(wanted), language=self.story.get("language", "en"))
        if self.story.get("registered"):
            self.visit = lifecycle.register(request, by=self.coordinator, at=self.clock)
        else:
            self.visit = lifecycle.submit(request, at=self.clock)

    def _received(self) -> Moments:
        if self.visit.status == Status.SUBMITTED:
            self.clock = min(self.clock + timedelta(minutes=6 + self.number % 40), self.today)
            yield self.clock
            lifecycle.receive(self.visit, at=self.clock)
        if self.until == "received" and self.visit.status == Status.OFFERED:
            yield from self._refuse()
        if "question" in self.story:
            yield self._next()
            lifecycle.ask_visitor(self.visit, self.story["question"], by=self.coordinator, at=self.clock)
        if "answer" in self.story:
            yield self._next(2)
            lifecycle.answer(self.visit, self.story["answer"], at=self.clock)

    def _refuse(self) -> Moments:
        """Nobody can take it: every host asked says no, until the visit is back with the coordinator."""
        while offers := [offer for offer in self.visit.offers if offer.status == "open"]:
            offer = min(offers, key=lambda offer: (offer.part == "lead", offer.id))
            yield self._next(1 if offer.part == "lead" else 0)
            self._turn_down(offer, "no-capacity")

    def _turn_down(self, offer: Offer, reason: str, better_host: Host | None = None) -> None:
        actor = self._for(offer.host)
        lifecycle.decline_offer(
            self.visit, offer.host, part=offer.part, reason=reason, better_host=better_host, by=actor, at=self.clock
        )

    def _offered(self) -> Moments:
        asked = [(slug, "part") for slug in self.story.get("co_hosts", ())]
        if self.visit.status == Status.RECEIVED:
            yield self._next()
            asked.insert(0, (self._lead().slug, "lead"))
        for slug, part in asked:
            lifecycle.offer(self.visit, host_of(slug), part=part, by=self.coordinator, at=self.clock)

    def _claimed(self) -> Moments:
        lead = self._lead()
        for offer in [one for one in self._open_offers("lead") if one.host_id != lead.id]:
            yield self._next(0)
            self._turn_down(offer, "not-ours", better_host=lead)
        yield self._next()
        lifecycle.claim(self.visit, lead, by=self._for(lead), at=self.clock)
        yield from self._join()
        yield from self._talk()
        for stop in self.story.get("programme", ()):
            yield self._next(0)
            yield from self._book(stop)

    def _join(self) -> Moments:
        joining = set(self.story.get("co_hosts", ()))
        for offer in self._open_offers("part"):
            yield self._next(0, "14:00")
            if offer.host.slug in joining:
                lifecycle.join(self.visit, offer.host, by=self._for(offer.host), at=self.clock)
            else:
                self._turn_down(offer, EXCUSES[offer.id % len(EXCUSES)])

    def _talk(self) -> Moments:
        for delegate in self.story.get("delegates", ()):
            yield self._next(0)
            lifecycle.add_delegate(self.visit, **delegate, consent="needs" in delegate, at=self.clock)
        for message in self.story.get("messages", ()):
            writer, body = next(iter(message.items()))
            yield self._next()
            by = VISITOR if writer == "visitor" else self._for(self._lead())
            kind = "note" if writer == "note" else "message"
            lifecycle.write(self.visit, body, by=by, kind=kind, at=self.clock)

    def _book(self, stop: Mapping[str, Any]) -> Moments:
        """Add one stop; where the person or the place is taken, at another time, as a host would."""
        host = host_of(stop["host"]) if "host" in stop else self._lead()
        made = self._first_free(stop, host)
        if made.answer == "asked" and not stop.get("unanswered"):
            yield self._next(0, "15:00")
            lifecycle.accept_part(made, by=self._for(host), at=self.clock)

    def _first_free(self, stop: Mapping[str, Any], host: Host) -> Any:
        back = self.until in PAST
        for plan in plans_for(self.visit, stop, host, self._member(host), self.first_day, back=back):
            try:
                return lifecycle.add_appointment(self.visit, plan, by=self._for(self._lead()), at=self.clock)
            except Overlap:
                continue
        raise ValueError(f"{self.row['organisation']}: no time is free for {stop['title']!r} at {host.slug}")

    def _proposed(self) -> Moments:
        yield self._next(2)
        lifecycle.propose(self.visit, by=self._for(self._lead()), at=self.clock)
        if change := self.story.get("change"):
            yield self._next(2, "10:40")
            lifecycle.ask_for_change(self.visit, text=change["text"], at=self.clock)
            yield self._next()
            yield from self._book(change["stop"])
            yield self._next(1, "11:15")
            lifecycle.propose(self.visit, by=self._for(self._lead()), at=self.clock)

    def _confirmed(self) -> Moments:
        yield self._next(2, "09:05")
        lifecycle.accept(self.visit, at=self.clock)

    def _completed(self) -> Moments:
        self.limit = self.today
        self.clock = max(self.clock, *(stop.ends_at + timedelta(minutes=5) for stop in self._live()))
        yield self.clock
        lifecycle.complete(self.visit, at=self.clock)

    def _reported(self) -> Moments:
        outcome = self.story["outcome"]
        yield self._next(outcome.get("after", 2))
        goals = list(db.session.scalars(select(Goal).where(Goal.slug.in_(outcome["goals"]))))
        told = [(one, venue_date(self.clock) + timedelta(days=one["days"])) for one in outcome.get("follow_ups", ())]
        lifecycle.report(
            self.visit,
            achieved=outcome["achieved"],
            text=outcome["text"],
            goals=goals,
            follow_ups=[lifecycle.Commitment(one["text"], due_on, self._member(self._lead())) for one, due_on in told],
            by=self._for(self._lead()),
            at=self.clock,
        )
        kept = {one["text"]: due_on for one, due_on in told if one.get("done")}
        for follow_up in self.visit.follow_ups:
            if follow_up.text in kept:
                done_at = at_clock(working(kept[follow_up.text], 1, back=True), "10:00")
                lifecycle.finish_follow_up(follow_up, at=min(max(done_at, self.clock), self.today))

    # ------------------------------------------------------------------------------------------------ ways out

    def _expired(self) -> Moments:
        self.clock += timedelta(hours=72, minutes=3)
        yield self.clock
        lifecycle.expire(self.visit, at=self.clock)

    def _declined(self) -> Moments:
        yield self._next(2)
        words = {name: self.story.get(name, "") for name in ("text", "alternatives")}
        lifecycle.decline(self.visit, reason=self.story["reason"], **words, by=self.coordinator, at=self.clock)

    def _withdrawn(self) -> Moments:
        yield self._next(2)
        lifecycle.withdraw(self.visit, text=self.story["reason"], at=self.clock)

    def _cancelled(self) -> Moments:
        yield self._next(2)
        lifecycle.cancel(self.visit, reason=self.story["reason"], by=self._for(self._lead()), at=self.clock)

    def _no_show(self) -> Moments:
        self.clock = max(self.clock, self._live()[0].starts_at + timedelta(minutes=45))
        yield self.clock
        text = self.story["reason"]
        lifecycle.mark_no_show(self.visit, text=text, by=self._for(self._lead()), at=self.clock)

    def _merged(self) -> Moments:
        yield self._next()
        wanted = select(Visit).where(Visit.organisation == self.story["into"], Visit.id != self.visit.id)
        kept = db.session.scalars(wanted.order_by(Visit.id.desc()).limit(1)).one()
        lifecycle.merge(self.visit, kept, by=self.coordinator, at=self.clock)

    # ------------------------------------------------------------------------------------------------ people

    def _lead(self) -> Host:
        return self.visit.lead_host or host_of(self.story["lead"])

    def _member(self, host: Host) -> User:
        """This story's person of the host: busy hosts have several, each with visits of their own."""
        return host.members[self.number % len(host.members)]

    def _for(self, host: Host) -> Actor:
        return by_user(self._member(host), host) if host.members else SYSTEM

    def _open_offers(self, part: str) -> list[Offer]:
        return [offer for offer in self.visit.offers if offer.part == part and offer.status == "open"]

    def _live(self) -> list[Any]:
        return [stop for stop in self.visit.appointments if not stop.is_cancelled]
