"""The absences' pages: members enter their own and their hosts', administrators anybody's of a host."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.people.models import Absence, Host
from tests import cast
from tests.factories import make_visit
from tests.web.office import Store, counted_queries, find_visit, open_office, user_called, words_of

pytestmark = pytest.mark.usefixtures("clock")


def sent(who: str, **changes: object) -> dict[str, Any]:
    return {"who": who, "starts_on": "2027-03-02", "ends_on": "2027-03-05", "backup": "", "note": "", **changes}


def key(store: Store, whom: cast.Person | str) -> str:
    with store() as session:
        if isinstance(whom, str):
            return f"host-{cast.host(whom).id}"
        return f"person-{user_called(session, whom).id}"


def entered(store: Store) -> list[tuple[str, str, str]]:
    with store() as session:
        rows = session.scalars(select(Absence).order_by(Absence.id))
        return [
            (
                row.host.slug if row.host else row.user.name if row.user else "",
                f"{row.starts_on}/{row.ends_on}",
                row.backup_host.slug if row.backup_host else row.backup_user.name if row.backup_user else "",
            )
            for row in rows
        ]


def test_member_enters_own_and_hosts_absence_and_takes_it_back(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    browser = office.browser(cast.OLA)
    me, ours, theirs = key(store, cast.OLA), key(store, "byutvikling"), key(store, "brannvesen")
    assert browser.post("/inbox/absences", data=sent(me, ends_on="", backup=key(store, cast.SIRI))).status_code == 303
    assert browser.post("/inbox/absences", data=sent(ours, backup=theirs, note="Course")).status_code == 303
    assert entered(store) == [
        ("Ola Overvann", "2027-03-02/2027-03-02", "Siri Sjømat"),
        ("byutvikling", "2027-03-02/2027-03-05", "brannvesen"),
    ]
    page = words_of(browser.get("/inbox/absences").text)
    assert "Ola Overvann" in page
    assert "Course" in page
    with store() as session:
        first = session.scalars(select(Absence.id).order_by(Absence.id)).first()
    assert browser.post(f"/inbox/absences/{first}/remove").status_code == 303
    assert [who for who, _days, _backup in entered(store)] == ["byutvikling"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_on": "2027-03-01"}, "The last day is before the first."),
        ({"starts_on": "2027-02-01", "ends_on": "2027-02-02"}, "These days are over."),
        ({"ends_on": "2030-03-01"}, "Write at most two years."),
        ({"starts_on": ""}, "Write the first day."),
        ({"backup": "host-999999"}, "Choose one of the answers in the list."),
    ],
)
def test_days_that_cannot_be_are_refused_with_words(
    app: Flask, store: Store, changes: dict[str, str], words: str
) -> None:
    browser = open_office(app, store).browser(cast.OLA)
    answer = browser.post("/inbox/absences", data=sent(key(store, cast.OLA), **changes))
    assert (answer.status_code, words in words_of(answer.text), entered(store)) == (422, True, [])


def test_nobody_enters_or_removes_absences_of_other_hosts(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    answer = office.browser(cast.SIRI).post("/inbox/absences", data=sent(key(store, "byutvikling")))
    assert (answer.status_code, entered(store)) == (422, [])
    office.browser(cast.OLA).post("/inbox/absences", data=sent(key(store, "byutvikling")))
    with store() as session:
        found = session.scalars(select(Absence.id)).one()
    assert office.browser(cast.SIRI).post(f"/inbox/absences/{found}/remove").status_code == 404
    assert office.browser(cast.KARI).post(f"/admin/hosts/absences/{found}/remove").status_code == 403
    assert office.browser(cast.ADA).post(f"/admin/hosts/absences/{found}/remove").status_code == 303
    assert entered(store) == []


def test_administrator_enters_a_members_absence_on_the_hosts_page(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store():
        url = f"/admin/hosts/{cast.host('byutvikling').id}"
    browser = office.browser(cast.ADA)
    assert f"{url}/absences" in browser.get(url).text
    data = sent(key(store, cast.ULRIK), backup=key(store, "brannvesen"))
    assert browser.post(f"{url}/absences", data=data).status_code == 303
    assert entered(store) == [("Ulrik Utvikling", "2027-03-02/2027-03-05", "brannvesen")]
    assert "Ulrik Utvikling" in words_of(browser.get(f"{url}/absences").text)


def test_backup_finds_the_offer_in_the_inbox_and_claims_for_the_absent_host(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        ref = make_visit("received", user=user_called(session, cast.OLA)).ref
    backup = office.browser(cast.SIRI)
    assert backup.get(f"/visits/{ref}").status_code == 404
    absence = sent(key(store, "byutvikling"), backup=key(store, "naeringsklyngene"))
    office.browser(cast.OLA).post("/inbox/absences", data=absence)
    page = backup.get("/inbox").text
    assert ref in page
    assert "You stand in for" in words_of(page)
    assert backup.get(f"/visits/{ref}").status_code == 200
    assert backup.post(f"/visits/{ref}/claim", data={"host": "byutvikling"}).status_code == 303
    with store() as session:
        visit = find_visit(session, ref)
        assert (visit.lead_host, visit.lead_user) == (cast.host("byutvikling"), user_called(session, cast.SIRI))


def test_a_page_costs_the_same_however_many_hosts_the_reader_backs(app: Flask, store: Store) -> None:
    """They are people of several hosts who might stand in any day; only somebody's absence makes it dearer."""
    office = open_office(app, store)
    browser, counts = office.browser(cast.BRITA), []
    for backed in (("byutvikling",), ("byutvikling", "naeringsklyngene")):
        with store() as session:
            session.execute(update(Host).values(backup_id=None))
            session.execute(update(Host).where(Host.slug.in_(backed)).values(backup_id=cast.host("brannvesen").id))
        with counted_queries(app) as seen:
            assert browser.get("/my-feeds").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 16
