"""Rows SS-3, SS-5 and SS-6 at full length: names that rebind, hostile servers, what the time of a page tells."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app import scheduler
from app.calendars.busy import NotTaken
from app.calendars.fetching import Tags, fetch
from app.calendars.models import ExternalCalendar
from app.people.models import User
from tests import cast
from tests.acceptance.own_calendars import GOOD, ROOT, Figures, Store, people, states, subscribe
from tests.calendars.test_fetching import HOSTILE
from tests.harness.internet import ALLOWED, small_internet

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
