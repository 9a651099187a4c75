"""Feeds against the standard and against the programs that read them: lines, parsers, the zone, identity, hints."""

from __future__ import annotations

import gzip
import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from flask import Flask

from app import calendars, create_app
from app.core.languages import LANGUAGES
from app.core.time import now
from app.extensions import db
from app.feeds import body
from app.feeds.models import Level, ScopeKind
from app.feeds.selection import Shown
from app.visits.fragments import LEVELS, event_of
from app.visits.programme_models import Appointment
from tests.feeds.conftest import FIRST_DAY, Region, events_in
from tests.feeds.rotation import rotate_while_fetching
from tests.harness.calendar_readers import as_seen, libical_check, with_ical_js, with_icalendar, with_vobject
from tests.harness.ical_lines import faults
from tests.harness.random_visits import random_appointments

OSLO = ZoneInfo("Europe/Oslo")


def random_feed(app: Flask, count: int, *, seed: int) -> bytes:
    """A feed of random visits, at levels and in languages taken in turn."""
    with app.app_context():
        shown = [
            calendars.fragment(event_of(one, LEVELS[number % 3], LANGUAGES[number // 3 % 3]))
            for number, one in enumerate(random_appointments(count, seed=seed))
        ]
    return calendars.feed("Besøk; «alle», 学校", shown)


@pytest.mark.one_engine
def test_every_line_of_random_visits_is_right(app: Flask) -> None:
    seed = random.randrange(10**6)
    body = random_feed(app, 300, seed=seed)
    assert (faults(body), body.count(b"\r\nBEGIN:VEVENT\r\n")) == ([], 300), f"seed {seed}"


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda b: b.replace(b"\r\n", b"\n", 1), "bare line end"),
        (lambda b: b.replace(b"SUMMARY", b"X-" + b"A" * 80 + b":a\r\nSUMMARY", 1), "octets"),
        (lambda b: b.replace("æ".encode(), "æ".encode()[:1], 1), "a character is cut"),
        (lambda b: b.replace(b"UID:", b"X-UID:", 1), "UID 0 times"),
        (lambda b: b.replace(b"SEQUENCE:", b"LOCATION:a;b\r\nSEQUENCE:", 1), "is no TEXT"),
        (lambda b: b.replace(b"TZID:Europe/Oslo", b"TZID:Europe/Bergen"), "no VTIMEZONE"),
        (lambda b: b.replace(b"END:VEVENT", b"END:VTODO", 1), "closes"),
    ],
)
def test_checker_of_lines_sees_what_is_wrong(app: Flask, spoil, complaint: str) -> None:  # type: ignore[no-untyped-def]
    with app.app_context():
        one = next(random_appointments(1, seed=7))
        one.title, one.starts_at, one.ends_at = "En ærlig tur", FIRST_DAY, FIRST_DAY + timedelta(hours=1)
        good = calendars.feed("x", [calendars.fragment(event_of(one, "team", "en"))])
    assert faults(good) == []
    assert any(complaint in fault for fault in faults(spoil(good))), faults(spoil(good))


@pytest.mark.one_engine
def test_every_parser_reads_the_same_events(app: Flask) -> None:
    seed = random.randrange(10**6)
    body = random_feed(app, 150, seed=seed)
    by_icalendar = with_icalendar(body)
    assert len(by_icalendar) == 150
    assert with_vobject(body) == by_icalendar, f"seed {seed}"
    assert as_seen(with_ical_js(body)) == by_icalendar, f"seed {seed}"


@pytest.mark.one_engine
def test_libical_finds_every_restriction_kept(app: Flask) -> None:
    """As published, libical misses an ORGANIZER, and stops there: a feed names none (docs/decisions/0006)."""
    published = random_feed(app, 100, seed=3)
    assert libical_check(published.replace(b"METHOD:PUBLISH\r\n", b""))[1:] == (0, 100)
    assert libical_check(published)[1:] == (1, 100)


@pytest.mark.one_engine
def test_zone_in_the_feed_agrees_with_zoneinfo_every_hour_of_a_year() -> None:
    assert wrong_hours(2028, 2028) == []  # all twelve years: tests/acceptance/test_feeds.py


def wrong_hours(first: int, last: int, body: bytes = b"") -> list[datetime]:
    """The hours of these years at which the feed's VTIMEZONE says another offset than zoneinfo."""
    feed = icalendar.Calendar.from_ical(body or calendars.feed("x", []))
    zone = next(iter(feed.timezones)).to_tz(lookup_tzid=False)
    begin, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    hours = (begin + timedelta(hours=n) for n in range(int((end - begin).total_seconds() // 3600)))
    return [one for one in hours if one.astimezone(zone).utcoffset() != one.astimezone(OSLO).utcoffset()]


@pytest.mark.one_engine
def test_ical_js_reads_local_times_right_on_both_sides_of_the_change(app: Flask) -> None:
    changes = [datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2027, 3, 28, 1, tzinfo=UTC)]
    starts = [change + timedelta(minutes=30 * step) for change in changes for step in range(-6, 7)]
    with app.app_context():
        made = list(random_appointments(len(starts), seed=5))
        for one, moment in zip(made, starts, strict=True):
            one.starts_at, one.ends_at, one.status = moment, moment + timedelta(minutes=25), "confirmed"
        body = calendars.feed("x", [calendars.fragment(event_of(one, "busy", "en")) for one in made])
    read = {str(one["uid"]): one for one in with_ical_js(body)}
    assert [read[one.uid]["starts"] for one in made] == [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in starts]
    in_zone = [(one, moment) for one, moment in zip(made, starts, strict=True) if not comes_twice(moment)]
    walls = [f"{moment.astimezone(OSLO):%Y-%m-%dT%H:%M:%S}" for _one, moment in in_zone]
    assert [read[one.uid]["wall"] for one, _moment in in_zone] == walls


def comes_twice(moment: datetime) -> bool:
    """Whether the wall clock shows that time twice; such times are written in UTC."""
    wall = moment.astimezone(OSLO).replace(tzinfo=None)
    return len({wall.replace(tzinfo=OSLO, fold=fold).utcoffset() for fold in (0, 1)}) == 2


def edit_at_random(region: Region, stop: int, edits: int, *, seed: int) -> list[tuple[str, int, datetime]]:
    """UID, SEQUENCE and DTSTAMP in the feed after each edit of time, place or title; the clock moves on each time."""
    chance, seen = random.Random(seed), []
    path = region.subscribe(region.ola, level=Level.FULL)
    client = region.app.test_client()
    with time_machine.travel(now(), tick=False) as clock:
        for number in range(edits):
            clock.shift(timedelta(minutes=chance.randint(1, 30)))
            region.move(stop, f"Tour {number}", hours=chance.randrange(200), contact=region.ola)
            event = events_in(client.get(path).data)[0]
            assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == now()
            seen.append((str(event["UID"]), int(event["SEQUENCE"]), event["DTSTAMP"].dt))
    return seen


def test_identity_stays_while_time_place_and_title_are_edited(region: Region) -> None:
    seen = edit_at_random(region, region.add("Tour", contact=region.ola), 25, seed=1)
    uids, sequences, stamps = zip(*seen, strict=True)
    assert (len(set(uids)), list(sequences), list(stamps)) == (1, sorted(set(sequences)), sorted(stamps))


def test_day_without_edits_is_the_same_bytes_on_two_nodes_and_one_edit_a_new_validator(region: Region) -> None:
    stop = region.add("Tour", contact=region.ola)
    path = region.subscribe(region.ola)
    second = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False})
    nodes = [region.app.test_client(), second.test_client()]
    with time_machine.travel(now(), tick=False) as clock:
        answers = []
        for number in range(24):
            answers.append(nodes[number % 2].get(path, buffered=True))
            clock.shift(timedelta(hours=1))
        etags, bodies = {one.headers["ETag"] for one in answers}, {one.data for one in answers}
        tag = {"If-None-Match": answers[0].headers["ETag"]}
        unchanged = [node.get(path, headers=tag, buffered=True).status_code for node in nodes]
        region.move(stop, "Tour", hours=2, contact=region.ola)
        changed = [node.get(path, headers=tag, buffered=True) for node in nodes]
    with second.app_context():
        db.engine.dispose()
    assert (len(etags), len(bodies), unchanged) == (1, 1, [304, 304])
    assert [one.status_code for one in changed] == [200, 200]
    assert len({one.headers["ETag"] for one in changed} | etags) == 2


@pytest.mark.parametrize(("stamped_now", "bodies"), [(False, 1), (True, 6)])
def test_feed_made_anew_at_each_fetch_is_the_same_bytes_unless_stamped_with_the_present(
    region: Region, monkeypatch: pytest.MonkeyPatch, stamped_now: bool, bodies: int
) -> None:
    """Not because it is kept: nothing is here. Were DTSTAMP the moment of fetching, each fetch would differ."""
    region.add("Tour", contact=region.ola)
    path, made = region.subscribe(region.ola), body.texts_for

    def stamped(shown: Shown, *, at: datetime) -> dict[int, bytes]:
        stamp = f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}".encode()
        return {week: re.sub(rb"DTSTAMP:\w+", stamp, text) for week, text in made(shown, at=at).items()}

    monkeypatch.setattr(body, "find_kept", lambda _shown: None)
    monkeypatch.setattr(region.app.wsgi_app, "_usual", lambda _environ: None)
    if stamped_now:
        monkeypatch.setattr(body, "texts_for", stamped)
    with time_machine.travel(now(), tick=False) as clock:
        answers = []
        for _ in range(6):
            answers.append(region.app.test_client().get(path, buffered=True))
            clock.shift(timedelta(hours=1))
        tag = {"If-None-Match": answers[0].headers["ETag"]}
        again = region.app.test_client().get(path, headers=tag, buffered=True).status_code
    assert (len({one.data for one in answers}), again) == (bodies, 200 if stamped_now else 304)


def test_hints_for_programs_are_all_there(region: Region) -> None:
    region.add("Tour", contact=region.ola)
    path, client = region.subscribe(region.ola), region.app.test_client()
    for _round in ("made", "kept"):  # by the application, and before it
        whole, head = client.get(path), client.head(path)
        part = client.get(path, headers={"Range": "bytes=0-14"})
        none = client.get(path, headers={"Range": "bytes=9999999-"})
        packed = client.get(path, headers={"Accept-Encoding": "br, gzip"})
        hints = (b"METHOD:PUBLISH", b"X-WR-CALNAME:My visits", b"X-WR-TIMEZONE:Europe/Oslo")
        hints += (b"REFRESH-INTERVAL;VALUE=DURATION:PT1H", b"X-PUBLISHED-TTL:PT1H")
        assert [hint for hint in hints if whole.data.count(hint + b"\r\n") != 1] == []
        assert whole.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert whole.headers["Cache-Control"] == "private, no-cache"
        assert "Content-Disposition" not in whole.headers
        assert {"Cookie", "Accept-Encoding"} <= {word.strip() for word in whole.headers["Vary"].split(",")}
        lengths = (head.headers["Content-Length"], whole.headers["Content-Length"])
        assert (head.status_code, head.data, lengths) == (200, b"", (str(len(whole.data)),) * 2)
        assert (part.status_code, part.data, none.status_code) == (206, whole.data[:15], 416)
        assert (gzip.decompress(packed.data), packed.headers["Content-Encoding"]) == (whole.data, "gzip")
        assert packed.headers["ETag"] != whole.headers["ETag"]


def test_a_validator_beats_a_date(region: Region) -> None:
    path, client = region.subscribe(region.ola), region.app.test_client()
    client.get(path)
    headers = {"If-None-Match": '"another"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert client.get(path, headers=headers).status_code == 200


def test_cancelled_stays_for_30_days_in_every_scope(region: Region) -> None:
    stop = region.add("Tour", contact=region.ola)
    paths = [
        region.subscribe(region.ola),
        region.subscribe(region.ola, kind=ScopeKind.HOST, scope_id=region.byutvikling),
        region.subscribe(region.kari, kind=ScopeKind.ALL, scope_id=0),
    ]
    client, counts = region.app.test_client(), []
    region.cancel(stop)
    for days in (0, 29, 31):
        with time_machine.travel(now() + timedelta(days=days), tick=False):
            counts.append(Counter(str(e["STATUS"]) for path in paths for e in events_in(client.get(path).data)))
    assert counts == [{"CANCELLED": 3}, {"CANCELLED": 3}, {}]


def test_old_link_never_opens_once_the_new_one_was_answered(region: Region, live_server: str) -> None:
    seen = rotate_while_fetching(region, live_server, fetches=150)
    assert (seen.before > 0, seen.after > 0, seen.opened_after) == (True, True, 0)


def test_row_of_an_appointment_is_what_the_feed_says_of_it(region: Region) -> None:
    stop = region.add("Tour", contact=region.ola)
    event = events_in(region.app.test_client().get(region.subscribe(region.ola)).data)[0]
    with region.app.app_context():
        row = db.session.get_one(Appointment, stop)
        told = (str(event["UID"]), int(event["SEQUENCE"]), event["DTSTAMP"].dt, event["CREATED"].dt)
        assert told == (row.uid, row.sequence, row.changed_at, row.created_at)
