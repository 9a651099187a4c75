"""What planning answers: programmes, what stands in the way, and what would help. Words are the pages'."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from app.planning.scene import BusyKind, Span, SubjectKind
from app.planning.travel import Leg

ReasonCode = Literal[
    "travel",  # minutes
    "waiting",  # minutes between stops, lunch not counted
    "days",  # count
    "window",  # number, from 1: which of the visitor's wishes
    "split",  # count of times the group divides
    "estimated",  # count of ways that are not in the city's matrix
    "same-day",  # count of the visit's stops that day
    "alone",  # no other stop that day
    "contact",  # contact
]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is proposed, or what it costs; `data` holds what the code's wording names."""

    code: ReasonCode
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a programme. `leg` leads to it from the stop before on that day, `waiting` is what is left over,
    besides lunch.

    `host`: another host than those wished first receives. `with_half`: half the group is here, the other half at the
    stops named. `placed`: the visit has it already.
    """

    key: str
    starts_at: datetime
    ends_at: datetime
    contact: str = ""
    leg: Leg | None = None
    waiting: int = 0
    with_half: tuple[str, ...] = ()
    placed: bool = False
    host: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """A whole programme. `cost`: minutes from first to last stop of its days and what else makes it worse; least first.

    `lunches`: where a day has its lunch free between two stops.
    """

    stops: tuple[Stop, ...]
    cost: int
    lunches: tuple[tuple[datetime, datetime], ...] = ()
    reasons: tuple[Reason, ...] = ()


ObstacleCode = Literal[
    "weekend",
    "holiday",
    "past",
    "fixed-outside",  # its fixed time is on a day that is not among those asked for
    "day-outside",  # likewise the one day that it is wished for
    "closed",  # subject has no opening hours that day
    "hours-short",  # subject is open, but never long enough
    "busy",  # subject is free only in `free`, never long enough
    "fixed-taken",  # subject is not free at the fixed time
    "fixed-closed",  # subject is open only in `free`, not the whole of the fixed time
    "dark",  # `free` is the daylight; "fixed" its fixed time
    "not-lunch",  # lunch is eaten there, but nobody can at lunch time; "fixed" its fixed time
    "own-stops",  # the visit's own stops leave no time for it
    "nobody",  # none of the subject's many people is free long enough: "each" of those who have most time; "fixed"
    "no-common",  # each is free long enough, never at the same time: "each" with kind, key and free times
    "too-many",  # more stops than a day may have
    "lunch",  # they fit, but without lunch
    "order",  # they fit, but in another order
    "travel",  # they fit, but without the "leg" between them and the "buffer"; "exact": at no other time
    "at-once",  # each has one time only, and those overlap
    "together",  # each fits by itself, not all of these
    "days-apart",  # each fits, but "on" days further apart than the visit's "stay"
    "days-few",  # any of them fit, all only on more days than the visit's "stay"
    "far-off",  # all fit, but not within the visit's length together with its own stops
]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a day fails, for one wish or for several together; no day: why they fail on all that are allowed.

    `kinds`: what takes the subject's time. `data` holds what the code's wording names besides.
    """

    day: date | None
    wishes: tuple[str, ...]
    code: ObstacleCode
    subject_kind: SubjectKind = ""
    subject: str = ""
    free: tuple[Span, ...] = ()
    kinds: tuple[BusyKind, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


RelaxationCode = Literal[  # the mildest first
    "more-stops",  # stops_a_day
    "split",
    "no-lunch",
    "in-dark",  # wish: not only in daylight
    "lunch-elsewhere",  # wish: lunch is not eaten there
    "longer-stay",  # days
    "other-days",  # first_on, last_on
    "other-contact",  # wish
    "other-place",  # wish: its place is taken
    "free-time",  # wish: its fixed time
    "free-day",  # wish: its one day
    "shorten",  # wish, minutes
    "free-order",  # first, second
    "ignore-busy",  # wish, busy key and subject
    "drop",  # wish
]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One thing that, given up alone, makes it possible, which was settled by solving it.

    `programme` is the best that comes out; None where finding the best would have taken too long.
    """

    code: RelaxationCode
    data: dict[str, Any]
    programme: Programme | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Up to three programmes, the best first. None of them and `complete`: it is impossible, and `obstacles` say why.

    `complete` False: the limit of work was reached, so a better one, or one at all, may exist. `days_left_out`: days
    of the visitor's windows that were not looked at, because there are too many.
    """

    programmes: tuple[Programme, ...]
    complete: bool
    work: int
    days: tuple[date, ...] = ()
    days_left_out: int = 0
    obstacles: tuple[Obstacle, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    relaxations_complete: bool = True


@dataclass(frozen=True, slots=True)
class FreeTime:
    """One time at which a stop could be, with who could receive; lower `cost` is better."""

    starts_at: datetime
    ends_at: datetime
    contacts: tuple[str, ...]
    cost: int
    reasons: tuple[Reason, ...]
