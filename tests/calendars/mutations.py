"""Calendar files gone wrong: bits flipped, pieces cut out, doubled, put elsewhere or into another file."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tests.calendars.bombs import DAILY, DUDS
from tests.calendars.others import FREE_BUSY, GOOGLE, NEXTCLOUD, OUTLOOK, calendar

SEEDS = 300


def seeds() -> list[bytes]:
    """Three hundred files: what programs publish, and small ones with every property and frequency."""
    found = [text.replace("\n", "\r\n").encode() for text in (GOOGLE, OUTLOOK, NEXTCLOUD, FREE_BUSY)]
    found += [DAILY, DUDS["an alarm that repeats for ever"]]
    frequencies = ("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
    zones = ("", ";TZID=Europe/Oslo", ";TZID=W. Europe Standard Time", ";TZID=America/New_York", ";TZID=Nowhere")
    extras = ("COUNT=5", "UNTIL=20270401T000000Z", "INTERVAL=3;COUNT=9", "BYDAY=MO,FR;COUNT=4", "BYMONTHDAY=-1;COUNT=3")
    while len(found) < SEEDS:
        number = len(found)
        zone, frequency = zones[number % 5], frequencies[number // 5 % 5]
        found.append(
            calendar(
                f"UID:{number}\nDTSTART{zone}:20270308T0900{number % 60:02}\nDURATION:PT{number}M\n"
                f"RRULE:FREQ={frequency};{extras[number // 25 % 5]}\nEXDATE{zone}:20270315T0900{number % 60:02}",
                f"UID:{number}\nRECURRENCE-ID{zone}:20270309T0900{number % 60:02}\nDTSTART:20270310T080000Z\n"
                f"DTEND:20270310T0{number % 10}3000Z\nSTATUS:TENTATIVE",
                f"UID:day-{number}\nDTSTART;VALUE=DATE:202703{number % 28 + 1:02}\nRDATE;VALUE=DATE:20270401,20270402",
            )
        )
    return found


def mutations(count: int, seed: int) -> Iterator[bytes]:
    """So many files, always the same ones for the same seed."""
    random, files = Random(seed), seeds()
    for number in range(count):
        body = bytearray(files[number % len(files)])
        for _ in range(random.randint(1, 6)):
            _spoil(body, random, files)
        yield bytes(body)


def _spoil(body: bytearray, random: Random, files: list[bytes]) -> None:
    here = random.randrange(len(body) + 1)
    length = random.randint(1, 80)
    kind = random.randrange(6)
    if kind == 0 and here < len(body):
        body[here] ^= 1 << random.randrange(8)
    elif kind == 1:
        del body[here : here + length]
    elif kind == 2:
        body[here:here] = body[here : here + length] * random.randint(1, 3)
    elif kind == 3:
        other = random.choice(files)
        there = random.randrange(len(other))
        body[here:here] = other[there : there + length]
    elif kind == 4:
        body[here:here] = random.randbytes(random.randint(1, 4))
    elif random.random() < 0.1:
        del body[here:]
