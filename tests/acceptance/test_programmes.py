"""Programmes against trying everything: five hundred random cases of every rule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.planning.test_programmes import compare

CASES = 500
BIGGEST = 6_000  # plans to try in a case


@pytest.mark.one_engine
def test_five_hundred_cases_are_as_good_as_trying_everything(figures: Callable[..., None]) -> None:
    answers: list[bool] = []
    seed = 1_000
    while len(answers) < CASES:
        answer = compare(seed, BIGGEST)
        seed += 1
        if answer is not None:
            answers.append(answer)
    figures("planning", cases=CASES, possible=answers.count(True), impossible=answers.count(False), differing=0)
    assert answers.count(True) >= CASES // 4
