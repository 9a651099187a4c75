"""The time that an answer proposes is on the mail's own clock, where its zone has no name that the world knows."""

from __future__ import annotations

import pytest

from app.calendars import Answer, read_answer

pytestmark = pytest.mark.one_engine
FOREVER = "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:{to}\nTZOFFSETTO:{to}\nEND:STANDARD"
HELSINKI = "(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius"


def zone(name: str, to: str = "+0200", rules: str = FOREVER) -> str:
    return "\n".join(("BEGIN:VTIMEZONE", f"TZID:{name}", rules.format(to=to), "END:VTIMEZONE"))


def answer(starts: str, ends: str, *zones: str, method: str = "COUNTER", zones_last: bool = False) -> Answer:
    event = ["BEGIN:VEVENT", "UID:one@vertskap", "ATTENDEE;PARTSTAT=TENTATIVE:mailto:u@example.org", starts, ends]
    event += ["COMMENT:At ;TZID=x: later", "END:VEVENT"]
    parts = [*event, *zones] if zones_last else [*zones, *event]
    return read_answer("\n".join(("BEGIN:VCALENDAR", f"METHOD:{method}", *parts, "END:VCALENDAR", "")).encode())


def times(found: Answer) -> tuple[str, ...]:
    """Begin and end in UTC, as hours of the day proposed."""
    return tuple(f"{one:%d %H:%M}" if one else "" for one in (found.starts_at, found.ends_at))


def proposed(name: str, *zones: str, zones_last: bool = False) -> Answer:
    starts, ends = f"DTSTART;TZID={name}:20270308T130000", f"DTEND;TZID={name}:20270308T143000"
    return answer(starts, ends, *zones, zones_last=zones_last)


@pytest.mark.parametrize(
    ("name", "defined"),
    [
        ("Customized Time Zone", "Customized Time Zone"),
        (HELSINKI, HELSINKI),
        (f'"{HELSINKI}"', HELSINKI.replace(",", "\\,")),
        ("tzone://Microsoft/Custom", "tzone://Microsoft/Custom"),
        ("FLE Standard Time", "FLE Standard Time"),
        ("Europe/Kyiv", "Europe/Kyiv"),
        ("/mozilla.org/20050126_1/Europe/Kiev", "/mozilla.org/20050126_1/Europe/Kiev"),
    ],
)
def test_time_is_on_the_clock_that_the_mail_brings(name: str, defined: str) -> None:
    found = proposed(name, zone(defined), zones_last=name.startswith("Customized"))
    assert (times(found), found.elsewhere) == (("08 11:00", "08 12:30"), "")
    assert found.comment == "At ;TZID=x: later"


@pytest.mark.parametrize("defined", [(), (zone("tzone://Microsoft/Utc"),)])
@pytest.mark.parametrize("name", ["tzone://Microsoft/Utc", '"tzone://Microsoft/Utc"', "UTC", "utc", "Etc/UTC"])
def test_utc_is_utc_in_whichever_words(name: str, defined: tuple[str, ...]) -> None:
    found = proposed(name, *defined)
    assert (times(found), found.elsewhere) == (("08 13:00", "08 14:30"), "")


@pytest.mark.parametrize(
    "zones",
    [
        (),
        (zone("Another clock"),),
        (zone("Our clock", rules="X-NOTHING:1"),),
        (zone("Our clock", rules="BEGIN:STANDARD\nDTSTART:x\nEND:STANDARD"),),
    ],
    ids=["none", "another", "empty", "nonsense"],
)
def test_time_on_a_clock_that_nobody_knows_is_kept_as_written_and_is_no_moment(zones: tuple[str, ...]) -> None:
    found = proposed("Our clock", *zones)
    assert (times(found), found.elsewhere) == (("", ""), "2027-03-08 13:00–14:30, Our clock")


def test_clock_of_one_mail_is_not_that_of_the_next() -> None:
    found = [proposed("Our clock", zone("Our clock", to)) for to in ("+0200", "+0500")]
    found.append(proposed("Our clock"))
    assert [times(one)[0] for one in found] == ["08 11:00", "08 08:00", ""]


def test_length_and_an_end_on_another_clock_count() -> None:
    own = zone("Our clock")
    assert times(answer("DTSTART;TZID=Our clock:20270308T130000", "DURATION:PT1H", own)) == ("08 11:00", "08 12:00")
    ends = "DTEND;TZID=Europe/Oslo:20270308T143000"
    assert times(answer("DTSTART;TZID=Our clock:20270308T130000", ends, own)) == ("08 11:00", "08 13:30")


def test_clock_is_on_its_own_summer_time() -> None:
    summer = FOREVER.replace("STANDARD", "DAYLIGHT").replace("19700101", "19700329").format(to="+0300")
    rules = f"{FOREVER}\n{summer}".replace("DTSTART:19700329T000000", "DTSTART:20270307T000000")
    assert times(proposed("Our clock", zone("Our clock", rules=rules))) == ("08 10:00", "08 11:30")


def test_times_of_a_plain_answer_count_for_nothing_and_start_no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.calendars.replies.read_safely", lambda *_: pytest.fail("read"))
    found = answer("DTSTART;TZID=Our clock:20270308T130000", "DURATION:PT1H", zone("Our clock"), method="REPLY")
    assert (found.answer, found.elsewhere) == ("TENTATIVE", "")
