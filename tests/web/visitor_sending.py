"""What the tests of the request share: send a whole one, and count the rows it made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import time_machine
from sqlalchemy import func, select

from tests.harness.web import CarefulClient
from tests.web.visitor_form import carried_by, fill_in


def count(store: Any, model: Any) -> int:
    with store() as session:
        return int(session.scalar(select(func.count()).select_from(model)))


def send(client: CarefulClient, clock: time_machine.Traveller, **change: Any) -> Any:
    page = fill_in(client, change=change)
    clock.shift(timedelta(minutes=4))
    return client.post("/request/check", data={"carried": carried_by(page)})
