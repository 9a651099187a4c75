"""Rows SS-6, FZ-3 and FZ-6 at full length: spoilt files and bombs."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from http.client import HTTPConnection
from itertools import islice
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import scheduler
from app.calendars import sandbox
from app.calendars.busy import NotTaken, Reading
from app.calendars.models import BusyBlock, ExternalCalendar
from app.calendars.refreshing import IN_ONE_GO
from app.calendars.sandbox import read_safely
from app.core.time import now
from tests import cast
from tests.acceptance.own_calendars import GOOD, READ_AND_STORED, Figures, Store, people, subscribe
from tests.calendars.bombs import BOMBS, DUDS
from tests.calendars.mutations import mutations
from tests.calendars.others import HORIZON
from tests.calendars.test_fetching import HOSTILE
from tests.harness.internet import ALLOWED, small_internet
from tests.harness.nursery import nursery

SPOILT = 10_000  # files


def test_ten_thousand_files_gone_wrong(
    app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch, figures: Figures
) -> None:
    """Served, fetched and refreshed, a roundful at once; each is read in a process of its own, under its limits."""
    app.config["ICS_FETCH_ALLOW"] = ALLOWED
    owners = people(store, IN_ONE_GO)
    ended, files, known = Counter[str](), mutations(SPOILT, seed=2), 0
    with small_internet() as site, nursery() as readers:
        monkeypatch.setattr(sandbox, "_run", readers.run)
        urls = [site.serve(f"/{number}.ics", GOOD) for number in range(IN_ONE_GO)]
        subscribe(store, urls, owners)
        refresh(app, store)
        while round_ := list(islice(files, IN_ONE_GO)):
            before = blocks_of_each(store)
            for number, body in enumerate(round_):
                site.serve(f"/{number}.ics", body)
            refresh(app, store)
            for code, was, now_there in zip(failures(store), before, blocks_of_each(store), strict=True):
                ended[code or "read"] += 1
                if code:
                    assert now_there == was
                    known += bool(was)
    figures("FZ-3", files=SPOILT, **ended, kept_what_was_known=known, deaths=len(readers.deaths))
    figures("FZ-3", readings=readers.readings, most_cpu=readers.most_cpu, most_megabytes=round(readers.most_megabytes))
    assert readers.deaths == []
    assert set(ended) == {"read", "unreadable"}
    assert (readers.readings, ended.total()) == (SPOILT + IN_ONE_GO, SPOILT)
    assert (readers.most_cpu < 2, readers.most_megabytes < 256) == (True, True)
    assert known


@pytest.mark.one_engine
def test_spoilt_files_read_in_processes_begun_anew() -> None:
    """The same answers as from processes that are forked, so that ten thousand of those speak for these."""
    files = list(mutations(40, seed=3))
    anew = [outcome(body) for body in files]
    with nursery() as readers, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "_run", readers.run)
        assert [outcome(body) for body in files] == anew


def outcome(body: bytes) -> Reading | str:
    try:
        return read_safely(body, HORIZON)
    except NotTaken as error:
        return error.code


def failures(store: Store) -> list[str]:
    with store() as session:
        return list(session.scalars(select(ExternalCalendar.failure).order_by(ExternalCalendar.id)))


def blocks_of_each(store: Store) -> list[list[tuple[object, ...]]]:
    """Of each calendar its busy times, in order."""
    with store() as session:
        of = defaultdict[int, list[tuple[object, ...]]](list)
        columns = BusyBlock.calendar_id, BusyBlock.starts_at, BusyBlock.ends_at
        for calendar_id, *times in session.execute(select(*columns).order_by(*columns)):
            of[calendar_id].append(tuple(times))
        return [of[one] for one in session.scalars(select(ExternalCalendar.id).order_by(ExternalCalendar.id))]


@pytest.mark.parametrize("name", [*BOMBS, *DUDS, "ten packed megabytes for ten thousand"])
def test_bombs_go_the_whole_way(app: Flask, store: Store, live_server: str, figures: Figures, name: str) -> None:
    """Saved, fetched, read in a child, told to its owner; pages of a web process are asked for meanwhile."""
    app.config["ICS_FETCH_ALLOW"] = ALLOWED
    with store():
        (ola,) = cast.bring(cast.OLA)
        owner, session_id = ola.id, ola.get_id()
    browser = app.test_client()
    browser.sign_in(session_id)  # type: ignore[attr-defined]
    with small_internet() as site:
        site.serve("/mine.ics", GOOD)
        subscribe(store, [site.url()], [owner])
        refresh(app, store)
        before = blocks(store)
        site.pages["/mine.ics"] = HOSTILE["a packed bomb"][0]
        if body := (BOMBS | DUDS).get(name):
            site.serve("/mine.ics", body)
        times, took = browsing(live_server, lambda: refresh(app, store))
    slowest = sorted(times)[int(len(times) * 0.99)]
    figures("FZ-6", bomb=name, seconds=round(took, 1), pages=len(times), page_p99_ms=round(1000 * slowest))
    is_told = "too large to be read, or repeats itself too often" in browser.get("/inbox/hours").text
    assert (blocks(store) == before, is_told) == (True, name not in DUDS)
    assert took < 5 + READ_AND_STORED
    assert slowest < 0.5


def browsing(server: str, meanwhile: Callable[[], None]) -> tuple[list[float], float]:
    """Seconds of each page that was asked for meanwhile, and of that."""
    times: list[float] = []
    done = threading.Event()

    def browse() -> None:
        connection = HTTPConnection(urlsplit(server).netloc, timeout=60)
        while not done.is_set():
            began = time.monotonic()
            connection.request("GET", "/sign-in")
            connection.getresponse().read()
            times.append(time.monotonic() - began)
            time.sleep(0.02)
        connection.close()

    pages = threading.Thread(target=browse)
    pages.start()
    while len(times) < 5:
        time.sleep(0.01)
    began = time.monotonic()
    meanwhile()
    took = time.monotonic() - began
    done.set()
    pages.join()
    return times[5:] or times, took


def refresh(app: Flask, store: Store) -> None:
    with store() as session:
        session.execute(update(ExternalCalendar).values(due_at=now(), etag="", modified=""))
    with app.app_context():
        scheduler.refresh_calendars()


def blocks(store: Store) -> list[tuple[object, ...]]:
    with store() as session:
        return [tuple(row) for row in session.execute(select(BusyBlock.starts_at, BusyBlock.ends_at))]
