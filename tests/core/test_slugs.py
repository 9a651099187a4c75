"""Slugs from names: ASCII, short, and never the same twice."""

from __future__ import annotations

import pytest

from app.core.slugs import LONGEST, free_slug, slug_of

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Håkonshallen", "hakonshallen"),
        ("Bergen rådhus, 2. etasje!", "bergen-radhus-2-etasje"),
        ("Ægir & Søn", "aegir-son"),
        ("  ", "row"),
        ("北京", "row"),
    ],
)
def test_slug_is_plain_ascii(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_slug_of_a_long_name_is_cut() -> None:
    assert slug_of("x" * 500) == "x" * LONGEST


def test_taken_slug_gets_the_next_free_number() -> None:
    assert free_slug("Torget", {"torget", "torget-2"}) == "torget-3"
