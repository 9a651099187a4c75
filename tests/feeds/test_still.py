"""The smaller question of the usual fetch: what decides the answer is asked anew each time and counts at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from app import create_app
from app.core.prepared import Row
from app.core.standing import Line, Question
from app.core.time import now
from app.extensions import db
from app.feeds.actions import renew_link, revoke
from app.feeds.models import Feed, FeedBody, FeedFetch, ScopeKind
from app.feeds.quick import Quick
from app.people.models import Host, Membership, Place, User
from app.visits.programme_models import FeedScope
from tests.feeds.conftest import Region, titles
from tests.feeds.test_scopes import set_place
from tests.feeds.test_weeks import counting

LOOK, STILL_OF_COORDINATOR, STILL_OF_HOST = b"question_0", b"question_1", b"question_2"


@pytest.fixture
def second(region: Region) -> Iterator[Flask]:
    """Another node, which remembers nothing."""
    node = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False})
    yield node
    with node.app_context():
        db.engine.dispose()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The names of the questions that usual fetches have asked."""
    names: list[bytes] = []
    asking = Line.ask

    def ask(line: Line, question: Question, values: Mapping[str, str]) -> list[Row]:
        names.append(question.name)
        return asking(line, question, values)

    monkeypatch.setattr(Line, "ask", ask)
    return names


def get(node: Flask, path: str) -> tuple[int, bytes]:
    answer = node.test_client().get(path, buffered=True)
    return answer.status_code, answer.data


@pytest.fixture
def paths(region: Region) -> dict[str, str]:
    """A coordinator's feed of everything; Ola's of her host and her own; Siri's of her host's room, which is taken."""
    with region.app.app_context():
        room = Place(slug="room", name_en="The cluster's room", host_id=region.klyngene)
        db.session.add(room)
        db.session.commit()
        place_id = room.id
    set_place(region, region.add("Tour", contact=region.ola), place_id)
    return {
        "all": region.subscribe(region.kari, kind=ScopeKind.ALL, scope_id=0),
        "host": region.subscribe(region.ola, kind=ScopeKind.HOST, scope_id=region.byutvikling),
        "mine": region.subscribe(region.ola),
        "place": region.subscribe(region.siri, kind=ScopeKind.PLACE, scope_id=place_id),
    }


def remember(region: Region, path: str, asked: list[bytes]) -> bytes:
    """Fetch until the node asks no more than whether it is still so; returns the answer."""
    answers = [get(region.app, path) for _ in range(3)]
    assert asked[-1] != LOOK
    assert [status for status, _ in answers] == [200] * 3
    asked.clear()
    return answers[-1][1]


def user(region: Region, name: str) -> User:
    return db.session.get_one(User, getattr(region, name))


def revoked(region: Region) -> None:
    for feed in db.session.scalars(select(Feed)):
        revoke(feed, by=feed.user)


def renewed(region: Region) -> None:
    for feed in db.session.scalars(select(Feed)):
        renew_link(feed, by=feed.user)


def deactivated(region: Region) -> None:
    db.session.execute(update(User).values(deactivated_at=now()))


def retired(region: Region) -> None:
    db.session.execute(update(Host).values(retired_at=now()))


def left(region: Region) -> None:
    region.leave(region.ola)
    region.leave(region.siri)


def role_lost(region: Region) -> None:
    user(region, "kari").is_coordinator = False


def role_lost_by_a_member(region: Region) -> None:
    db.session.add(Membership(user_id=region.kari, host_id=region.byutvikling))
    role_lost(region)


def role_gained(region: Region) -> None:
    user(region, "siri").is_coordinator = True


def joined(region: Region) -> None:
    db.session.add(Membership(user_id=region.siri, host_id=region.byutvikling))


def moved_to_another_host(region: Region) -> None:
    region.leave(region.siri)
    joined(region)


def changed(region: Region) -> None:
    with region.app.app_context():
        place_id = db.session.scalars(select(Place.id).where(Place.slug == "room")).one()
    set_place(region, region.add("Lunch", hours=3, contact=region.ola), place_id)


LOSSES = [(kind, lose) for kind in ("all", "host") for lose in (revoked, renewed, deactivated)] + [
    ("all", role_lost),
    ("all", role_lost_by_a_member),
    ("host", retired),
    ("host", left),
    ("place", retired),
    ("place", left),
]


@pytest.mark.parametrize(("kind", "lose"), LOSSES)
def test_right_that_is_lost_is_lost_at_the_very_next_fetch(
    region: Region, paths: dict[str, str], asked: list[bytes], kind: str, lose: Callable[[Region], None]
) -> None:
    remember(region, paths[kind], asked)
    with region.app.app_context():
        lose(region)
        db.session.commit()
    assert get(region.app, paths[kind])[0] == 404


SHIFTS = [
    ("all", changed),
    ("place", changed),
    ("mine", left),
    ("mine", retired),
    ("place", role_gained),
    ("place", joined),
    ("place", moved_to_another_host),
]


@pytest.mark.parametrize(("kind", "shift"), SHIFTS)
def test_what_a_reader_may_see_shifts_at_the_very_next_fetch(
    region: Region,
    second: Flask,
    paths: dict[str, str],
    asked: list[bytes],
    kind: str,
    shift: Callable[[Region], None],
) -> None:
    before = remember(region, paths[kind], asked)
    with region.app.app_context():
        shift(region)
        db.session.commit()
    after = get(region.app, paths[kind])
    assert after == get(second, paths[kind])
    assert (after[0], titles(after[1]) != titles(before)) == (200, True)


def test_unchanged_feed_is_asked_about_with_the_smaller_question_alone(
    region: Region, paths: dict[str, str], asked: list[bytes]
) -> None:
    for kind, path in paths.items():
        before = remember(region, path, asked)
        assert [get(region.app, path) for _ in range(2)] == [(200, before)] * 2
        assert asked == [STILL_OF_COORDINATOR if kind == "all" else STILL_OF_HOST] * 2


@pytest.mark.parametrize("otherwise", [{"etag": "another"}, {"fresh_until": now()}, {"version": 99}, {"hosts": "0"}])
@pytest.mark.parametrize("kind", ["all", "host"])
def test_body_that_is_not_the_one_found_before_is_not_served(
    region: Region, paths: dict[str, str], asked: list[bytes], kind: str, otherwise: dict[str, object]
) -> None:
    before = remember(region, paths[kind], asked)
    with region.app.app_context():
        db.session.execute(update(FeedBody).values(**otherwise))
        db.session.commit()
    with counting(region.app) as reached:
        assert get(region.app, paths[kind]) == (200, before)
    assert (asked[1:], reached) == ([LOOK], ["application"])


def test_fetch_is_noted_again_after_15_minutes_though_nothing_has_changed(
    region: Region, paths: dict[str, str], asked: list[bytes]
) -> None:
    begun, noted = now(), []
    for minutes in (0, 13, 14, 16, 17):
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=False):
            get(region.app, paths["all"])
        with region.app.app_context():
            noted.append(db.session.scalars(select(FeedFetch.fetched_at)).one() - begun)
    assert [moment.total_seconds() / 60 for moment in noted] == [0, 0, 0, 16, 16]
    assert asked == [LOOK, LOOK, STILL_OF_COORDINATOR, LOOK, LOOK]


def test_version_with_the_same_bytes_that_another_node_made_is_noted_too(
    region: Region, second: Flask, paths: dict[str, str], asked: list[bytes]
) -> None:
    before = remember(region, paths["all"], asked)
    with region.app.app_context():
        scope = db.session.get_one(FeedScope, ("all", 0))
        scope.version += 1
        newest = scope.version
        db.session.commit()
    assert get(second, paths["all"]) == (200, before)
    with region.app.app_context():
        db.session.execute(update(FeedFetch).values(version=newest - 1))
        db.session.commit()
    assert get(region.app, paths["all"]) == (200, before)
    with region.app.app_context():
        assert db.session.scalars(select(FeedFetch.version)).one() == newest


def test_no_more_feeds_are_remembered_than_fit(
    region: Region, paths: dict[str, str], asked: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.feeds.quick.KNOWN_ANSWERS", 2)
    for path in paths.values():
        remember(region, path, asked)
    quick = region.app.wsgi_app.quick  # type: ignore[attr-defined]
    assert isinstance(quick, Quick)
    assert len(quick._last) == 2
