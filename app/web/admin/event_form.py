"""The form for own words of a mail that something happening sends."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.languages import LANGUAGES
from app.notifications.event_lines import Line
from app.web.admin.own_words_form import guard_words, word_fields, words_in
from app.web.meanwhile import EditForm

# Mails that are nothing without what somebody wrote.
NEEDS = {"message": "{message}", "host-message": "{message}", "question": "{message}"}


class EventForm(EditForm):
    """Subject and text in three languages, or nothing at all."""

    subject_en, body_en = word_fields(_l("Subject in English"), _l("Text in English"))
    subject_nb, body_nb = word_fields(_l("Subject in bokmål"), _l("Text in bokmål"))
    subject_nn, body_nn = word_fields(_l("Subject in nynorsk"), _l("Text in nynorsk"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guard_words(self)

    def fits(self, line: Line) -> bool:
        """Valid, and what the mail is there to bring has its place in every text."""
        if not self.is_settled():
            return False
        needed = NEEDS.get(line.kind, "")
        lacking = [self[f"body_{one}"] for one in LANGUAGES if needed not in (self[f"body_{one}"].data or "")]
        for field in lacking if words_in(self) else []:
            field.errors = [_("This mail brings what somebody wrote: put %(what)s where it is to stand.", what=needed)]
        return not (words_in(self) and lacking)
