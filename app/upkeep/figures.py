"""What those who run it watch: mails that wait, activities nobody was told of, visits, jobs, backups. Four queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.extensions import db
from app.notifications.claims import WAITING
from app.notifications.models import Notification
from app.notifications.queries import STATES, due_since
from app.upkeep.jobs import BACKUP, backup_alarm, is_overdue, late_now, runs, set_up_at
from app.upkeep.models import JobRun
from app.visits.models import Activity, Visit
from app.visits.statuses import Status

MAIL_STATUSES = tuple(status for statuses in STATES.values() for status in statuses)


@dataclass(frozen=True, slots=True)
class JobFigures:
    """A job's last run, None before its first; `is_alarm` as on /readyz."""

    name: str
    run: JobRun | None
    is_alarm: bool
    late_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by status, ages in seconds at that moment (0 where nothing waits), and every job."""

    mails: dict[str, int]
    oldest_due: float
    untold: int
    oldest_untold: float
    visits: dict[str, int]
    jobs: tuple[JobFigures, ...]


def figures(periods: Sequence[tuple[str, timedelta]], *, at: datetime) -> Figures:
    """Everything at that moment; raises SQLAlchemyError when the database does not answer."""
    mails, oldest_due = _mails(at)
    untold = select(func.count(), func.min(Activity.at)).where(Activity.announced_at.is_(None))
    waiting, since = db.session.execute(untold).one()
    visits = db.session.execute(select(Visit.status, func.count()).group_by(Visit.status))
    return Figures(
        mails=mails,
        oldest_due=oldest_due,
        untold=waiting,
        oldest_untold=_age(since, at),
        visits={**{status.value: 0 for status in Status}, **{str(status): count for status, count in visits}},
        jobs=_jobs(dict(periods), at),
    )


def _mails(at: datetime) -> tuple[dict[str, int], float]:
    """How many there are of each status, and for how long the one has been due that waits longest.

    What is kept for the morning is not due before it.
    """
    columns = (Notification.status, func.count(), func.min(due_since()))
    rows = db.session.execute(select(*columns).group_by(Notification.status)).all()
    due = [since for status, _count, since in rows if status in WAITING and since is not None]
    counts = {**dict.fromkeys(MAIL_STATUSES, 0), **{status: count for status, count, _since in rows}}
    return counts, max((_age(since, at) for since in due), default=0.0)


def _next(run: JobRun | None, period: timedelta) -> datetime | None:
    """When it is due next; the night's job keeps an hour of the clock instead."""
    return run.started_at + period if run and period < timedelta(days=1) else None


def _jobs(periods: dict[str, timedelta], at: datetime) -> tuple[JobFigures, ...]:
    found = runs()
    since = set_up_at(found)
    jobs = [
        JobFigures(name, run, is_overdue(run, period, since=since, at=at), late_now(run, _next(run, period), at=at))
        for name, period in sorted(periods.items())
        for run in [found.get(name)]
    ]
    backup = found.get(BACKUP)
    return (*jobs, JobFigures(BACKUP, backup, backup_alarm(backup, at=at))) if backup else tuple(jobs)


def _age(since: datetime | None, at: datetime) -> float:
    return max(0.0, (at - since).total_seconds()) if since is not None else 0.0
