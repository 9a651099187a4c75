"""Mails that something happening sends, on the page of reminders: seen, previewed, in own words, off and on again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from app import scheduler
from app.core.time import now
from app.notifications.event_lines import LINES
from app.notifications.event_models import EventMail
from app.notifications.own_words import unknown_in, usual_words
from app.people.actors import by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.statuses import MOVES
from tests import factories
from tests.cast import ADA, KARI, OLA
from tests.harness.web import Mailbox
from tests.web.office import Office, Store, acting, find_visit, open_office

OFFER = "/admin/reminders/when/offer/offer"
ACCEPTED = "/admin/reminders/when/accept/accepted"
WORDS = {f"subject_{code}": f"{code}: {{organisation}} said yes" for code in ("en", "nb", "nn")}
WORDS |= {f"body_{code}": "100 % {reader}\n\n{programme}" for code in ("en", "nb", "nn")}


@pytest.fixture
def office(app: Flask, store: Store, clock: time_machine.Traveller) -> Office:
    """Everybody; Ada is a coordinator as well, so that she may see visits."""
    office = open_office(app, store)
    with store() as session:
        session.scalars(select(User).where(User.email == ADA.email)).one().is_coordinator = True
    return office


def make_visit(store: Store, step: str, **changes: object) -> str:
    """A visit at that step, led by Ola's host, of which everybody knows; its reference."""
    with store() as session:
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        visit = factories.make_visit(step, user=ola, **changes)
        for activity in visit.activities:
            activity.announced_at = now()
        return visit.ref


def page_of(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.data, "html.parser")


def main_of(answer: Any) -> str:
    main = page_of(answer).main
    assert main is not None
    return " ".join(main.text.split())


def test_every_mail_of_the_catalogue_has_a_line_for_administrators_alone(office: Office) -> None:
    links = page_of(office.browser(ADA).get("/admin/reminders")).select("#happens ~ details table th a")
    assert [tag["href"] for tag in links] == [f"/admin/reminders/when/{one.verb}/{one.kind}" for one in LINES]
    assert [office.browser(one).get(OFFER).status_code for one in (OLA, KARI)] == [403, 403]
    assert office.browser(ADA).get("/admin/reminders/when/offer/thanks").status_code == 404


def test_lines_stand_in_groups_and_one_that_was_changed_is_open(office: Office) -> None:
    ada = office.browser(ADA)
    assert ada.post(f"{OFFER}/switch", data={"to": "off"}).location.endswith("#when-offer-offer")
    groups = page_of(ada.get("/admin/reminders")).select("#happens ~ details")
    assert [(one["id"], "open" in one.attrs) for one in groups] == [
        ("when-request", False), ("when-hosts", True), ("when-programme", False), ("when-messages", False),
        ("when-ends", False),
    ]  # fmt: skip


def test_usual_words_stand_beside_the_fields_in_each_language(office: Office) -> None:
    usual = page_of(office.browser(ADA).get(OFFER)).select(".usual-words > div")
    assert [(one["lang"], one.strong.text) for one in usual] == [
        ("en", "Will you receive {organisation}? Answer by {answer by}"),
        ("nb", "Vil dere ta imot {organisation}? Svar innen {answer by}"),
        ("nn", "Vil de ta imot {organisation}? Svar innan {answer by}"),
    ]
    assert "A visit from {organisation} is offered to … as lead host." in usual[0].text


@pytest.mark.parametrize("language", ["en", "nb", "nn"])
def test_usual_words_of_every_mail_could_be_own_words(app: Flask, language: str) -> None:
    """No placeholder that would be refused, and nothing empty."""
    with app.app_context():
        shown = {kind: usual_words(kind, language) for kind in sorted({line.kind for line in LINES})}
    assert {kind: unknown_in(subject + body) for kind, (subject, body) in shown.items()} == {key: [] for key in shown}
    assert [kind for kind, (subject, body) in shown.items() if not subject or not body] == []


def test_switching_off_says_what_will_be_missing_and_can_be_taken_back(office: Office, store: Store) -> None:
    ada = office.browser(ADA)
    asked = main_of(ada.get("/admin/reminders/when/move-appointment/moved/switch-off"))
    assert "What will be missing The visitor gets no mail about this." in asked
    assert "Within 48 hours of the start the mail is sent all the same." in asked
    ada.post(f"{OFFER}/switch", data={"to": "off"})
    row = page_of(ada.get("/admin/reminders")).select_one(f"tr:has(a[href='{OFFER}'])")
    assert row is not None
    assert "Off" in [tag.text for tag in row.select(".ds-tag")]
    ada.post(f"{OFFER}/restore")
    with store() as session:
        assert session.scalars(select(EventMail)).all() == []


@pytest.mark.parametrize("line", [one for one in LINES if one.locked], ids=lambda one: f"{one.verb}-{one.kind}")
def test_what_may_never_be_off_says_so_and_stays_on(office: Office, store: Store, line: Any) -> None:
    ada, where = office.browser(ADA), f"/admin/reminders/when/{line.verb}/{line.kind}"
    page = ada.get(f"{where}/switch-off")
    assert "Always on:" in main_of(page)
    assert page_of(page).select("main form") == []
    assert "Always on:" in main_of(ada.post(f"{where}/switch", data={"to": "off"}, follow_redirects=True))
    with store() as session:
        assert session.scalars(select(EventMail)).all() == []


def test_own_words_are_previewed_sent_to_oneself_and_then_to_those_concerned(
    app: Flask, office: Office, store: Store, mailbox: Mailbox
) -> None:
    ada, ref = office.browser(ADA), make_visit(store, "confirmed", organisation="City {link} {{7*7}}")
    assert ada.post(ACCEPTED, data=WORDS).status_code == 303
    empty = ada.get(f"{ACCEPTED}/preview")
    assert [one["value"] for one in page_of(empty).select("#visit option[selected]")] == [ref]
    for code in ("en", "nb", "nn"):
        shown = main_of(ada.get(f"{ACCEPTED}/preview", query_string={"visit": ref, "language": code}))
        assert f"{code}: City {{ link }} {{{{7*7}}}} said yes" in shown
        assert "100 % Ola Overvann" in shown
        assert "Pipe renewal on site" in shown
    ada.post(f"{ACCEPTED}/send-to-me", data={"visit": ref, "language": "nn"})
    with app.app_context():
        scheduler.tell()
    assert [mail["X-Envelope-To"] for mail in mailbox.mails] == [ADA.email]
    assert "nn: City" in str(mailbox.mails[0]["Subject"])
    with store() as session:
        (accepted,) = [one for one in find_visit(session, ref).activities if one.verb == "accept"]
        accepted.announced_at = None
    with app.app_context():
        scheduler.tell()
    (mail,) = [one for one in mailbox.to(OLA.email) if "said yes" in str(one["Subject"])]
    assert f"/visits/{ref}" in mail.as_string()


def test_a_rule_may_follow_whatever_can_happen(office: Office, store: Store) -> None:
    offered = page_of(office.browser(ADA).get("/admin/reminders/new")).select("select[name=moment] option")
    verbs = [tag["value"].partition(":")[2] for tag in offered if str(tag["value"]).startswith("activity:")]
    assert verbs == list(MOVES)


@pytest.mark.parametrize(
    ("verb", "amount", "unit"), [("cancel", "0", "hours"), ("merge", "0", "days"), ("ask-visitor", "2", "hours")]
)
def test_a_rule_on_an_activity_tells_nothing_that_was_due_before_it_was_made(
    app: Flask, office: Office, store: Store, mailbox: Mailbox, clock: time_machine.Traveller, verb: str, amount: str,
    unit: str,
) -> None:  # fmt: skip
    def happens(organisation: str) -> None:
        with store() as session:
            ola = session.scalars(select(User).where(User.email == OLA.email)).one()
            visit = factories.make_visit("claimed", user=ola, organisation=organisation, at=now())
            actor = by_user(ola, ola.hosts[0])
            if verb == "cancel":
                lifecycle.cancel(visit, reason="Storm", by=actor)
            elif verb == "merge":
                lifecycle.merge(factories.make_visit("received", user=ola, at=now()), visit, by=acting(session, KARI))
            else:
                lifecycle.ask_visitor(visit, "Which day?", by=actor)
            for activity in visit.activities:
                activity.announced_at = now()

    happens("Too early")
    clock.shift(timedelta(hours=int(amount), minutes=5))
    rule = {"moment": f"activity:{verb}", "amount": amount, "unit": unit, "direction": "after", "clock": "exact",
        "audience": ["coordinators"], "kind": "host-reminder"}  # fmt: skip
    words = {name: f"{text} ({{organisation}})" for name, text in WORDS.items()}
    assert office.browser(ADA).post("/admin/reminders/new", data=rule | words).status_code == 303
    clock.shift(timedelta(minutes=5))
    happens("In time")
    clock.shift(timedelta(hours=int(amount), minutes=1))
    with app.app_context():
        scheduler.remind()
        scheduler.tell()
    subjects = {str(mail["Subject"]) for mail in mailbox.to(KARI.email)}
    assert subjects == {"en: In time said yes (In time)"}
