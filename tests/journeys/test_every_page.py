"""Every page in a real browser: WCAG 2.2 AA by axe-core, no sideways scrolling on a phone, in three languages."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.web import access
from tests.harness.addresses import Samples, rules
from tests.harness.browser import DESK, PHONE, OpenPage, violations

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
# Nynorsk and bokmål have the longer words, so each language gets the width that is hardest for it.
LOOKS = [("en", DESK), ("nb", PHONE), ("nn", PHONE)]
READERS = {"everyone": "", "link": "", "signed-in": "hosts", "hosts": "hosts", "coordinators": "coordinators"}
READERS["administrators"] = "administrators"
FILES = (".ics", ".csv", ".pdf", ".yaml")


# These look different in every state of a visit; of the others the first that opens is enough.
IN_EVERY_STATE = {"host.visit_page", "visitor.page"}


def pages(app: Flask, samples: Samples, reader: str) -> list[tuple[str, list[str]]]:
    """Endpoint and addresses of the pages that this reader is the first to be let into."""
    return [
        (rule.endpoint, samples.addresses(app, rule))
        for rule in rules(app, "GET")
        if READERS[str(access.rule_of(app, rule.endpoint))] == reader and not rule.rule.endswith(FILES)
    ]


def opens(page: Page, address: str) -> bool:
    """Whether there is a page at that address for this reader, now: not a refusal, not a redirection."""
    answer = page.goto(address)
    if answer is None or answer.status != 200 or answer.request.redirected_from is not None:
        return False
    return answer.headers["content-type"].startswith("text/html")


def faults(page: Page) -> list[str]:
    """What is wrong with the page that is open."""
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    titles = page.locator("h1").count()
    found = violations(page)
    found += [f"scrolls sideways by {sideways} px"] if sideways > 0 else []
    found += [f"{titles} main headings"] if titles != 1 else []
    return found


@pytest.mark.parametrize("reader", sorted(set(READERS.values())))
@pytest.mark.parametrize(("language", "width"), LOOKS)
def test_every_page_is_accessible(
    app: Flask, samples: Samples, open_page: OpenPage, language: str, width: int, reader: str
) -> None:
    page = open_page("/privacy", language=language, width=width, user=samples.users.get(reader, ""))
    wrong: dict[str, object] = {}
    for endpoint, addresses in pages(app, samples, reader):
        for address in addresses:
            if not opens(page, address):
                continue
            if found := faults(page):
                wrong[address] = found
            if endpoint not in IN_EVERY_STATE:
                break
    assert wrong == {}
