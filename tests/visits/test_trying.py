"""Learning piece by piece: one bad subject does not keep the good ones from being learned, and it is named."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable

from flask import current_app
from sqlalchemy.orm import Session

from app.city.labelled import own_cases
from app.people.actors import by_user
from app.routing.labelled import read_labelled
from app.routing.learning import Teaching
from app.strategy.edit_models import Correction
from app.visits.learning import activate, check, deactivate, keep_weights, stored
from app.visits.taught import weights_in_force
from app.visits.trying import learn_what_helps
from tests import cast
from tests.factories import make_visit
from tests.test_cli_routing import SERVICE

LABELLED = read_labelled([json.dumps(SERVICE)])
HELD_BY = "finans-innovasjon-eierskap"
GOOD = ("water/stormwater", "byutvikling", "bymiljoetaten")
BAD = ("municipal-operations/citizen-service", HELD_BY, "byradsleder")  # the labelled request says where it belongs


def moved(session: Session, *subjects: tuple[str, str, str], visits: int = 6) -> None:
    """So many visits about each subject, whose lead a coordinator gave from one host to another."""
    (ola,) = cast.bring(cast.OLA)
    rows = [subject for subject in subjects for _number in range(visits)]
    random.Random(7).shuffle(rows)
    for number, (topic, before, after) in enumerate(rows):
        visit = make_visit("submitted", user=ola, contact_email=f"m{number}@utrecht.example.org")
        kept = {"before": [before], "after": [after], "at": cast.MONDAY}
        session.add(Correction(visit_id=visit.id, kind="lead", topic=topic, **kept))
    session.flush()


def topics(found: Iterable[Teaching]) -> list[str]:
    return [one.topic for one in found]


def test_bad_subject_is_left_out_and_the_good_one_learned(session: Session) -> None:
    base = current_app.extensions["city-catalogue"]
    (kari,) = cast.bring(cast.KARI)
    moved(session, GOOD, BAD)
    tried = learn_what_helps(base, LABELLED)
    assert {factor.topic for factor in tried.weights.factors} == {"water/stormwater"}
    assert (tried.weights.visits, tried.checked.fallen) == (6, ())
    assert topics(one.teaching for one in tried.left_out) == ["municipal-operations/citizen-service"]
    assert tried.left_out[0].fallen["lead_at_1"] == (1.0, 0.0)
    row = keep_weights(tried.weights, tried.checked, left_out=tried.left_out, by=by_user(kari))
    assert (row.state, [one["topic"] for one in row.measures["left_out"]]) == ("active", [BAD[0]])
    deactivate()
    session.refresh(row)
    activate(row, check(stored(row), LABELLED, base))
    assert (row.state, weights_in_force()) == ("active", tried.weights)
    assert [one["topic"] for one in row.measures["left_out"]] == [BAD[0]]


def test_same_visits_keep_and_leave_out_the_same(session: Session) -> None:
    base = current_app.extensions["city-catalogue"]
    moved(session, GOOD, BAD, visits=4)
    assert learn_what_helps(base, LABELLED) == learn_what_helps(base, LABELLED)


def test_where_nothing_can_be_kept_all_of_it_is_refused(session: Session) -> None:
    base = current_app.extensions["city-catalogue"]
    (kari,) = cast.bring(cast.KARI)
    moved(session, BAD, visits=8)
    tried = learn_what_helps(base, LABELLED)
    assert (len(tried.weights.factors), tried.weights.visits) == (2, 8)
    row = keep_weights(tried.weights, tried.checked, left_out=tried.left_out, by=by_user(kari))
    assert (row.state, "lead_at_1" in row.measures["fallen"]) == ("refused", True)


def test_good_lesson_stays_though_another_is_not_borne_by_the_citys_own_cases(session: Session) -> None:
    """Nine visits about stormwater and nine about care of the old go to another host; the requests bear one of them."""
    base = current_app.extensions["city-catalogue"]
    cases = own_cases(current_app.config["CITY_DIR"])
    moved(session, GOOD, ("health-care/elderly-care", "helse-omsorg", "sosial-bolig-inkludering"), visits=9)
    tried = learn_what_helps(base, cases)
    assert {factor.topic for factor in tried.weights.factors} == {"water/stormwater"}
    assert topics(one.teaching for one in tried.left_out) == ["health-care/elderly-care"]
    assert set(tried.left_out[0].fallen) == {"lead_at_1"}
