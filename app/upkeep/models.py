"""The last run of each job, for whoever looks after the installation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.core.time import UTCDateTime
from app.extensions import Model


class JobRun(Model):
    """A job's last run, by whichever scheduler; a failure keeps `succeeded_at` of the run before it."""

    __tablename__ = "job_run"
    name: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime] = mapped_column(UTCDateTime)
    succeeded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    milliseconds: Mapped[int] = mapped_column(default=0)
    late_seconds: Mapped[int] = mapped_column(default=0)  # after the moment at which it should have begun
    failed_rows: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")  # the kind of error only, never its words: they may be somebody's
