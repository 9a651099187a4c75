"""Programmes against trying everything: five hundred random cases of every rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from tests.planning.test_programmes import compare

CASES = 500
BIGGEST = 6_000  # plans to try in a case


@pytest.mark.one_engine
def test_five_hundred_cases_are_as_good_as_trying_everything(figures: Callable[..., None]) -> None:
    answers: list[int] = []
    seed = 1_000
    while len(answers) < CASES:
        answer = compare(seed, BIGGEST)
        seed += 1
        if answer is not None:
            answers.append(answer)
    counted = Counter(answers)
    figures("planning", cases=CASES, impossible=counted[0], one_or_two=counted[1] + counted[2], three=counted[3])
    assert counted[0] <= CASES * 3 // 4
