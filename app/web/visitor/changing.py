"""What is said beside a stop that the hosts are changing greatly, until the visitor is asked about it."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.notifications.changes_told import told_as_planned
from app.visits.fragments import place_in
from app.visits.known_stop import KnownStop, ShownStop, is_changing
from app.visits.models import Visit
from app.web.formats import when
from app.web.language import page_language


def change_words(visit: Visit, stops: Iterable[ShownStop]) -> dict[int, str]:
    """By the stop's id. What is planned instead is said once a mail has told it; until then the hosts still try."""
    changing = [one for one in stops if isinstance(one, KnownStop) and is_changing(one)]
    told = told_as_planned(visit) if changing else set()
    return {one.id: _told(one) if one.id in told else _untold() for one in changing}


def _untold() -> str:
    return _("Your hosts are changing this and will ask you. It is shown as you know it.")


def _told(stop: KnownStop) -> str:
    planned, language = stop.planned, page_language()
    host = planned.host.name_in(language) if planned.host_id != stop.host.id else ""
    facts = (when(planned.starts_at, planned.ends_at), place_in(planned, language), host)
    return _(
        "Do not go by this any more. Planned now, and not settled: %(planned)s. Your host will ask you.",
        planned=", ".join(filter(None, facts)),
    )
