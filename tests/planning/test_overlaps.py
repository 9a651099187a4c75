"""Half-open intervals."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.planning.overlaps import Interval, merged, overlapping_pairs

pytestmark = pytest.mark.one_engine

DAY = datetime(2027, 6, 8, tzinfo=UTC)


def between(first: float, last: float, key: str = "") -> Interval:
    return Interval(DAY + timedelta(hours=first), DAY + timedelta(hours=last), key)


intervals = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 6)).map(lambda pair: between(pair[0], pair[0] + pair[1])), max_size=12
)


def test_overlaps_when_intervals_only_touch_is_false() -> None:
    assert not between(9, 10).overlaps(between(10, 11))


def test_overlaps_when_one_lies_inside_the_other_is_true() -> None:
    assert between(9, 12).overlaps(between(10, 11))


def test_shared_with_gives_the_common_time() -> None:
    assert between(9, 12).shared_with(between(11, 14)) == timedelta(hours=1)


def test_shared_with_an_interval_far_away_is_zero() -> None:
    assert between(9, 10).shared_with(between(14, 15)) == timedelta(0)


def test_overlapping_pairs_names_both_sides_in_order() -> None:
    visit, lunch, tour = between(9, 11, "visit"), between(10, 12, "lunch"), between(11, 13, "tour")
    assert overlapping_pairs([tour, lunch, visit]) == [(visit, lunch), (lunch, tour)]


@given(intervals)
def test_overlapping_pairs_finds_what_comparing_all_with_all_finds(found: list[Interval]) -> None:
    numbered = [Interval(one.starts_at, one.ends_at, str(number)) for number, one in enumerate(found)]
    expected = {
        frozenset((one.key, other.key))
        for one in numbered
        for other in numbered
        if one.key < other.key and one.overlaps(other)
    }
    assert {frozenset((one.key, other.key)) for one, other in overlapping_pairs(numbered)} == expected


def test_merged_joins_overlapping_and_touching_and_drops_empty_ones() -> None:
    assert merged([between(12, 13), between(9, 10), between(10, 11), between(8, 8), between(9.5, 10.5)]) == [
        between(9, 11),
        between(12, 13),
    ]


@given(intervals)
def test_merged_covers_the_same_hours_without_overlaps(found: list[Interval]) -> None:
    def hours(some: list[Interval]) -> set[int]:
        return {hour for hour in range(30) for one in some if one.overlaps(between(hour, hour + 1))}

    result = merged(found)
    assert hours(result) == hours([one for one in found if one.ends_at > one.starts_at])
    assert overlapping_pairs(result) == []
