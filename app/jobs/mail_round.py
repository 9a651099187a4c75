"""The mails of one run of the sender: listed, and made ready a few at a time for whichever connection asks next."""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass, field, replace
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from app.core.database import reading
from app.core.time import now
from app.extensions import db
from app.jobs.rows import attempt, each, note
from app.jobs.stopping import is_stopping
from app.notifications import claims, clock_ahead, digests, outbox, trying_again
from app.notifications.claims import Due
from app.notifications.message import Letter

log = logging.getLogger(__name__)
AT_ONCE = 3  # mails claimed and made ready in one transaction: no more than a server's 20 ms are time for
CHOICE = 16  # due mails that these are taken from: other senders may be at the first ones
FRESH_SECONDS = 2.0  # a mail that was made ready longer ago is looked at again before it is handed over


@dataclass(frozen=True, slots=True)
class Made:
    """A mail that was claimed, made and committed, and when; with `is_alone` nothing else is done beside it."""

    letter: Letter
    is_alone: bool = False
    taken_at: float = field(default_factory=monotonic)

    def is_fresh(self) -> bool:
        """Whether what it says was true a moment ago."""
        return monotonic() - self.taken_at < FRESH_SECONDS


class Round:
    """What the connections of one run share: the mails that are due, each once, and when the server last answered.

    Mails are made ready a few at a time, for whichever connection asks next: none waits behind one that stands still.
    """

    def __init__(self) -> None:
        self.over = threading.Event()
        self.answered_at = monotonic()
        self._is_away = True  # for all that is known
        self._lock = threading.Lock()
        self._due: deque[Due] = deque()
        self._made: deque[Made] = deque()
        self._seen: set[int] = set()

    def has_any(self) -> bool:
        """Whether there is anything to send."""
        with self._lock:
            return self._filled()

    def next(self) -> Made | None:
        """The next mail that nobody has tried in this run; None when there is none, or when the process is to end.

        Raises SQLAlchemyError where the database is away.
        """
        with self._lock:
            if self._made and not self._made[0].is_fresh():
                self._look_again()
            while not self._made and not is_stopping() and self._filled():
                self._make_some(self._chosen())
            return self._made.popleft() if self._made and not is_stopping() else None

    def heard(self, outcome: str) -> None:
        """How a mail went; on the first answer, and on the first after none, what the server kept back follows."""
        if outcome == "away":
            self._is_away = True
        elif outcome != "lost" and self._is_away:
            self._is_away = False
            bring_forward()

    def give_back(self) -> None:
        """What was made ready and nobody sends now."""
        with self._lock:
            while self._made:
                give_back(self._made.popleft().letter)

    def _filled(self) -> bool:
        if not self._due:
            put_clock_right()
            gather()
            with reading():
                found = [one for one in claims.due_mails(at=now()) if one.id not in self._seen]
                db.session.rollback()
            self._due.extend(found)
            self._seen.update(one.id for one in found)
        return bool(self._due)

    def _look_again(self) -> None:
        """What was made ready too long ago is free again, and compared with the present when it is taken anew."""
        while self._made:
            made = self._made.pop()
            give_back(made.letter)
            self._due.appendleft(Due(made.letter.id, is_alone=made.is_alone))

    def _chosen(self) -> list[Due]:
        """The first mails, of each visit one: what one of them settles may change what the next one brings."""
        if self._due[0].is_alone:
            return [self._due.popleft()]
        found: dict[int, Due] = {}
        for one in self._due:
            if not one.is_alone and len(found) < CHOICE:
                found.setdefault(one.visit_id or -one.id, one)
        for one in found.values():
            self._due.remove(one)
        return list(found.values())

    def _make_some(self, chosen: list[Due]) -> None:
        """A few of these, in one transaction; where one cannot be made, each for itself."""
        try:
            taken = outbox.take_some([one.id for one in chosen], most=AT_ONCE, at=now())
            db.session.commit()
        except SQLAlchemyError:
            raise
        except Exception as error:
            if len(chosen) == 1:
                note("send", chosen[0].id, error)
                attempt(chosen[0].id, outbox.give_up)
                return
            db.session.rollback()
            self._due.extendleft(replace(one, is_alone=True) for one in reversed(chosen))
        else:
            is_alone = chosen[0].is_alone
            self._made.extend(Made(letter, is_alone) for _id, letter in taken if letter is not None)
            if len(taken) == AT_ONCE:  # what comes after the last of them nobody else has, so far
                last = next(place for place, one in enumerate(chosen) if one.id == taken[-1][0])
                self._due.extendleft(reversed(chosen[last + 1 :]))


def put_clock_right() -> None:
    """What a clock that ran ahead wrote down waits for that clock's time no longer."""
    with reading():
        is_any = clock_ahead.is_any_ahead(at=now())
        db.session.rollback()
    if not is_any:
        return
    try:
        changed = clock_ahead.bring_back(at=now())
        db.session.commit()
        log.warning("a clock ran ahead: %d mails that waited for it wait as long as others", changed)
    except SQLAlchemyError as error:
        note("put_clock_right", 0, error)


def gather() -> None:
    """What is due for one person now goes out as one mail."""
    each(digests.first_ids, digests.gather)


def bring_forward() -> None:
    """The server is back: what waits for it is due now."""
    try:
        brought = trying_again.bring_forward(at=now())
        db.session.commit()
        if brought:
            log.info("the mail server answers: %d mails that waited for it are due", brought)
    except SQLAlchemyError as error:
        note("bring_forward", 0, error)


def give_back(letter: Letter) -> None:
    """A mail that was made ready and is not tried: the next sender takes it at once."""
    try:
        outbox.give_back(letter)
        db.session.commit()
    except SQLAlchemyError as error:
        note("give_back", letter.id, error)
