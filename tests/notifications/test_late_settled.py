"""A visit that is completed days after its end, because only then somebody knew of it: the visitor is thanked then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.core.time import now
from app.jobs.passing import advance
from app.jobs.telling import look_back
from app.people.actors import by_user
from app.visits import lifecycle
from app.visits.models import Visit
from tests.cast import OLA
from tests.harness.web import Mailbox
from tests.notifications.reminding import VISITOR, Clock, Store, make_visit, rows, run
from tests.notifications.town import user


@pytest.mark.parametrize("days", [1, 3, 9])
def test_visitor_is_thanked_once_when_it_is_known_late_that_the_visit_took_place(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, days: int
) -> None:
    visit_id = make_visit(store, "proposed")
    clock.move_to(datetime(2027, 5, 10, 12, 0, tzinfo=UTC) + timedelta(days=days))
    run(app)
    assert rows(app, "thanks") == []
    with store() as session:
        visit = session.get_one(Visit, visit_id)
        lifecycle.complete(visit, by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    with app.app_context():
        advance()
    clock.shift(timedelta(minutes=1))
    run(app)
    for _ in range(4):
        clock.shift(timedelta(hours=20))
        with app.app_context():
            look_back()
        run(app)
    assert rows(app, "thanks") == [("thanks", VISITOR, "sent")]
