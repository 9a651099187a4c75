"""Row RM-8 at full length: two hundred times something changes between the queue and the mail server."""

from __future__ import annotations

from collections.abc import Callable

import time_machine
from flask import Flask

from tests.cast import OLA, ULRIK, bring
from tests.harness.web import Mailbox
from tests.notifications.changes import MORNING_BEFORE, change_before_sending
from tests.notifications.town import Store

ROUNDS = 200


def test_what_changes_before_sending_is_not_reminded_of(
    app: Flask, store: Store, mailbox: Mailbox, clock: time_machine.Traveller, figures: Callable[..., None]
) -> None:
    with store():
        bring(OLA, ULRIK)
    clock.move_to(MORNING_BEFORE)
    count = change_before_sending(app, store, rounds=ROUNDS)
    figures("RM-8", **count.as_figures())
    assert (count.rounds, count.dead, count.renewed) == (ROUNDS, 0, count.expected)
