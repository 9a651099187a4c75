"""Rows RC-1 and RC-2 at full length: 3,200 contested bookings at two web servers, and no double booking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from time import perf_counter

from tests.harness.crowd import Crowd, Post
from tests.visits.contests import Store, booked_twice, open_contest, statuses, without_the_databases_rule

ROUNDS, RIVALS = 100, 32
Figures = Callable[..., None]


def test_one_slot_wanted_by_32_is_booked_once(crowd: Crowd, store: Store, figures: Figures) -> None:
    contest = open_contest(crowd, store, visits=8)
    began = perf_counter()
    rounds = [contest.round(number, RIVALS) for number in range(ROUNDS)]
    ended, twice = statuses(rounds), contest.double_bookings()
    figures(
        "RC-1",
        attempts=ROUNDS * RIVALS,
        rounds={str(dict(end)): count for end, count in ended.items()},
        double_bookings=twice,
        seconds=round(perf_counter() - began),
    )
    assert ended == {((303, 1), (409, RIVALS - 1)): ROUNDS}
    assert twice == 0


def test_control_without_the_databases_rule_double_books(crowd: Crowd, store: Store, figures: Figures) -> None:
    contest = open_contest(crowd, store, visits=8)
    with without_the_databases_rule(store):
        for number in range(10):
            contest.round(number, RIVALS)
        twice = booked_twice(store)
    figures("RC-1 control", rounds=10, booked_twice=twice)
    assert twice >= 9


def test_of_two_hosts_who_hold_at_once_one_is_told_whom_it_hits(crowd: Crowd, store: Store, figures: Figures) -> None:
    contest, ended = open_contest(crowd, store), Counter[str]()
    for number in range(ROUNDS):
        rivals = (("Ours", contest.users[0], contest.refs[0]), ("Theirs", contest.siri, contest.siri_ref))
        answers = crowd.send(
            [
                Post(user, f"/visits/{ref}/appointments/new", contest.form(number, title=title))
                for title, user, ref in rivals
            ]
        )
        winner = "Ours" if answers[0].status == 303 else "Theirs"
        known = (f"“{winner}”", " is busy ")  # its title, to whoever may see that visit
        told = any(answer.status == 409 and any(one in answer.text for one in known) for answer in answers)
        ended[f"{sorted(answer.status for answer in answers)} {'told' if told else 'not told'}"] += 1
    figures("RC-2", rounds=ROUNDS, ended=dict(ended), double_bookings=contest.double_bookings())
    assert ended == {"[303, 409] told": ROUNDS}
    assert contest.double_bookings() == 0
