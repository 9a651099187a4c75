"""What routing would decide now: compared with then and with what stands, and nothing is changed by asking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import event, select

from app.core.time import now
from app.extensions import db
from app.people.absences import enter_absence
from app.people.actors import SYSTEM
from app.people.models import Host, User
from app.visits import lifecycle
from app.visits.dry_run import dry_run, dry_runs
from app.visits.models import Visit
from tests import cast
from tests.factories import make_request, make_visit
from tests.web.office import Store, find_visit, open_office, words_of

MAY = (date(2027, 5, 1), date(2027, 5, 31))


def changed(visit: Visit) -> list[str]:
    return [one.part for one in dry_run(visit).changes]


@pytest.mark.usefixtures("session", "clock")
class TestComparing:
    def test_nothing_would_change_right_after_routing(self) -> None:
        (ola,) = cast.bring(cast.OLA)
        visit = make_visit("received", user=ola)
        assert changed(visit) == []
        assert [(one.part, one.stands) for one in dry_run(visit).parts][1] == ("lead", ("byutvikling",))

    def test_absent_host_and_new_flag_show_with_their_reasons(self) -> None:
        (ola,) = cast.bring(cast.OLA)
        visit = make_visit("received", user=ola)
        before = (visit.version, dict(visit.routing), len(visit.activities), len(visit.offers))
        visit.routing = {**visit.routing, "lead": "uib", "flags": []}
        visit.group_size = 300
        enter_absence(cast.host("byutvikling"), MAY, by=ola, at=now())
        found = {one.part: one for one in dry_run(visit).changes}
        assert {"decision", "lead", "flags"} <= found.keys()
        assert (found["lead"].then, found["lead"].stands) == (("uib",), ("byutvikling",))
        assert "large-group" in found["flags"].now
        assert found["flags"].reasons["large-group"][0]["code"] == "size"
        ranked = dry_run(visit).parts[1].reasons
        assert all(ranked[slug] for slug in dry_run(visit).parts[1].now)
        assert (visit.version, len(visit.activities), len(visit.offers)) == (before[0], *before[2:])

    def test_another_hosts_lead_is_a_difference_from_what_stands(self) -> None:
        (siri,) = cast.bring(cast.SIRI)
        visit = make_visit("claimed", user=siri)
        lead = next(one for one in dry_run(visit).changes if one.part == "lead")
        assert (lead.then, lead.stands, lead.now) == (("byutvikling",), ("naeringsklyngene",), ("byutvikling",))

    def test_a_lead_that_nobody_was_asked_for_yet_is_no_difference(self) -> None:
        (ola,) = cast.bring(cast.OLA)
        visit = make_visit("received", user=ola)
        for offer in visit.offers:
            offer.status = "withdrawn"
        lead = next(one for one in dry_run(visit).parts if one.part == "lead")
        assert (lead.stands, lead.now, lead.departs) == ((), ("byutvikling",), False)
        assert changed(visit) == []

    def test_goal_that_a_person_took_away_does_not_stand(self) -> None:
        (ola,) = cast.bring(cast.OLA)
        visit = make_visit("received", user=ola)
        gone = visit.goal_links[0]
        gone.state = "removed"
        goals = next(one for one in dry_run(visit).parts if one.part == "goals")
        assert (gone.goal.slug in goals.now, gone.goal.slug in goals.stands) == (True, False)
        assert (goals.changed, goals.departs) == (False, True)

    def test_only_open_visits_are_looked_at(self) -> None:
        (ola,) = cast.bring(cast.OLA)
        visit = make_visit("claimed", user=ola)
        make_visit("submitted", user=ola, organisation="Another city")
        assert [found.visit.ref for found in dry_runs()] == [visit.ref]

    def test_dry_run_writes_nothing(self) -> None:
        (ola,) = cast.bring(cast.OLA)
        visit = make_visit("claimed", user=ola)
        db.session.commit()
        written: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
            written.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        dry_run(visit)
        event.remove(db.engine, "before_cursor_execute", note)
        assert [one for one in written if one.split()[0].upper() in ("INSERT", "UPDATE", "DELETE")] == []
        assert len(written) > 0


def test_command_lists_what_would_change_and_changes_nothing(store: Store, flask_command: Callable[..., str]) -> None:
    with store() as session:
        (ola,) = cast.bring(cast.OLA)
        visit = lifecycle.register(make_request(), by=SYSTEM, at=now())
        other = make_visit("claimed", user=ola, organisation="Another city")
        ref, version, same = visit.ref, visit.version, other.ref
        visit.routing = {**visit.routing, "lead": "uib"}
    said = flask_command("route-dry-run", "--ref", ref)
    assert f"{ref}  offered  " in said
    assert "  lead: uib -> byutvikling (stands: byutvikling)" in said
    assert "    byutvikling: resembles" in said
    assert said.splitlines()[-1] == "1 of 1 visits would change."
    assert flask_command("route-dry-run").splitlines()[-1] == "1 of 2 visits would change."
    assert same not in flask_command("route-dry-run")
    with store() as session:
        assert find_visit(session, ref).version == version
        assert find_visit(session, ref).routing["lead"] == "uib"


def test_page_shows_the_three_side_by_side(app: object, store: Store) -> None:
    office = open_office(app, store)  # type: ignore[arg-type]
    with store() as session:
        ola = session.scalars(select(User).where(User.email == cast.OLA.email)).one()
        visit = make_visit("received", user=ola)
        ref = visit.ref
        visit.routing = {**visit.routing, "lead": "uib"}
        wrong, right = (session.scalars(select(Host).where(Host.slug == slug)).one() for slug in ("uib", "byutvikling"))
        names = (wrong.name_in("en"), right.name_in("en"))
    page = words_of(office.browser().get(f"/triage/{ref}/dry-run").text)
    assert f"Lead host {names[0]} {names[1]} {names[1]} Changed Why {names[1]}?" in page
    assert f"/triage/{ref}/dry-run" in office.browser().get(f"/visits/{ref}").text
    assert office.browser(cast.OLA).get(f"/triage/{ref}/dry-run").status_code == 403
    assert f"/triage/{ref}/dry-run" not in office.browser(cast.OLA).get(f"/visits/{ref}").text
