"""What availability and fairness did to a rank always stands beside the three heaviest reasons of the subject."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask

from app.core.time import now
from app.people.actors import SYSTEM
from app.visits import lifecycle
from app.web.evidence import reason_sentences
from tests import cast
from tests.factories import make_request
from tests.web.office import Store, find_visit, open_office, words_of

SEVERAL = (
    "We would like to see your rain gardens and open stormwater channels in parks, how you adapt the city to a wetter "
    "climate, and how the homeless are housed."
)
TWO = "We would like to see your museum of the town and the archive of the town."
MILD = (
    "It needs more notice than there is",
    "The delegation speaks none of the languages it receives in",
    "It led an earlier visit of the same organisation",
)
NEAR = [(date(2027, 4, 12), date(2027, 4, 13))]


def reason(code: str, weight: float, subject: str = "", **more: object) -> dict[str, object]:
    return {"code": code, "source": "", "words": [], "weight": weight, "subject": subject, **more}


def test_mild_reasons_stand_beside_the_three_heaviest(app: Flask, store: Store) -> None:
    with store():
        found = reason_sentences(
            [
                *(reason("answers-for", weight, theme) for weight, theme in ((9, "water"), (8, "parks"), (7, "sport"))),
                reason("answers-for", 6, "mobility"),
                reason("too-short-notice", -0.1, words=["60"]),
                reason("spread-load", 0, "brannvesen"),
                reason("earlier-host", 0.2),
            ],
            3,
        )
    assert len(found) == 6
    assert [one.partition(":")[0] for one in found[3:]] == [
        "It led an earlier visit of the same organisation.",
        "It needs more notice than there is",
        "It fits as well as Bergen Fire Department, and has led fewer visits this year.",
    ]


def test_mild_reasons_of_the_lead_stand_on_triage_dry_run_inbox_and_visit(
    app: Flask, store: Store, clock: object
) -> None:
    office = open_office(app, store)
    with store():
        for slug in ("byutvikling", "bymiljoetaten"):
            cast.host(slug).notice_days, cast.host(slug).languages = 60, ["nb", "en"]
        old = lifecycle.register(
            make_request(windows=[(date(2026, 10, 5), date(2026, 10, 5))]), by=SYSTEM, at=now() - timedelta(days=150)
        )
        lifecycle.reassign(old, cast.host("byutvikling"), reason="Theirs.", by=SYSTEM, at=now() - timedelta(days=149))
        asked = {"purpose": SEVERAL, "languages": ["nl"], "windows": NEAR, "interpreter_needed": False}
        waits = lifecycle.register(make_request(**asked, group_size=45), by=SYSTEM, at=now())
        offered = lifecycle.register(
            make_request(**{**asked, "windows": [(date(2027, 4, 19), date(2027, 4, 20))]}), by=SYSTEM, at=now()
        )
        assert (waits.status, offered.status) == ("received", "offered")
        refs = waits.ref, offered.ref
    pages = [
        office.browser().get("/triage"),
        office.browser().get(f"/triage/{refs[0]}/dry-run"),
        office.browser(cast.OLA).get("/inbox"),
        office.browser(cast.OLA).get(f"/visits/{refs[1]}"),
    ]
    assert [[said in words_of(page.text) for said in MILD] for page in pages] == [[True] * 3] * 4


def test_dry_run_says_that_load_changes_the_lead(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store():
        ref = lifecycle.register(make_request(), by=SYSTEM, at=cast.MONDAY).ref
    with store() as session:
        visit = find_visit(session, ref)
        lead, other = visit.routing["lead"], "brannvesen"
        ranked = [{"slug": other, "score": 1.0, "part": "", "reasons": [reason("spread-load", 0.0, lead)]}]
        visit.routing = {**visit.routing, "lead": other, "ranked": [*ranked, *visit.routing["ranked"]]}
    page = words_of(office.browser().get(f"/triage/{ref}/dry-run").text)
    assert "Bergen Fire Department went before it only for having led fewer visits this year" in page


def test_dry_run_says_that_the_lead_fell_to_a_host_with_fewer_visits(app: Flask, store: Store, clock: object) -> None:
    office = open_office(app, store)
    with store():
        asked = make_request(purpose=TWO, themes=[], windows=[(date(2027, 5, 18), date(2027, 5, 20))])
        visit = lifecycle.register(asked, by=SYSTEM, at=now())
        ref, before = visit.ref, visit.routing["lead"]
        other = make_request(organisation="Elsewhere", contact_email="x@elsewhere.example.org", windows=NEAR)
        led = lifecycle.register(other, by=SYSTEM, at=now() - timedelta(days=20))
        lifecycle.reassign(led, cast.host(before), reason="Theirs.", by=SYSTEM, at=now() - timedelta(days=19))
        name = cast.host(before).name_in("en")
    page = words_of(office.browser().get(f"/triage/{ref}/dry-run").text)
    assert f"It fits as well as {name}, and has led fewer visits this year." in page
