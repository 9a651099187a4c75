"""The form of the conversation: what to say, and to whom."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice

from app.visits.models import Visit
from app.visits.rules import may, may_see_contact
from app.web.host.acting import reader
from app.web.host.fields import OptionField, required, text_area

KINDS = {
    "message": _l("The visitor"),
    "question": _l("The visitor, as a question: the response clock stands still until the answer"),
    "note": _l("Only hosts and coordinators"),
}


class MessageForm(FlaskForm):
    """What to say, and to whom."""

    kind = OptionField(_l("Who should read it?"), validators=[required(_l("Choose who should read it."))])
    body = text_area(_l("Your message"), required(_l("Write something first.")))

    def __init__(self, visit: Visit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = kinds_for(visit)
        self.kind.choices = [SelectChoice(kind, KINDS[kind]) for kind in kinds]
        if self.kind.data is None and kinds:
            self.kind.data = kinds[0]


def kinds_for(visit: Visit) -> list[str]:
    """What the reader may write now: the visitor hears only from those who receive the visit."""
    user = reader()
    if not may(user, "write", visit):
        return []
    kinds = ["message"] if may_see_contact(user, visit) else []
    kinds += ["question"] if may(user, "ask-visitor", visit) else []
    return [*kinds, "note"]
