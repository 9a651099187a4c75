"""The sample year in pieces: others write meanwhile, jobs stand still, and what was interrupted is made anew."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app import cli_demo
from app.city import demo
from app.core.time import now
from app.extensions import db
from app.jobs.noted import NotedRun
from app.notifications.models import Notification
from app.people.models import User
from app.upkeep.jobs import DEMO, GIVEN_UP, UNFINISHED, Done, Job, note_run, runs
from app.visits.models import Activity, Visit
from tests import factories
from tests.cast import OLA, bring
from tests.notifications.town import Store


class InterruptedHereError(Exception):
    """Somebody ended the command."""


def counted(app: Flask) -> tuple[int, ...]:
    with app.app_context():
        return tuple(db.session.scalar(select(func.count()).select_from(one)) or 0 for one in (Visit, Activity, User))


def test_interrupted_year_is_made_anew_and_meanwhile_others_write(
    app: Flask, flask_command: Callable[..., str], monkeypatch: pytest.MonkeyPatch, figures: Callable[..., None]
) -> None:
    held, free_since, real = [], [time.monotonic()], cli_demo._commit_piece

    def commit(began: object) -> None:
        real(began)  # type: ignore[arg-type]
        held.append(time.monotonic() - free_since[0] - cli_demo.PAUSE_SECONDS)
        with db.engine.begin() as other:  # at once, while the session of the command has nothing uncommitted
            other.execute(User.__table__.update().where(User.id == 0).values(name="x"))
            assert other.scalar(select(func.count()).where(Activity.announced_at.is_(None))) == 0
        free_since[0] = time.monotonic()
        if len(held) == 8:
            raise InterruptedHereError

    monkeypatch.setattr(cli_demo, "_commit_piece", commit)
    with pytest.raises(InterruptedHereError):
        flask_command("demo")
    half = counted(app)
    with app.app_context():
        assert runs()[DEMO].error == UNFINISHED
    first = flask_command("demo")
    whole = counted(app)
    figures("demo", pieces=len(held), longest_seconds=round(max(held), 2))
    assert "65 sample visits are in the database" in first
    assert (half[0] < whole[0], half[1] < whole[1], whole[0]) == (True, True, 65)
    assert "65 sample visits" in flask_command("demo")
    assert counted(app) == whole
    assert len(held) > 15
    with app.app_context():
        assert runs()[DEMO].error == ""


def test_jobs_stand_still_while_it_is_made_but_not_for_ever(
    app: Flask, store: Store, clock: time_machine.Traveller
) -> None:
    done: list[int] = []
    run = NotedRun(app, Job(lambda: done.append(1), timedelta(seconds=5)))
    with store():
        note_run(Done(DEMO, now(), now(), 0, error=UNFINISHED))
    run()
    assert done == []
    clock.shift(GIVEN_UP)
    run()
    assert done == [1]
    assert demo.PIECE_SECONDS < 1


@pytest.mark.parametrize("command", ["tick", "outbox-run", "read-replies", "refresh-calendars", "retention"])
def test_commands_of_jobs_stand_still_too_while_it_is_made(
    app: Flask, store: Store, flask_command: Callable[..., str], clock: time_machine.Traveller, command: str
) -> None:
    with store():
        factories.make_visit("submitted", user=bring(OLA)[0])
        note_run(Done(DEMO, now(), now(), 0, error=UNFINISHED))
        untold = select(func.count()).where(Activity.announced_at.is_(None))
        before = db.session.scalar(untold)
    assert before
    assert "Sample visits are being made" in flask_command(command)
    with app.app_context():
        assert (db.session.scalar(untold), db.session.scalar(select(func.count(Notification.id)))) == (before, 0)


def test_what_a_killed_command_left_half_made_is_taken_away_before_any_job_runs(
    app: Flask, store: Store, flask_command: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its visits would be told of, lapse and be completed as if somebody had left them; others' visits stay."""
    with store():
        own = factories.make_visit("received", user=bring(OLA)[0]).id
    pieces, real = [], cli_demo._commit_piece

    def commit(began: object) -> None:
        real(began)  # type: ignore[arg-type]
        pieces.append(1)
        if len(pieces) == 6:
            raise InterruptedHereError

    monkeypatch.setattr(cli_demo, "_commit_piece", commit)
    with pytest.raises(InterruptedHereError):
        flask_command("demo")
    assert counted(app)[0] > 1
    seen: list[list[int]] = []
    run = NotedRun(app, Job(lambda: seen.append(list(db.session.scalars(select(Visit.id)))), timedelta(seconds=5)))
    run()
    assert seen == []
    with time_machine.travel(now() + GIVEN_UP):
        run()
        run()
    assert seen == [[own], [own]]
    with app.app_context():
        assert DEMO not in runs()
