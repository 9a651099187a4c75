"""One event as text."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars import Event, fragment

pytestmark = pytest.mark.one_engine

EVENT = Event(
    uid="appointment-7@bergen.example.org",
    starts_at=datetime(2027, 6, 8, 8, tzinfo=UTC),
    ends_at=datetime(2027, 6, 8, 9, 30, tzinfo=UTC),
    status="tentative",
    sequence=2,
    changed_at=datetime(2027, 5, 3, 11, 12, 13, tzinfo=UTC),
    created_at=datetime(2027, 4, 1, 7, tzinfo=UTC),
    summary="Vann og avløp: Gemeente Utrecht",
    location="Rådhuset, Bergen",
    description="Medvert: Bymiljøetaten\nSpråk: engelsk; nederlandsk",
    url="https://bergen.example.org/visits/K7M-4QX",
    categories=("Vann, avløp", "Klima"),
    coordinates=(60.392512, -5.3233),
)

TEXT = """\
BEGIN:VEVENT
SUMMARY:Vann og avløp: Gemeente Utrecht
DTSTART;TZID=Europe/Oslo:20270608T100000
DTEND;TZID=Europe/Oslo:20270608T113000
DTSTAMP:20270503T111213Z
UID:appointment-7@bergen.example.org
SEQUENCE:2
CATEGORIES:Vann\\, avløp,Klima
CREATED:20270401T070000Z
DESCRIPTION:Medvert: Bymiljøetaten\\nSpråk: engelsk\\; nederlandsk
GEO:60.392512;-5.3233
LAST-MODIFIED:20270503T111213Z
LOCATION:Rådhuset\\, Bergen
STATUS:TENTATIVE
TRANSP:OPAQUE
URL:https://bergen.example.org/visits/K7M-4QX
X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE
END:VEVENT
"""

words = st.text(max_size=300)
norwegian_and_chinese = st.text(st.sampled_from("æøåÆØÅ代表团访问卑尔根市政厅😀 ab,;\\"), min_size=60, max_size=300)


def parsed(text: str) -> icalendar.Event:
    component = icalendar.Event.from_ical(text)
    assert isinstance(component, icalendar.Event)
    return component


def names_in(text: str) -> Counter[str]:
    """How often each property occurs, components and all, read line by line as a strict client would."""
    unfolded = text.replace("\r\n ", "")
    return Counter(line.split(":")[0].split(";")[0] for line in unfolded.split("\r\n"))


def test_fragment_is_exactly_this_text() -> None:
    assert fragment(EVENT) == TEXT.replace("\n", "\r\n")


def test_fragment_of_the_same_event_is_the_same_text() -> None:
    assert fragment(EVENT) == fragment(replace(EVENT))


@pytest.mark.parametrize(
    ("status", "transp", "outlook"),
    [("tentative", "OPAQUE", "TENTATIVE"), ("confirmed", "OPAQUE", "BUSY"), ("cancelled", "TRANSPARENT", "FREE")],
)
def test_fragment_says_the_status_for_every_program(status: str, transp: str, outlook: str) -> None:
    component = parsed(fragment(replace(EVENT, status=status)))  # type: ignore[arg-type]
    shown = (component["STATUS"], component["TRANSP"], component["X-MICROSOFT-CDO-BUSYSTATUS"])
    assert shown == (status.upper(), transp, outlook)


def test_fragment_with_only_what_must_be_has_no_empty_properties() -> None:
    bare = replace(EVENT, location="", description="", url="", categories=())
    assert names_in(fragment(EVENT)) - names_in(fragment(bare)) == Counter(
        ["LOCATION", "DESCRIPTION", "URL", "CATEGORIES"]
    )


def test_fragment_in_the_hour_that_comes_twice_is_told_in_utc() -> None:
    second = replace(
        EVENT, starts_at=datetime(2026, 10, 25, 1, 15, tzinfo=UTC), ends_at=datetime(2026, 10, 25, 3, tzinfo=UTC)
    )
    text = fragment(second)
    assert "DTSTART:20261025T011500Z\r\n" in text
    assert "DTEND;TZID=Europe/Oslo:20261025T040000\r\n" in text


@pytest.mark.parametrize("length", [timedelta(0), timedelta(minutes=-1)])
def test_fragment_that_does_not_end_after_it_starts_is_refused(length: timedelta) -> None:
    with pytest.raises(ValueError, match="end after"):
        fragment(replace(EVENT, ends_at=EVENT.starts_at + length))


def test_fragment_with_a_naive_time_is_refused() -> None:
    naive = replace(EVENT, starts_at=datetime(2027, 6, 8, 8), ends_at=datetime(2027, 6, 8, 9))
    with pytest.raises(ValueError, match="naive"):
        fragment(naive)


@given(norwegian_and_chinese, norwegian_and_chinese)
def test_fragment_folds_long_lines_between_characters(summary: str, description: str) -> None:
    octets = fragment(replace(EVENT, summary=summary, description=description)).encode()
    lines = octets.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() == line.decode(errors="replace") for line in lines)  # decode() raises inside a character
    assert octets.count(b"\n") == octets.count(b"\r") == octets.count(b"\r\n")


@given(norwegian_and_chinese)
def test_fragment_gives_the_words_back_to_a_parser(words: str) -> None:
    tidy = " ".join(words.split())
    component = parsed(fragment(replace(EVENT, summary=tidy, location=tidy or "x")))
    assert (str(component["SUMMARY"]), str(component["LOCATION"])) == (tidy, tidy or "x")


def test_fragment_gives_everything_back_to_a_parser() -> None:
    component = parsed(fragment(EVENT))
    back = Event(
        uid=str(component["UID"]),
        starts_at=component.start.astimezone(UTC),
        ends_at=component.end.astimezone(UTC),
        status=component["STATUS"].lower(),
        sequence=int(component["SEQUENCE"]),
        changed_at=component["LAST-MODIFIED"].dt,
        created_at=component["CREATED"].dt,
        summary=str(component["SUMMARY"]),
        location=str(component["LOCATION"]),
        description=str(component["DESCRIPTION"]),
        url=str(component["URL"]),
        categories=tuple(map(str, component["CATEGORIES"].cats)),
        coordinates=(component["GEO"].latitude, component["GEO"].longitude),
    )
    assert back == EVENT
    assert component.stamp == EVENT.changed_at


ATTACKS = [
    "x\r\nATTENDEE:mailto:eve@example.org",
    "x\nATTENDEE:mailto:eve@example.org",
    "x\rATTENDEE:mailto:eve@example.org",
    "x\x85ATTENDEE:y",
    "x\u2028ATTENDEE:y",
    "x\x0b\x0c\x00\x1bATTENDEE:y",
    "x\\nATTENDEE:y",
    "x;VALUE=DATE:y",
    'x";ALTREP="https://evil.example.org":y',
    "x,y,z:;=\\",
    "\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nACTION:AUDIO\r\nEND:VALARM\r\nBEGIN:VEVENT\r\n",
    "\u202eevil\u2066",
]
FIELDS = ["uid", "summary", "location", "description", "url", "categories"]


def attacked(field: str, attack: str) -> Event:
    value: object = (attack,) if field == "categories" else attack
    if field == "url":
        value = f"https://bergen.example.org/{attack}"
    return replace(EVENT, **{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("field", FIELDS)
def test_fragment_with_an_injection_has_the_same_properties(field: str, attack: str) -> None:
    text = fragment(attacked(field, attack))
    assert names_in(text) == names_in(fragment(EVENT))
    assert Counter(name for name, _ in parsed(text).property_items()) == Counter(
        name for name, _ in parsed(fragment(EVENT)).property_items()
    )
    assert not set(text) & set("\x85\u2028\x0b\x0c\x00\x1b\u202e\u2066")


@given(st.sampled_from(["summary", "uid"]), words)
def test_fragment_with_any_text_in_a_required_field_has_the_same_properties(field: str, text: str) -> None:
    assert names_in(fragment(attacked(field, text))) == names_in(fragment(EVENT))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example.org/", "visits/1", " "])
def test_fragment_with_an_address_that_is_not_web_leaves_it_out(url: str) -> None:
    assert "URL" not in names_in(fragment(replace(EVENT, url=url)))


def test_fragment_with_letters_in_an_address_encodes_them() -> None:
    assert "URL:https://bergen.example.org/r%C3%A5d%20hus?a=1&b=%7Bx%7D\r\n" in fragment(
        replace(EVENT, url="https://bergen.example.org/råd hus?a=1&b={x}")
    )
