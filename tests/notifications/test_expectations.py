"""Every mail says what is expected of its reader, and by when; about what moved, the old time beside the new one."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from app.notifications.groups import DIGESTS
from app.notifications.kinds import KINDS
from app.notifications.render import expectation
from tests.notifications.test_letters import LANGUAGES, MOVED, letter, make_visit, values_of

NEED_NOT = {"en": "need not", "nb": "trenger (du |dere )?ikke", "nn": "treng (du |de )?ikkje"}
SOON = {"en": "as soon as you can", "nb": "så snart (du|dere) kan", "nn": "så snart (du|de) kan"}
BE_THERE = {"en": "in time", "nb": "i tide", "nn": "i tide"}
ON_PAGE = {"en": "what happens next", "nb": "hva som skjer videre", "nn": "kva som skjer vidare"}
WORDS = {"nothing": NEED_NOT, "something": SOON, "be-there": BE_THERE, "on-page": ON_PAGE}
BEFORE = {"en": "08:45", "nb": "8.45", "nn": "8.45"}

pytestmark = [pytest.mark.one_engine, pytest.mark.parametrize("language", LANGUAGES)]


def test_every_mail_says_what_is_expected_of_its_reader_and_by_when(session: Session, language: str) -> None:
    visit = make_visit()
    for kind, one in KINDS.items():
        if one.expected.what == "in-parts":
            continue
        values = values_of(visit, kind, language)
        said = expectation(kind, values, language=language)
        assert said, kind
        assert " ".join(said.split()) in " ".join(letter(visit, kind, language).text.split()), kind
        if one.expected.by:
            assert values[one.expected.by], kind
            assert str(values[one.expected.by]) in said, kind
        else:
            assert re.search(WORDS[one.expected.what][language], said), kind


def test_a_digest_says_it_of_each_of_its_parts(session: Session, language: str) -> None:
    visit = make_visit()
    assert {kind for kind, one in KINDS.items() if one.expected.what == "in-parts"} == set(DIGESTS)
    for kind, parts in (("digest", ("message", "moved")), ("host-digest", ("host-message", "accepted"))):
        text = letter(visit, kind, language).text
        for part in parts:
            assert expectation(part, values_of(visit, kind, language), language=language) in text, part


def test_a_mail_about_what_moved_says_the_old_time_beside_the_new_one(session: Session, language: str) -> None:
    visit = make_visit()
    for kind in MOVED:
        assert BEFORE[language] in letter(visit, kind, language).text, kind
