"""A rule saved before it was asked of whom its mail speaks: those of whom it would say what is not so get none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app import scheduler
from app.core.time import from_venue, in_venue
from app.notifications.models import Notification
from app.notifications.reminder_models import ReminderRule
from app.people.models import User
from tests import factories
from tests.cast import ADA, KARI, MONDAY, OLA
from tests.harness.web import Mailbox
from tests.web.office import Office, Store, page_of
from tests.web.test_admin_reminders import office

__all__ = ["office"]
WARNING = "Some people get no reminder"


def save(store: Store, audience: list[str]) -> int:
    """The rule of the last day to answer, as it could be saved once."""
    with store() as session:
        rule = session.scalars(select(ReminderRule).where(ReminderRule.slug == "offer-last-day")).one()
        rule.audience = audience
        return rule.id


@pytest.fixture
def last_morning(office: Office, store: Store, clock: time_machine.Traveller) -> None:
    """Nine o'clock on the last day of an offer to Ola's host."""
    with store() as session:
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        visit = factories.make_visit("offered", user=ola)
        due_at = visit.offers[0].due_at
        for activity in visit.activities:
            activity.announced_at = MONDAY
        session.flush()
    clock.move_to(from_venue(in_venue(due_at).replace(hour=9, minute=1, tzinfo=None)))


def told(mailbox: Mailbox) -> set[str]:
    return {str(mail["To"]) for mail in mailbox.mails}


def test_only_those_of_whom_it_speaks_are_told(app: Flask, store: Store, mailbox: Mailbox, last_morning: None) -> None:
    save(store, ["host", "coordinators"])
    with app.app_context():
        scheduler.remind()
        scheduler.tell()
    assert (KARI.email in str(told(mailbox)), OLA.email in str(told(mailbox))) == (False, True)


def test_what_was_made_before_for_others_is_not_sent(
    app: Flask, store: Store, mailbox: Mailbox, last_morning: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(store, ["host", "coordinators"])
    with monkeypatch.context() as before, app.app_context():
        before.setattr("app.notifications.reminder_rules.unfit_people", lambda *_rule: [])
        scheduler.remind()
    with app.app_context():
        scheduler.tell()
    assert KARI.email not in str(told(mailbox))
    with store() as session:
        rows = session.scalars(select(Notification).where(Notification.kind == "offer-lapsing"))
        assert {(row.address, row.status) for row in rows} >= {(KARI.email, "superseded"), (OLA.email, "sent")}


def test_the_page_of_rules_and_the_check_name_it_until_it_is_mended(
    office: Office, store: Store, flask_command: Callable[..., str]
) -> None:
    ada = office.browser(ADA)
    assert WARNING not in ada.get("/admin/reminders").text
    assert flask_command("check") == "All is well.\n"
    rule_id = save(store, ["host", "coordinators"])
    row = next(one for one in page_of(ada.get("/admin/reminders")).select("tbody tr") if "Get no mail" in one.text)
    assert "Get no mail The coordinators" in " ".join(row.text.split())
    assert WARNING in ada.get("/admin/reminders").text
    assert "The coordinators. They get no mail." in ada.get(f"/admin/reminders/{rule_id}").text
    with pytest.raises(AssertionError, match=r"reminder rules that name people .* get none"):
        flask_command("check")
    save(store, ["host", "backup"])
    assert WARNING not in ada.get("/admin/reminders").text + ada.get(f"/admin/reminders/{rule_id}").text
    assert flask_command("check") == "All is well.\n"
