"""What routing would decide now, beside what it decided then and what stands; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.visits.models import Visit
from app.visits.routing import proposal_for
from app.visits.statuses import OPEN, Status

Reasons = Sequence[dict[str, Any]]
Found = dict[str, Reasons]  # a code or slug with the reasons for it


@dataclass(frozen=True, slots=True)
class Compared:
    """One part of the decision: what routing said then, what stands, what it would say now, each in its order.

    Parts: decision, lead, co-hosts, goals, flags. `reasons` speaks for what it would say now.
    """

    part: str
    then: tuple[str, ...]
    stands: tuple[str, ...]
    now: tuple[str, ...]
    reasons: Found

    @property
    def changed(self) -> bool:
        """Whether routing would say something else than it said."""
        return set(self.then) != set(self.now)

    @property
    def departs(self) -> bool:
        """Whether what stands is something else than what routing would say now.

        Before anybody was asked there is no lead that it could differ from.
        """
        if self.part == "lead":
            return bool(self.stands) and not set(self.now) <= set(self.stands)
        return set(self.stands) != set(self.now)


@dataclass(frozen=True, slots=True)
class DryRun:
    """A visit with every part of the decision compared."""

    visit: Visit
    parts: tuple[Compared, ...]

    @property
    def changes(self) -> list[Compared]:
        """The parts of which routing would say something else, and the lead where another host has it."""
        return [one for one in self.parts if one.changed or (one.part == "lead" and one.departs)]


def dry_run(visit: Visit) -> DryRun:
    """Route the visit again as on the day it was sent, with the words, weights, hosts and absences of today."""
    then, now = visit.routing, proposal_for(visit).to_json()
    ranked: Found = {one["slug"]: one["reasons"] for one in now["ranked"]}
    if evened := _load_evened(then, now):
        ranked[now["lead"]] = [*ranked[now["lead"]], evened]
    goals: Found = {one["code"]: one["reasons"] for one in (*now["priorities"], *now["sdgs"])}
    flags: Found = {one["code"]: one["reasons"] for one in now["flags"]}
    before = [one["code"] for one in (*then.get("priorities", ()), *then.get("sdgs", ()))]
    compared: tuple[tuple[str, Iterable[str], Iterable[str], Iterable[str], Found], ...] = (
        ("decision", _one(then.get("decision")), _one(visit.decision), _one(now["decision"]), {}),
        ("lead", _one(then.get("lead")), _leads(visit), _one(now["lead"]), ranked),
        ("co-hosts", then.get("co_hosts", ()), _co_hosts(visit), now["co_hosts"], ranked),
        ("goals", before, _goals(visit), goals, goals),
        ("flags", [one["code"] for one in then.get("flags", ())], visit.flags, flags, flags),
    )
    return DryRun(visit, tuple(_compared(*one) for one in compared))


def _load_evened(then: dict[str, Any], now: dict[str, Any]) -> dict[str, Any] | None:
    """The reason that the lead of then stood first only by its load, where it does so no longer."""
    before, after = ({one["slug"]: one["reasons"] for one in said.get("ranked", ())} for said in (then, now))
    lead = then.get("lead")
    if (
        lead == now["lead"]
        or not _passed(before.get(lead, ()), now["lead"])
        or _passed(after.get(lead, ()), now["lead"])
    ):
        return None
    return {"code": "load-evened", "source": "", "words": [], "weight": 0.0, "subject": lead}


def _passed(reasons: Reasons, other: str) -> bool:
    return any(one["code"] == "spread-load" and one["subject"] == other for one in reasons)


def dry_runs() -> Iterator[DryRun]:
    """Every open visit, oldest first."""
    ids = db.session.scalars(select(Visit.id).where(Visit.status.in_(OPEN)).order_by(Visit.submitted_at, Visit.id))
    for visit_id in ids.all():
        yield dry_run(db.session.get_one(Visit, visit_id))


def _compared(part: str, then: Iterable[str], stands: Iterable[str], now: Iterable[str], reasons: Found) -> Compared:
    listed = tuple(now)
    return Compared(part, tuple(then), tuple(stands), listed, {key: reasons[key] for key in listed if key in reasons})


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _leads(visit: Visit) -> tuple[str, ...]:
    """The lead host; before the claim the hosts that are asked to lead."""
    if visit.lead_host is not None:
        return (visit.lead_host.slug,)
    return tuple(one.host.slug for one in visit.offers if one.part == "lead" and one.status == "open")


def _co_hosts(visit: Visit) -> tuple[str, ...]:
    """The hosts that take part or are asked to."""
    taking = [one for one in visit.offers if one.status == "joined" or (one.part == "part" and one.status == "open")]
    return tuple(dict.fromkeys(one.host.slug for one in taking))


def _goals(visit: Visit) -> tuple[str, ...]:
    return tuple(link.goal.slug for link in visit.goal_links if link.state != "removed")


def is_worth_a_dry_run(visit: Visit) -> bool:
    """Whether routing has been asked about it at all."""
    return bool(visit.routing) and visit.status not in (Status.SUBMITTED, Status.EXPIRED)
