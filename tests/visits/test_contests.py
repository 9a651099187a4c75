"""Rows RC-1 and RC-2 in short: one slot is wanted by many at two web servers, and one of them gets it."""

from __future__ import annotations

from tests.harness.crowd import Crowd, Post
from tests.visits.contests import (
    Store,
    booked_twice,
    open_contest,
    statuses,
    without_the_databases_rule,
)


def test_of_many_who_book_one_slot_exactly_one_gets_it(crowd: Crowd, store: Store) -> None:
    contest = open_contest(crowd, store)
    rounds = [contest.round(number, 12) for number in range(2)]
    assert statuses(rounds) == {((303, 1), (409, 11)): 2}
    assert contest.double_bookings() == 0


def test_without_the_databases_rule_they_all_get_it(crowd: Crowd, store: Store) -> None:
    contest = open_contest(crowd, store)
    with without_the_databases_rule(store):
        contest.round(0, 6)
        contest.round(1, 6)
        assert booked_twice(store) == 2


def test_of_two_holds_one_is_refused_and_told_which_it_hits(crowd: Crowd, store: Store) -> None:
    contest = open_contest(crowd, store)
    for number in range(2):
        mine = contest.form(number, title="Ours")
        theirs = contest.form(number, title="Theirs")
        answers = crowd.send(
            [
                Post(contest.users[0], f"/visits/{contest.refs[0]}/appointments/new", mine),
                Post(contest.siri, f"/visits/{contest.siri_ref}/appointments/new", theirs),
            ]
        )
        assert sorted(answer.status for answer in answers) == [303, 409]
        winner = "Ours" if answers[0].status == 303 else "Theirs"
        refused = next(answer for answer in answers if answer.status == 409)
        assert f"“{winner}”" in refused.text or " is busy " in refused.text  # its title, to whoever may see that visit
