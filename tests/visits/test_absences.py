"""Who is away, who stands in, and what routing knows of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core.errors import Invalid
from app.core.time import now
from app.extensions import db
from app.notifications.derive import announce, unannounced_ids
from app.notifications.models import Notification
from app.people.absences import all_away, away_spans, drop_old_absences, enter_absence, remove_absence
from app.people.actors import by_user
from app.people.backups import has_somebody, manned_host_ids, people_for, stand_ins, stood_in_for
from app.people.models import Absence, User
from app.people.quiet import enter_quiet_period
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.queries import offers_for, seen_by
from app.visits.reading import current_catalogue
from app.visits.routing import proposal_for
from app.visits.rules import may_claim, may_see_visit
from tests import cast
from tests.factories import make_request, make_visit

pytestmark = pytest.mark.usefixtures("session", "clock")
THIS_WEEK = (date(2027, 3, 1), date(2027, 3, 5))  # the clock stands on Tuesday 2 March
NEXT_WEEK = (date(2027, 3, 8), date(2027, 3, 12))


def names(users: list[User]) -> list[str]:
    return [user.name.split()[0] for user in users]


def mails() -> list[tuple[str, str]]:
    """Everything that is announced now: kind and first name (the visitor's are left out)."""
    for activity_id in unannounced_ids():
        announce(activity_id, at=now())
    rows = db.session.scalars(select(Notification).where(Notification.user_id.is_not(None)).order_by(Notification.id))
    return [(row.kind, row.user.name.split()[0]) for row in rows if row.user]


def test_absent_host_is_stood_in_for_by_the_host_entered_with_it() -> None:
    ola, brita = cast.bring(cast.OLA, cast.BRITA)
    host = cast.host("byutvikling")
    enter_absence(host, THIS_WEEK, backup=cast.host("brannvesen"), by=ola, at=now())
    assert names(people_for(host)) == ["Ola", "Brita"]
    assert stood_in_for(brita) == [host]
    assert names(people_for(host, on=NEXT_WEEK[0])) == ["Ola"]
    assert stood_in_for(brita, on=NEXT_WEEK[0]) == []


def test_absent_host_without_a_word_is_stood_in_for_by_its_own_backup() -> None:
    ola, siri = cast.bring(cast.OLA, cast.SIRI)
    host = cast.host("byutvikling")
    host.backup = cast.host("naeringsklyngene")
    assert stood_in_for(siri) == []
    enter_absence(host, THIS_WEEK, by=ola, at=now())
    assert (names(stand_ins(host)), stood_in_for(siri)) == (["Siri"], [host])


def test_backup_host_acts_where_every_member_is_away() -> None:
    ola, ulrik, siri = cast.bring(cast.OLA, cast.ULRIK, cast.SIRI)
    host = cast.host("byutvikling")
    host.backup = cast.host("naeringsklyngene")
    enter_absence(ola, THIS_WEEK, by=ola, at=now())
    assert (stand_ins(host), has_somebody(host)) == ([], True)
    enter_absence(ulrik, THIS_WEEK, by=ulrik, at=now())
    assert (names(stand_ins(host)), stood_in_for(siri)) == (["Siri"], [host])


def test_nobody_is_left_where_the_backup_is_away_too() -> None:
    ola, brita = cast.bring(cast.OLA, cast.BRITA)
    host = cast.host("byutvikling")
    enter_absence(ola, THIS_WEEK, backup=brita, by=ola, at=now())
    assert (names(stand_ins(host)), host.id in manned_host_ids()) == (["Brita"], True)
    enter_absence(brita, THIS_WEEK, by=brita, at=now())
    assert (stand_ins(host), has_somebody(host), host.id in manned_host_ids()) == ([], False, False)


def test_backup_host_acts_where_the_colleague_named_is_away_too() -> None:
    ola, ulrik, siri = cast.bring(cast.OLA, cast.ULRIK, cast.SIRI)
    host = cast.host("byutvikling")
    host.backup = cast.host("naeringsklyngene")
    enter_absence(ola, THIS_WEEK, backup=ulrik, by=ola, at=now())
    assert (stand_ins(host), has_somebody(host)) == ([], True)
    enter_absence(ulrik, THIS_WEEK, by=ulrik, at=now())
    assert (names(stand_ins(host)), has_somebody(host)) == (["Siri"], True)
    assert (stood_in_for(siri), host.id in manned_host_ids()) == ([host], True)


def test_backup_host_acts_where_the_one_entered_with_the_hosts_absence_is_away() -> None:
    ola, brita, siri = cast.bring(cast.OLA, cast.BRITA, cast.SIRI)
    host = cast.host("byutvikling")
    host.backup = cast.host("naeringsklyngene")
    enter_absence(host, THIS_WEEK, backup=brita, by=ola, at=now())
    assert names(stand_ins(host)) == ["Brita"]
    enter_absence(brita, THIS_WEEK, by=brita, at=now())
    assert (names(stand_ins(host)), stood_in_for(siri), stood_in_for(brita)) == (["Siri"], [host], [])


def test_personal_absence_lets_the_backup_person_act_for_the_hosts() -> None:
    ola, siri = cast.bring(cast.OLA, cast.SIRI)
    absence = enter_absence(ola, THIS_WEEK, backup=siri, by=ola, at=now())
    assert stood_in_for(siri) == [cast.host("byutvikling")]
    remove_absence(absence)
    assert stood_in_for(siri) == []
    assert db.session.scalars(select(Absence)).all() == []


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        ((date(2027, 3, 5), date(2027, 3, 4)), "order"),
        ((date(2027, 2, 1), date(2027, 3, 1)), "range"),
        ((date(2027, 3, 1), date(2029, 4, 1)), "range"),
    ],
)
def test_days_that_cannot_be_are_refused(span: tuple[date, date], reason: str) -> None:
    (ola,) = cast.bring(cast.OLA)
    with pytest.raises(Invalid) as refused:
        enter_absence(ola, span, by=ola, at=now())
    assert refused.value.code == reason


def test_nobody_stands_in_for_themselves() -> None:
    (ola,) = cast.bring(cast.OLA)
    with pytest.raises(Invalid):
        enter_absence(ola, THIS_WEEK, backup=ola, by=ola, at=now())


def test_offer_to_an_absent_host_reaches_its_backup_who_may_claim() -> None:
    ola, brita, siri = cast.bring(cast.OLA, cast.BRITA, cast.SIRI)
    enter_absence(cast.host("byutvikling"), THIS_WEEK, backup=cast.host("brannvesen"), by=ola, at=now())
    visit = make_visit("received", user=ola, at=now() - timedelta(hours=1))
    assert [line for line in mails() if line[0] == "offer"][:2] == [("offer", "Ola"), ("offer", "Brita")]
    assert mails().count(("offer", "Brita")) == 1
    assert [offer.visit_id for offer in offers_for(brita)] == [visit.id]
    assert (may_see_visit(brita, visit), may_claim(brita, visit)) == (True, True)
    assert db.session.scalars(select(Visit.id).where(seen_by(brita))).all() == [visit.id]
    assert (may_see_visit(siri, visit), may_claim(siri, visit)) == (False, False)
    lifecycle.claim(visit, cast.host("byutvikling"), by=by_user(brita, cast.host("byutvikling")), at=now())
    assert (visit.lead_host, visit.lead_user) == (cast.host("byutvikling"), brita)


def test_rights_of_the_backup_end_with_the_absence(clock: time_machine.Traveller) -> None:
    ola, brita = cast.bring(cast.OLA, cast.BRITA)
    enter_absence(cast.host("byutvikling"), THIS_WEEK, backup=cast.host("brannvesen"), by=ola, at=now())
    visit = make_visit("received", user=ola, at=now() - timedelta(hours=1))
    clock.move_to(datetime(2027, 3, 5, 22, 30, tzinfo=UTC))
    assert may_see_visit(brita, visit)
    clock.move_to(datetime(2027, 3, 5, 23, 30, tzinfo=UTC))  # half past midnight in Bergen
    assert not may_see_visit(brita, visit)


@pytest.mark.parametrize(
    ("away", "told"), [(False, []), (True, [("nobody-there", "Coordinator"), ("nobody-there", "Kari")])]
)
def test_coordinators_are_alarmed_when_nobody_can_answer(away: bool, told: list[tuple[str, str]]) -> None:
    _kari, ola = cast.bring(cast.KARI, cast.OLA)
    if away:
        enter_absence(ola, THIS_WEEK, by=ola, at=now())
    visit = lifecycle.register(make_request(), by=by_user(ola), at=now())
    lead = [offer.id for offer in visit.offers if offer.part == "lead"]
    mails()
    rows = db.session.scalars(select(Notification).where(Notification.kind == "nobody-there"))
    mine = [(row.kind, row.user.name.split()[0]) for row in rows if row.facts["about"]["offer"] in lead and row.user]
    assert mine == told


def test_spans_in_which_everybody_is_away() -> None:
    one = [(date(2027, 3, 1), date(2027, 3, 10)), (date(2027, 4, 1), date(2027, 4, 2))]
    other = [(date(2027, 3, 8), date(2027, 4, 1))]
    assert all_away([one, other]) == ((date(2027, 3, 8), date(2027, 3, 10)), (date(2027, 4, 1), date(2027, 4, 1)))
    assert all_away([one, []]) == ()
    assert all_away([]) == ()


def test_catalogue_knows_who_is_away_and_what_hosts_have_on() -> None:
    ola, brita = cast.bring(cast.OLA, cast.BRITA)
    enter_absence(ola, (date(2027, 5, 10), date(2027, 5, 14)), by=ola, at=now())
    enter_absence(cast.host("brannvesen"), NEXT_WEEK, by=brita, at=now())
    enter_quiet_period(cast.host("byutvikling"), (date(2027, 5, 18), date(2027, 5, 20)), by=ola, at=now())
    enter_quiet_period(ola, (date(2027, 5, 25), date(2027, 5, 26)), by=ola, at=now())
    planned = make_visit("planned", user=ola)
    claimed = make_visit("claimed", user=ola, organisation="Another city")
    profiles = {host.slug: host for host in current_catalogue().hosts}
    water = profiles["byutvikling"]
    assert water.out_of_office == ((date(2027, 5, 10), date(2027, 5, 14)),)
    assert water.quiet == ((date(2027, 5, 18), date(2027, 5, 20)),)
    assert (water.weeks, water.months) == (((date(2027, 5, 10), 2),), ((date(2027, 5, 1), 2),))
    assert (water.load, profiles["brannvesen"].load) == (2, 0)
    assert profiles["brannvesen"].out_of_office == (NEXT_WEEK,)
    without = {host.slug: host for host in current_catalogue(besides=planned).hosts}["byutvikling"]
    assert (without.weeks, without.load, claimed.lead_host) == (((date(2027, 5, 10), 1),), 1, cast.host("byutvikling"))
    assert away_spans([cast.host("byutvikling")], today=date(2027, 6, 1)) == {}


def test_same_organisation_again_prefers_its_earlier_host() -> None:
    ola, siri = cast.bring(cast.OLA, cast.SIRI)
    make_visit("claimed", user=ola)
    again = make_visit("received", user=ola, at=now() - timedelta(hours=1))
    best = proposal_for(again).ranked[0]
    assert (best.slug, "earlier-host" in [reason.code for reason in best.reasons]) == ("byutvikling", True)
    other = make_visit("received", user=siri, at=now() - timedelta(hours=1), organisation="Another city")
    assert "earlier-host" not in [reason.code for one in proposal_for(other).ranked for reason in one.reasons]


def test_its_earlier_host_is_known_when_its_name_is_turned_round() -> None:
    (ola,) = cast.bring(cast.OLA)
    make_visit("claimed", user=ola, organisation="Ministry of Water of Kenya")
    turned = make_visit("received", user=ola, at=now() - timedelta(hours=1), organisation="Kenya Water Ministry")
    longer = make_visit("received", user=ola, at=now() - timedelta(hours=1), organisation="Kenya Water Ministry Museum")
    known = [[one.code for one in proposal_for(visit).ranked[0].reasons] for visit in (turned, longer)]
    assert ["earlier-host" in codes for codes in known] == [True, False]


def test_absences_are_forgotten_a_year_after_their_end() -> None:
    (ola,) = cast.bring(cast.OLA)
    enter_absence(ola, THIS_WEEK, by=ola, at=now())
    assert drop_old_absences(datetime(2028, 3, 4, 12, tzinfo=UTC)) == 0
    assert drop_old_absences(datetime(2028, 3, 6, 12, tzinfo=UTC)) == 1


@pytest.mark.parametrize(
    ("address", "is_known"), [("other@graz.example.net", True), ("other@gmail.com", False)], ids=["its-own", "anybodys"]
)
def test_city_is_the_same_in_another_language_from_its_own_mail_domain(address: str, is_known: bool) -> None:
    (ola,) = cast.bring(cast.OLA)
    at_home = {"country": "AT", "city": "Graz"}
    make_visit("claimed", user=ola, organisation="Stadt Graz", contact_email="kanal@graz.example.net", **at_home)
    changes = {**at_home, "organisation": "City of Graz", "contact_email": address}
    again = make_visit("received", user=ola, at=now() - timedelta(hours=1), **changes)
    found = {reason.code for one in proposal_for(again).ranked for reason in one.reasons}
    assert ("earlier-host" in found) is is_known
