"""Row RC-5 at full length: the last place of a host's day, 32 who want it, 100 days."""

from __future__ import annotations

from collections.abc import Callable

from tests.harness.crowd import Crowd
from tests.visits.contests import Store, statuses
from tests.visits.full_days import CAP, open_rush

ROUNDS, RIVALS = 100, 32


def test_the_last_place_is_never_given_twice(crowd: Crowd, store: Store, figures: Callable[..., None]) -> None:
    rush = open_rush(crowd, store, RIVALS)
    ended = statuses([rush.round(number) for number in range(ROUNDS)])
    most = rush.most_on_a_day()
    rounds = {str(dict(end)): count for end, count in ended.items()}
    figures("RC-5", attempts=ROUNDS * RIVALS, limit=CAP, most_on_a_day=most, rounds=rounds)
    assert most == CAP
    assert ended == {((303, 1), (409, RIVALS - 1)): ROUNDS}
