"""Signing in by a mailed link: once, only by button, the same answer for everybody, never leading elsewhere."""

from __future__ import annotations

import re
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
from app.core.time import now
from app.notifications.models import Notification
from app.people.links import mint_link
from app.people.models import User
from tests.cast import KARI, OLA, bring
from tests.harness.web import CarefulClient, Mailbox

Store = Callable[[], AbstractContextManager[Session]]
Clock = time_machine.Traveller
PATH = re.compile(r"https?://[^/\s]+(/sign-in/\S+)")
ELSEWHERE = (
    "https://evil.example", "//evil.example", "///evil.example", "////evil.example/%2e%2e", "/\\evil.example",
    "\\\\evil", "/\t/evil.example", "/\n/evil.example", " /inbox", "http:evil.example", "javascript:alert(1)",
    "data:text/html,x",
    "/%2fevil.example", "/%5cevil.example", "/account//evil.example", "/..//evil.example", "@evil.example",
    "https:/evil.example", "/\u2028/evil", "/sign-out", "/sign-in", "/no-such-page", "/account" + "?" + "x" * 600,
)  # fmt: skip


def ask(client: CarefulClient, email: str, then: str = "") -> tuple[int, str | None]:
    """Ask for a link; status and place of the answer."""
    answer = client.post("/sign-in", data={"email": email, "then": then})
    return answer.status_code, answer.location


def mailed_path(app: Flask, mailbox: Mailbox, address: str) -> str:
    """The path of the newest link mailed to that address."""
    with app.app_context():
        scheduler.tell()
    found = PATH.search(mailbox.to(address)[-1].get_content())
    assert found is not None
    return found[1]


def is_signed_in(client: CarefulClient) -> bool:
    """Whether the client's session lets it see its own account."""
    return bool(client.get("/account").status_code == 200)


@pytest.fixture
def kari(store: Store) -> str:
    """Kari, known; her address."""
    with store():
        bring(KARI)
    return KARI.email


def test_mailed_link_signs_in_by_the_button_only(
    app: Flask, client: CarefulClient, kari: str, mailbox: Mailbox, clock: Clock
) -> None:
    ask(client, " KARI@bergen.example.org ", then="/account")
    path = mailed_path(app, mailbox, kari)
    for _scanner in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert not is_signed_in(client)
    page = BeautifulSoup(client.get(path).data, "html.parser")
    then = page.find("input", {"name": "then"})["value"]
    answer = client.post(path, data={"then": then})
    assert (answer.status_code, answer.location) == (303, "/account")
    assert is_signed_in(client)


def test_link_works_once(app: Flask, client: CarefulClient, kari: str, mailbox: Mailbox, clock: Clock) -> None:
    ask(client, kari)
    path = mailed_path(app, mailbox, kari)
    assert client.post(path).status_code == 303
    other = app.test_client()
    assert other.post(path).status_code == 410
    assert "Ask for a new link" in other.get(path).text
    assert not is_signed_in(other)


def test_link_ends_after_30_minutes(
    app: Flask, client: CarefulClient, kari: str, mailbox: Mailbox, clock: Clock
) -> None:
    ask(client, kari)
    path = mailed_path(app, mailbox, kari)
    clock.shift(timedelta(minutes=30))
    assert (client.get(path).status_code, client.post(path).status_code) == (410, 410)


def test_answer_is_the_same_for_known_and_unknown_addresses(
    app: Flask, client: CarefulClient, kari: str, store: Store, clock: Clock
) -> None:
    answers = [client.post("/sign-in", data={"email": email}) for email in (kari, "nobody@example.org")]
    assert [(a.status_code, a.location, a.data) for a in answers[:1]] == [
        (a.status_code, a.location, a.data) for a in answers[1:]
    ]
    with store() as session:
        assert [row.address for row in session.scalars(select(Notification))] == [kari]


def test_sixth_link_within_the_hour_is_not_mailed(
    app: Flask, client: CarefulClient, kari: str, mailbox: Mailbox, clock: Clock
) -> None:
    for _attempt in range(7):
        assert ask(client, kari)[0] == 303
    mailed_path(app, mailbox, kari)
    assert len(mailbox.to(kari)) == 5
    clock.shift(timedelta(hours=1))
    ask(client, kari)
    mailed_path(app, mailbox, kari)
    assert len(mailbox.to(kari)) == 6


def test_deactivated_person_gets_no_link_and_loses_the_session(
    app: Flask, client: CarefulClient, kari: str, store: Store, clock: Clock
) -> None:
    with store() as session:
        user = session.scalars(select(User).where(User.email == kari)).one()
        path = f"/sign-in/{mint_link('sign-in', user.id, at=now())}"
        unused = f"/sign-in/{mint_link('sign-in', user.id, at=now())}"
    client.post(path)
    assert is_signed_in(client)
    with store() as session:
        session.scalars(select(User).where(User.email == kari)).one().deactivated_at = now()
    assert not is_signed_in(client)
    assert client.post(unused).status_code == 410
    ask(client, kari)
    with store() as session:
        assert session.scalars(select(Notification)).all() == []


def test_signing_out_ends_copied_cookies_too(app: Flask, client: CarefulClient, kari: str, store: Store) -> None:
    with store() as session:
        user = session.scalars(select(User).where(User.email == kari)).one()
        path = f"/sign-in/{mint_link('first-sign-in', user.id, at=now())}"
    client.post(path)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    assert client.post("/sign-out").location == "/sign-in"
    thief = app.test_client()
    thief.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie.value)
    assert not is_signed_in(thief)
    assert not is_signed_in(client)


def test_session_before_signing_in_is_not_carried_over(
    app: Flask, client: CarefulClient, kari: str, store: Store
) -> None:
    with store() as session:
        user = session.scalars(select(User).where(User.email == kari)).one()
        path = f"/sign-in/{mint_link('sign-in', user.id, at=now())}"
    with client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
    client.post(path)
    with client.session_transaction() as fresh:
        assert "planted" not in fresh


@pytest.mark.parametrize("then", ELSEWHERE)
def test_signing_in_never_leads_elsewhere(
    app: Flask, client: CarefulClient, kari: str, store: Store, then: str
) -> None:
    with store() as session:
        user = session.scalars(select(User).where(User.email == kari)).one()
        path = f"/sign-in/{mint_link('sign-in', user.id, at=now())}"
    shown = BeautifulSoup(client.get(path, query_string={"then": then}).data, "html.parser")
    assert shown.find("input", {"name": "then"})["value"] == ""
    assert client.post(path, data={"then": then}).location in ("/triage", "/visits", "/account")


def test_page_that_needs_signing_in_is_shown_afterwards(
    app: Flask, client: CarefulClient, kari: str, mailbox: Mailbox
) -> None:
    asked = client.get("/account?x=1").location
    page = BeautifulSoup(client.get(asked).data, "html.parser")
    ask(client, kari, then=page.find("input", {"name": "then"})["value"])
    path = mailed_path(app, mailbox, kari)
    then = BeautifulSoup(client.get(path).data, "html.parser").find("input", {"name": "then"})["value"]
    assert client.post(path, data={"then": then}).location == "/account?x=1"


def test_address_that_is_none_is_said_and_kept(client: CarefulClient) -> None:
    answer = client.post("/sign-in", data={"email": "kari(at)bergen"})
    page = BeautifulSoup(answer.data, "html.parser")
    assert answer.status_code == 422
    assert page.find(id="email")["value"] == "kari(at)bergen"
    assert page.select_one(".ds-error-summary a")["href"] == "#email"


def test_own_settings_are_kept_and_the_language_follows(client: CarefulClient, store: Store) -> None:
    with store():
        session_id = bring(OLA)[0].get_id()
    client.sign_in(session_id)
    sent = {"name": "Ola  Ny\x00", "phone": "+47 55 00 00 00", "language": "nn", "is_admin": "y", "email": "x@y.z"}
    sent["invitations"] = "none"
    assert client.post("/account", data=sent).location == "/account?lang=nn"
    with store() as session:
        user = session.scalars(select(User).where(User.email == OLA.email)).one()
        assert (user.name, user.phone, user.language, user.is_admin) == ("Ola Ny", "+47 55 00 00 00", "nn", False)
        assert user.invitations == "none"


@pytest.mark.parametrize(
    ("typed", "status"), [("abc", 422), ("+47 55", 422), ("05556", 303), ("(+86) 28-8610.0000", 303), ("", 303)]
)
def test_a_telephone_number_has_digits(client: CarefulClient, store: Store, typed: str, status: int) -> None:
    with store():
        session_id = bring(OLA)[0].get_id()
    client.sign_in(session_id)
    answer = client.post("/account", data={"name": "Ola", "phone": typed, "language": "nn", "invitations": "none"})
    assert answer.status_code == status
