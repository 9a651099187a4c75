"""Advice about a wished visit."""

from datetime import date

import pytest

from app.planning.advice import Advice, Limits, advise

pytestmark = pytest.mark.one_engine

TODAY = date(2027, 5, 3)


def test_advise_on_a_well_planned_wish_has_nothing_to_say() -> None:
    assert advise([(date(2027, 6, 8), date(2027, 6, 10))], today=TODAY, group_size=12) == []


def test_advise_on_a_wish_without_dates_or_size_has_nothing_to_say() -> None:
    assert advise([], today=TODAY) == []


def test_advise_29_days_ahead_is_short_notice_and_30_is_not() -> None:
    soon, later = (date(2027, 6, 1), date(2027, 6, 4)), (date(2027, 6, 2), date(2027, 6, 4))
    assert advise([soon, later], today=TODAY) == [
        Advice("short-notice", 0, {"notice_days": 30, "days": 29, "earliest_on": date(2027, 6, 2)})
    ]


def test_advise_on_a_courtesy_call_asks_for_14_days() -> None:
    soon, later = (date(2027, 5, 14), date(2027, 5, 14)), (date(2027, 5, 18), date(2027, 5, 18))
    assert advise([soon, later], today=TODAY, courtesy_call=True) == [
        Advice("short-notice", 0, {"notice_days": 14, "days": 11, "earliest_on": date(2027, 5, 17)})
    ]


def test_advise_on_a_past_window_says_only_that() -> None:
    window = (date(2027, 5, 1), date(2027, 5, 2))
    assert advise([window], today=TODAY) == [
        Advice("window-past", 0, {"first_on": window[0], "last_on": window[1], "today": TODAY})
    ]


def test_advise_on_a_window_that_has_begun_looks_at_what_is_left() -> None:
    assert advise([(date(2027, 4, 29), date(2027, 5, 4))], today=TODAY) == [
        Advice("short-notice", 0, {"notice_days": 30, "days": 0, "earliest_on": date(2027, 6, 2)})
    ]


def test_advise_on_a_reversed_window_says_only_that() -> None:
    window = (date(2027, 6, 10), date(2027, 6, 8))
    assert advise([window], today=TODAY) == [
        Advice("window-reversed", 0, {"first_on": window[0], "last_on": window[1]})
    ]


def test_advise_on_a_weekend_names_the_next_working_day() -> None:
    window = (date(2027, 6, 12), date(2027, 6, 13))
    assert advise([window], today=TODAY) == [
        Advice("weekend-only", 0, {"first_on": window[0], "last_on": window[1], "next_working_on": date(2027, 6, 14)})
    ]


def test_advise_on_17_may_and_its_weekend_is_holiday_only() -> None:
    window = (date(2027, 5, 15), date(2027, 5, 17))
    assert advise([window], today=date(2027, 1, 4)) == [
        Advice("holiday-only", 0, {"first_on": window[0], "last_on": window[1], "next_working_on": date(2027, 5, 18)})
    ]


def test_advise_on_a_group_of_40_is_silent_and_of_41_is_not() -> None:
    assert advise([], today=TODAY, group_size=40) == []
    assert advise([], today=TODAY, group_size=41) == [
        Advice("large-group", None, {"group_size": 41, "largest_group": 40})
    ]


def test_advise_uses_the_city_s_own_limits() -> None:
    limits = Limits(notice_days=10, courtesy_notice_days=5, largest_group=8)
    assert advise([(date(2027, 5, 13), date(2027, 5, 13))], today=TODAY, group_size=9, limits=limits) == [
        Advice("large-group", None, {"group_size": 9, "largest_group": 8})
    ]


def test_advise_on_a_window_of_many_years_ends() -> None:
    assert advise([(date(2027, 7, 1), date(9999, 12, 31))], today=TODAY) == []
