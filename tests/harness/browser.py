"""A real Chromium: found on this machine, or skipped with the reason; never skipped where CI is set."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.2 AA, and the tool's own best practices.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}
LOCALES = {"en": "en-GB", "nb": "nb-NO", "nn": "nn-NO"}
POLICY = "Content Security Policy"
PHONE = 360
MEASURED_WITHIN = 90_000  # ms: a page for which the labelled requests are first routed twice, some ten seconds
DESK = 1280

OpenPage = Callable[..., Page]


def find_chromium() -> str | None:
    """$VERTSKAP_CHROMIUM, else the system's."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = (shutil.which(name) for name in names)
    return os.environ.get("VERTSKAP_CHROMIUM") or next(filter(None, found), None)


@pytest.fixture(scope="session")
def patient_clicks() -> Iterator[None]:
    """A click that leads to another page is over when that page is there whole.

    By itself a click returns when the first bytes of the answer have come, and what is counted then may be too little.
    """
    click = Locator.click

    def click_and_read(self: Locator, **options: Any) -> None:
        click(self, **options)
        self.page.wait_for_load_state()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locator, "click", click_and_read)
        yield


@pytest.fixture(scope="session")
def browser(patient_clicks: None) -> Iterator[Browser]:
    """One Chromium for all tests of a worker."""
    path = find_chromium()
    if path is None:
        reason = "no Chromium found: install one, or set VERTSKAP_CHROMIUM to its path"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(app: Flask, browser: Browser, live_server: str) -> Iterator[OpenPage]:
    """Opens pages of separate people: open_page("/request", language="nn", width=360, user=user.get_id()).

    Script errors and violations of the content security policy, in any of them, fail the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(
        path: str = "/", *, language: str = "en", width: int = DESK, script: bool = True, user: str = ""
    ) -> Page:
        context = browser.new_context(
            base_url=live_server,
            locale=LOCALES[language],
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        if user:
            context.add_cookies([session_cookie(app, user, live_server)])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.extend([said.text] if POLICY in said.text else []))
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """One English reader at a desk, on the front page."""
    return open_page("/")


def session_cookie(app: Flask, user: str, url: str) -> Any:
    """The cookie of somebody who has signed in, signed with the application's key."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    value = serializer.dumps({"_user_id": user, "_fresh": True})
    return {"name": str(app.config["SESSION_COOKIE_NAME"]), "value": str(value), "url": url}


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it stands: rule, what to do, and the element."""
    page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", OPTIONS)
    return [
        f"{rule['id']}: {node['failureSummary']} in {node['html'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """axe(page) fails when the page breaks a rule of WCAG 2.2 AA, or is wider than its window."""

    def check(page: Page) -> None:
        assert violations(page) == [], page.url
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, f"{page.url} scrolls sideways by {sideways} px"

    return check
