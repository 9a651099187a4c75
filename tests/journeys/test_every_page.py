"""Every page in a real browser: WCAG 2.2 AA by axe-core, no sideways scrolling on a phone, in three languages."""

from __future__ import annotations

import pytest
from flask import Flask

from app.web import access
from tests.harness.addresses import Samples, rules
from tests.harness.browser import DESK, PHONE, OpenPage, violations

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
# Nynorsk and bokmål have the longer words, so each language gets the width that is hardest for it.
LOOKS = [("en", DESK), ("nb", PHONE), ("nn", PHONE)]
READERS = {"everyone": "", "link": "", "signed-in": "hosts", "hosts": "hosts", "coordinators": "coordinators"}
READERS["administrators"] = "administrators"


def addresses(app: Flask, samples: Samples, reader: str) -> list[str]:
    """The pages that this reader is the first to be let into."""
    return [
        str(samples.address(app, rule))
        for rule in rules(app, "GET")
        if READERS[str(access.rule_of(app, rule.endpoint))] == reader
    ]


@pytest.mark.parametrize("reader", sorted(set(READERS.values())))
@pytest.mark.parametrize(("language", "width"), LOOKS)
def test_every_page_is_accessible(
    app: Flask, samples: Samples, open_page: OpenPage, language: str, width: int, reader: str
) -> None:
    page = open_page("/privacy", language=language, width=width, user=samples.users.get(reader, ""))
    wrong: dict[str, object] = {}
    for address in addresses(app, samples, reader):
        answer = page.request.get(address, max_redirects=0)
        if answer.status >= 300 or not answer.headers["content-type"].startswith("text/html"):
            continue
        page.goto(address)
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        titles = page.locator("h1").count()
        found = violations(page) + ([f"scrolls sideways by {sideways} px"] if sideways > 0 else [])
        found += [f"{titles} main headings"] if titles != 1 else []
        if found:
            wrong[address] = found
    assert wrong == {}
