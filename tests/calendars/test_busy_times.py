"""Others' calendars as busy times: repetition, exceptions, zones, whole days, and what does not keep anybody busy."""

from __future__ import annotations

import pytest

from app.calendars.busy import BusyTime, NotTaken
from app.calendars.essentials import essentials_of
from app.calendars.reading import read_busy
from tests.calendars.others import FREE_BUSY, GOOGLE, HORIZON, NEXTCLOUD, OUTLOOK, busy, calendar

pytestmark = pytest.mark.one_engine
MARCH_8 = busy("2027-03-08 08:00", "2027-03-08 09:00")
AT_NINE = "DTSTART;TZID=Europe/Oslo:20270308T090000\nDTEND;TZID=Europe/Oslo:20270308T100000"

CUSTOM_ZONE = """BEGIN:VTIMEZONE
TZID:Our own clock
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0300
TZOFFSETTO:+0300
END:STANDARD
END:VTIMEZONE
"""


def read(*events: str, around: str = "") -> list[BusyTime]:
    """What is read of a calendar with these events."""
    return list(read_busy(calendar(*events, around=around), HORIZON).busy)


def test_google_calendar() -> None:
    assert list(read_busy(GOOGLE.encode(), HORIZON).busy) == [
        busy("2027-03-08 08:00", "2027-03-08 08:30"),
        busy("2027-03-23 12:00", "2027-03-23 13:00", tentative=True),
        busy("2027-03-29 07:00", "2027-03-29 07:30"),
    ]


def test_outlook_calendar() -> None:
    assert list(read_busy(OUTLOOK.encode(), HORIZON).busy) == [
        busy("2027-03-10 12:00", "2027-03-10 14:00"),
        busy("2027-03-11 07:00", "2027-03-11 08:00", tentative=True),
        busy("2027-03-24 12:00", "2027-03-24 14:00"),
        busy("2027-03-26 23:00", "2027-03-29 22:00"),  # the clock changes on the 28th
        busy("2027-04-07 11:00", "2027-04-07 13:00"),
    ]


def test_nextcloud_calendar() -> None:
    assert list(read_busy(NEXTCLOUD.encode(), HORIZON).busy) == [
        busy("2027-03-16 09:15", "2027-03-16 10:00"),
        busy("2027-03-18 09:15", "2027-03-18 10:00"),
    ]


def test_free_busy_list() -> None:
    """What is free keeps nobody busy, what is of a kind that nobody knows does (RFC 5545, 3.2.9)."""
    assert list(read_busy(FREE_BUSY.encode(), HORIZON).busy) == [
        busy("2027-03-08 08:00", "2027-03-08 09:30"),
        busy("2027-03-08 12:00", "2027-03-08 13:00"),
        busy("2027-03-09 08:00", "2027-03-09 09:00", tentative=True),
        busy("2027-03-10 08:00", "2027-03-10 09:00", tentative=True),
        busy("2027-03-11 08:00", "2027-03-12 08:00"),
        busy("2027-03-15 08:00", "2027-03-15 09:00"),
        busy("2027-03-16 08:00", "2027-03-16 09:00"),
    ]


def test_free_busy_list_beside_events_and_with_senseless_periods() -> None:
    taken = "FREEBUSY:20270309T080000Z/PT1H,yesterday,20270310T080000Z,20280501T080000Z/PT1H,20270311T090000/PT30M"
    around = f"BEGIN:VFREEBUSY\nDTSTART:never\n{taken}\nFREEBUSY:\nEND:VFREEBUSY\n"
    found = read_busy(calendar(AT_NINE, around=around), HORIZON)
    assert list(found.busy) == [
        MARCH_8,
        busy("2027-03-09 08:00", "2027-03-09 09:00"),
        busy("2027-03-11 08:00", "2027-03-11 08:30"),  # without a zone: on the owner's clock
    ]
    assert found.unreadable == 3


def test_free_busy_counts_only_where_it_belongs() -> None:
    assert read(f"UID:a\n{AT_NINE}\nFREEBUSY:20270309T080000Z/PT1H") == [MARCH_8]


@pytest.mark.parametrize("zone", ["", ";TZID=Europe/Oslo", ";TZID=W. Europe Standard Time", ";TZID=Bergen"])
@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("0215", "0245", [busy("2027-03-28 01:15", "2027-03-28 01:45")]),
        ("0130", "0230", [busy("2027-03-28 00:30", "2027-03-28 01:30")]),
        ("0230", "0400", [busy("2027-03-28 01:30", "2027-03-28 02:00")]),
    ],
)
def test_hour_that_the_clock_skips_is_counted_as_before_the_change(
    zone: str, begin: str, end: str, expected: list[BusyTime]
) -> None:
    """RFC 5545, 3.3.5, whoever wrote the zone: 02.15 is 03.15 that night."""
    own = GOOGLE[GOOGLE.index("BEGIN:VTIMEZONE") : GOOGLE.index("BEGIN:VEVENT")].replace("Europe/Oslo", "Bergen")
    event = f"UID:a\nDTSTART{zone}:20270328T{begin}00\nDTEND{zone}:20270328T{end}00"
    assert read(event, around=own) == expected
    assert read(event + "\nRRULE:FREQ=DAILY;COUNT=1", around=own) == expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param(AT_NINE, [MARCH_8], id="single"),
        pytest.param("DTSTART:20270308T080000Z\nDTEND:20270308T090000Z", [MARCH_8], id="utc"),
        pytest.param("DTSTART:20270308T090000\nDTEND:20270308T100000", [MARCH_8], id="floating is the owner's clock"),
        pytest.param(
            "DTSTART;TZID=W. Europe Standard Time:20270308T090000\nDURATION:PT1H", [MARCH_8], id="a Windows zone"
        ),
        pytest.param(
            'DTSTART;TZID="(UTC+01:00) Amsterdam, Berlin, Vienna":20270308T090000\nDURATION:PT1H',
            [MARCH_8],
            id="an unknown zone is the owner's",
        ),
        pytest.param(
            "DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Oslo:20270308T090000\nDURATION:PT1H",
            [MARCH_8],
            id="an Olson zone with a prefix",
        ),
        pytest.param(
            "DTSTART;TZID=tzone://Microsoft/Custom:20270308T090000\nDURATION:PT1H",
            [MARCH_8],
            id="a zone with colons and without quotes",
        ),
        pytest.param(
            "DTSTART;TZID=(UTC+01:00) Oslo, Stockholm:20270308T090000\nDURATION:PT1H",
            [MARCH_8],
            id="a zone with a comma and without quotes",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20270308\nDTEND;VALUE=DATE:20270308",
            [busy("2027-03-07 23:00", "2027-03-08 23:00")],
            id="whole day that ends on itself",
        ),
        pytest.param(
            "DTSTART;TZID=tzone://Microsoft/Utc:20270308T080000\nDURATION:PT1H", [MARCH_8], id="Outlook's UTC"
        ),
        pytest.param("DTSTART;TZID=America/New_York:20270308T030000\nDURATION:PT1H", [MARCH_8], id="another zone"),
        pytest.param("DTSTART;TZID=Our own clock:20270308T110000\nDURATION:PT1H", [MARCH_8], id="the file's own zone"),
        pytest.param(
            "DTSTART;VALUE=DATE:20270308", [busy("2027-03-07 23:00", "2027-03-08 23:00")], id="whole day without end"
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20270328\nDTEND;VALUE=DATE:20270329",
            [busy("2027-03-27 23:00", "2027-03-28 22:00")],
            id="a day of 23 hours",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20271031\nDURATION:P1D",
            [busy("2027-10-30 22:00", "2027-10-31 23:00")],
            id="a day of 25 hours",
        ),
        pytest.param("DTSTART:20270308T080000Z", [], id="a moment without end keeps nobody busy"),
        pytest.param("DTSTART:20270308T080000Z\nDTEND:20270308T070000Z", [], id="reversed"),
        pytest.param(AT_NINE + "\nTRANSP:TRANSPARENT", [], id="transparent"),
        pytest.param(AT_NINE + "\nSTATUS:CANCELLED", [], id="cancelled"),
        pytest.param(AT_NINE + "\nX-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", [], id="works elsewhere"),
        pytest.param(
            AT_NINE + "\nSTATUS:TENTATIVE",
            [busy("2027-03-08 08:00", "2027-03-08 09:00", tentative=True)],
            id="tentative",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Oslo:20270328T023000\nDTEND;TZID=Europe/Oslo:20270328T033000",
            [],
            id="an hour that the clock skips: 02.30 is 03.30",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Oslo:20270327T220000\nDURATION:PT8H",
            [busy("2027-03-27 21:00", "2027-03-28 05:00")],
            id="eight real hours in the short night",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Oslo:20271030T220000\nDTEND;TZID=Europe/Oslo:20271031T060000",
            [busy("2027-10-30 20:00", "2027-10-31 05:00")],
            id="until six in the long night",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Oslo:20271030T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3",
            [
                busy("2027-10-30 07:00", "2027-10-30 08:00"),
                busy("2027-10-31 08:00", "2027-10-31 09:00"),
                busy("2027-11-01 08:00", "2027-11-01 09:00"),
            ],
            id="nine stays nine when the clock changes",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Oslo:20271030T220000\nDURATION:PT8H\nRRULE:FREQ=YEARLY;COUNT=1",
            [busy("2027-10-30 20:00", "2027-10-31 04:00")],
            id="eight real hours in the long night, of a series",
        ),
        pytest.param(
            "DTSTART:20270308T080000Z\nDTEND:20270308T090000Z\nRDATE;VALUE=PERIOD:20270309T080000Z/PT2H",
            [MARCH_8, busy("2027-03-09 08:00", "2027-03-09 10:00")],
            id="one more date with a length of its own",
        ),
        pytest.param(
            AT_NINE + "\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20270309",
            [MARCH_8, busy("2027-03-10 08:00", "2027-03-10 09:00")],
            id="a date left out",
        ),
        pytest.param(
            AT_NINE + "\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20270309T080000Z",
            [MARCH_8, busy("2027-03-10 08:00", "2027-03-10 09:00")],
            id="a date left out, in UTC",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20270308\nRRULE:FREQ=MONTHLY;BYDAY=2MO;UNTIL=20270412",
            [busy("2027-03-07 23:00", "2027-03-08 23:00"), busy("2027-04-11 22:00", "2027-04-12 22:00")],
            id="whole days, repeated",
        ),
    ],
)
def test_event(event: str, expected: list[BusyTime]) -> None:
    assert read(f"UID:a\n{event}", around=CUSTOM_ZONE) == expected


def test_exceptions_move_cancel_and_free_single_occurrences() -> None:
    series = f"UID:a\n{AT_NINE}\nRRULE:FREQ=DAILY;COUNT=5"
    moved = "UID:a\nRECURRENCE-ID:20270309T080000Z\nDTSTART:20270401T080000Z\nDTEND:20270401T083000Z"
    cancelled = f"UID:a\nRECURRENCE-ID;TZID=Europe/Oslo:20270310T090000\n{AT_NINE}\nSTATUS:CANCELLED"
    free = f"UID:a\nRECURRENCE-ID;TZID=Europe/Oslo:20270311T090000\n{AT_NINE}\nTRANSP:TRANSPARENT"
    assert read(moved, cancelled, series, free) == [
        MARCH_8,
        busy("2027-03-12 08:00", "2027-03-12 09:00"),
        busy("2027-04-01 08:00", "2027-04-01 08:30"),
    ]


def test_this_and_future_moves_the_rest() -> None:
    series = f"UID:a\n{AT_NINE}\nRRULE:FREQ=DAILY;COUNT=3"
    later = (
        "UID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Oslo:20270309T090000\n"
        "DTSTART;TZID=Europe/Oslo:20270309T110000\nDTEND;TZID=Europe/Oslo:20270309T120000"
    )
    assert read(series, later) == [
        MARCH_8,
        busy("2027-03-09 10:00", "2027-03-09 11:00"),
        busy("2027-03-10 10:00", "2027-03-10 11:00"),
    ]


def test_times_without_overlap_and_cut_at_the_horizon() -> None:
    assert read(
        "UID:a\nDTSTART:20200101T000000Z\nDTEND:20270217T000000Z",
        "UID:b\nDTSTART:20270308T080000Z\nDTEND:20270308T090000Z",
        "UID:c\nDTSTART:20270308T083000Z\nDTEND:20270308T100000Z",
        "UID:d\nDTSTART:20270308T083000Z\nDTEND:20270308T084500Z\nSTATUS:TENTATIVE",
        "UID:e\nDTSTART:20290308T083000Z\nDTEND:20290308T084500Z",
    ) == [
        busy("2027-02-15 23:00", "2027-02-17 00:00"),
        busy("2027-03-08 08:00", "2027-03-08 10:00"),
        busy("2027-03-08 08:30", "2027-03-08 08:45", tentative=True),
    ]


def test_one_senseless_event_costs_no_other() -> None:
    good = f"UID:good\n{AT_NINE}"
    found = read_busy(calendar("UID:a\nDTSTART:yesterday", good, "UID:b\nRRULE:FREQ=SOMETIMES", "UID:c"), HORIZON)
    assert (list(found.busy), found.unreadable) == ([MARCH_8], 3)


def test_events_without_uid_are_separate() -> None:
    assert len(read(AT_NINE, "DTSTART:20270309T080000Z\nDURATION:PT1H")) == 2


def test_nothing_but_times_is_kept_of_a_file() -> None:
    for sample in (GOOGLE, OUTLOOK, NEXTCLOUD, FREE_BUSY):
        text = str(essentials_of(sample.encode(), HORIZON))
        told = ("SUMMARY", "ATTENDEE", "ORGANIZER", "Salary", "Dentist", "VALARM", "VTODO")
        assert [word for word in told if word in text] == []


@pytest.mark.parametrize(
    "body",
    [b"", b"<!doctype html><title>Sign in</title>", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"\xff", b"BEGIN:VCARD"],
)
def test_what_is_no_calendar_is_refused(body: bytes) -> None:
    with pytest.raises(NotTaken, match="unreadable"):
        read_busy(body, HORIZON)
