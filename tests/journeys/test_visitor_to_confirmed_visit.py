"""From a phone abroad to a confirmed visit in a host's calendar program and a line in the report, all in the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from tests import cast
from tests.harness.browser import PHONE, OpenPage
from tests.harness.calendar_program import Desk
from tests.harness.web import Mailbox

pytestmark = pytest.mark.browser
VISITOR = "marloes@utrecht.example.org"
DAY = "2027-05-10"
A_PERSON_TAKES_MS = 3500  # faster than that, the form takes the sender for a robot
Store = Callable[[], AbstractContextManager[Session]]
Command = Callable[..., str]


@pytest.fixture
def people(store: Store) -> dict[str, str]:
    """Session ids of Ola, who answers for water, and Kari the coordinator."""
    with store():
        ola, kari = cast.bring(cast.OLA, cast.KARI)
        return {"ola": str(ola.get_id()), "kari": str(kari.get_id())}


def ask_for_a_visit(page: Page) -> None:
    """The whole form, as on a phone."""
    page.get_by_role("link", name="Ask for a visit").first.click()
    page.get_by_label("Organisation", exact=True).fill("Gemeente Utrecht")
    page.get_by_label("What kind of organisation is it?").select_option("city")
    page.get_by_label("Country").select_option("NL")
    page.get_by_label("Your name").fill("Marloes Dekkinga")
    page.get_by_label("Your e-mail address").fill(VISITOR)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("How many people will come?").fill("7")
    page.get_by_label("English").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What do you want to learn").fill(
        "We want to see how you reline sewer pipes without digging, and handle stormwater in steep streets."
    )
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("First day").first.fill(DAY)
    page.wait_for_timeout(A_PERSON_TAKES_MS)
    page.get_by_role("button", name="Continue").click()
    assert "Gemeente Utrecht" in page.locator("main").inner_text()
    page.get_by_role("button", name=re.compile("^Send")).click()
    assert VISITOR in page.locator("main").inner_text()


def link_in_last_mail(mailbox: Mailbox, address: str) -> str:
    """The secret link of the newest mail to that address, as a path."""
    text = mailbox.to(address)[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    found = re.search(r"https?://[^/\s]+(/\S+)", text)
    assert found, text
    return found[1]


def plan_and_propose(page: Page, ref_heading: str) -> None:
    """Claim from the inbox, add one appointment, propose."""
    page.get_by_role("button", name=re.compile("^Claim")).first.click()
    assert ref_heading in page.locator("h1").inner_text()
    page.get_by_role("link", name="Add an appointment").first.click()
    page.get_by_label("What happens?").fill("Pipe renewal on site")
    page.get_by_label("Day").fill(DAY)
    page.get_by_label("From").fill("09:00")
    page.get_by_label("Until").fill("11:00")
    page.get_by_label("Meeting point").fill("Øvre Dreggsallmenningen")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name=re.compile("Propose")).first.click()
    page.get_by_role("button", name="Propose to the visitor").click()


def make_feed(page: Page) -> str:
    """A feed of everything that concerns me; returns its secret link."""
    page.goto("/my-feeds")
    page.get_by_role("link", name=re.compile("Make a feed")).first.click()
    page.get_by_role("link", name="My own visits").click()
    page.get_by_label("Your own name for it").fill("My desk")
    page.get_by_label(re.compile("^Everything")).check()
    page.get_by_role("button", name="Make the feed").click()
    return page.locator("#feed-https").inner_text().strip()


def test_visitor_to_confirmed_visit(
    people: dict[str, str], open_page: OpenPage, mailbox: Mailbox, flask_command: Command, tmp_path: Path
) -> None:
    visitor = open_page("/", width=PHONE)
    ask_for_a_visit(visitor)
    flask_command("outbox-run")

    visitor.goto(link_in_last_mail(mailbox, VISITOR))
    visitor.get_by_role("main").get_by_role("button").first.click()
    assert "/v/" in visitor.url
    own_page = visitor.url

    host = open_page("/inbox", user=people["ola"])
    plan_and_propose(host, "Gemeente Utrecht")
    feed, desk = make_feed(host), Desk(tmp_path)
    desk.subscribe(feed)
    desk.synchronise()
    assert [line.rsplit(" ", 1)[-1] for line in desk.shown(DAY)] == ["TENTATIVE"]

    flask_command("outbox-run")
    assert len(mailbox.to(VISITOR)) >= 2
    visitor.goto(own_page)
    assert "Pipe renewal on site" in visitor.locator("main").inner_text()
    visitor.get_by_role("button", name=re.compile("^Accept")).click()

    desk.synchronise()
    (line,) = desk.shown(DAY)
    assert "09:00-11:00 Pipe renewal on site" in line
    assert line.endswith("CONFIRMED")

    office = open_page("/reports?year=2027", user=people["kari"])
    clean_water = office.get_by_role("row", name=re.compile("Clean Water and Sanitation"))
    assert clean_water.locator("td").first.inner_text() == "1"
    clean_water.get_by_role("link").click()
    assert office.get_by_role("link", name=re.compile("Gemeente Utrecht")).count() == 1
