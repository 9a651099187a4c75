"""Rows RM-1 and RM-10 of test_cluster_mail.py without their guards, each short: every fault has to show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app.extensions import db
from app.notifications.reminder_models import ReminderRule
from tests import cast
from tests.acceptance.test_cluster_mail import (
    ASKED_AFTER,
    OUTAGE,
    START,
    addresses,
    confirmed_stop,
    keep_down,
    lacking,
    nobody_is_told_of_the_past,
    unconfirmed,
    wait_until,
    world,
)
from tests.harness.cluster import Cluster, cluster_on

__all__ = ["world"]  # a fixture
Report = Callable[..., None]
AT_ONCE, BEGUN = 300, 10


@pytest.fixture
def cluster(engine_name: str, request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """Schedulers without the guard that the test names; a clock that stands at START when they begin."""
    app = f"tests.harness.unguarded:{request.param}"
    with cluster_on(engine_name, lacking(), begins=START, workers=1, clock=True, scheduler_app=app) as made:
        yield made


@pytest.mark.parametrize("cluster", ["claims"], indirect=True)
def test_rm_1_mails_come_twice_when_nobody_claims_them(cluster: Cluster, world: Flask, figures: Report) -> None:
    due = cluster.now() + timedelta(seconds=20)
    for number in range(AT_ONCE):
        unconfirmed(number, at=due - ASKED_AFTER)
    nobody_is_told_of_the_past(START)
    wait_until(lambda: len(addresses(cluster)) >= AT_ONCE, 180)
    counted = addresses(cluster)
    doubled = sum(number - 1 for number in counted.values())
    figures("RM-1 unguarded", due=AT_ONCE, recipients=len(counted), doubled=doubled)
    assert doubled > 0


@pytest.mark.parametrize("cluster", ["too_late"], indirect=True)
def test_rm_10_people_are_reminded_of_what_has_begun(cluster: Cluster, world: Flask, figures: Report) -> None:
    db.session.execute(update(ReminderRule).values(is_on=ReminderRule.slug == "two-hours-before"))
    ola = cast.bring(cast.OLA)[0]
    begins = [confirmed_stop(ola, number) for number in range(BEGUN)]
    nobody_is_told_of_the_past(START)
    keep_down(cluster)
    too_late = {f"host{number}@example.org" for number, at in enumerate(begins) if at <= START + OUTAGE}
    wait_until(lambda: bool(too_late & set(addresses(cluster))), 120)
    sent = too_late & set(addresses(cluster))
    figures("RM-10 unguarded", begun=len(too_late), sent_though_begun=len(sent))
    assert sent
