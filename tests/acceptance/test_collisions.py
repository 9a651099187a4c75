"""Row RC-3 at full length: 200 rounds of confirming, cancelling and moving at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import time_machine
from flask import Flask

from app.extensions import db
from tests import cast
from tests.harness.web import Mailbox
from tests.visits.collisions import bystander, collide, faults_of, proposed_visit

ROUNDS = 200


def test_confirm_cancel_and_move_at_once_200_times(
    app: Flask, mailbox: Mailbox, clock: time_machine.Traveller, figures: Callable[..., None]
) -> None:
    with app.app_context():
        ola = cast.bring(cast.OLA)[0].id
        db.session.commit()
    other = proposed_visit(app, ola, 0)[0]
    before, outcomes, faults = bystander(app, other), Counter[str](), list[str]()
    for number in range(1, ROUNDS + 1):
        visit_id, stop_id = proposed_visit(app, ola, number)
        results = collide(app, ola, visit_id, stop_id, whole=number % 2 == 0)
        outcomes[" ".join(sorted(results.elements()))] += 1
        faults += faults_of(app, visit_id, stop_id, results, whole=number % 2 == 0)
    touched = bystander(app, other) != before
    figures("RC-3", rounds=ROUNDS, outcomes=dict(outcomes), faults=len(faults), other_visit_touched=touched)
    assert faults == []
    assert not touched
