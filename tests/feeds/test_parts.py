"""Calendars put together of weeks: however that is done, the same events give the same bytes and validator."""

from __future__ import annotations

import gzip
import random

import pytest

from app.feeds.parts import Body, assemble, pack, with_weeks
from app.feeds.shelf import Shelf

OPENING = b"BEGIN:VCALENDAR\r\n"


def week(number: int, version: int = 0) -> bytes:
    return f"week {number} of version {version}\r\n".encode() * 20


def test_week_replaced_gives_what_making_it_anew_gives() -> None:
    texts = {number: week(number) for number in range(10)}
    body = assemble(OPENING, texts)
    for number, text in ((4, week(4, 1)), (0, b""), (12, week(12)), (7, b""), (9, week(9, 2))):
        texts[number] = text
        body = with_weeks(body, {number: text})
        assert body == assemble(OPENING, texts)
    assert body.content == OPENING + b"".join(text for _, text in sorted(texts.items())) + b"END:VCALENDAR\r\n"


def test_same_week_again_keeps_the_validator_and_another_changes_it() -> None:
    body = assemble(OPENING, {1: week(1), 2: week(2)})
    assert with_weeks(body, {2: week(2)}).etag == body.etag
    tags = {body.etag, with_weeks(body, {2: week(2, 1)}).etag, assemble(b"x", {1: week(1), 2: week(2)}).etag}
    assert len(tags | {with_weeks(body, {2: b""}).etag}) == 4


@pytest.mark.parametrize("weeks", [0, 1, 30])
def test_packed_body_unpacks_to_the_plain_one(weeks: int) -> None:
    body = assemble(OPENING, {number: week(number) for number in range(weeks)})
    assert gzip.decompress(pack(body).content) == body.content


def test_packed_body_made_of_an_earlier_one_is_the_same_bytes() -> None:
    chance, texts = random.Random(5), {number: week(number) for number in range(20)}
    body = assemble(OPENING, texts)
    packed: Body | None = None
    for step in range(10):
        changed = chance.randrange(25)
        body = with_weeks(body, {changed: week(changed, step)})
        packed = pack(body, packed)
        assert packed == pack(body)
        assert gzip.decompress(packed.content) == body.content


def test_shelf_lets_go_of_what_was_not_used_for_longest() -> None:
    bodies = [assemble(OPENING, {1: bytes(1_000)}) for _ in range(4)]
    size = len(bodies[0].content)
    shelf = Shelf(3 * size)
    for number, body in enumerate(bodies[:3]):
        shelf.put(number, "identity", body)
    shelf.find(0, "identity")
    shelf.put(3, "identity", bodies[3])
    shelf.put(0, "identity", bodies[0])  # again: it counts once
    held = [number for number in range(4) if shelf.find(number, "identity") is not None]
    shelf.put(9, "identity", assemble(OPENING, {1: bytes(4 * size)}))
    assert (held, shelf.find(9, "identity")) == ([0, 2, 3], None)
