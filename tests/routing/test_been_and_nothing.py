"""An earlier visit told in any language and order, fields with a word or sign for nothing, events nobody comes for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.routing.test_flags_in_many_words import flags

pytestmark = pytest.mark.one_engine
LIBRARY = "We want to see the library."


@cache
def tables() -> dict[str, list[Any]]:
    return dict(yaml.safe_load((Path(__file__).parent / "been_and_nothing.yaml").read_text(encoding="utf-8")))


def as_text(table: str) -> list[str]:
    return [str(one) for one in tables()[table]]


@pytest.mark.parametrize("purpose", tables()["been_here"])
def test_an_earlier_visit_is_told_in_every_language(purpose: str) -> None:
    assert "returning-visitor" in flags(purpose)


@pytest.mark.parametrize("purpose", tables()["not_been_here"])
def test_a_visit_elsewhere_to_come_or_called_off_is_none(purpose: str) -> None:
    assert "returning-visitor" not in flags(purpose)


@pytest.mark.parametrize("purpose", tables()["never_made"])
def test_a_visit_never_made_tells_of_no_subject(purpose: str) -> None:
    assert "unclear-purpose" in flags(purpose)


@pytest.mark.parametrize("field", as_text("nothing_before"))
def test_a_word_or_sign_for_nothing_is_no_earlier_visit(field: str) -> None:
    assert "returning-visitor" not in flags(LIBRARY, previous_visit=field)


@pytest.mark.parametrize("field", as_text("something_before"))
def test_whatever_else_stands_in_the_field_is_an_earlier_visit(field: str) -> None:
    assert "returning-visitor" in flags(LIBRARY, previous_visit=field)


@pytest.mark.parametrize("field", as_text("no_event"))
def test_a_word_or_sign_for_nothing_is_no_event(field: str) -> None:
    assert "linked-event" not in flags(LIBRARY, event=field)


@pytest.mark.parametrize("field", tables()["events"])
def test_a_name_in_the_field_is_an_event(field: str) -> None:
    assert "linked-event" in flags(LIBRARY, event=field)


@pytest.mark.parametrize("purpose", tables()["not_for_the_event"])
def test_an_event_nobody_comes_for_is_not_linked(purpose: str) -> None:
    assert "linked-event" not in flags(purpose)


@pytest.mark.parametrize("purpose", tables()["for_the_event"])
def test_not_only_for_the_event_is_for_it_too(purpose: str) -> None:
    assert "linked-event" in flags(purpose)
