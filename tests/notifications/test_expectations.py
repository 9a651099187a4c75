"""Every mail says what is expected of its reader, and by when; about what moved, the old time beside the new one."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from app.notifications.groups import DIGESTS
from app.notifications.kinds import KINDS
from app.notifications.render import expectation, render
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


YES = {"en": "accepts the appointment as it is now", "nb": "godtar programposten slik den er nå",
       "nn": "godtek programposten slik han er no"}  # fmt: skip
AGAIN = {"en": "ropose the programme again", "nb": "oreslå programmet på nytt", "nn": "øreslå programmet på nytt"}


def test_a_lead_is_told_in_words_of_a_hosts_yes_and_that_the_visitor_is_to_be_asked(
    session: Session, language: str
) -> None:
    visit = make_visit()
    for kind, says in (("host-moved", YES[language]), ("part-accepted", "")):
        values = values_of(visit, kind, language) | {"taken_by": "Bergen brannvesen", "to_be_asked": True}
        text = render(kind, values, language=language).text
        assert (says in text, AGAIN[language] in text, bool(re.search(NEED_NOT[language], text))) == (True, True, False)
