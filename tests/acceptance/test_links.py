"""Row AZ-9: links cannot be guessed, and the database cannot give them away."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.time import now
from app.people.links import LIFETIMES, find_link, mint_link, revoke_links
from app.people.models import Link

LINKS = 10_000


def test_links_are_unique_long_and_stored_only_as_hashes(session: Session, figures: Callable[..., None]) -> None:
    tokens = [mint_link("visit", number, at=now()) for number in range(LINKS)]
    session.flush()
    stored = {text for row in session.execute(select(Link.__table__)) for text in row if isinstance(text, str)}
    bits = min(len(base64.urlsafe_b64decode(token)) for token in tokens) * 8
    figures("AZ-9", links=LINKS, different=len(set(tokens)), bits=bits, in_plain_text=len(stored & set(tokens)))
    assert (len(set(tokens)), len(stored & set(tokens))) == (LINKS, 0)
    assert bits >= 128


def test_a_link_ends_and_serves_one_purpose(session: Session) -> None:
    tokens = {purpose: mint_link(purpose, 1, at=now()) for purpose in LIFETIMES}
    session.flush()
    for purpose, token in tokens.items():
        others = set(LIFETIMES) - {purpose}
        assert find_link(token, purpose, at=now()) is not None
        assert find_link(token, *others, at=now()) is None
        assert find_link(token, purpose, at=now() + LIFETIMES[purpose] + timedelta(seconds=1)) is None
        revoke_links(purpose, 1, at=now())
        session.expire_all()
        assert find_link(token, purpose, at=now()) is None
