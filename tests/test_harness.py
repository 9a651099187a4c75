"""What tests stand on does what it says: fresh data for each, no leaking users, mail that really arrives."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from contextlib import AbstractContextManager
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.people.models import Host, User
from tests import cast
from tests.harness.web import CarefulClient, Mailbox

Store = Callable[[], AbstractContextManager[Session]]


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_starts_with_the_same_data(store: Store, turn: int) -> None:
    with store() as session:
        assert session.scalar(select(func.count()).select_from(Host)) == 22
        assert session.scalar(select(func.count()).select_from(User).where(User.email == cast.OLA.email)) == 0
        cast.bring(cast.OLA)


@pytest.mark.parametrize("turn", [1, 2])
def test_changed_settings_last_for_one_test(app: Flask, turn: int) -> None:
    assert app.config["BASE_URL"] != "http://changed.example.org"
    app.config["BASE_URL"] = "http://changed.example.org"


def test_requests_inside_an_app_context_are_refused(app: Flask, client: CarefulClient) -> None:
    with app.app_context(), pytest.raises(AssertionError, match="leave the app context"):
        client.get("/")


def test_users_of_two_clients_do_not_mix(app: Flask, store: Store) -> None:
    with store():
        ola, kari = (person.get_id() for person in cast.bring(cast.OLA, cast.KARI))
    first, second = (app.test_client() for _ in range(2))
    assert isinstance(first, CarefulClient)
    assert isinstance(second, CarefulClient)
    first.sign_in(ola)
    second.sign_in(kari)
    names = [cast.OLA.name in first.get("/my-feeds").text, cast.OLA.name in second.get("/my-feeds").text]
    assert names == [True, False]
    assert app.test_client().get("/my-feeds").status_code == 302


def test_mail_arrives(app: Flask, mailbox: Mailbox) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Velkommen til Bergen – vi ses", "a@example.org", "b@example.org"
    mail.set_content("Tysdag 8. juni")
    with smtplib.SMTP("127.0.0.1", mailbox.port) as server:
        server.send_message(mail)
    (arrived,) = mailbox.to("b@example.org")
    assert (arrived["Subject"], arrived.get_content().strip()) == (mail["Subject"], "Tysdag 8. juni")
    assert app.config["SMTP_URL"] == mailbox.url
