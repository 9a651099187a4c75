"""Due mails leave: usually on one connection, the next mails made ready while the server answers for the one before.

Each mail is committed before it is handed over, and how it went is committed before the next is handed over on the same
connection: a crash repeats the one mail that was just taken by the server, no other (docs/decisions/0011-sending.md).
"""

from __future__ import annotations

import logging
import threading
import time
from contextvars import copy_context
from dataclasses import dataclass
from time import monotonic

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import reading
from app.core.time import now
from app.extensions import db
from app.jobs.mail_round import Made, Round, give_back
from app.jobs.rows import could_not, done, note
from app.jobs.stopping import is_stopping
from app.notifications import claims, outbox, post
from app.notifications.message import Letter
from app.notifications.post import Result
from app.upkeep.jobs import runs

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 2.0  # without any answer from the server: another connection is opened beside the slow one
MOST_LANES = 8
MOST_HANGS = 3  # mails in a row that a connection got no answer for
OWN_SECONDS = 240.0  # of a claim of five minutes, on the clock that nobody sets: a paused sender wakes to find it over
WRITE_AGAIN = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)  # seconds between attempts to write down what was sent
UNMADE = Result("unmade")
SERVER_AWAY = "MailServerAway"  # shown in the timetable beside the kinds of errors


def send_due() -> None:
    """Send what is due until nothing is; when the server is away the rest waits for the next tick."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    due = Round()
    if not due.has_any():
        _is_still_away()
        return
    watch = threading.Thread(target=copy_context().run, args=[_open_lanes, app, due], name="mail lanes")
    watch.start()
    try:
        _send_on_one_connection(due)
    finally:
        due.over.set()
        watch.join()
        due.give_back()


def _is_still_away() -> None:
    """Between two attempts nobody knows better: while mails wait that were tried in vain, that is no success."""
    with reading():
        run = runs().get("send")
        waits = run is not None and run.error == SERVER_AWAY and claims.is_any_tried()
        db.session.rollback()
    if waits:
        could_not(SERVER_AWAY)


@dataclass(frozen=True, slots=True)
class Ready:
    """A mail that was made, as it goes over the wire."""

    made: Made
    data: bytes

    @property
    def letter(self) -> Letter:
        """What is sent to whom."""
        return self.made.letter

    def is_mine(self) -> bool:
        """Asked when the server waits for the words: the claim goes on by both clocks and by the database.

        A process that is to end says no more words: it would be ended before it has the answer.
        """
        if is_stopping() or monotonic() - self.made.taken_at >= OWN_SECONDS:
            return False
        with reading():
            held = outbox.may_go(self.letter, at=now())
            db.session.commit()  # nothing was written; after a rollback the driver prepares its statements anew
        return held


def _open_lanes(app: Flask, due: Round) -> None:
    """Beside connections that stand still, another one: a mail that the server hangs on delays nobody else."""
    lanes: list[threading.Thread] = []
    while not due.over.wait(PATIENCE_SECONDS):
        busy = sum(lane.is_alive() for lane in lanes) + 1
        if busy < MOST_LANES and monotonic() - due.answered_at >= PATIENCE_SECONDS:
            lanes.append(threading.Thread(target=copy_context().run, args=[_lane, app, due], name="mail lane"))
            lanes[-1].start()
    for lane in lanes:
        lane.join()


def _lane(app: Flask, due: Round) -> None:
    with app.app_context():
        _send_on_one_connection(due)


def _send_on_one_connection(due: Round) -> None:
    config = current_app.config
    with post.transport(config["SMTP_URL"], config["MAIL_DIR"]) as way:
        Lane(due, way).run()


class Lane:
    """One connection: hand a mail over, make the next one ready meanwhile, hear how it went, write that down."""

    def __init__(self, due: Round, way: post.Server | post.Folder) -> None:
        self.due, self.way = due, way
        self.following: Ready | None = None
        self.is_broken = False  # the database is away
        self.hangs = 0

    def run(self) -> None:
        """Until nothing is due, or the server or the database is away."""
        ready = self._next()
        while ready is not None:
            result = self._hand_over(ready)
            self.due.answered_at = monotonic()
            self.hangs = self.hangs + 1 if result.outcome == "away" else 0
            _count(result)
            self.is_broken |= not _recorded(ready.letter, result)
            self.due.heard(result.outcome)
            if self.is_broken or is_stopping() or not result.reached or self.hangs >= MOST_HANGS:
                break
            ready, self.following = self.following or self._next(), None
        if self.following is not None:
            give_back(self.following.letter)

    def _next(self) -> Ready | None:
        """The next mail, claimed, made and committed; one that cannot be made is put aside."""
        while not self.is_broken:
            try:
                made = self.due.next()
            except SQLAlchemyError as error:
                note("send", 0, error)
                self.is_broken = True
                return None
            if made is None:
                return None
            if ready := self._packed(made):
                return ready
        return None

    def _packed(self, made: Made) -> Ready | None:
        try:
            return Ready(made, self.way.pack(made.letter))
        except ValueError as error:  # an address that is none
            note("send", made.letter.id, error)
            _recorded(made.letter, UNMADE)
            return None

    def _hand_over(self, ready: Ready) -> Result:
        try:
            result = self.way.begin(ready.letter, ready.data, may_go=ready.is_mine)
        except SQLAlchemyError as error:  # nothing was handed over; the claim ends by itself
            note("send", ready.letter.id, error)
            self.is_broken = True
            return Result("lost")
        if result is None:
            self.following = None if ready.made.is_alone else self._next()
            result = self.way.finish()
        return result


def _count(result: Result) -> None:
    """For the timetable: a server that answers something about a mail is there."""
    if result.outcome == "away":
        could_not(SERVER_AWAY)
    elif result.outcome != "lost":
        done()


def _recorded(letter: Letter, result: Result) -> bool:
    """Write down how it went, again and again while the database is away: what was sent must not be sent twice."""
    if result.outcome == "lost" and is_stopping():
        give_back(letter)
        return True
    if result.outcome == "lost":
        log.warning("mail %d was taken over by another sender, this one was paused", letter.id)
        return True
    for pause in (*WRITE_AGAIN, None):
        try:
            if result is UNMADE:
                outbox.park(letter, at=now())
            else:
                outbox.record(letter, result, at=now())
            db.session.commit()
            return True
        except SQLAlchemyError as error:
            note("record", letter.id, error)
            if pause is not None:
                time.sleep(pause)
        except Exception as error:  # it has left, and what follows from that cannot be written: a person looks
            note("record", letter.id, error)
            result = UNMADE
    return False
