"""The administrator's pages: people and their rights, one-time links, hosts' profiles; nobody else gets in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.people.models import Host, User
from app.visits.programme_models import Fragment
from app.visits.scopes import version_of
from tests import cast
from tests.factories import make_visit
from tests.web.office import Office, Store, find_visit, open_office, user_called, words_of

NEW: dict[str, Any] = {
    "name": "Nina Ny",
    "email": "Nina@Bergen.example.org",
    "language": "nn",
    "title": "Adviser",
    "phone": "",
    "hosts": ["brannvesen", "byutvikling"],
}


def id_of(store: Store, person: cast.Person) -> int:
    with store() as session:
        return user_called(session, person).id


def host_form(office: Office, store: Store, slug: str) -> tuple[str, dict[str, Any]]:
    """The host's page, and what its form would send."""
    with store() as session:
        host = session.scalars(select(Host).where(Host.slug == slug)).one()
        names = ("name_nb", "name_nn", "name_en", "kind", "description_nb", "description_nn", "description_en")
        sent: dict[str, Any] = {name: getattr(host, name) for name in (*names, "email", "website", "notice_days")}
        sent |= {"languages": list(host.languages), "aliases": "\n".join(host.aliases), "owner": "", "backup": ""}
        sent["opening_hours"] = "mon 09:00-15:30\ntuesday 8:00-16:00".replace("8:00", "08:00")
        return f"/admin/hosts/{host.id}", sent


def test_person_is_added_and_gets_a_link_that_is_shown_once(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    browser = office.browser(cast.ADA)
    answer = browser.post("/admin/people/new", data=NEW)
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    link = re.search(r"/sign-in/([\w-]+)<", page)
    assert link is not None
    assert browser.get(answer.location).location == "/admin"
    with store() as session:
        nina = session.scalars(select(User).where(User.email == "nina@bergen.example.org")).one()
        assert (nina.name, nina.language, nina.is_coordinator) == ("Nina Ny", "nn", False)
        assert {host.slug for host in nina.hosts} == {"brannvesen", "byutvikling"}
    stranger = app.test_client()
    assert stranger.post(f"/sign-in/{link[1]}").status_code == 303
    assert stranger.get("/visits").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Write the person's name."),
        ({"email": "nobody"}, "Write an e-mail address such as name@example.org."),
        ({"email": "OLA@bergen.example.org"}, "Somebody already has this address: Ola Overvann."),
        ({"language": "tlh"}, "Choose one of the answers in the list."),
        ({"hosts": ["nobody"]}, "Choose from the list. What was sent is not in it."),
        ({"title": "x" * 100_000}, "Shorten this by 99800 characters."),
    ],
)
def test_person_with_a_mistake_is_refused_beside_its_field(
    app: Flask, store: Store, wrong: dict[str, Any], words: str
) -> None:
    office = open_office(app, store)
    answer = office.browser(cast.ADA).post("/admin/people/new", data={**NEW, **wrong})
    assert answer.status_code == 422
    assert words_of(answer.text).count(words) == 2


def test_rights_are_exactly_what_was_ticked_and_feeds_learn_of_it(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    ola = id_of(store, cast.OLA)
    with store():
        before = version_of("user", ola)
    sent = {**NEW, "name": "Ola O.", "email": cast.OLA.email, "hosts": ["bymiljoetaten"], "is_coordinator": "y"}
    assert office.browser(cast.ADA).post(f"/admin/people/{ola}", data=sent).status_code == 303
    with store() as session:
        user = session.get(User, ola)
        assert user is not None
        assert ([host.slug for host in user.hosts], user.is_coordinator) == (["bymiljoetaten"], True)
        assert version_of("user", ola) == before + 1


def test_deactivated_person_is_signed_out_at_once_and_comes_back_by_a_new_link(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    ola, at_work = id_of(store, cast.OLA), office.browser(cast.OLA)
    assert at_work.get("/visits").status_code == 200
    admin = office.browser(cast.ADA)
    assert admin.post(f"/admin/people/{ola}/deactivate").status_code == 303
    assert at_work.get("/visits").status_code == 302
    assert admin.post(f"/admin/people/{ola}/new-link").status_code == 409
    assert "Deactivated" in words_of(admin.get("/admin").text)
    back = admin.post(f"/admin/people/{ola}/reactivate")
    assert back.location == f"/admin/people/{ola}/link"
    assert at_work.get("/visits").status_code == 302


def test_administrators_cannot_lock_themselves_out(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    ada = id_of(store, cast.ADA)
    browser = office.browser(cast.ADA)
    assert browser.post(f"/admin/people/{ada}/deactivate").location == f"/admin/people/{ada}"
    sent = {**NEW, "name": "Ada", "email": cast.ADA.email, "hosts": []}
    refused = browser.post(f"/admin/people/{ada}", data=sent)
    assert refused.status_code == 422
    assert "You cannot take this from yourself." in words_of(refused.text)
    assert browser.get("/admin").status_code == 200


def test_hosts_new_name_reaches_calendars(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        ref = make_visit("planned", user=user_called(session, cast.OLA)).ref
        before = version_of("all", 0)
    path, sent = host_form(office, store, "byutvikling")
    answer = office.browser(cast.ADA).post(path, data={**sent, "name_en": "City Planning"}, follow_redirects=True)
    assert "1 coming appointment shows the new name in calendars." in words_of(answer.text)
    with store() as session:
        appointment = find_visit(session, ref).appointments[0]
        query = select(Fragment.body).where(Fragment.appointment_id == appointment.id, Fragment.level == "full")
        bodies = session.scalars(query.where(Fragment.language == "en")).all()
        assert ["City Planning" in body.replace("\r\n ", "") for body in bodies] == [True]
        assert version_of("all", 0) > before
        assert session.get(Host, appointment.host_id).opening_hours == {  # type: ignore[union-attr]
            "mon": ["09:00", "15:30"],
            "tue": ["08:00", "16:00"],
        }


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"opening_hours": "mon 25:00-26:00"}, "This line cannot be read: “mon 25:00-26:00”."),
        ({"opening_hours": "mon 16:00-08:00"}, "This line cannot be read"),
        ({"notice_days": ""}, "Write a number of days."),
        ({"kind": "circus"}, "Choose one of the answers in the list."),
        ({"email": "x"}, "Write an e-mail address such as name@example.org."),
        ({"name_nb": "", "name_nn": "", "name_en": ""}, "Write the name in at least one language."),
        ({"owner": "nobody"}, "Choose from the list. What was sent is not in it."),
    ],
)
def test_host_with_a_mistake_is_refused(app: Flask, store: Store, wrong: dict[str, Any], words: str) -> None:
    office = open_office(app, store)
    path, sent = host_form(office, store, "byutvikling")
    answer = office.browser(cast.ADA).post(path, data={**sent, **wrong})
    assert answer.status_code == 422
    assert words_of(answer.text).count(words) == 2


def test_retired_hosts_people_lose_their_rights_until_it_is_brought_back(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    path, _sent = host_form(office, store, "brannvesen")
    brita = office.browser(cast.BRITA)
    assert brita.get("/visits").status_code == 200
    assert office.browser(cast.ADA).post(f"{path}/retire").status_code == 303
    assert brita.get("/visits").status_code == 403
    assert office.browser(cast.ADA).post(f"{path}/bring-back").status_code == 303
    assert brita.get("/visits").status_code == 200


def test_themes_and_goals_mark_what_was_assumed(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    browser = office.browser(cast.ADA)
    assert "Assumed" in words_of(browser.get("/admin/themes").text)
    goals = words_of(browser.get("/admin/goals").text)
    assert "SDG 14: Life Below Water" in goals
    assert "Partly assumed" in words_of(browser.get("/admin/hosts").text)


@pytest.mark.parametrize("path", ["/admin", "/admin/people/new", "/admin/people/1", "/admin/hosts", "/admin/goals"])
def test_only_administrators_get_in(app: Flask, store: Store, path: str) -> None:
    office = open_office(app, store)
    assert office.browser(cast.KARI).get(path).status_code == 403
    assert office.browser(cast.OLA).get(path).status_code == 403
    assert office.browser(cast.ADA).get(path).status_code == 200


def test_strange_people_and_hosts_are_not_found(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    for path in ("/admin/people/99999", "/admin/people/99999999999999999999", "/admin/hosts/99999"):
        assert office.browser(cast.ADA).get(path).status_code == 404
