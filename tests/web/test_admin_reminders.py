"""Reminder rules: what fits together and what is refused, off and on, back to the default."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app import scheduler
from app.core.time import now
from app.extensions import db
from app.notifications.models import Notification
from app.notifications.reminder_models import ReminderRule
from app.people.models import User
from tests import factories
from tests.cast import ADA, KARI, OLA
from tests.harness.web import Mailbox
from tests.web.office import Office, Store, number_of, open_office, page_of, rule_called

BRIEFING = {
    "moment": "visit-start", "amount": "5", "unit": "working-days", "direction": "before", "clock": "morning",
    "audience": ["lead", "backup"], "kind": "briefing",
}  # fmt: skip
THANKS = {"moment": "visit-end", "kind": "thanks", "audience": ["visitor"]}
OWN_WORDS = {f"{part}_{code}" for part in ("subject", "body") for code in ("en", "nb", "nn")}


@pytest.fixture
def office(app: Flask, store: Store, clock: time_machine.Traveller) -> Office:
    """Everybody; Ada is a coordinator as well, so that she may see visits."""
    office = open_office(app, store)
    with store() as session:
        ada = session.scalars(select(User).where(User.email == ADA.email)).one()
        ada.is_coordinator = True
    return office


def refused(answer: Any) -> set[str]:
    assert answer.status_code == 422
    return {tag["id"].removesuffix("-error") for tag in page_of(answer).select("[id$=-error]")}


def test_only_administrators_see_the_rules(office: Office) -> None:
    assert [office.browser(one).get("/admin/reminders").status_code for one in (OLA, KARI)] == [403, 403]


def test_every_default_can_be_opened_and_saved_as_it_is(office: Office, store: Store) -> None:
    ada = office.browser(ADA)
    with store() as session:
        ids = list(session.scalars(select(ReminderRule.id).order_by(ReminderRule.position)))
    for rule_id in ids:
        form = page_of(ada.get(f"/admin/reminders/{rule_id}")).select_one("main form")
        assert form is not None
        data: dict[str, Any] = {"audience": [tag["value"] for tag in form.select("input[name=audience][checked]")]}
        data |= {tag["name"]: tag["value"] for tag in form.select("input[type=radio][checked], input[type=number]")}
        data |= {tag["name"]: tag.select_one("option[selected]")["value"] for tag in form.select("select")}
        assert ada.post(f"/admin/reminders/{rule_id}", data=data).status_code == 303
    assert "Changed here" not in ada.get("/admin/reminders").text


def test_a_rule_is_changed_and_goes_back_to_its_default(office: Office, store: Store) -> None:
    ada, rule_id = office.browser(ADA), number_of(store, "briefing")
    assert ada.post(f"/admin/reminders/{rule_id}", data=BRIEFING).status_code == 303
    page = ada.get("/admin/reminders").text
    assert ("5 working days before, at 09:00" in page, "Changed here" in page) == (True, True)
    ada.post(f"/admin/reminders/{rule_id}/restore")
    with store() as session:
        rule = rule_called(session, "briefing")
        found = rule.amount, rule.unit, rule.audience
    assert found == (7, "days", ["lead", "co-hosts", "backup"])
    assert "Changed here" not in ada.get("/admin/reminders").text


@pytest.mark.parametrize("way", ["change", "restore", "switch"])
def test_a_rule_that_reminds_earlier_leaves_out_nobody_whose_day_lies_between(
    app: Flask, office: Office, store: Store, mailbox: Mailbox, clock: time_machine.Traveller, way: str
) -> None:
    """Ten days before a visit, what was to be told a week before is to be told two weeks before."""
    rule_id = number_of(store, "briefing")
    with store() as session:
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        factories.make_visit("confirmed", user=ola)
        if way == "restore":
            rule_called(session, "briefing").amount = 2
    days_before = 4 if way == "restore" else 10
    clock.move_to(datetime(2027, 5, 10, 8, 0, tzinfo=UTC) - timedelta(days=days_before))
    with app.app_context():
        scheduler.remind()
    page = f"/admin/reminders/{rule_id}"
    off, longer = (f"{page}/switch", {"to": "off"}), (page, BRIEFING | {"amount": "14", "unit": "days"})
    posts = {"change": [longer], "restore": [(f"{page}/restore", {})]}
    posts["switch"] = [off, longer, (f"{page}/switch", {"to": "on"})]
    for _ in range(2):
        answers = [office.browser(ADA).post(path, data=data) for path, data in posts[way]]
        assert {answer.status_code for answer in answers} == {303}
        for _day in range(9):
            with app.app_context():
                scheduler.remind()
                scheduler.tell()
            clock.shift(timedelta(hours=9))
    with app.app_context():
        briefings = select(Notification.address, Notification.status).where(Notification.kind == "briefing")
        assert (OLA.email, "sent") in [tuple(row) for row in db.session.execute(briefings)]
        to_ola = select(Notification.id).where(Notification.kind == "briefing", Notification.address == OLA.email)
        assert len(db.session.scalars(to_ola).all()) == 1


def test_a_rule_that_is_off_sends_nothing_that_waits(
    app: Flask, office: Office, store: Store, mailbox: Mailbox
) -> None:
    rule_id = number_of(store, "confirm-address")
    with store() as session:
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        visit = factories.make_visit("submitted", user=ola, at=now())
        for activity in visit.activities:
            activity.announced_at = now()
    with time_machine.travel(now() + timedelta(hours=25)):
        with app.app_context():
            scheduler.remind()
        office.browser(ADA).post(f"/admin/reminders/{rule_id}/switch", data={"to": "off"})
        with app.app_context():
            scheduler.tell()
            statuses = db.session.scalars(select(Notification.status).where(Notification.kind == "confirm-reminder"))
            assert (list(statuses), mailbox.mails) == (["superseded"], [])


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"moment": "", "amount": ""}, {"moment", "amount"}),
        ({"moment": "visit-finish"}, {"moment"}),
        ({"amount": "0"}, {"amount"}),
        ({"amount": "-1", "unit": "days"}, {"amount"}),
        ({"amount": "99999999999999999999"}, {"amount"}),
        ({"unit": "weeks"}, {"unit", "amount"}),
        ({"kind": "offer-lapsing"}, {"kind"}),
        ({"kind": "sign-in"}, {"kind", "audience"}),
        ({"kind": "host-reminder"}, {"kind"}),
        ({"audience": []}, {"audience"}),
        ({"audience": ["everybody"]}, {"audience"}),
        ({"audience": ["visitor"]}, {"audience"}),
        ({"audience": ["lead"], "kind": "day-before"}, {"audience"}),
        ({"audience": ["owner"]}, {"audience"}),
        ({"moment": "report-due", "kind": "please-report"}, {"direction"}),
        ({"subject_en": "Hello {visit.host.password_hash}"}, OWN_WORDS),
        (THANKS, {"direction"}),
        (THANKS | {"direction": "after", "amount": 0, "unit": "days"}, {"amount"}),
        ({"moment": "offer-due", "kind": "offer-lapsing", "audience": ["host", "coordinators"]}, {"audience"}),
        ({"moment": "follow-up-due", "kind": "follow-up-due", "audience": ["owner", "lead"]}, {"audience"}),
        ({"moment": "activity:submit", "direction": "after", "audience": ["contacts"]}, {"audience", "kind"}),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused_beside_its_field(
    office: Office, store: Store, changes: dict[str, Any], fields: set[str]
) -> None:
    answer = office.browser(ADA).post("/admin/reminders/new", data=BRIEFING | changes)
    assert refused(answer) == fields
    with store() as session:
        assert session.scalars(select(ReminderRule).where(ReminderRule.slug.startswith("own-"))).all() == []


def test_contacts_may_be_told_of_what_happens_to_a_programme(office: Office, store: Store) -> None:
    own: dict[str, Any] = dict.fromkeys(OWN_WORDS, "The programme has changed")
    own |= {"moment": "activity:move-appointment", "direction": "after", "kind": "host-reminder"}
    own["audience"] = ["contacts"]
    assert office.browser(ADA).post("/admin/reminders/new", data=BRIEFING | own).status_code == 303
    with store() as session:
        rule = session.scalars(select(ReminderRule).where(ReminderRule.slug.startswith("own-"))).one()
        assert (rule.verb, rule.audience) == ("move-appointment", ["contacts"])
