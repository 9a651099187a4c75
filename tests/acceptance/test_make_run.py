"""`make run` with a mail server that is slow or not there: pages stay quick, coordinators are told, mails follow."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page

from tests.harness.smtp import BadDay
from tests.harness.web import free_port
from tests.test_serve import Runner

pytestmark = [pytest.mark.one_engine, pytest.mark.browser]
GREETS_AFTER = 90.0  # much longer than a sender waits
PAGES, LINKS = 60, 5
TOLD_SECONDS, FOLLOWS_SECONDS = 300, 400  # told after three minutes; tried every five at most
COORDINATOR = re.compile(r"First coordinator: (\S+)\n.*?(/sign-in/\S+)")
BANNER = "cannot leave: the mail server does not take"


@pytest.fixture
def bad_day() -> Iterator[BadDay]:
    made = BadDay(port=free_port(), banner=GREETS_AFTER)
    yield made
    with suppress(AttributeError):  # it was never started
        made.stop()


@pytest.fixture
def runner(tmp_path: Path, bad_day: BadDay) -> Iterator[Runner]:
    made = Runner(tmp_path, SMTP_URL=bad_day.url, LOG_LEVEL="ERROR")
    yield made
    with suppress(psutil.NoSuchProcess):
        made.process.terminate()
        made.end()


def wait_until(happened: Callable[[], bool], seconds: float) -> float:
    """How long it took, looked at every second; fails when it takes longer."""
    begun = time.monotonic()
    while not happened():
        assert time.monotonic() - begun < seconds
        time.sleep(1)
    return time.monotonic() - begun


def timed(what: Callable[[], object]) -> float:
    begun = time.monotonic()
    what()
    return time.monotonic() - begun


@pytest.mark.parametrize("trouble", ["down", "slow"])
def test_mail_server_in_trouble_slows_no_page_and_its_mails_follow_when_it_is_back(
    runner: Runner, bad_day: BadDay, browser: Browser, trouble: str, figures: Callable[..., None]
) -> None:
    if trouble == "slow":
        bad_day.start()
    found = COORDINATOR.search(runner.said)
    assert found is not None
    address, link = found.groups()
    page, outside = (browser.new_context(base_url=f"http://127.0.0.1:{runner.port}").new_page() for _ in range(2))
    sign_in(page, link)
    forms = [timed(lambda: ask_for_link(outside, address)) for _ in range(LINKS)]
    told = wait_until(lambda: BANNER in page.request.get("/triage").text(), TOLD_SECONDS)
    pages = sorted(timed(lambda: page.request.get("/triage")) for _ in range(PAGES))
    assert bad_day.taken == []
    bad_day.banner = 0.0
    if trouble == "down":
        bad_day.start()
    followed = wait_until(lambda: len(bad_day.to(address)) == LINKS, FOLLOWS_SECONDS)
    quiet = wait_until(lambda: BANNER not in page.request.get("/triage").text(), TOLD_SECONDS)
    p95 = pages[int(PAGES * 0.95)]
    figures(
        "RM-4", trouble=trouble, page_p95=round(p95, 3), slowest_form=round(max(forms), 3), told_after=round(told),
        followed_after=round(followed), banner_gone_after=round(quiet),
    )  # fmt: skip
    assert p95 < 0.5
    assert max(forms) < 1
    assert len({mail.message_id for mail in bad_day.taken}) == len(bad_day.taken)
    for one in (page, outside):
        one.context.close()


def sign_in(page: Page, link: str) -> None:
    """By the link that the first start prints."""
    page.goto(link)
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def ask_for_link(page: Page, address: str) -> None:
    """The form that puts a mail into the outbox which somebody waits for."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.request.get("/sign-in").text())
    assert token is not None
    answer = page.request.post("/sign-in", form={"csrf_token": token.group(1), "email": address})
    assert answer.ok
