"""Feeds of what cuts across hosts: what they show to whom, how much of it, and that every change reaches them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core.errors import NotAllowed
from app.core.time import now
from app.extensions import db
from app.feeds.actions import create_feed
from app.feeds.models import Feed, FeedBody, FeedPart, Level, ScopeKind
from app.feeds.retention import drop_old_bodies
from app.people.actors import by_user
from app.people.models import Host, Place, User
from app.strategy.models import Goal, Partnership, Theme
from app.visits.lifecycle import correct_goals, move_appointment, offer
from app.visits.models import Visit, VisitPartnership, VisitTheme
from app.visits.places import host_renamed, person_renamed, place_renamed, words_of
from app.visits.programme_models import Appointment
from app.visits.scopes import raise_for_visit, version_of
from tests.feeds.conftest import Region, events_in, titles

THEME, GOAL, PARTNERSHIP = ScopeKind.THEME, ScopeKind.GOAL, ScopeKind.PARTNERSHIP


def fetched(region: Region, path: str) -> list[str]:
    answer = region.app.test_client().get(path)
    assert answer.status_code == 200
    return titles(answer.data)


@pytest.fixture
def subjects(region: Region) -> dict[str, int]:
    """The visit is about water, serves 1.3 and SDG 6, and comes through a partnership; ids by kind."""
    with region.app.app_context():
        visit = db.session.get_one(Visit, region.visit)
        ola = db.session.get_one(User, region.ola)
        goals = list(db.session.scalars(select(Goal).where(Goal.slug.in_(("1.3", "sdg-6")))))
        partnership = db.session.scalars(select(Partnership).order_by(Partnership.id)).first()
        assert partnership is not None
        theme = db.session.scalars(select(Theme).where(Theme.slug == "water")).one()
        correct_goals(visit, goals, by=by_user(ola, ola.hosts[0]))
        if theme not in visit.themes:
            visit.theme_links.append(VisitTheme(theme=theme, origin="person"))
        visit.partnership_links.append(VisitPartnership(partnership=partnership))
        raise_for_visit(visit)
        db.session.commit()
        goal = next(one for one in goals if one.slug == "1.3")
        return {THEME: theme.id, GOAL: goal.id, PARTNERSHIP: partnership.id}


@pytest.mark.parametrize("kind", [THEME, GOAL, PARTNERSHIP])
def test_subject_s_feed_shows_the_visits_about_it(region: Region, subjects: dict[str, int], kind: ScopeKind) -> None:
    region.add("Tour")
    with region.app.app_context():
        model = {THEME: Theme, GOAL: Goal, PARTNERSHIP: Partnership}[kind]
        other = db.session.scalars(select(model.id).where(model.id > subjects[kind]).order_by(model.id.desc())).first()
    about = region.subscribe(region.kari, kind=kind, scope_id=subjects[kind])
    assert fetched(region, about) == ["Hold: Tour (Gemeente Utrecht)"]
    assert other is not None
    with region.app.app_context():
        row = db.session.get_one(model, other)
        row.retired_at = None
        if isinstance(row, Goal):
            row.kind = "sdg"
        db.session.commit()
    assert fetched(region, region.subscribe(region.kari, kind=kind, scope_id=other)) == []


def test_place_s_feed_shows_what_happens_there_and_loses_what_moves_away(region: Region) -> None:
    stop = region.add("Tour")
    with region.app.app_context():
        place = db.session.scalars(select(Place).order_by(Place.id)).first()
        assert place is not None
        place_id = place.id
    path = region.subscribe(region.kari, kind=ScopeKind.PLACE, scope_id=place_id)
    before = fetched(region, path)
    set_place(region, stop, place_id)
    there = fetched(region, path)
    set_place(region, stop, None)
    assert (before, there, fetched(region, path)) == ([], ["Hold: Tour (Gemeente Utrecht)"], [])


def set_place(region: Region, stop: int, place_id: int | None) -> None:
    with region.app.app_context():
        ola = db.session.get_one(User, region.ola)
        plan = region.plan("Tour", hours=0, contact=None, host=region.byutvikling)
        plan = replace(plan, place=db.session.get(Place, place_id) if place_id else None)
        move_appointment(db.session.get_one(Appointment, stop), plan, by=by_user(ola, ola.hosts[0]))
        db.session.commit()


def test_member_s_feed_of_a_theme_shows_only_visits_they_may_see_and_no_contacts(
    region: Region, subjects: dict[str, int]
) -> None:
    region.add("Tour", contact=region.ola, note="Use the ramp")
    own = region.subscribe(region.ola, kind=THEME, scope_id=subjects[THEME], level=Level.FULL)
    foreign = region.subscribe(region.siri, kind=THEME, scope_id=subjects[THEME], level=Level.FULL)
    body = region.app.test_client().get(own).data
    assert (titles(body), b"ramp" in body, b"DESCRIPTION" in body) == (["Hold: Tour (Gemeente Utrecht)"], False, False)
    assert fetched(region, foreign) == []


def test_member_s_feed_of_a_theme_gains_the_visit_when_their_host_is_asked(
    region: Region, subjects: dict[str, int]
) -> None:
    region.add("Tour")
    path = region.subscribe(region.siri, kind=THEME, scope_id=subjects[THEME])
    before = fetched(region, path)
    with region.app.app_context():
        kari, visit = db.session.get_one(User, region.kari), db.session.get_one(Visit, region.visit)
        offer(visit, db.session.get_one(Host, region.klyngene), part="part", by=by_user(kari))
        db.session.commit()
    assert (before, fetched(region, path)) == ([], ["Hold: Tour (Gemeente Utrecht)"])


def test_people_of_a_room_s_host_see_that_it_is_taken_but_not_by_whom(region: Region) -> None:
    with region.app.app_context():
        place = Place(slug="room", name_en="The cluster's room", host_id=region.klyngene)
        db.session.add(place)
        db.session.commit()
        place_id = place.id
    stop = region.add("Tour")
    set_place(region, stop, place_id)
    paths = [
        region.subscribe(who, kind=ScopeKind.PLACE, scope_id=place_id) for who in (region.kari, region.ola, region.siri)
    ]
    shown = [fetched(region, path) for path in paths]
    assert shown == [["Hold: Tour (Gemeente Utrecht)"], ["Hold: Tour (Gemeente Utrecht)"], ["Busy"]]
    taken = events_in(region.app.test_client().get(paths[2]).data)[0]
    assert {"LOCATION", "DESCRIPTION", "URL"} & set(taken) == set()


def test_coordinator_s_full_feed_of_a_theme_shrinks_when_the_role_is_lost(
    region: Region, subjects: dict[str, int]
) -> None:
    region.add("Tour", note="Use the ramp")
    path = region.subscribe(region.kari, kind=THEME, scope_id=subjects[THEME], level=Level.FULL)
    before = region.app.test_client().get(path)
    with region.app.app_context():
        db.session.get_one(User, region.kari).is_coordinator = False
        db.session.commit()
    answer = region.app.test_client().get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert (b"ramp" in before.data, answer.status_code) == (True, 404)  # she is in no host


def test_nobody_without_a_host_may_subscribe_to_what_cuts_across(region: Region, subjects: dict[str, int]) -> None:
    region.leave(region.siri)
    for kind, scope_id in [*subjects.items(), (ScopeKind.PLACE, 1), (ScopeKind.ALL, 0)]:
        with pytest.raises(NotAllowed):
            region.subscribe(region.siri, kind=ScopeKind(kind), scope_id=scope_id)


def test_what_is_not_in_force_or_unknown_cannot_be_subscribed_to(region: Region) -> None:
    with region.app.app_context():
        part = db.session.scalars(select(Goal.id).where(Goal.kind == "part")).first()
        place = db.session.get_one(Place, 1)
        place.retired_at = now()
        db.session.commit()
    assert part is not None
    for kind, scope_id in [(GOAL, part), (GOAL, 10**6), (ScopeKind.PLACE, 1), (THEME, 0)]:
        with pytest.raises(NotAllowed):
            region.subscribe(region.kari, kind=kind, scope_id=scope_id)


def test_goal_s_feed_follows_the_corrected_goals(region: Region, subjects: dict[str, int]) -> None:
    region.add("Tour")
    path = region.subscribe(region.kari, kind=GOAL, scope_id=subjects[GOAL])
    before = fetched(region, path)
    with region.app.app_context():
        visit, ola = db.session.get_one(Visit, region.visit), db.session.get_one(User, region.ola)
        correct_goals(visit, [], by=by_user(ola, ola.hosts[0]))
        db.session.commit()
    assert (before, fetched(region, path)) == (["Hold: Tour (Gemeente Utrecht)"], [])


def test_names_reach_the_calendar_s_own_name_and_its_events(region: Region) -> None:
    region.add("Tour", contact=region.ola)
    path = region.subscribe(region.ola, kind=ScopeKind.HOST, scope_id=region.byutvikling, level=Level.FULL)
    client = region.app.test_client()
    before = client.get(path)
    with region.app.app_context():
        host, ola = db.session.get_one(Host, region.byutvikling), db.session.get_one(User, region.ola)
        host.name_en, ola.name = "Department of Everything", "Ola Oppdatert"
        host_renamed(host)
        person_renamed(ola)
        db.session.commit()
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    text = after.data.decode().replace("\r\n ", "")
    assert after.status_code == 200
    assert [word in text for word in ("X-WR-CALNAME:Visits: Department of Everything", "Ola Oppdatert")] == [True, True]


def test_empty_feed_of_a_place_learns_its_new_name(region: Region) -> None:
    path, client = region.subscribe(region.kari, kind=ScopeKind.PLACE, scope_id=1), region.app.test_client()
    etag = client.get(path).headers["ETag"]
    with region.app.app_context():
        place = db.session.get_one(Place, 1)
        was = words_of(place)
        place.name_en = "A new name"
        place_renamed(place, was=was)
        db.session.commit()
    answer = client.get(path, headers={"If-None-Match": etag})
    assert b"X-WR-CALNAME:Visits: A new name\r\n" in answer.data


def test_every_scope_of_a_visit_is_raised_by_a_change_of_its_programme(
    region: Region, subjects: dict[str, int]
) -> None:
    stop = region.add("Tour", contact=region.ola)
    set_place(region, stop, 1)
    scopes = [("all", 0), ("user", region.ola), ("host", region.byutvikling), ("place", 1), *subjects.items()]
    with region.app.app_context():
        above = db.session.get_one(Goal, subjects[GOAL]).parent_id
        before = {scope: version_of(*scope) for scope in [*scopes, ("goal", above)]}
    region.add("Lunch", hours=3)
    with region.app.app_context():
        assert [scope for scope, version in before.items() if version_of(*scope) <= version] == []


def test_two_people_of_one_host_share_the_stored_body_of_a_theme(region: Region, subjects: dict[str, int]) -> None:
    region.add("Tour")
    with region.app.app_context():
        from_host = db.session.get_one(User, region.ola)
        second = User(email="second@bergen.example.org", name="Second", created_at=now())
        db.session.add(second)
        db.session.flush()
        from_host.hosts[0].memberships.append(type(from_host.memberships[0])(user=second))
        db.session.commit()
        second_id = second.id
    bodies = {
        region.app.test_client().get(region.subscribe(who, kind=THEME, scope_id=subjects[THEME])).data
        for who in (region.ola, second_id)
    }
    assert len(bodies) == 1


def test_made_feed_never_holds_more_than_its_owner_may_have(region: Region, subjects: dict[str, int]) -> None:
    with region.app.app_context():
        feed, token = create_feed(
            by=db.session.get_one(User, region.ola),
            name="x",
            kind=THEME,
            scope_id=subjects[THEME],
            level=Level.FULL,
            language="en",
        )
        assert (feed.level, len(token) >= 22, token in str(vars(feed))) == (Level.TEAM, True, False)
        assert db.session.scalars(select(Feed.token_hash)).one() != token


def test_stored_bodies_that_nobody_gets_any_more_are_dropped(region: Region, subjects: dict[str, int]) -> None:
    stop = region.add("Tour")
    for scope in (ScopeKind.ALL, THEME):
        scope_id = subjects.get(scope, 0)
        fetched(region, region.subscribe(region.kari, kind=scope, scope_id=scope_id))
    with region.app.app_context():
        kept = drop_old_bodies(now())
        db.session.commit()
    region.cancel(stop)
    fetched(region, region.subscribe(region.kari, kind=ScopeKind.ALL, scope_id=0))
    with region.app.app_context():
        dropped = drop_old_bodies(now())
        left = [(body.scope_kind, body.version > 1) for body in db.session.scalars(select(FeedBody))]
        contents = db.session.scalar(select(func.count()).select_from(FeedPart))
        assert (kept, dropped, left, contents) == (0, 1, [("all", True)], 1)
        assert drop_old_bodies(now() + timedelta(days=400)) == 1
