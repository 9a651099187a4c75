"""Verbs of learning: gather what people decided, learn, check against labelled cases, put in force or take back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from app.core.errors import NotAllowed
from app.core.time import now
from app.extensions import db
from app.people.actors import Actor
from app.people.models import Host
from app.routing import Catalogue
from app.routing.bench import bench
from app.routing.edits import WordChange
from app.routing.learning import CO_HOST, GOAL, LEAD, Lesson, Teaching, Weights, leading_topic, learn, weights_from
from app.routing.measure import MEASURES, Row, fallen
from app.strategy.edit_models import Correction, LearnedWeights
from app.visits.models import Visit
from app.visits.statuses import DONE, PLANNING
from app.visits.taught import hold_taught, taught, word_changes

KINDS = (LEAD, GOAL)


@dataclass(frozen=True, slots=True)
class Check:
    """Weights against the labelled cases: the measures without and with them, and which of them fall.

    `words` are the edited words with which they were measured.
    """

    cases: int
    before: dict[str, float | None]
    after: dict[str, float | None]
    fallen: tuple[str, ...]
    words: tuple[WordChange, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What visits teach and labelled cases speak against: the measures that fall with it, before and after."""

    teaching: Teaching
    fallen: dict[str, tuple[float | None, float | None]]

    def to_json(self) -> dict[str, Any]:
        """As plain data, to be stored with the version."""
        factors = [factor._asdict() for factor in self.teaching.factors]
        fallen = {name: list(values) for name, values in self.fallen.items()}
        return {"topic": self.teaching.topic, "kind": self.teaching.kind, "factors": factors, "fallen": fallen}


def lessons() -> list[Lesson]:
    """Every decided visit as routing learns from it: people's corrections, and suggestions they left as they were."""
    return [*_kept(), *_corrected()]


def _kept() -> Iterator[Lesson]:
    """Visits that the suggested lead took and still has; where nobody else was asked, the co-hosts were right too."""
    query = select(Visit.ref, Visit.routing, Host.slug).join(Host, Visit.lead_host_id == Host.id)
    for ref, routing, lead in db.session.execute(query.where(Visit.status.in_((*PLANNING, *DONE)))):
        if lead == routing.get("lead"):
            topic, parts = leading_topic(routing), frozenset(routing.get("co_hosts", ()))
            yield Lesson(ref, topic, LEAD, frozenset({lead}), frozenset({lead}))
            yield Lesson(ref, topic, CO_HOST, parts, parts)


def _corrected() -> Iterator[Lesson]:
    """Of each visit what came first, beside what people made of it last; and all whom they asked for a part."""
    query = select(Visit.ref, Correction).join(Visit, Correction.visit_id == Visit.id)
    first: dict[tuple[str, str], Correction] = {}
    last: dict[tuple[str, str], Correction] = {}
    for ref, row in db.session.execute(query.where(Correction.kind.in_(KINDS)).order_by(Correction.at, Correction.id)):
        first.setdefault((ref, row.kind), row)
        last[ref, row.kind] = row
    for (ref, kind), row in last.items():
        began = first[ref, kind]
        yield Lesson(ref, began.topic, kind, frozenset(began.before), frozenset(row.after))
    yield from _asked()


def _asked() -> Iterator[Lesson]:
    """Visits for which coordinators asked hosts for a part that were not suggested for one."""
    query = select(Visit.ref, Correction).join(Visit, Correction.visit_id == Visit.id)
    first: dict[str, Correction] = {}
    asked: dict[str, set[str]] = {}
    for ref, row in db.session.execute(query.where(Correction.kind == CO_HOST).order_by(Correction.at, Correction.id)):
        first.setdefault(ref, row)
        asked.setdefault(ref, set()).update(row.after)
    for ref, row in first.items():
        yield Lesson(ref, row.topic, CO_HOST, frozenset(row.before), frozenset(row.before) | asked[ref])


def check(weights: Weights, cases: Sequence[Row], base: Catalogue) -> Check:
    """Route the labelled cases by the city's files and edited words, without these weights and with them."""
    words = word_changes()
    before = bench(cases, taught(base, weights=Weights())).measured
    after = bench(cases, taught(base, weights=weights)).measured
    return Check(len(cases), before.values(), after.values(), tuple(fallen(before, after)), words)


def learn_from_visits(base: Catalogue) -> Weights:
    """What the decided visits teach now; the same visits always teach the same."""
    return learn(lessons(), base)


def keep_weights(
    weights: Weights, checked: Check, *, left_out: Sequence[LeftOut] = (), by: Actor, at: datetime | None = None
) -> LearnedWeights:
    """Store a new version: in force at once when no measure falls, else refused; what was in force then stays so.

    What was left out of it is stored beside it, with the measures that would have fallen.
    """
    version = 1 + (db.session.scalar(select(func.max(LearnedWeights.version))) or 0)
    row = LearnedWeights(
        version=version,
        made_at=at or now(),
        made_by_id=by.user.id if by.user else None,
        learned_from_visits=weights.visits,
        weights=weights.to_json(),
        measures={"left_out": [one.to_json() for one in left_out]},
        state="kept",
    )
    db.session.add(row)
    db.session.flush()
    return activate(row, checked)


def activate(row: LearnedWeights, checked: Check) -> LearnedWeights:
    """Put a version in force; refuse one with which a labelled measure falls, and any that nothing can check.

    Where words were edited since the check began, NotAllowed("taught-meanwhile"): nobody knows what both do together.
    """
    if not checked.cases:
        raise NotAllowed("no-labelled-cases")
    hold_taught()
    if word_changes() != checked.words:
        raise NotAllowed("taught-meanwhile")
    row.measures = row.measures | _measures(checked)
    if not checked.fallen:
        deactivate()
    row.state = "refused" if checked.fallen else "active"
    db.session.flush()
    return row


def deactivate() -> None:
    """Learned weights count no more; every version is kept."""
    db.session.flush()
    db.session.execute(update(LearnedWeights).where(LearnedWeights.state == "active").values(state="kept"))


def versions() -> list[LearnedWeights]:
    """Every version, the newest first."""
    return list(db.session.scalars(select(LearnedWeights).order_by(LearnedWeights.version.desc())))


def stored(row: LearnedWeights) -> Weights:
    """A version's weights as routing takes them."""
    return weights_from(row.weights, row.learned_from_visits)


def _measures(checked: Check) -> dict[str, object]:
    return {
        "cases": checked.cases,
        "before": checked.before,
        "after": checked.after,
        "fallen": [name for name in MEASURES if name in checked.fallen],
    }
