"""A reply to one of our mails lands in the visit's messages by itself, where its writer is certain."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.time import now
from app.extensions import db
from app.jobs.mailbox import read_replies
from app.notifications.reply_address import thread_address, thread_of
from app.notifications.reply_models import Reply
from app.notifications.reply_quotes import said_in, words_of_page
from app.people.actors import VISITOR, by_user
from app.visits import lifecycle, talking
from app.visits.programme_models import Message
from app.visits.talking import is_waiting_for_visitor
from tests.cast import KARI, OLA, SIRI, ULRIK, bring
from tests.harness.imap import ImapServer
from tests.harness.web import CarefulClient
from tests.notifications.town import VISITOR_ADDRESS, Store, Town, user

STRANGER = "colleague@utrecht.example.org"


@pytest.fixture
def asked(town: Town, store: Store, imap_server: ImapServer) -> EmailMessage:
    """The mail to the visitor that asks something; the mailbox is read from now on."""
    town.app.config["IMAP_URL"] = imap_server.url
    with store():
        lifecycle.ask_visitor(town.visit, "How many come?", by=by_user(user(OLA), user(OLA).hosts[0]))
    town.tick()
    (mail,) = town.new_to(VISITOR_ADDRESS)
    return mail


def reply(
    mail: EmailMessage, text: str, *, sender: str = VISITOR_ADDRESS, to: str = "", number: int = 0, **headers: str
) -> EmailMessage:
    """What a mail program sends back."""
    found = EmailMessage()
    found["From"], found["To"], found["Subject"] = (
        f"Somebody <{sender}>",
        to or mail["Reply-To"],
        f"Re: {mail['Subject']}",
    )
    found["Message-ID"] = f"<{number}.{abs(hash((sender, text)))}@example.org>"
    found["In-Reply-To"] = mail["Message-ID"]
    found["References"] = f"{mail['References'] or ''} {mail['Message-ID']}"
    for name, value in headers.items():
        found[name.replace("_", "-")] = value
    found.set_content(text)
    return found


def read(app: Flask, imap_server: ImapServer, *mails: EmailMessage) -> list[Reply]:
    """Deliver and read; everything that ever came."""
    for mail in mails:
        imap_server.deliver(mail.as_bytes())
    with app.app_context():
        read_replies()
        found = list(db.session.scalars(select(Reply).order_by(Reply.id)))
        db.session.expunge_all()
        return found


def last_message(app: Flask) -> Message:
    with app.app_context():
        found = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert found is not None
        db.session.expunge(found)
        return found


def test_visitors_reply_is_the_answer_without_the_quotation(
    town: Town, asked: EmailMessage, imap_server: ImapServer, store: Store
) -> None:
    text = f"We are twelve.\n\nMarloes\n\nOn Tue, 2 Mar 2027 at 09:00, Vertskap wrote:\n> {asked['Subject']}\n> more\n"
    (found,) = read(town.app, imap_server, reply(asked, text))
    message = last_message(town.app)
    assert (found.state, found.why, found.text) == ("taken", "", "")
    assert (message.kind, message.body, message.by_mail, message.user_id) == (
        "answer",
        "We are twelve.\n\nMarloes",
        True,
        None,
    )
    with store():
        assert not is_waiting_for_visitor(town.visit)
    town.tick()
    assert "We are twelve." in town.new_to(OLA)[-1].get_content()
    assert read(town.app, imap_server, reply(asked, text))[1:] == []


def test_reply_without_the_secret_address_is_known_by_the_mail_it_answers(
    town: Town, asked: EmailMessage, imap_server: ImapServer
) -> None:
    (found,) = read(town.app, imap_server, reply(asked, "Twelve.", to="vertskap@example.org"))
    assert (found.state, last_message(town.app).body) == ("taken", "Twelve.")


def test_mail_of_another_address_waits_and_a_coordinator_may_put_it_there(
    town: Town, asked: EmailMessage, imap_server: ImapServer, store: Store
) -> None:
    (found,) = read(town.app, imap_server, reply(asked, "I answer for Marloes: twelve.", sender=STRANGER))
    assert (found.state, found.why, found.visit_id) == ("waiting", "unknown-sender", town.visit_id)
    assert last_message(town.app).body == "How many come?"
    with store():
        session_id = bring(KARI)[0].get_id()
    browser = town.app.test_client()
    assert isinstance(browser, CarefulClient)
    page = browser.sign_in(session_id).get("/replies").text
    assert "I answer for Marloes" in page
    assert browser.post(f"/replies/{found.id}/put").status_code == 303
    assert last_message(town.app).body == "I answer for Marloes: twelve."
    browser.post(f"/replies/{found.id}/put")
    assert [one.state for one in read(town.app, imap_server)] == ["assigned"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated; x"}, {"Precedence": "bulk"},
        {"X_Autoreply": "yes"}, {"Precedence": "auto_reply"}, {"List_Id": "<x.example.org>", "sender": STRANGER},
    ],
)  # fmt: skip
def test_what_a_program_answers_is_no_message(
    town: Town, asked: EmailMessage, imap_server: ImapServer, headers: dict[str, str]
) -> None:
    (found,) = read(town.app, imap_server, reply(asked, "I am away.", **headers))
    assert (found.state, found.why) == ("dismissed", "automatic")
    assert last_message(town.app).body == "How many come?"


@pytest.mark.parametrize("headers", [{"List_Id": "<x.example.org>"}, {"Precedence": "list"}])
def test_visitors_reply_that_passed_a_mailing_list_waits_for_a_person(
    town: Town, asked: EmailMessage, imap_server: ImapServer, headers: dict[str, str]
) -> None:
    (found,) = read(town.app, imap_server, reply(asked, "Twelve.", **headers))
    assert (found.state, found.why, found.text) == ("waiting", "by-list", "Twelve.")
    assert last_message(town.app).body == "How many come?"


def test_bounce_waits_for_a_person(town: Town, asked: EmailMessage, imap_server: ImapServer) -> None:
    bounce = reply(asked, "550 unknown user", sender=VISITOR_ADDRESS, Return_Path="<>")
    (found,) = read(town.app, imap_server, bounce)
    assert (found.state, found.why, last_message(town.app).body) == ("waiting", "bounce", "How many come?")


def test_our_own_mail_that_comes_back_is_no_message(town: Town, asked: EmailMessage, imap_server: ImapServer) -> None:
    own = str(town.app.config["MAIL_FROM"]).partition("<")[2].rstrip(">")
    (found,) = read(town.app, imap_server, reply(asked, "Round and round", sender=own))
    assert (found.state, found.why) == ("dismissed", "automatic")


def test_programs_that_answer_each_other_are_stopped(town: Town, asked: EmailMessage, imap_server: ImapServer) -> None:
    mails = [reply(asked, f"I am away, number {number}.", number=number) for number in range(12)]
    found = read(town.app, imap_server, *mails)
    assert [one.state for one in found] == ["taken"] * 10 + ["waiting"] * 2
    assert found[-1].why == "too-many"


def test_hosts_reply_goes_to_the_visitor_only_where_it_answers_the_visitor(
    town: Town, asked: EmailMessage, imap_server: ImapServer, store: Store
) -> None:
    with store():
        lifecycle.write(town.visit, "May we bring a dog?", by=VISITOR, at=now())
    town.tick()
    brought = town.new_to(OLA)[-1]
    read(town.app, imap_server, reply(brought, "Yes, gladly.", sender=OLA.email))
    message = last_message(town.app)
    assert (message.kind, message.body, message.user_id is not None) == ("message", "Yes, gladly.", True)
    with store():
        town.add(ULRIK)
    town.tick()
    invitation = town.new_to(ULRIK)[-1]
    mail = reply(invitation, "Who pays for this?", sender=ULRIK.email, to=invitation["Reply-To"])
    read(town.app, imap_server, mail)
    assert (last_message(town.app).kind, last_message(town.app).body) == ("note", "Who pays for this?")


def test_whoever_has_lost_sight_of_the_visit_writes_nothing(
    town: Town, asked: EmailMessage, imap_server: ImapServer, store: Store
) -> None:
    with store():
        (siri,) = bring(SIRI)
        address = thread_address(town.visit_id, siri.id)
    (found,) = read(town.app, imap_server, reply(asked, "Hello?", sender=SIRI.email, to=address))
    assert (found.state, found.why) == ("waiting", "lost-sight")


def test_files_are_named_and_not_kept(town: Town, asked: EmailMessage, imap_server: ImapServer) -> None:
    mail = reply(asked, "Here is the list.")
    mail.add_attachment(b"CANARY", maintype="application", subtype="pdf", filename="list.pdf")
    read(town.app, imap_server, mail)
    assert (last_message(town.app).body, last_message(town.app).attachments) == ("Here is the list.", ["list.pdf"])


def test_mail_that_came_as_a_page_only_becomes_words(town: Town, asked: EmailMessage, imap_server: ImapServer) -> None:
    mail = reply(asked, "x")
    page = "<style>p{}</style><p>We are <b>twelve</b>.</p><p>Best</p><blockquote><p>On Tuesday</p></blockquote>"
    mail.set_content(page, subtype="html")
    read(town.app, imap_server, mail)
    assert last_message(town.app).body == "We are twelve.\nBest"


def test_secret_of_another_visit_or_reader_opens_nothing(town: Town, asked: EmailMessage) -> None:
    with town.app.app_context():
        address = thread_address(town.visit_id, None)
        assert thread_of(address) == (town.visit_id, None)
        assert thread_of(address.replace(f"v{town.visit_id}-0", f"v{town.visit_id + 1}-0")) is None
        assert thread_of(address.replace("-0.", "-1.")) is None


def test_mails_about_a_visit_make_one_thread(town: Town, asked: EmailMessage, store: Store) -> None:
    root = asked["References"].split()[0]
    with store():
        lifecycle.write(town.visit, "One more thing.", by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    town.tick()
    (following,) = town.new_to(VISITOR_ADDRESS)
    assert following["References"].split() == [root, asked["Message-ID"]]
    assert following["In-Reply-To"] == asked["Message-ID"]


def test_secret_of_the_visitors_page_is_passed_on_to_nobody(
    town: Town, asked: EmailMessage, imap_server: ImapServer, store: Store
) -> None:
    body = asked.get_body(("plain",))
    assert body is not None
    (link,) = re.findall(r"http://\S+/v/[\w-]{20,}", body.get_content())
    quoted = "".join(f"> {line}\n" for line in body.get_content().splitlines())
    between = quoted.replace("> How many come?\n", "> How many come?\nTwelve come.\n")
    read(town.app, imap_server, reply(asked, f"Hello\n\n{between}\nSent from my phone"))
    body_kept = last_message(town.app).body
    assert "Twelve come." in body_kept
    assert (link in body_kept, link.rpartition("/")[2] in body_kept, "/v/…" in body_kept) == (False, False, True)
    with store():
        talking.write(town.visit, f"My page: {link}", by=VISITOR)
    assert last_message(town.app).body == f"My page: {link.rpartition('/')[0]}/…"
    read(town.app, imap_server, reply(asked, f"See {link}", sender=STRANGER, number=1))
    town.tick()
    assert not any(link in str(mail) for mail in [*town.new_to(OLA), *town.new_to(KARI)])


@pytest.mark.one_engine
def test_our_quoted_mail_is_known_by_our_address_in_any_language() -> None:
    head = "{}: Visits <visits@bergen.example.org>\n{}: 30.11.2026\n{}: x\n\nquoted"
    for words in (("Lähettäjä", "Lähetetty", "Aihe"), ("发件人", "发送时间", "主题"), ("Feladó", "Elküldve", "Tárgy")):
        assert said_in("Bus 18\n\n" + head.format(*words), ours=("visits@bergen.example.org",)) == "Bus 18"
    contact = "Contact: ada@utrecht.example.org\nTelephone: 1234\nHotel: Harbour"
    assert said_in(contact, ours=("visits@bergen.example.org",)) == contact


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Yes\n\nOn Mon, 1 Feb 2027, X <x@y> wrote:\n> no\n>\n> no", "Yes"),
        ("Ja\n\nmandag 1. feb. 2027 kl. 10:00 skrev X\n<x@y>:\n\n> nei", "Ja"),
        ("Ja\n\nFra: X\nSendt: mandag\nTil: Y\nEmne: Z\n\nnei", "Ja"),
        ("Ja\n________________________________\nFrom: X\nSent: Monday\n\nno", "Ja"),
        ("Ja\n-----Original Message-----\nno", "Ja"),
        ("Tak\n\nOd: X <x@y>\nWysłano: poniedziałek, 1 lutego 2027\nDo: Y\nTemat: Z\n\nnie", "Tak"),
        ("Tak\n\nW dniu 1.02.2027 o 10:00, X pisze:\nnie", "Tak"),
        ("Tak\n\nW dniu 1.02.2027 o 10:00, X\n<x@y> pisze:\n> nie", "Tak"),
        ("W dniu 3 maja przyjedziemy.\nDo zobaczenia", "W dniu 3 maja przyjedziemy.\nDo zobaczenia"),
        ("Ja\n-- \nMarloes\nUtrecht", "Ja"),
        ("> How many?\nTwelve\n> When?\nIn May", "> How many?\nTwelve\n> When?\nIn May"),
        ("From: the station we take a taxi.\nSee you", "From: the station we take a taxi.\nSee you"),
        ("> only\n> quoted", ""),
        ("This is what we need:\n- a room\n- a lunch", "This is what we need:\n- a room\n- a lunch"),
    ],
)
def test_own_words_are_told_from_quoted_ones(text: str, said: str) -> None:
    assert said_in(text) == said


@pytest.mark.one_engine
def test_hostile_page_ends_as_words() -> None:
    assert words_of_page("<p>a<script>alert(1)</script>b</p>" + "<div>" * 3000 + "c").split() == ["ab", "c"]
