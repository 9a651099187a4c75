"""What the tests of the visitor's page share: a visit with its link, its status, the mark of a programme."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.core.time import now
from app.people.links import mint_link
from app.visits.models import Visit
from tests import cast
from tests.factories import make_visit


def a_visit(store: Any, until: str, **change: Any) -> str:
    """A visit at that step; returns the token of its visitor's page."""
    with store() as session:
        (ola,) = cast.bring(cast.OLA)
        visit = make_visit(until, user=ola, at=now() - timedelta(days=1), **change)
        token = mint_link("visit", visit.id, at=now())
        session.flush()
        return token


def status(store: Any) -> str:
    with store() as session:
        return str(session.scalars(select(Visit.status)).one())


def mark(page: str) -> str:
    found = re.search(r'name="mark" value="([^"]*)"', page)
    assert found is not None
    return found[1]
