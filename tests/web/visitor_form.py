"""A visitor at the form: sound answers for each step, and a walk through them."""

from __future__ import annotations

import html
import re
from typing import Any

from werkzeug.test import TestResponse

from tests.harness.web import CarefulClient

WHO: dict[str, Any] = {
    "organisation": "Gemeente Utrecht",
    "organisation_type": "city",
    "country": "NL",
    "city": "Utrecht",
    "website": "www.utrecht.nl",
    "on_behalf_of": "",
    "contact_name": "Marloes Dekkinga",
    "contact_email": "marloes@utrecht.example.org",
    "contact_phone": "+31 30 123 45 67",
}
DELEGATION: dict[str, Any] = {
    "group_size": "7",
    "head_name": "Joost van Hemert",
    "head_title": "Head of Underground Assets",
    "head_level": "senior-official",
    "languages": ["en", "no"],
    "other_language": "fy",
    "interpreter_needed": "y",
}
VISIT: dict[str, Any] = {
    "purpose": "How do you reline sewers?\nAnd the creek?",
    "themes": ["water", "climate"],
    "host_1": "Bergen Vann",
    "host_2": "",
    "host_3": "NORCE",
    "partnership": "eurocities",
    "relation": "the Interreg project",
    "previous_visit": "2024",
    "occasion": "one-ocean-week",
    "event": "",
    "in_return": "What went wrong with our rainproof squares.",
}
WHEN: dict[str, Any] = {
    "starts_on_1": "2027-05-10",
    "ends_on_1": "2027-05-12",
    "starts_on_2": "08.06.2027",
    "ends_on_2": "",
    "starts_on_3": "",
    "ends_on_3": "",
    "duration_hours": "6,5",
    "flexibility": "Not on Thursdays.",
    "rest_of_stay": "Then Oslo.",
}
STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/request", WHO),
    ("/request/delegation", DELEGATION),
    ("/request/visit", VISIT),
    ("/request/when", WHEN),
)


def carried_by(page: TestResponse) -> str:
    """The answers that the form carries with it, sealed."""
    found = re.search(r'name="carried" value="([^"]*)"', page.text)
    assert found is not None
    return html.unescape(found[1])


def csrf_token(page: TestResponse) -> str:
    """The form's token against forged requests."""
    found = re.search(r'name="csrf_token" value="([^"]*)"', page.text)
    assert found is not None
    return html.unescape(found[1])


def error_links(page: TestResponse) -> list[str]:
    """Which fields the error summary points at, in order."""
    return re.findall(r'<li><a href="#([^"]+)">', page.text)


def fill_in(client: CarefulClient, *, change: dict[str, Any] | None = None) -> TestResponse:
    """Walk through the four steps as a person does; returns the page with the answers to check."""
    for url, answers in STEPS:
        page = client.get(url)
        sent = {**answers, **{name: value for name, value in (change or {}).items() if name in answers}}
        answer = client.post(url, data={**sent, "carried": carried_by(page)})
        assert answer.status_code == 303, error_links(answer)
    return client.get("/request/check")
