"""Small files that stand for very much work: what is known to have stopped calendar programs."""

from __future__ import annotations

from tests.calendars.others import calendar

_SINCE_1970 = "UID:a\nDTSTART:19700101T000000Z\nDURATION:PT1S\nRRULE:FREQ="
_HOUR = "DTSTART:20270308T080000Z\nDTEND:20270308T090000Z"

# What is refused.
BOMBS: dict[str, bytes] = {
    "every second since 1970": calendar(f"{_SINCE_1970}SECONDLY"),
    "every minute since 1970": calendar(f"{_SINCE_1970}MINUTELY"),
    "a thousand million seconds": calendar(f"{_SINCE_1970}SECONDLY;COUNT=1000000000"),
    "every second of some hours": calendar(
        f"{_SINCE_1970}YEARLY;BYHOUR=1,2;BYMINUTE=0,1;BYSECOND="
        + ",".join(map(str, range(60)))
        + ";BYDAY=MO,TU,WE,TH,FR"
    ),
    "a hundred thousand dates": calendar(f"UID:a\n{_HOUR}\nRDATE:" + ",".join(["20270308T080000Z"] * 100_000)),
    "a hundred thousand taken times": calendar(
        around="BEGIN:VFREEBUSY\nFREEBUSY:" + ",".join(["20270308T080000Z/PT1H"] * 100_000) + "\nEND:VFREEBUSY\n"
    ),
    "fifty thousand events": calendar(*(f"UID:{number}\n{_HOUR}" for number in range(50_000))),
    "a date that never comes": calendar(f"UID:a\n{_HOUR}\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
    "nested five thousand times": b"BEGIN:VCALENDAR\r\n"
    + b"BEGIN:VEVENT\r\n" * 5_000
    + b"END:VEVENT\r\n" * 5_000
    + b"END:VCALENDAR\r\n",
    "five million lines": b"BEGIN:VCALENDAR\r\n" + b"a\n" * 5_000_000 + b"END:VCALENDAR\r\n",
    "two million identifiers": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n"
    + b"UID:\n" * 2_000_000
    + b"END:VEVENT\nEND:VCALENDAR\n",
    "ten thousand changes of clock": calendar(
        around="BEGIN:VTIMEZONE\nTZID:x\n"
        + "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD\n" * 10_000
        + "END:VTIMEZONE\n"
    ),
}
# The same kind of work as another of them; kept for `make acceptance`.
MORE_OF_THE_SAME = ("five million lines", "two million identifiers")
# What looks as bad and is harmless, because the part that hurts is never looked at; one hour is busy in each.
DUDS: dict[str, bytes] = {
    "one line of ten million letters": calendar(f"UID:a\n{_HOUR}\nSUMMARY:" + "x" * 10_000_000),
    "an alarm that repeats for ever": calendar(
        f"UID:a\n{_HOUR}\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:PT0S\nREPEAT:2147483647\nDURATION:PT1S\nEND:VALARM"
    ),
    "ten thousand old events": calendar(
        *(f"UID:{number}\nDTSTART:20170308T080000Z\nDTEND:20170308T090000Z" for number in range(10_000)),
        f"UID:a\n{_HOUR}",
    ),
    "a thousand million days": calendar(f"UID:a\n{_HOUR}\nRRULE:FREQ=DAILY;UNTIL=20270308T080000Z;INTERVAL=1000000000"),
}
# Honest, and long: a meeting every day for twenty years.
DAILY = calendar("UID:a\nDTSTART:20070308T080000Z\nDTEND:20070308T090000Z\nRRULE:FREQ=DAILY;COUNT=1000000000")
