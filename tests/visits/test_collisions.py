"""Row RC-3 in short: confirming, cancelling and moving at once leave a legal end, and mails that fit it."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask

from app.extensions import db
from tests import cast
from tests.harness.web import Mailbox
from tests.visits.collisions import bystander, collide, faults_of, proposed_visit


@pytest.mark.parametrize("whole", [True, False])
def test_confirm_cancel_and_move_at_once(
    app: Flask, mailbox: Mailbox, clock: time_machine.Traveller, whole: bool
) -> None:
    with app.app_context():
        ola = cast.bring(cast.OLA)[0].id
        db.session.commit()
    other = proposed_visit(app, ola, 0)[0]
    before = bystander(app, other)
    for number in range(1, 4):
        visit_id, stop_id = proposed_visit(app, ola, number)
        results = collide(app, ola, visit_id, stop_id, whole=whole)
        assert faults_of(app, visit_id, stop_id, results, whole=whole) == []
    assert bystander(app, other) == before
