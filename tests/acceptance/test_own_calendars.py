"""Rows SS-3, SS-5, SS-6, FZ-3 and FZ-6 at full length: names that rebind, hostile servers, spoilt files, bombs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import scheduler
from app.calendars import sandbox
from app.calendars.busy import NotTaken, Reading
from app.calendars.external import add_calendar
from app.calendars.fetching import Tags, fetch
from app.calendars.models import BusyBlock, ExternalCalendar
from app.calendars.refreshing import IN_ONE_GO
from app.calendars.sandbox import read_safely
from app.core.time import now
from app.people.models import User
from tests import cast
from tests.calendars.bombs import BOMBS, DUDS
from tests.calendars.mutations import mutations
from tests.calendars.others import HORIZON, calendar
from tests.calendars.test_fetching import HOSTILE
from tests.harness.internet import ALLOWED, small_internet
from tests.harness.nursery import nursery

Store = Callable[[], AbstractContextManager[Session]]
Figures = Callable[..., None]
ROOT = Path(__file__).resolve().parents[2]
GOOD = calendar("UID:a\nDTSTART:20270308T080000Z\nDTEND:20270308T090000Z")
SPOILT = 10_000  # files
READ_AND_STORED = 2.0  # seconds, beside the five of the child that reads
# A process for each address; each prints how many megabytes it grows by, at its peak, while it fetches.
FETCHING = """
import os, re, sys
from app.calendars.busy import NotTaken
from app.calendars.fetching import Tags, fetch
from tests.harness.internet import ALLOWED
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
for number, url in enumerate(sys.argv[1:]):
    if os.fork() == 0:
        open("/proc/self/clear_refs", "w").write("5")
        before = peak()
        try:
            fetch(url, tags=Tags(), allowed=ALLOWED)
        except NotTaken:
            os.write(1, f"{number} {peak() - before:.1f}\\n".encode())
        os._exit(0)
while True:
    try:
        os.wait()
    except ChildProcessError:
        break
"""
REBIND = """
import socket
true, asked = socket.getaddrinfo, {}
def getaddrinfo(host, port, *rest, **options):
    if not str(host).endswith(".example.org"):
        return true(host, port, *rest, **options)
    asked[host] = asked.get(host, -1) + 1
    addresses = ["127.0.0.1", "127.0.0.2"] if str(host).startswith("mixed") else ["127.0.0.2"]
    if asked[host]:
        addresses = ["127.0.0.1"]
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]
socket.getaddrinfo = getaddrinfo
"""


def people(store: Store, count: int) -> list[int]:
    with store() as session:
        made = [User(email=f"p{number}@example.org", name=f"P {number}", created_at=now()) for number in range(count)]
        session.add_all(made)
        session.flush()
        return [user.id for user in made]


def subscribe(store: Store, urls: list[str], owners: list[int]) -> None:
    """One calendar for each owner, due in this order."""
    with store() as session:
        at = now() - timedelta(hours=1)
        for number, (owner, url) in enumerate(zip(owners, urls, strict=True)):
            user = session.get_one(User, owner)
            add_calendar(user, url, by=user, at=at + timedelta(seconds=number))


def states(store: Store) -> list[str]:
    with store() as session:
        return list(session.scalars(select(ExternalCalendar.state).order_by(ExternalCalendar.id)))


def test_names_that_rebind_in_a_process_of_their_own(
    app: Flask, store: Store, settings: dict[str, str], tmp_path: Path, figures: Figures
) -> None:
    (tmp_path / "sitecustomize.py").write_text(REBIND)
    environment = os.environ | settings | {"PYTHONPATH": str(tmp_path), "ICS_FETCH_ALLOW": "127.0.0.2/32"}
    with small_internet() as site:
        site.serve("/mine.ics", GOOD)
        urls = [site.url(host=f"{'mixed' if n % 2 else 'plain'}{n}.example.org") for n in range(200)]
        subscribe(store, urls, people(store, 200))
        command = [str(Path(sys.executable).parent / "flask"), "--app", "wsgi", "refresh-calendars"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=600)
        with store() as session:
            failed = list(session.scalars(select(ExternalCalendar.failure).where(ExternalCalendar.failure != "")))
        figures("SS-3", rounds=200, fetched=states(store).count("ok"), failed=failed, connections_inside=len(site.hits))
        assert (states(store).count("ok"), site.hits) == (200, [])


def test_hostile_servers_at_full_length(figures: Figures) -> None:
    took: dict[str, float] = {}
    with small_internet() as site:
        for name, (answer, _codes) in HOSTILE.items():
            site.pages[f"/{name.replace(' ', '-')}"] = answer

        def visit(name: str) -> None:
            began = time.monotonic()
            with pytest.raises(NotTaken):
                fetch(site.url(f"/{name.replace(' ', '-')}"), tags=Tags(), allowed=ALLOWED)
            took[name] = time.monotonic() - began

        threads = [threading.Thread(target=visit, args=[name]) for name in HOSTILE]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    figures("SS-5", servers=len(took), slowest_seconds=round(max(took.values()), 1))
    assert len(took) == len(HOSTILE)
    assert max(took.values()) < 16


def test_hostile_servers_fill_no_memory(figures: Figures) -> None:
    """Each in a process of its own, so that what it held at most can be told from what it held before."""
    with small_internet() as site:
        for number, (answer, _codes) in enumerate(HOSTILE.values()):
            site.pages[f"/{number}"] = answer
        urls = [site.url(f"/{number}") for number in range(len(HOSTILE))]
        done = subprocess.run([sys.executable, "-c", FETCHING, *urls], cwd=ROOT, capture_output=True, timeout=300)
    told = [line.split() for line in done.stdout.decode().splitlines()]
    grown = {list(HOSTILE)[int(number)]: float(megabytes) for number, megabytes in told}
    figures("SS-5", servers=len(grown), most_megabytes_grown=max(grown.values()), grown=grown)
    assert len(grown) == len(HOSTILE)
    assert max(grown.values()) <= 64


def test_ten_hostile_feeds_do_not_delay_a_hundred_good_ones(app: Flask, store: Store, figures: Figures) -> None:
    app.config["ICS_FETCH_ALLOW"] = ALLOWED
    waited = {}
    for hostile in (0, 10):
        with store() as session:
            session.execute(delete(ExternalCalendar))
            session.execute(delete(User).where(User.email.like("p%@example.org")))
        with small_internet() as site:
            site.serve("/mine.ics", GOOD)
            kinds = list(HOSTILE.items())
            names = [kinds[number % len(kinds)] for number in range(hostile)]
            for number, (_name, (answer, _codes)) in enumerate(names):
                site.pages[f"/bad{number}"] = answer
            urls = [site.url(f"/bad{number}") for number in range(hostile)] + [site.url()] * 100
            subscribe(store, urls, people(store, len(urls)))
            waited[hostile] = _until_all_good(app, store)
    figures("SS-5", alone_seconds=round(waited[0], 1), beside_ten_hostile_seconds=round(waited[10], 1))
    assert waited[10] - waited[0] < 60


def _until_all_good(app: Flask, store: Store) -> float:
    began = time.monotonic()
    while states(store).count("ok") < 100:
        with app.app_context():
            assert scheduler.refresh_calendars()
    return time.monotonic() - began


def test_what_is_there_cannot_be_told_from_the_time_a_page_takes(app: Flask, store: Store, figures: Figures) -> None:
    app.config["ICS_FETCH_ALLOW"] = ALLOWED
    with store():
        (ola,) = cast.bring(cast.OLA)
        owner, session_id = ola.id, ola.get_id()
    browser = app.test_client()
    browser.sign_in(session_id)  # type: ignore[attr-defined]
    with small_internet() as site:
        site.serve("/html", b"<!doctype html>")
        site.serve("/closed", b"", status="401 Unauthorized")
        places = [site.url("/html"), site.url("/closed"), site.url("/nothing"), "http://127.0.0.2:9999/x"]
        places += [site.url(host="127.0.0.1"), "http://127.0.0.1:9999/x", "http://10.255.255.1/x"]
        medians = {}
        for url in places:
            times = []
            for _ in range(11):
                with store() as session:
                    session.execute(delete(ExternalCalendar))
                began = time.monotonic()
                browser.post("/inbox/calendars", data={"calendar-who": f"person-{owner}", "calendar-url": url})
                with store() as session:
                    one = session.scalars(select(ExternalCalendar.id)).one()
                browser.post(f"/inbox/calendars/{one}/fetch")
                times.append(time.monotonic() - began)
            medians[url] = statistics.median(times)
        spread = max(medians.values()) - min(medians.values())
        figures("SS-6", places=len(places), spread_ms=round(1000 * spread), connections_inside=len(site.hits))
        assert (spread < 0.2, site.hits) == (True, [])


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
