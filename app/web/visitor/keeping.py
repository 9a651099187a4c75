"""What is known of a request while it is written: the draft behind the cookie, or what the form itself carries.

Every page of the form carries the answers so far, sealed. They are used where the draft is gone: the page is then shown
once more with everything that was typed, and taken the next time.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response

from app.core.time import now
from app.core.tokens import seal, unseal
from app.strategy.settings import city_rules
from app.visits.drafts import find_draft, keep_answers, start_draft
from app.visits.programme_models import Draft
from app.web.language import page_language
from app.web.visitor.steps import Answers

# Beside the steps in the draft's answers: when the form was first shown, whether it looks like a robot's, and whether
# the sender was asked to press once more because of that.
BEGUN, TRAPPED, DOUBTED = "begun", "trapped", "doubted"
TRAP = "extra_words"  # the hidden field; no browser or password manager knows what it would fill in under that name
CARRIED = "carried"  # the hidden field
LONGEST_CARRIED = 400_000


@dataclass(slots=True)
class Kept:
    """The answers so far; `draft` is None before the first step is sent, and where it was too old."""

    answers: Answers
    begun_at: datetime
    draft: Draft | None = None
    key: str = ""  # of the draft, stored with the visit it becomes
    is_old: bool = False  # the form remembers a draft that is gone
    is_trapped: bool = False  # the field that people leave empty was filled in
    is_doubted: bool = False
    shown_again: bool = False
    token: str = field(default="", repr=False)

    def sealed(self, *, shown_again: bool = False) -> str:
        """The hidden field's value."""
        again = shown_again or self.shown_again
        known = {**self._marks(), "answers": self.answers, "key": self.key, "shown_again": again}
        packed = b64encode(zlib.compress(json.dumps(known).encode())).decode()
        return seal(packed, current_app.config["DATA_KEY"])

    def keep(self, step: str, typed: dict[str, list[str]]) -> None:
        """Store one step's answers in the draft, which is made now if there is none."""
        at = now()
        if self.draft is None:
            self.draft, self.token = start_draft(language=page_language(), at=at)
            self.key = self.draft.token_hash
        self.answers = {**self.answers, step: typed}
        keep_answers(self.draft, {**self.answers, **self._marks()}, at=at)

    def doubt(self) -> None:
        """Remember that the sender was asked to press once more; everything typed is kept."""
        self.is_doubted = True
        if self.draft is not None:
            keep_answers(self.draft, {**self.answers, **self._marks()}, at=now())

    def _marks(self) -> dict[str, Any]:
        return {BEGUN: self.begun_at.isoformat(), TRAPPED: self.is_trapped, DOUBTED: self.is_doubted}


def cookie_name() -> str:
    """`__Host-` keeps the cookie to this host; browsers accept that name over https only."""
    return "__Host-request" if current_app.config["SESSION_COOKIE_SECURE"] else "request"


def token_in_cookie() -> str:
    """The secret of the draft this browser is writing, or an empty text."""
    return request.cookies.get(cookie_name(), "")


def what_is_kept(*, locked: bool = False) -> Kept:
    """The draft of this browser, else what the form carries, else nothing yet."""
    at, token = now(), token_in_cookie()
    draft = find_draft(token, at=at, locked=locked) if token else None
    if draft is not None:
        return _stored(draft, token)
    return _carried() or Kept({}, at)


def _stored(draft: Draft, token: str) -> Kept:
    answers = {name: typed for name, typed in draft.answers.items() if name not in (BEGUN, TRAPPED, DOUBTED)}
    return Kept(
        answers,
        datetime.fromisoformat(draft.answers[BEGUN]),
        draft,
        key=draft.token_hash,
        is_trapped=draft.answers[TRAPPED],
        is_doubted=draft.answers.get(DOUBTED, False),
        token=token,
    )


def _carried() -> Kept | None:
    sealed = request.form.get(CARRIED, "") if request.method == "POST" else ""
    if not sealed.isascii() or len(sealed) > LONGEST_CARRIED:
        return None
    packed = unseal(sealed, current_app.config["DATA_KEY"])
    if packed is None:
        return None
    try:
        known: dict[str, Any] = json.loads(zlib.decompress(b64decode(packed)))
        begun_at = datetime.fromisoformat(known[BEGUN])
    except (ValueError, KeyError, zlib.error):  # sealed by us, but for something else
        return None
    return Kept(
        known["answers"],
        begun_at,
        key=known["key"],
        is_old=bool(known["key"]),
        is_trapped=known[TRAPPED],
        is_doubted=known.get(DOUBTED, False),
        shown_again=known["shown_again"],
    )


def remember(response: Response, kept: Kept) -> Response:
    """Give the browser the draft's secret for as long as the draft is kept, and nothing else."""
    if kept.draft is not None:
        seconds = int(timedelta(days=city_rules().draft_days).total_seconds())
        response.set_cookie(
            cookie_name(),
            kept.token,
            seconds,
            path="/",
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
    return response
