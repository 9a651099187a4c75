"""Previews and samples of what a reminder rule sends, and the own words that are filled in there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app import scheduler
from app.core.time import now
from app.notifications.own_words import PLACEHOLDERS, fill, unknown_in
from app.people.models import User
from app.visits.models import Visit
from tests import factories
from tests.cast import ADA, OLA
from tests.harness.web import Mailbox
from tests.web.office import Office, Store, number_of, page_of
from tests.web.test_admin_reminders import BRIEFING, office

__all__ = ["office"]


def test_who_sees_no_visits_is_told_how_to_get_a_preview(office: Office, store: Store) -> None:
    page = f"/admin/reminders/{number_of(store, 'day-before')}/preview"
    told = "Tick “Coordinator” on your own page under People"
    with store() as session:
        session.scalars(select(User).where(User.email == ADA.email)).one().is_coordinator = False
    assert told in office.browser(ADA).get(page).text
    with store() as session:
        session.scalars(select(User).where(User.email == ADA.email)).one().is_coordinator = True
    assert told not in office.browser(ADA).get(page).text


def test_own_rule_with_own_words_is_previewed_and_sent_to_oneself_alone(
    app: Flask, office: Office, store: Store, mailbox: Mailbox
) -> None:
    ada = office.browser(ADA)
    own = {f"subject_{code}": f"{code}: {{organisation}} comes" for code in ("en", "nb", "nn")}
    own |= {f"body_{code}": "On {day}.\n\n{programme of the day}\n\n100 % {reader}" for code in ("en", "nb", "nn")}
    with store() as session:
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        visit = factories.make_visit("confirmed", user=ola, organisation="City {link} {{7*7}} %(ref)s ${x}")
        ref = visit.ref
        for activity in visit.activities:
            activity.announced_at = now()
    made = ada.post("/admin/reminders/new", data=BRIEFING | own | {"kind": "host-reminder"})
    preview = page_of(ada.get(made.headers["Location"], query_string={"visit": ref, "language": "nn"}))
    text = preview.main.text  # type: ignore[union-attr]
    assert "nn: City { link } {{7*7}} %(ref)s ${x} comes" in text
    assert "måndag 10. mai" in text
    assert "100 % Ola Overvann" in text
    action = made.headers["Location"].replace("preview", "send-to-me")
    ada.post(action, data={"visit": ref, "language": "nb"})
    with app.app_context():
        scheduler.tell()
    assert [mail["X-Envelope-To"] for mail in mailbox.mails] == [ADA.email]
    assert "nb: City" in str(mailbox.mails[0]["Subject"])
    assert "Pipe renewal on site" in mailbox.mails[0].as_string()


def test_preview_and_sample_are_the_whole_mail_in_the_chosen_language(
    app: Flask, office: Office, store: Store, mailbox: Mailbox
) -> None:
    """Greeting, button, reference and frame: as the visitor gets it the day before, but for the secret link."""
    ada, rule_id = office.browser(ADA), number_of(store, "day-before")
    with store() as session:
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        visit = factories.make_visit("confirmed", user=ola)
        ref, address, day = visit.ref, visit.contact_email, visit.appointments[0].starts_at - timedelta(hours=23)
        for activity in visit.activities:
            activity.announced_at = now()
    page = page_of(ada.get(f"/admin/reminders/{rule_id}/preview", query_string={"visit": ref, "language": "nb"}))
    letter, button = page.select_one(".letter"), page.select_one(".letter .ds-button")
    assert letter is not None
    assert button is not None
    assert (letter["lang"], button.text, button["href"].endswith(f"/visits/{ref}")) == ("nb", "Åpne siden deres", True)
    ada.post(f"/admin/reminders/{rule_id}/send-to-me", data={"visit": ref, "language": "nb"})
    with app.app_context():
        scheduler.tell()
    with store() as session:
        session.get_one(Visit, session.scalars(select(Visit.id).where(Visit.ref == ref)).one()).language = "nb"
    with time_machine.travel(day), app.app_context():
        scheduler.remind()
        scheduler.tell()
    (sample,), (real, *_others) = mailbox.to(ADA.email), mailbox.to(address)
    assert (sample["Subject"], sample["Content-Language"]) == (f"Prøve: {real['Subject']}", "nb")
    for kind in ("plain", "html"):
        shown, sent = (without_links(mail.get_body((kind,)).get_content()) for mail in (sample, real))
        assert shown == sent
    assert "Hei" in without_links(sample.get_body(("plain",)).get_content())
    assert (
        without_links(sample.get_body(("plain",)).get_content()).split()
        == without_links(
            page.select_one("details .kept-lines").text  # type: ignore[union-attr]
        ).split()
    )


def without_links(text: str) -> str:
    return re.sub(r"https?://[^\s\"]+", "LINK", text)


def test_a_visit_out_of_sight_is_as_little_there_as_a_missing_one(office: Office, store: Store) -> None:
    rule_id = number_of(store, "briefing")
    with store() as session:
        ada = session.scalars(select(User).where(User.email == ADA.email)).one()
        ada.is_coordinator = False
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        ref = factories.make_visit("confirmed", user=ola, organisation="Secret City").ref
    ada = office.browser(ADA)
    pages = [ada.get(f"/admin/reminders/{rule_id}/preview", query_string={"visit": one}) for one in (ref, "AAA-AAA")]
    assert ["No visit that you may see" in page.text for page in pages] == [True, True]
    assert ["Secret City" in page.text for page in pages] == [False, False]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "text",
    ["{{7*7}}", "{0.__class__}", "${x}", "%(x)s", "{visit.host.password_hash}", "{% if 1 %}", "{", "}", "{}", "{link}",
     "{{organisation}}", "{organisation!r}", "{organisation:>9999999}", "{ organisation } {x}"],
)  # fmt: skip
def test_what_a_template_engine_would_run_is_refused(text: str) -> None:
    assert unknown_in(text) != []


@pytest.mark.one_engine
def test_what_is_filled_in_is_text_and_is_not_looked_at_again() -> None:
    assert unknown_in("100 % of {organisation}, {programme of the day}") == []
    assert fill("{organisation} on {day}", {"organisation": "{day} {ref}", "day": "Monday"}) == "{day} {ref} on Monday"
    assert fill("{commitment}", {}) == ""
    assert all(fill("{" + name + "}", {key: "x"}) == "x" for name, key in PLACEHOLDERS.items())
