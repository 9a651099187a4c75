"""Typed refusals: each carries a code and data; the web words them in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime


class Refused(Exception):
    """A wish that the rules do not allow; nothing was changed."""

    code = "refused"

    def __init__(self, code: str | None = None, /, **data: object) -> None:
        self.code = code or type(self).code
        self.data = data
        super().__init__(self.code)


class NotAllowed(Refused):
    """This actor may not do this."""

    code = "not-allowed"


class IllegalMove(Refused):
    """The verb does not fit the present status; data: verb, status."""

    code = "illegal-move"

    def __init__(self, verb: str, status: str) -> None:
        super().__init__(verb=verb, status=status)


class AlreadyClaimed(Refused):
    """Somebody else was first; data: host (slug) or None."""

    code = "already-claimed"

    def __init__(self, host: object) -> None:
        super().__init__(host=host)


class Overlap(Refused):
    """The database refused a double booking of a person or an exclusive place; `names`: theirs in every language.

    `title` and `ref` are of the appointment it hits: only for readers who may see that visit.
    """

    code = "overlap"

    def __init__(
        self,
        kind: str,
        *,
        names: Mapping[str, str],
        title: str,
        ref: str,
        starts_at: datetime | None,
        ends_at: datetime | None,
    ) -> None:
        super().__init__(kind=kind, names=names, title=title, ref=ref, starts_at=starts_at, ends_at=ends_at)


class DayFull(Refused):
    """The host receives as many visits that day as it takes; data: host (slug), starts_at, cap."""

    code = "day-full"

    def __init__(self, host: str, *, starts_at: datetime, cap: int) -> None:
        super().__init__(host=host, starts_at=starts_at, cap=cap)


class Invalid(Refused):
    """A value that cannot be taken; data: field."""

    code = "invalid"

    def __init__(self, code: str, field: str, **data: object) -> None:
        super().__init__(code, field=field, **data)


class NotFound(Refused):
    """No such thing, or not for this reader: the two are never told apart."""

    code = "not-found"
