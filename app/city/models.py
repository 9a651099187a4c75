"""What the loader last wrote: its memory, by which it tells an edited field from an untouched one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.time import UTCDateTime
from app.extensions import Model


class LoadedField(Model):
    """One field of one row as the loader last wrote it; `value` is JSON text, `source` strategy or assumed."""

    __tablename__ = "loaded_field"
    kind: Mapped[str] = mapped_column(primary_key=True)  # host | goal | theme | …
    key: Mapped[str] = mapped_column(primary_key=True)  # the row's slug
    field: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(default="")
    loaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
