"""The table of reminder rules: what the city's files say, edited by its administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from app.core.time import UTCDateTime
from app.extensions import Model


class ReminderRule(Model):
    """One rule: so long before or after which moment who is told what. The words are those of app/notifications."""

    __tablename__ = "reminder_rule"
    __table_args__ = (
        CheckConstraint("unit IN ('days', 'working-days', 'hours')", name="unit"),
        CheckConstraint("direction IN ('before', 'after')", name="direction"),
        CheckConstraint("clock IN ('morning', 'exact')", name="clock"),
        CheckConstraint("amount >= 0", name="amount"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    anchor: Mapped[str] = mapped_column(default="visit-start")  # a name in reminder_moments.ANCHORS
    verb: Mapped[str] = mapped_column(default="")  # of the activity, where the anchor is one
    amount: Mapped[int] = mapped_column(default=0)
    unit: Mapped[str] = mapped_column(default="days")
    direction: Mapped[str] = mapped_column(default="before")
    clock: Mapped[str] = mapped_column(default="morning")  # 09:00 at the venue, or the moment's own time of day
    audience: Mapped[list[str]] = mapped_column(JSON, default=list)  # names in audiences.AUDIENCES
    kind: Mapped[str] = mapped_column(default="")  # which mail
    # own words instead of the mail's: {"en": {"subject": …, "body": …}, …}
    words: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_on: Mapped[bool] = mapped_column(default=True, server_default=true())
    position: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime | None] = mapped_column(UTCDateTime)  # made then: what was due before is not told
