"""A link is replaced while programs fetch it: what the old one answers before and after the reply."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

from tests.feeds.conftest import Region, csrf_token

PROGRAMS = 4


@dataclass(frozen=True, slots=True)
class Rotation:
    """How many fetches of the old link opened it before the reply, began after it, and opened it all the same."""

    before: int
    after: int
    opened_after: int


def rotate_while_fetching(region: Region, server: str, *, fetches: int) -> Rotation:
    """Four programs fetch the old link; half way through, its owner makes a new one on the page."""
    region.add("Tour", contact=region.ola)
    path = region.subscribe(region.ola)
    owner = region.signed_in(region.ola)
    token = csrf_token(owner.get("/my-feeds").text)
    with ThreadPoolExecutor(PROGRAMS) as pool:
        fetching = [pool.submit(_fetch, server, path, fetches // PROGRAMS) for _ in range(PROGRAMS)]
        while not any(one.running() for one in fetching):
            time.sleep(0.001)
        time.sleep(0.4)
        assert owner.post("/my-feeds/1/renew", data={"csrf_token": token}).status_code == 303
        replied = time.monotonic()
        seen = [pair for one in fetching for pair in one.result(300)]
    late = [status for begun, status in seen if begun > replied]
    return Rotation(len(seen) - len(late), len(late), late.count(200) + late.count(304))


def _fetch(server: str, path: str, count: int) -> list[tuple[float, int]]:
    """When each fetch began and what was answered; paced, so that the rotation falls among them."""
    connection, seen = HTTPConnection(urlsplit(server).netloc, timeout=60), []
    for _ in range(count):
        begun = time.monotonic()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        seen.append((begun, answer.status))
        time.sleep(0.02)
    connection.close()
    return seen
