"""What a calendar program gets at a feed's address."""

from __future__ import annotations

import gzip
from datetime import UTC, timedelta

import pytest
import time_machine
from sqlalchemy import event, func, select

from app.core.time import now
from app.extensions import db
from app.feeds.actions import note_fetch, renew_link, revoke
from app.feeds.models import Feed, FeedBody, FeedFetch, Level, ScopeKind
from app.people.models import Host, User
from tests.feeds.conftest import FIRST_DAY, Region, events_in, titles


def body_of(region: Region, path: str) -> bytes:
    answer = region.app.test_client().get(path)
    assert answer.status_code == 200
    return answer.data


def test_feed_is_sent_as_a_calendar_to_look_at_not_a_file_to_save(region: Region) -> None:
    answer = region.app.test_client().get(region.subscribe(region.ola))
    sent = {name: answer.headers.get(name) for name in ("Content-Type", "Cache-Control", "Content-Disposition")}
    assert (answer.status_code, sent) == (
        200,
        {
            "Content-Type": "text/calendar; charset=utf-8",
            "Cache-Control": "private, no-cache",
            "Content-Disposition": None,
        },
    )


def test_feed_without_changes_is_the_same_bytes_and_then_304(region: Region) -> None:
    region.add("Tour", contact=region.ola)
    path, client = region.subscribe(region.ola), region.app.test_client()
    first, second = client.get(path), client.get(path)
    third = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    weak = client.get(path, headers={"If-None-Match": f'"other", W/{first.headers["ETag"]}'})
    assert (second.data, second.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert [(answer.status_code, answer.data) for answer in (third, weak)] == [(304, b""), (304, b"")]


def test_feed_with_a_foreign_etag_is_sent_whole(region: Region) -> None:
    path = region.subscribe(region.ola)
    assert region.app.test_client().get(path, headers={"If-None-Match": '"0123"'}).status_code == 200


def test_feed_answers_head_and_part_requests(region: Region) -> None:
    path, client = region.subscribe(region.ola), region.app.test_client()
    whole, head = client.get(path), client.head(path)
    part = client.get(path, headers={"Range": "bytes=0-14"})
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", whole.headers["ETag"])
    assert (part.status_code, part.data) == (206, b"BEGIN:VCALENDAR")


def test_feed_after_a_move_shows_the_same_event_at_its_new_time(region: Region) -> None:
    appointment = region.add("Tour", contact=region.ola)
    path, client = region.subscribe(region.ola), region.app.test_client()
    before = client.get(path)
    region.move(appointment, "Tour", hours=3, contact=region.ola)
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    old, new = events_in(before.data)[0], events_in(after.data)[0]
    assert old["UID"] == new["UID"]
    assert (old.start.astimezone(UTC), new.start.astimezone(UTC)) == (FIRST_DAY, FIRST_DAY + timedelta(hours=3))
    assert new["SEQUENCE"] == old["SEQUENCE"] + 1


def test_feed_after_a_cancellation_shows_it_for_30_days_and_then_no_more(region: Region) -> None:
    appointment = region.add("Tour", contact=region.ola)
    path = region.subscribe(region.ola)
    before = events_in(body_of(region, path))[0]
    region.cancel(appointment)
    after = events_in(body_of(region, path))[0]
    assert (after["STATUS"], after["UID"], after["SEQUENCE"]) == ("CANCELLED", before["UID"], before["SEQUENCE"] + 1)
    with time_machine.travel(now() + timedelta(days=29), tick=False):
        assert titles(body_of(region, path)) == ["Cancelled: Tour (Gemeente Utrecht)"]
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        assert titles(body_of(region, path)) == []


def test_feed_that_does_not_want_cancelled_ones_leaves_them_out(region: Region) -> None:
    kept, cancelled = region.add("Kept", contact=region.ola), region.add("Gone", hours=2, contact=region.ola)
    region.cancel(cancelled)
    path = region.subscribe(region.ola, show_cancelled=False)
    assert (kept, titles(body_of(region, path))) == (kept, ["Hold: Kept (Gemeente Utrecht)"])


def test_feed_keeps_last_year_and_lets_it_go_when_the_next_begins(region: Region) -> None:
    region.add("Tour", contact=region.ola)
    path, year = region.subscribe(region.ola), FIRST_DAY.year
    with time_machine.travel(FIRST_DAY.replace(year=year + 1, month=12, day=31), tick=False):
        assert len(titles(body_of(region, path))) == 1
    with time_machine.travel(FIRST_DAY.replace(year=year + 2, month=1, day=1), tick=False):
        assert titles(body_of(region, path)) == []


@pytest.mark.parametrize(
    ("level", "shown", "hidden"),
    [
        (Level.BUSY, ["Busy"], ["Tour", "Utrecht", "Kalfarveien", "Ola Overvann", "ramp"]),
        (Level.TEAM, ["Tour", "Utrecht", "Kalfarveien"], ["Ola Overvann", "ramp"]),
        (Level.FULL, ["Tour", "Utrecht", "Kalfarveien", "Ola Overvann", "ramp"], []),
    ],
)
def test_feed_tells_as_much_as_its_level(region: Region, level: Level, shown: list[str], hidden: list[str]) -> None:
    region.add("Tour", contact=region.ola, note="Use the ramp")
    text = body_of(region, region.subscribe(region.ola, level=level)).decode().replace("\r\n ", "")
    assert ([word for word in shown if word not in text], [word for word in hidden if word in text]) == ([], [])


def test_feed_of_mine_shows_where_i_am_contact_or_lead_the_visit(region: Region) -> None:
    region.add("With Ola", contact=region.ola)
    region.add("With Siri", hours=2, contact=region.siri, host=region.klyngene)
    assert len(titles(body_of(region, region.subscribe(region.ola)))) == 2
    assert titles(body_of(region, region.subscribe(region.siri))) == ["Hold: With Siri (Gemeente Utrecht)"]


def test_feed_of_a_host_shows_its_parts_and_the_visits_it_leads(region: Region) -> None:
    region.add("At the office")
    region.add("At the cluster", hours=2, host=region.klyngene)
    lead = region.subscribe(region.ola, kind=ScopeKind.HOST, scope_id=region.byutvikling)
    part = region.subscribe(region.siri, kind=ScopeKind.HOST, scope_id=region.klyngene)
    assert len(titles(body_of(region, lead))) == 2
    assert titles(body_of(region, part)) == ["Hold: At the cluster (Gemeente Utrecht)"]


def test_feed_of_all_shows_everything_to_a_coordinator(region: Region) -> None:
    region.add("At the office")
    region.add("At the cluster", hours=2, host=region.klyngene)
    path = region.subscribe(region.kari, kind=ScopeKind.ALL, scope_id=0)
    assert len(titles(body_of(region, path))) == 2


def test_feed_of_mine_after_leaving_the_host_shows_its_visits_no_more(region: Region) -> None:
    region.add("With Ola", contact=region.ola)
    path = region.subscribe(region.ola)
    assert len(titles(body_of(region, path))) == 1
    region.leave(region.ola)
    assert titles(body_of(region, path)) == []


def test_feed_after_contact_is_changed_leaves_the_old_contact_s_calendar(region: Region) -> None:
    appointment = region.add("Tour", contact=region.siri)
    path = region.subscribe(region.siri)
    region.move(appointment, "Tour", hours=0, contact=region.ola)
    assert titles(body_of(region, path)) == []


def revoked(region: Region) -> None:
    for feed in db.session.scalars(select(Feed)):
        revoke(feed, by=feed.user)


def renewed(region: Region) -> None:
    for feed in db.session.scalars(select(Feed)):
        renew_link(feed, by=feed.user)


def deactivated(region: Region) -> None:
    db.session.get_one(User, region.ola).deactivated_at = now()


def retired(region: Region) -> None:
    db.session.get_one(Host, region.byutvikling).retired_at = now()


def left(region: Region) -> None:
    region.leave(region.ola)


@pytest.mark.parametrize("lose", [revoked, renewed, deactivated, retired, left])
def test_feed_after_rights_are_lost_is_the_same_404_as_an_unknown_one(region: Region, lose) -> None:  # type: ignore[no-untyped-def]
    path = region.subscribe(region.ola, kind=ScopeKind.HOST, scope_id=region.byutvikling)
    etag = region.app.test_client().get(path).headers["ETag"]
    with region.app.app_context():
        lose(region)
        db.session.commit()
    unknown = region.app.test_client().get("/feeds/" + "x" * 32 + ".ics")
    answers = [
        region.app.test_client().get(path),
        region.app.test_client().get(path, headers={"If-None-Match": etag}),
    ]
    assert [(answer.status_code, answer.data) for answer in answers] == [(404, unknown.data)] * 2


def test_feed_of_all_after_the_coordinator_s_role_is_lost_is_not_found(region: Region) -> None:
    path = region.subscribe(region.kari, kind=ScopeKind.ALL, scope_id=0)
    with region.app.app_context():
        db.session.get_one(User, region.kari).is_coordinator = False
        db.session.commit()
    assert region.app.test_client().get(path).status_code == 404


def test_feed_in_nynorsk_speaks_nynorsk_to_a_program_that_asks_for_english(region: Region) -> None:
    region.add("Tour", host=region.byutvikling)
    path = region.subscribe(region.ola, language="nn", kind=ScopeKind.HOST, scope_id=region.byutvikling)
    text = region.app.test_client().get(path, headers={"Accept-Language": "en"}).data.decode()
    assert "X-WR-CALNAME:Besøk: Byrådsavdeling for byutvikling\r\n" in text


def test_fetch_is_noted_once_in_15_minutes(region: Region) -> None:
    path, begun = region.subscribe(region.ola), now()
    noted = []
    for minutes in (0, 14, 16, 20):
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=False):
            body_of(region, path)
        with region.app.app_context():
            noted.append(db.session.scalar(select(FeedFetch.fetched_at)))
    assert noted == [begun, begun, begun + timedelta(minutes=16), begun + timedelta(minutes=16)]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_fetch_of_another_version_is_noted_at_once_and_each_version_once(region: Region, method: str) -> None:
    tour, begun = region.add("Tour", contact=region.ola), now()
    path, noted = region.subscribe(region.ola), []
    for seconds, moves in ((0, False), (30, True), (40, False), (60, True), (90, False), (990, False)):
        with time_machine.travel(begun + timedelta(seconds=seconds), tick=False):
            if moves:
                region.move(tour, "Tour", hours=seconds / 60, contact=region.ola)
            assert region.app.test_client().open(path, method=method).status_code == 200
        with region.app.app_context():
            noted.append((db.session.scalars(select(FeedFetch.fetched_at)).one() - begun).total_seconds())
    assert noted == [0, 30, 30, 60, 60, 990]


def test_older_version_that_is_noted_late_does_not_count_as_the_last(region: Region) -> None:
    body_of(region, region.subscribe(region.ola))
    with region.app.app_context():
        feed_id, at = db.session.scalars(select(Feed.id)).one(), now()
        for version, minutes in ((7, 1), (6, 2), (6, 40)):
            note_fetch(feed_id, "other", version, at=at + timedelta(minutes=minutes))
        found = db.session.get_one(FeedFetch, (feed_id, "other"))
        assert (found.version, found.fetched_at) == (7, at + timedelta(minutes=40))


def test_second_fetch_reads_no_events_and_writes_nothing(region: Region) -> None:
    region.add("Tour", contact=region.ola)
    path = region.subscribe(region.ola)
    body_of(region, path)
    statements: list[str] = []
    with region.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    body_of(region, path)
    reads = [statement for statement in statements if statement.startswith("SELECT")]
    assert [one for one in statements if "fragment" in one or one.split()[0] in ("INSERT", "UPDATE")] == []
    assert len(reads) <= 6


def test_two_readers_of_one_host_share_a_stored_body(region: Region) -> None:
    for reader in (region.ola, region.kari):
        body_of(region, region.subscribe(reader, kind=ScopeKind.HOST, scope_id=region.byutvikling))
    with region.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FeedBody)) == 1


def test_usual_fetch_is_answered_before_the_application_with_the_same_bytes_and_headers(region: Region) -> None:
    region.add("Tour", contact=region.ola)
    path, client = region.subscribe(region.ola), region.app.test_client()
    slow = client.get(path)
    reached: list[str] = []
    region.app.before_request_funcs.setdefault(None, []).insert(0, lambda: reached.append("application"))
    try:
        quick, packed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
        same = client.get(path, headers={"If-None-Match": slow.headers["ETag"]})
        again = client.get(path, headers={"Accept-Encoding": "gzip, deflate"})
    finally:
        region.app.before_request_funcs[None].pop(0)
    assert reached == []
    assert quick.data == slow.data
    del slow.headers["Date"]  # the server's own
    del slow.headers["X-Request-ID"]  # what is asked all the time has no line in the log, so it needs no number there
    assert dict(quick.headers) == dict(slow.headers)
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", slow.headers["ETag"])
    assert (again.data, again.headers["ETag"], again.headers["Content-Encoding"]) == (
        packed.data,
        packed.headers["ETag"],
        "gzip",
    )
    assert gzip.decompress(again.data) == slow.data


def test_usual_fetch_with_a_foreign_host_name_is_refused_all_the_same(region: Region) -> None:
    path, client = region.subscribe(region.ola), region.app.test_client()
    client.get(path)
    region.app.config["TRUSTED_HOSTS"], region.app.config["PROPAGATE_EXCEPTIONS"] = ["bergen.example.org"], False
    hosts = ("http://evil.example", "http://bergen.example.org")
    answers = [client.get(path, base_url=host) for host in hosts]
    assert [(answer.status_code == 200, b"VCALENDAR" in answer.data) for answer in answers] == [
        (False, False),
        (True, True),
    ]
