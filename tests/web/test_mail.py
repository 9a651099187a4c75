"""The page of mails: for coordinators only, links masked whatever the state, a failed mail can be sent again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import scheduler
from app.notifications.models import Notification
from app.visits import lifecycle
from tests import factories
from tests.cast import ADA, KARI, OLA, bring
from tests.harness.web import CarefulClient, Mailbox, free_port

Store = Callable[[], AbstractContextManager[Session]]
Clock = time_machine.Traveller


@pytest.fixture
def coordinator(client: CarefulClient, store: Store, clock: Clock) -> CarefulClient:
    """A browser in which Kari is signed in, at the time at which the tests stand still."""
    with store():
        session_id = bring(KARI)[0].get_id()
    return client.sign_in(session_id)


def tell(app: Flask) -> None:
    """One tick of the outbox."""
    with app.app_context():
        scheduler.tell()


def receive(app: Flask, store: Store, *requests: lifecycle.Request) -> None:
    """These requests come in, and their mails leave as far as they can."""
    with store():
        for request in requests:
            lifecycle.submit(request)
    tell(app)


def listed(client: CarefulClient, **query: str) -> list[tuple[str, str]]:
    """Subject and state of the mails that the page lists."""
    page = BeautifulSoup(client.get("/mail", query_string=query).data, "html.parser")
    return [(row.find("a").text, row.select_one(".ds-tag").text.strip()) for row in page.select("tbody tr")]


def test_only_coordinators_see_the_mails(client: CarefulClient, store: Store) -> None:
    assert client.get("/mail").status_code == 302
    with store():
        ids = [user.get_id() for user in bring(OLA, ADA)]
    assert [client.sign_in(one).get("/mail").status_code for one in ids] == [403, 403]


def test_list_is_narrowed_by_state_and_visit(
    app: Flask, coordinator: CarefulClient, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    receive(app, store, factories.WATER, factories.make_request(contact_email="not an address"))
    subject = "Please confirm your request to visit Bergen"
    assert listed(coordinator) == [(subject, "Failed"), (subject, "Sent")]
    assert listed(coordinator, state="failed") == [(subject, "Failed")]
    with store() as session:
        sent = session.scalars(select(Notification).where(Notification.status == "sent")).one()
        assert sent.visit is not None
        ref = sent.visit.ref
    assert listed(coordinator, visit=ref.lower()) == [(subject, "Sent")]
    assert listed(coordinator, visit="NO-SUCH") == []


@pytest.mark.parametrize("away", [False, True])
def test_secret_links_are_masked_before_and_after_sending(
    app: Flask, coordinator: CarefulClient, store: Store, mailbox: Mailbox, clock: Clock, away: bool
) -> None:
    if away:
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    receive(app, store, factories.WATER)
    with store() as session:
        mail = session.scalars(select(Notification)).one()
        assert mail.status == ("rendered" if away else "sent")
        mail_id = mail.id
    text = coordinator.get(f"/mail/{mail_id}").text
    assert "[secret link, not shown here]" in text
    assert "/v/" not in text.replace("/visits/", "")


def test_failed_mail_is_sent_again_once_asked(
    app: Flask, coordinator: CarefulClient, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    receive(app, store, factories.make_request(contact_email="not an address"))
    with store() as session:
        failed = session.scalars(select(Notification).where(Notification.status == "failed")).one()
        assert failed.visit is not None
        failed.visit.contact_email = "right@example.org"
        failed.facts = {"about": {}, "state": {"address": "right@example.org"}}
        mail_id = failed.id
    assert coordinator.post(f"/mail/{mail_id}/send-again").status_code == 303
    tell(app)
    assert [mail["X-Envelope-To"] for mail in mailbox.mails] == ["right@example.org"]
    coordinator.post(f"/mail/{mail_id}/send-again")
    tell(app)
    assert len(mailbox.mails) == 1


def test_no_such_mail_is_not_found(coordinator: CarefulClient) -> None:
    assert coordinator.get("/mail/4711").status_code == 404
    assert coordinator.post("/mail/4711/send-again").status_code == 404


def test_users_name_is_text_in_the_mail_page(
    app: Flask, coordinator: CarefulClient, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    receive(app, store, factories.make_request(contact_name="<b>x</b>"))
    with store() as session:
        mail_id = session.scalars(select(Notification.id)).one()
    page = BeautifulSoup(coordinator.get(f"/mail/{mail_id}").data, "html.parser")
    assert "Dear <b>x</b>," in page.select_one(".kept-lines").text
    assert page.select_one("main b") is None


@pytest.mark.parametrize("path", ["/v/x", "/v/x/confirm", "/sign-in/x", "/inbox", "/triage", "/visits/K7M-4QX"])
def test_pages_that_mails_lead_to_exist(app: Flask, path: str) -> None:
    endpoint, _values = app.url_map.bind("localhost").match(path, method="GET")
    assert endpoint in app.view_functions


def test_links_of_mails_open_for_their_reader(
    app: Flask, client: CarefulClient, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    receive(app, store, factories.WATER)
    confirm = link_in(mailbox)
    assert client.post(confirm).status_code == 303
    tell(app)
    assert link_in(mailbox) != confirm
    assert client.get(link_in(mailbox)).status_code == 200
    assert mailbox.to(factories.WATER.contact_email)[-1]["Subject"] == "We have received your request to visit Bergen"


def link_in(mailbox: Mailbox) -> str:
    """The path of the secret link in the visitor's newest mail."""
    text = mailbox.to(factories.WATER.contact_email)[-1].get_content()
    return "/v/" + text.split("/v/")[1].split()[0]


def test_waiting_mail_can_be_cancelled_and_kinds_be_asked_for(
    app: Flask, coordinator: CarefulClient, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    mailbox.refuse = True
    receive(app, store, factories.WATER)
    with store() as session:
        mail_id = session.scalars(select(Notification.id)).one()
    assert "Do not send it" in coordinator.get(f"/mail/{mail_id}").text
    assert "The mail is not sent." in coordinator.post(f"/mail/{mail_id}/cancel", follow_redirects=True).text
    assert "does not wait any more" in coordinator.post(f"/mail/{mail_id}/cancel", follow_redirects=True).text
    mailbox.refuse = False
    clock.shift(3600)
    tell(app)
    assert mailbox.mails == []
    assert len(listed(coordinator, kind="confirm-address", state="dropped")) == 1
    assert "No mail fits." in coordinator.get("/mail", query_string={"kind": "offer"}).text


def test_coordinators_hear_that_the_mail_server_takes_nothing(
    app: Flask, store: Store, coordinator: CarefulClient, clock: Clock
) -> None:
    """Row RM-4: when it is away for three minutes; not at the first try, and not once the mails have left."""
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"  # nobody there
    receive(app, store, factories.WATER)
    assert "cannot leave" not in coordinator.get("/triage").text
    clock.shift(timedelta(minutes=3))
    assert "1 mail cannot leave: the mail server does not take it." in coordinator.get("/triage").text
    app.config["SMTP_URL"] = ""
    tell(app)
    assert "cannot leave" not in coordinator.get("/triage").text


def test_mail_that_was_asked_to_come_later_is_no_alarm_for_a_quarter_of_an_hour(
    app: Flask, store: Store, coordinator: CarefulClient, mailbox: Mailbox, clock: Clock
) -> None:
    """Greylisting is how many servers greet a stranger."""
    mailbox.refuse = True
    receive(app, store, factories.WATER)
    clock.shift(timedelta(minutes=14))
    assert "cannot leave" not in coordinator.get("/triage").text
    clock.shift(timedelta(minutes=1))
    assert "1 mail cannot leave" in coordinator.get("/triage").text
