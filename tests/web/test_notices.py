"""The notification centre and each person's choices: what concerns one is there, whatever the mail does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from app import scheduler
from app.core.time import now
from app.notifications import post
from app.notifications.groups import GROUPS
from app.notifications.kinds import KINDS
from app.notifications.models import Notification
from app.people.actors import VISITOR
from app.people.models import User
from app.visits import lifecycle
from app.visits.models import Visit
from app.web.notices.words import WORDS
from tests import factories
from tests.cast import BRITA, KARI, OLA, ULRIK, bring
from tests.harness.web import CarefulClient, Mailbox
from tests.web.office import Store, counted_queries

Clock = time_machine.Traveller


@pytest.fixture
def people(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> dict[str, str]:
    """Session ids; Ola's host has two visits, with a message from each visitor that everybody was told of."""
    with store():
        ola, ulrik, brita, kari = bring(OLA, ULRIK, BRITA, KARI)
        for name in ("One City", "Two City"):
            visit = factories.make_visit("claimed", user=ola, organisation=name, at=now())
            lifecycle.write(visit, "When do we meet?", by=VISITOR, at=now())
        ids = {"ola": ola.get_id(), "ulrik": ulrik.get_id(), "brita": brita.get_id(), "kari": kari.get_id()}
    with app.app_context():
        scheduler.tell()
    return ids


def page_of(client: CarefulClient, address: str = "/notices") -> BeautifulSoup:
    return BeautifulSoup(client.get(address).data, "html.parser")


def listed(client: CarefulClient, address: str = "/notices") -> list[str]:
    """What each notice says, without its time."""
    return [card.p.text.strip() for card in page_of(client, address).select(".notice")]


def count_beside_the_word(client: CarefulClient) -> int:
    found = page_of(client, "/visits").select_one(".notices-count > span")
    return int(found.text) if found else 0


def test_notices_concern_their_reader_and_lead_to_the_visit(client: CarefulClient, people: dict[str, str]) -> None:
    ola = client.sign_in(people["ola"])
    assert [words for words in listed(ola) if "message" in words] == ["There is a new message"] * 2
    link = page_of(ola).select_one(".notice a")
    assert link is not None
    assert ola.get(link["href"]).status_code == 200
    assert count_beside_the_word(ola) == len(listed(ola))
    assert listed(client.sign_in(people["brita"])) == []
    assert client.get("/notices").status_code == 200


def test_page_of_a_mail_that_went_with_others_leads_to_the_one_that_was_sent(
    client: CarefulClient, store: Store, people: dict[str, str]
) -> None:
    with store() as session:
        part = session.scalars(select(Notification).where(Notification.part_of_id.is_not(None))).first()
        assert part is not None
        part_id, digest_id = part.id, part.part_of_id
    page = page_of(client.sign_in(people["kari"]), f"/mail/{part_id}")
    assert page.select_one(f'main a[href="/mail/{digest_id}"]') is not None


def test_settled_one_by_one_and_taken_back(client: CarefulClient, people: dict[str, str]) -> None:
    ola = client.sign_in(people["ola"])
    before = len(listed(ola))
    form = page_of(ola).select_one(".notice form")
    assert form is not None
    assert ola.post(form["action"]).status_code == 303
    assert (len(listed(ola)), len(listed(ola, "/notices?state=read"))) == (before - 1, 1)
    back = page_of(ola, "/notices?state=read").select_one(".notice form")
    assert back is not None
    ola.post(back["action"])
    assert len(listed(ola)) == before


def test_all_at_once_can_be_undone(client: CarefulClient, people: dict[str, str], clock: Clock) -> None:
    ola = client.sign_in(people["ola"])
    before = len(listed(ola))
    clock.shift(60)
    answer = ola.post("/notices/read", follow_redirects=True)
    settled = BeautifulSoup(answer.data, "html.parser").select_one("input[name=settled]")
    assert settled is not None
    assert (len(listed(ola)), count_beside_the_word(ola)) == (0, 0)
    clock.shift(60)
    ola.post("/notices/undo", data={"settled": settled["value"]})
    assert len(listed(ola)) == before


@pytest.mark.parametrize("moment", ["", "yesterday", "2027-03-02T08:00:00", "9999999999999"])
def test_undo_of_nothing_says_so(client: CarefulClient, people: dict[str, str], moment: str) -> None:
    answer = client.sign_in(people["ola"]).post("/notices/undo", data={"settled": moment}, follow_redirects=True)
    assert (answer.status_code, "There is nothing to take back" in answer.text) == (200, True)


def test_another_persons_notice_is_not_there(client: CarefulClient, people: dict[str, str], store: Store) -> None:
    with store() as session:
        mine = session.scalars(select(Notification.id).join(User).where(User.email == OLA.email)).first()
    brita = client.sign_in(people["brita"])
    answers = [brita.post(f"/notices/{number}/{verb}") for number in (mine, 999_999) for verb in ("read", "unread")]
    assert [answer.status_code for answer in answers] == [404] * 4


def test_whoever_switched_the_mail_off_finds_it_here(
    app: Flask, client: CarefulClient, people: dict[str, str], store: Store, mailbox: Mailbox
) -> None:
    ola = client.sign_in(people["ola"])
    ola.post("/notices/read")
    mailbox.mails.clear()
    chosen = {f"way_{group}": "app" for group in GROUPS if group != "office"}
    hours = {"is_quiet": "y", "quiet_from": "18:00", "quiet_until": "08:30", "zone": "Asia/Tokyo"}
    answer = ola.post("/account/mail", data={**chosen, **hours}, follow_redirects=True)
    assert "Your choices are saved" in answer.text
    with store() as session:
        user = session.scalars(select(User).where(User.email == OLA.email)).one()
        assert user.quiet_hours == {"from": "18:00", "until": "08:30", "zone": "Asia/Tokyo"}
        visit = session.scalars(select(Visit)).first()
        assert visit is not None
        lifecycle.write(visit, "Are you there?", by=VISITOR, at=now())
    with app.app_context():
        scheduler.tell()
    assert mailbox.to(OLA.email) == []
    assert (listed(ola), count_beside_the_word(ola)) == (["There is a new message"], 1)


def test_what_cannot_be_chosen_is_refused_beside_its_field(client: CarefulClient, people: dict[str, str]) -> None:
    chosen: dict[str, Any] = {f"way_{group}": "now" for group in GROUPS if group != "office"}
    wrong = {
        "way_offers": "never",
        "is_quiet": "y",
        "quiet_from": "21:00",
        "quiet_until": "21:00",
        "zone": "Mars/North",
    }
    answer = client.sign_in(people["ola"]).post("/account/mail", data={**chosen, **wrong})
    page = BeautifulSoup(answer.data, "html.parser")
    refused = {tag["id"] for tag in page.select("[id$=-error]")}
    assert (answer.status_code, refused) == (422, {"way_offers-error", "quiet_until-error", "zone-error"})
    office = client.sign_in(people["kari"]).get("/account/mail")
    assert "What is stuck, for coordinators" in office.text
    assert "What is stuck" not in client.sign_in(people["ola"]).get("/account/mail").text


def test_the_list_costs_the_same_however_long(app: Flask, client: CarefulClient, people: dict[str, str]) -> None:
    ola = client.sign_in(people["ola"])
    counts = []
    for _round in range(2):
        with counted_queries(app) as seen:
            ola.get("/notices")
        counts.append(len(seen))
        if _round == 0:
            page = page_of(ola)
            for form in page.select(".notice form")[1:]:
                ola.post(form["action"])
    assert counts[0] == counts[1]


def test_notice_of_a_visit_out_of_sight_is_gone(client: CarefulClient, people: dict[str, str], store: Store) -> None:
    ola = client.sign_in(people["ola"])
    assert listed(ola)
    with store() as session:
        user = session.scalars(select(User).where(User.email == OLA.email)).one()
        user.memberships.clear()
    assert [words for words in listed(ola) if "message" in words] == []


@pytest.mark.one_engine
def test_every_kind_of_notice_has_words() -> None:
    assert set(WORDS) == {kind for kinds in GROUPS.values() for kind in kinds}
    assert set(WORDS) <= set(KINDS)


def test_notice_stands_while_its_mail_waits_for_the_morning(
    app: Flask, client: CarefulClient, people: dict[str, str], store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    ola = client.sign_in(people["ola"])
    ola.post("/notices/read")
    clock.move_to(datetime(2027, 3, 2, 22, 0, tzinfo=UTC))
    mailbox.mails.clear()
    with store() as session:
        visit = session.scalars(select(Visit)).first()
        assert visit is not None
        lifecycle.write(visit, "Are you there?", by=VISITOR, at=now())
    with app.app_context():
        scheduler.tell()
    assert (mailbox.to(OLA.email), listed(client.sign_in(people["ola"]))) == ([], ["There is a new message"])


def test_refused_mail_is_a_notice_of_every_coordinator_until_it_is_tried_again(
    app: Flask, client: CarefulClient, people: dict[str, str], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = listed(client.sign_in(people["kari"]))
    monkeypatch.setattr(post.Server, "begin", lambda *_args, **_words: post.Result("refused", "550 no such mailbox"))
    with store() as session:
        visit = session.scalars(select(Visit).where(Visit.organisation == "One City")).one()
        lifecycle.write(visit, "And where?", by=VISITOR, at=now())
    with app.app_context():
        scheduler.tell()
    with store() as session:
        failed = list(session.scalars(select(Notification.id).where(Notification.status == "failed")))
    said = "A mail could not be sent"
    kari = client.sign_in(people["kari"])
    assert (len(failed) > 0, listed(kari)) == (True, [said] * len(failed) + before)
    assert count_beside_the_word(kari) == len(failed) + len(before)
    link = next(tag["href"] for tag in page_of(kari).select(".notice a") if tag.text == said)
    assert kari.get(link).status_code == 200
    kari.post(f"/mail/{failed[0]}/send-again")
    assert listed(kari).count(said) == len(failed) - 1
    assert said not in listed(client.sign_in(people["ola"]))
    with app.app_context():
        scheduler.tell()
    assert listed(client.sign_in(people["kari"])).count(said) == len(failed)
