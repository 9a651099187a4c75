"""The fields of the request: what cannot be taken is said beside its field, what is difficult is advised on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.visits.models import Visit
from tests.harness.web import CarefulClient
from tests.web.visitor_form import DELEGATION, STEPS, WHEN, WHO, carried_by, error_links, fill_in
from tests.web.visitor_sending import count

BAD_TEXTS = ("x" * 100_000, "<script>alert(1)</script>", "Ministry \u202egro.live", "a\x00b\x1b[31m")
CHOICES = {
    "organisation_type",
    "country",
    "head_level",
    "other_language",
    "interpreter_needed",
    "partnership",
    "occasion",
}
UNREADABLE: tuple[tuple[dict[str, str], list[str]], ...] = (
    ({"starts_on_1": "next spring"}, ["starts_on_1"]),
    ({"starts_on_1": "2027-02-30"}, ["starts_on_1"]),
    ({"starts_on_1": "0001-01-01"}, ["starts_on_1"]),
    ({"starts_on_1": "99999-01-01"}, ["starts_on_1"]),
    ({"starts_on_1": ""}, ["starts_on_1"]),
    ({"ends_on_1": "2027-05-09"}, ["ends_on_1"]),
    ({"starts_on_2": "", "ends_on_2": "2027-06-01"}, ["starts_on_2"]),
    ({"starts_on_3": "x", "duration_hours": "a day"}, ["starts_on_3", "duration_hours"]),
    ({"duration_hours": "0"}, ["duration_hours"]),
    ({"duration_hours": "1e99"}, ["duration_hours"]),
)


@pytest.mark.parametrize(("url", "answers"), STEPS)
@pytest.mark.parametrize("typed", BAD_TEXTS, ids=["long", "markup", "bidi", "control"])
def test_bad_text_gives_field_errors_and_comes_back(
    client: CarefulClient, url: str, answers: dict[str, Any], typed: str
) -> None:
    client.post("/request", data=WHO)
    wrong = [name for name, value in answers.items() if isinstance(value, str) and name not in CHOICES]
    page = client.post(url, data={**answers, **dict.fromkeys(wrong, typed)})
    assert page.status_code == 422
    assert sorted(error_links(page)) == sorted(wrong)
    kept = typed.replace("\x00", "").replace("<", "&lt;").replace(">", "&gt;")
    assert page.text.count(kept) >= len(wrong)


@pytest.mark.parametrize(("url", "answers"), STEPS[:3])
def test_unknown_choices_give_field_errors(client: CarefulClient, url: str, answers: dict[str, Any]) -> None:
    client.post("/request", data=WHO)
    choices = [name for name in answers if name in CHOICES - {"interpreter_needed"}]
    ticks = [name for name, value in answers.items() if isinstance(value, list)]
    sent = dict.fromkeys([*choices, *ticks], "no-such-thing")
    page = client.post(url, data={**answers, **sent})
    assert page.status_code == 422
    assert sorted(error_links(page)) == sorted([*choices, *(f"{name}-0" for name in ticks)])
    assert page.text.count("Choose from the list") == 2 * len(sent)


def test_dates_and_hours_that_cannot_be_read_are_field_errors(client: CarefulClient) -> None:
    client.post("/request", data=WHO)
    for change, wrong in UNREADABLE:
        page = client.post("/request/when", data={**WHEN, **change})
        assert (change, page.status_code, error_links(page)) == (change, 422, wrong)
        assert all(f'value="{typed}"' in page.text for typed in change.values() if typed)


def test_group_size_must_be_a_number(client: CarefulClient) -> None:
    client.post("/request", data=WHO)
    for size in ("", "some", "0", "-3", "7.5", "٣", "1_000", "9" * 5000):
        page = client.post("/request/delegation", data={**DELEGATION, "group_size": size})
        assert (size, page.status_code, error_links(page)) == (size, 422, ["group_size"])
        assert ("Write a number from 1 to 999999." in page.text) == (size in ("0", "9" * 5000))


def test_address_that_cannot_receive_mail_is_a_field_error(client: CarefulClient) -> None:
    for email in ("marloes", "a@b", "a b@example.org", "a@example.org\nBcc: x@example.org", "@", "a@@b.no"):
        page = client.post("/request", data={**WHO, "contact_email": email})
        assert (email, page.status_code, error_links(page)) == (email, 422, ["contact_email"])


def test_website_must_be_a_web_address(client: CarefulClient) -> None:
    for website in ("javascript:alert(1)", "file:///etc/passwd", "no address", "localhost"):
        page = client.post("/request", data={**WHO, "website": website})
        assert (website, page.status_code, error_links(page)) == (website, 422, ["website"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"group_size": "52"}, "52 people is a large group"),
        ({"starts_on_1": "2027-03-10", "ends_on_1": "2027-03-12"}, "We ask for 30 days"),
        ({"starts_on_1": "2026-05-11", "ends_on_1": "2026-05-12"}, "are past. Is the year right?"),
        ({"starts_on_1": "2027-05-15", "ends_on_1": "2027-05-16"}, "is a weekend"),
        ({"starts_on_1": "2027-05-17", "ends_on_1": "2027-05-17"}, "has only public holidays"),
    ],
)
def test_difficult_wishes_are_advised_on_and_not_refused(
    client: CarefulClient, store: Any, clock: Any, change: dict[str, str], words: str
) -> None:
    page = fill_in(client, change=change)
    assert words in page.text
    clock.shift(timedelta(minutes=4))
    client.post("/request/check", data={"carried": carried_by(page)})
    assert count(store, Visit) == 1


def test_short_courtesy_call_by_a_minister_needs_less_notice(client: CarefulClient, clock: Any) -> None:
    wish = {"starts_on_1": "2027-03-22", "ends_on_1": "2027-03-22", "head_level": "minister", "duration_hours": "1"}
    assert "We ask for" not in fill_in(client, change=wish).text
    assert "We ask for 30 days" in fill_in(client, change={**wish, "head_level": "expert"}).text


def test_sound_request_gets_no_remarks(client: CarefulClient, clock: Any) -> None:
    assert "Before you send" not in fill_in(client).text


def test_countries_are_in_the_readers_language_and_alphabet(client: CarefulClient) -> None:
    norwegian = client.get("/request", headers={"Accept-Language": "nb"}).text
    english = client.get("/request", headers={"Accept-Language": "en"}).text
    assert norwegian.index(">Zimbabwe<") < norwegian.index(">Østerrike<") < norwegian.index(">Åland<")
    assert english.index(">Afghanistan<") < english.index(">Åland Islands<") < english.index(">Albania<")
