"""Word stems, also when many threads of one web server ask for them at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.routing.stems import stem

pytestmark = pytest.mark.one_engine
ENDINGS = ("ationally", "fulness", "ization", "ement", "ingly", "ousli", "ability", "edness")
WORDS = [f"{start}{middle}{ending}" for start in ("wat", "harb", "educ", "commun") for middle in ("a", "er", "ur", "il")
         for ending in ENDINGS]  # fmt: skip


@pytest.fixture
def _restless() -> Iterator[None]:
    """Threads take turns after every few steps, as on a busy machine."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_restless")
def test_many_threads_get_the_stems_that_one_gets() -> None:
    stem.cache_clear()
    alone = {word: stem("en", word) for word in WORDS}

    def ask(number: int) -> dict[str, str]:
        stem.cache_clear()
        return {word: stem("en", word) for word in WORDS[number:] + WORDS[:number]}

    with ThreadPoolExecutor(8) as threads:
        wrong = [found for found in threads.map(ask, range(80)) if found != alone]
    stem.cache_clear()
    assert wrong == []
