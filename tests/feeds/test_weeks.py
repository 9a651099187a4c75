"""Feeds of which a few weeks are made anew: always what making all of it anew would give, on every node at once."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import calendars, create_app
from app.core.time import now, week_of
from app.extensions import db
from app.feeds import at_hand
from app.feeds.body import Asked, calendar_name, serve, shown_by
from app.feeds.models import FeedBody, FeedPart, Level, ScopeKind
from app.feeds.parts import assemble
from app.feeds.queries import get_readable_feed
from app.feeds.renewal import Anew
from app.feeds.selection import texts_for
from app.feeds.stored import GZIP, Renewed, keep_renewed
from app.visits.fragments import write_fragments
from app.visits.programme_models import Appointment, FeedWeek, Fragment
from app.visits.scopes import raise_for_visit
from tests.feeds.conftest import FIRST_DAY, Region, titles

WEEK = 7 * 24


@pytest.fixture
def second(region: Region) -> Iterator[Flask]:
    """Another node on the same database."""
    node = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False})
    yield node
    with node.app_context():
        db.engine.dispose()


def fetched(node: Flask, path: str) -> bytes:
    answer = node.test_client().get(path, buffered=True)
    assert answer.status_code == 200
    return answer.data


def made_anew(region: Region, path: str) -> bytes:
    """What the feed is, made of all its events."""
    with region.app.app_context():
        feed = get_readable_feed(path.removeprefix("/feeds/").removesuffix(".ics"), "other")
        shown = shown_by(feed)
        opening = calendars.feed_opening(calendar_name(shown)).encode()
        return assemble(opening, texts_for(shown, at=now())).content


@contextmanager
def counting(node: Flask) -> Iterator[list[str]]:
    """Which requests reach the application."""
    reached: list[str] = []
    node.before_request_funcs.setdefault(None, []).insert(0, lambda: reached.append("application"))
    try:
        yield reached
    finally:
        node.before_request_funcs[None].pop(0)


def change_at_random(region: Region, stops: list[int], chance: random.Random) -> None:
    """Add a stop, move one to another hour, week or person, or cancel one."""
    contact = chance.choice([region.ola, region.siri, None])
    hours = chance.choice([0, 2, 5, WEEK, WEEK + 3, 5 * WEEK]) + 24 * chance.randrange(3)
    verb = chance.choice(["add", "move", "move", "move", "cancel"])
    if verb == "add" or len(stops) < 2:
        stops.append(region.add(f"Tour {len(stops)}", hours=hours + 0.01 * len(stops), contact=None))
    elif verb == "move":
        region.move(chance.choice(stops), f"Moved {hours}", hours=hours + chance.random() * 400, contact=contact)
    else:
        region.cancel(stops.pop(chance.randrange(len(stops))))


@pytest.mark.parametrize("seed", [1, 2])
def test_feed_after_any_change_is_what_making_it_anew_gives_on_both_nodes(
    region: Region, second: Flask, seed: int
) -> None:
    chance, stops = random.Random(seed), [region.add("Tour", contact=region.ola)]
    paths = [
        region.subscribe(region.kari, kind=ScopeKind.ALL, scope_id=0, level=Level.FULL, language="nb"),
        region.subscribe(region.kari, kind=ScopeKind.ALL, scope_id=0, show_cancelled=False),
        region.subscribe(region.ola, kind=ScopeKind.HOST, scope_id=region.byutvikling),
        region.subscribe(region.siri),
    ]
    nodes = [region.app, second]
    for path in paths:
        fetched(region.app, path)
    for _ in range(12):
        change_at_random(region, stops, chance)
        for path in paths:
            chance.shuffle(nodes)
            wanted = made_anew(region, path)
            assert [fetched(node, path) for node in nodes] == [wanted, wanted]


def test_change_of_one_week_does_not_trouble_the_application_and_touches_that_week_alone(region: Region) -> None:
    near, _far = region.add("Near", contact=region.ola), region.add("Far", hours=5 * WEEK, contact=region.ola)
    path = region.subscribe(region.ola)
    fetched(region.app, path)
    before = stored_parts(region)
    region.move(near, "Nearer", hours=1, contact=region.ola)
    with counting(region.app) as reached:
        assert "Hold: Nearer (Gemeente Utrecht)" in titles(fetched(region.app, path))
    after = stored_parts(region)
    changed = [week for week in before if before[week] != after[week]]
    assert (reached, sorted(before) == sorted(after), changed) == ([], True, [week_of(FIRST_DAY)])


def stored_parts(region: Region) -> dict[int, bytes]:
    with region.app.app_context():
        return {part.week: part.digest for part in db.session.scalars(select(FeedPart))}


def test_stop_that_moves_to_another_week_leaves_the_one_it_was_in(region: Region) -> None:
    stop = region.add("Tour", contact=region.ola)
    path = region.subscribe(region.ola)
    fetched(region.app, path)
    region.move(stop, "Tour", hours=2 * WEEK, contact=region.ola)
    assert titles(fetched(region.app, path)) == ["Hold: Tour (Gemeente Utrecht)"]
    assert list(stored_parts(region)) == [week_of(FIRST_DAY) + 2]


def test_week_that_a_stop_leaves_is_told_even_by_a_verb_that_raised_nothing_before(region: Region) -> None:
    stop = region.add("Tour", contact=region.ola)
    path = region.subscribe(region.ola)
    fetched(region.app, path)
    with region.app.app_context():
        appointment = db.session.get_one(Appointment, stop)
        appointment.starts_at, appointment.ends_at = (t + timedelta(weeks=1) for t in _times(appointment))
        write_fragments(appointment)
        raise_for_visit(appointment.visit)
        db.session.commit()
    assert titles(fetched(region.app, path)) == ["Hold: Tour (Gemeente Utrecht)"]


def _times(appointment: Appointment) -> tuple[datetime, datetime]:
    return appointment.starts_at, appointment.ends_at


def test_week_of_every_event_is_that_of_its_start(region: Region) -> None:
    stop = region.add("Tour", contact=region.ola)
    region.move(stop, "Tour", hours=3 * WEEK, contact=region.ola)
    with region.app.app_context():
        weeks = set(db.session.scalars(select(Fragment.week)))
        told = set(db.session.scalars(select(FeedWeek.week)))
    first = week_of(FIRST_DAY)
    assert (weeks, told) == ({first + 3}, {first, first + 3})


def test_renewed_calendar_is_not_stored_over_another_one(region: Region) -> None:
    region.add("Tour", contact=region.ola)
    path = region.subscribe(region.ola)
    fetched(region.app, path)
    with region.app.app_context():
        body = db.session.scalars(select(FeedBody)).one()
        other = assemble(b"other", {1: b"late"})
        late = Renewed(body.id, "of-another", body.version, body.version + 1, Anew(other, {1: b"late"}, None))
        keep_renewed(late)
        db.session.commit()
    with counting(region.app) as reached:
        assert (fetched(region.app, path), reached) == (made_anew(region, path), [])


def test_cancelled_stop_of_a_renewed_week_leaves_after_30_days(region: Region) -> None:
    stop = region.add("Tour", contact=region.ola)
    path = region.subscribe(region.ola)
    fetched(region.app, path)
    region.cancel(stop)
    with counting(region.app) as reached:
        assert titles(fetched(region.app, path)) == ["Cancelled: Tour (Gemeente Utrecht)"]
    with region.app.app_context():
        until = db.session.scalars(select(FeedBody.fresh_until)).one()
    assert (reached, now() + timedelta(days=29) < until <= now() + timedelta(days=30)) == ([], True)


def test_packed_feed_after_a_change_unpacks_to_the_plain_one(region: Region) -> None:
    stop = region.add("Tour", contact=region.ola)
    path, client = region.subscribe(region.ola), region.app.test_client()
    for hours in (0, 1, 2 * WEEK):
        region.move(stop, "Tour", hours=hours, contact=region.ola)
        packed = client.get(path, headers={"Accept-Encoding": "gzip"}, buffered=True)
        assert gzip.decompress(packed.data) == fetched(region.app, path)


@pytest.mark.parametrize("is_torn", [False, True])
def test_large_week_is_read_in_pieces_that_belong_together(
    region: Region, second: Flask, monkeypatch: pytest.MonkeyPatch, is_torn: bool
) -> None:
    """Another node reads it piece by piece; where another text took its place meanwhile, it uses none of them."""
    monkeypatch.setattr(at_hand, "LEAST_PORTION", 100)
    monkeypatch.setattr(at_hand, "MOST_PORTION", 100)
    for hours in range(3):
        region.add(f"Ømvisning {hours}", hours=hours, contact=region.ola)
    path = region.subscribe(region.ola)
    body = [fetched(region.app, path) for _ in range(2)][-1]
    if is_torn:
        with region.app.app_context():
            part = db.session.scalars(select(FeedPart)).one()
            part.content = part.content.replace(b"visning", b"vending")
            db.session.commit()
    with counting(second) as reached:
        answer = fetched(second, path)
    assert (answer == body, reached) == (not is_torn, ["application"] if is_torn else [])


def broken_connection(region: Region) -> None:
    for line in region.app.wsgi_app.quick.connections._free:  # type: ignore[attr-defined]
        line.driver.close()


def other_body_stored_under_the_same_validator(region: Region) -> None:
    """As if another node were in the middle of storing a newer one."""
    region.app.wsgi_app.quick.at_hand.shelf.__init__(0)  # type: ignore[attr-defined]
    with region.app.app_context():
        db.session.scalars(select(FeedPart)).one().digest = bytes(16)
        db.session.commit()


@pytest.mark.parametrize("trouble", [broken_connection, other_body_stored_under_the_same_validator])
def test_trouble_on_the_quick_way_is_left_to_the_application(region: Region, trouble: Callable[[Region], None]) -> None:
    region.add("Tour", contact=region.ola)
    path = region.subscribe(region.ola)
    fetched(region.app, path)
    before = fetched(region.app, path)
    trouble(region)
    with counting(region.app) as reached:
        assert fetched(region.app, path) == before
        assert reached == ["application"]
        assert fetched(region.app, path) == before
    assert reached == ["application"]  # and then all is well again


def test_connections_kept_for_feeds_are_closed_with_the_others(region: Region) -> None:
    path = region.subscribe(region.ola)
    fetched(region.app, path)
    connections = region.app.wsgi_app.quick.connections  # type: ignore[attr-defined]
    kept = len(connections._free)
    with region.app.app_context():
        db.engine.dispose()
    assert (kept, len(connections._free)) == (1, 0)


def test_application_alone_gives_the_same_answers(region: Region) -> None:
    region.add("Tour", contact=region.ola)
    path = region.subscribe(region.ola)
    token = path.removeprefix("/feeds/").removesuffix(".ics")
    quick = fetched(region.app, path)
    with region.app.app_context():
        whole = serve(token, Asked("other"))
        same = serve(token, Asked("other", etags=frozenset({whole.etag})))
        packed = serve(token, Asked("other", GZIP))
    assert (whole.content, same.content, packed.etag) == (quick, None, f"{whole.etag}-gzip")
    assert packed.content is not None
    assert gzip.decompress(packed.content) == quick
