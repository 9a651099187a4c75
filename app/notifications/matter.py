"""What one mail is about, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.notifications.facts import About
from app.people.models import Host
from app.visits.models import Activity, Visit


@dataclass(frozen=True, slots=True)
class Matter:
    """What one mail is about, and for whom: everything its wording may depend on."""

    visit: Visit
    about: About
    language: str
    city: str
    activity: Activity | None = None
    to_visitor: bool = False
    reader_id: int | None = None  # the user who reads it
    due_at: datetime | None = None  # when the mail is due

    def name(self, host: Host | None) -> str:
        """The host's name in the reader's language; empty without a host."""
        return host.name_in(self.language) if host else ""
