"""The history of a visit as lines to read, newest first: what, when, who, why, and what was changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.visits.models import Activity, Visit
from app.web.evidence import names
from app.web.formats import listed, moment, when
from app.web.language import page_language
from app.web.replies.words import ANSWERS as INVITATION_ANSWERS
from app.web.words import word

REASON_TABLES = {"decline": "decline_reason", "decline-offer": "offer_decline_reason"}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: what happened, when, by whom, why, to what."""

    words: str
    at: datetime
    who: str
    reason: str
    details: tuple[str, ...]


def history(visit: Visit) -> list[Line]:
    """Every activity of the visit, the latest first."""
    return [_line(activity) for activity in reversed(visit.activities)]


def _line(activity: Activity) -> Line:
    return Line(
        word("happened", activity.verb), activity.at, _who(activity), _reason(activity), tuple(_details(activity))
    )


def _who(activity: Activity) -> str:
    if activity.user is None:
        return word("actor", activity.actor)
    if activity.host is None:
        return activity.user.name
    return f"{activity.user.name}, {activity.host.name_in(page_language())}"


def _reason(activity: Activity) -> str:
    table = REASON_TABLES.get(activity.verb)
    return word(table, activity.reason) if table else "" if activity.verb == "return" else activity.reason


def _details(activity: Activity) -> list[str]:
    """The facts of the change that a reader wants: which host, which appointment, from when to when."""
    changes = activity.changes
    found: list[str] = []
    if title := changes.get("title"):
        found.append(str(title[1] if isinstance(title, list) else title))
    if host := changes.get("host"):
        found += _host_words(host)
    if answer := changes.get("answer"):
        found.append(str(INVITATION_ANSWERS.get(str(answer), "")))
    if better := changes.get("better_host"):
        found.append(_("Suggests %(host)s instead", host=names().get(better, better)))
    if place := changes.get("place_words"):
        found.append(_from_to(*place[page_language()]))
    if moved := _moved(changes):
        found.append(moved)
    if lead := changes.get("lead_host"):
        found.append(_from_to(*[names().get(slug, slug or "–") for slug in lead]))
    found += [str(changes[key]) for key in ("into", "from") if changes.get(key)]
    if isinstance(changes.get("goals"), list):
        found.append(_("Goals now: %(goals)s", goals=listed(changes["goals"][1]) or "–"))
    return found


def _host_words(host: Any) -> list[str]:
    return [names().get(host, host)] if isinstance(host, str) else []


def _moved(changes: dict[str, Any]) -> str:
    """The times before and after, when either end moved."""
    if not ({"starts_at", "ends_at"} & changes.keys()):
        return ""
    starts, ends = changes.get("starts_at"), changes.get("ends_at")
    if not starts or not ends:
        return _from_to(*[moment(datetime.fromisoformat(value)) for value in starts or ends or ()])
    spans = [
        when(datetime.fromisoformat(start), datetime.fromisoformat(end))
        for start, end in zip(starts, ends, strict=True)
    ]
    return _from_to(*spans)


def _from_to(before: str, after: str) -> str:
    return str(_("%(before)s → %(after)s", before=before, after=after))
