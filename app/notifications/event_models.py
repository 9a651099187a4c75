"""What a city has changed about the mails that something happening sends; without a row, the catalogue counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class EventMail(Model):
    """One line of the catalogue as it was changed here: switched off, or in own words."""

    __tablename__ = "event_mail"
    __table_args__ = (UniqueConstraint("verb", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    verb: Mapped[str]
    kind: Mapped[str]
    is_on: Mapped[bool] = mapped_column(default=True, server_default=true())
    # own words instead of the mail's: {"en": {"subject": …, "body": …}, …}
    words: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
