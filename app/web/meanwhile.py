"""Two people at one form: what somebody else saved meanwhile is neither undone unseen nor lost.

A form that changes something carries, for every part of it, a short print of the value that the page showed. When it
comes back it is laid beside what is stored now, in the transaction that saves it and with the row held: a part that
was not touched in the form takes what is stored; one that only this form changed is saved; one that both changed is
refused beside its field, until the sender says whose counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar, Self, TypeVar

from flask import abort, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, FieldList, FormField, SelectFieldBase

from app.extensions import Model, db
from app.people.edits import Subject, last_edit, note_edits
from app.people.models import User
from app.web import formats

SHOWN, THEIRS = "shown", "theirs"
PRINT = 12  # hexadecimal digits
LONGEST = 300  # characters of a value in a sentence

Row = TypeVar("Row", bound=Model)


def held(model: type[Row], number: int) -> Row:
    """That row, which nobody else changes before the commit; otherwise the page that says there is none."""
    row = db.session.get(model, number, with_for_update={"key_share": True}, populate_existing=True)
    return row or abort(404)


class EditForm(FlaskForm):
    """A form that changes something which others may change too."""

    TOGETHER: ClassVar[tuple[tuple[str, ...], ...]] = ()  # fields that mean something only together
    BESIDE: ClassVar[tuple[str, ...]] = ()  # fields that are nothing of the thing: a reason
    KEY: ClassVar[str] = ""  # the part that says which thing it is; shown of another, it is another form
    KEPT_AS: ClassVar[Mapping[str, str]] = {}  # under which name a part's changes are written down, if not its own

    shown = ""
    clashing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    thing: Subject = ("", 0)

    def showing(self) -> Self:
        """Filled in as the thing stands: the page carries what it showed."""
        self.shown = ",".join(f"{part[0]}:{_print(self, part)}" for part in self._parts())
        return self

    def meet(self, present: EditForm, of: Subject) -> None:
        """Lay what was sent beside what is stored now (`present`, filled in with the row held); before validation."""
        shown, theirs = shown_in(request.form.get(SHOWN, "")), request.form.get(THEIRS, "").split(",")
        if self.KEY and shown.get(self.KEY) != shown_in(present.shown)[self.KEY]:
            shown = {}
        self.shown, self.thing = present.shown, of
        clashing, changed = [], []
        for part in self._parts():
            name, before, stored = part[0], shown.get(part[0]), _print(present, part)
            sound = not any(_is_unreadable(self[one]) for one in part)
            typed = _print(self, part) if sound else ""
            if typed in (stored, before) or name in theirs:
                for one in part:
                    _take(self[one], present[one])
                continue
            changed.append(name)
            if before is not None and before != stored:
                clashing.append((name, present.words_of(part)))
        self.changed, self._now = tuple(changed), dict(clashing)
        self.clashing = tuple(self._now)

    def is_settled(self) -> bool:
        """Valid, and nobody else changed the same meanwhile; otherwise it is said beside the fields."""
        sound = bool(self.validate())
        for name in self.clashing:
            self._tell(name)
        return sound and not self.clashing

    @property
    def refusal(self) -> int:
        """The status that says why it was not saved."""
        return 409 if self.clashing else 422

    @property
    def clash_labels(self) -> str:
        """What both changed, as the form calls it."""
        return formats.listed(self[name].label.text for name in self.clashing)

    def keep(self, *, by: User, at: datetime) -> None:
        """Write down who changed what, for those who have it open now; in the transaction that saves it."""
        note_edits(self.thing, map(self._kept, self.changed), by=by, at=at)

    def showing_as_sent(self) -> None:
        """The page is shown once more without having been looked at: it carries what it carried."""
        self.shown = request.form.get(SHOWN, "")

    def words_of(self, part: tuple[str, ...]) -> str:
        """What the form says in that part, for people."""
        return ", ".join(filter(None, (said(self[name]) for name in part))) or _("nothing")

    def _parts(self) -> list[tuple[str, ...]]:
        grouped = {name: part for part in self.TOGETHER for name in part if name in self}
        names = [name for name in self._fields if name != "csrf_token" and name not in self.BESIDE]
        return list(dict.fromkeys(grouped.get(name, (name,)) for name in names))

    def _kept(self, name: str) -> str:
        return self.KEPT_AS.get(name, name)

    def _tell(self, name: str) -> None:
        field = self[name]
        if isinstance(field, FieldList):
            field = field.entries[0]
        if isinstance(field, FormField):
            field = next(iter(field.form))
        words = changed_words(self.thing, [self._kept(name)], self._now[name])
        field.errors = [*field.errors, words]


def changed_words(of: Subject, fields: Iterable[str], now_is: str) -> str:
    """Who changed it when, and what it is now."""
    edit = last_edit(of, fields)
    stands = now_is if len(now_is) <= LONGEST else now_is[:LONGEST] + "…"
    if edit is None or edit.by is None:
        return _("This was changed while you had the page open. It is now: %(now)s", now=stands)
    return _(
        "%(who)s changed this (%(when)s) while you had the page open. It is now: %(now)s",
        who=edit.by.name,
        when=formats.moment(edit.at),
        now=stands,
    )


def said(field: Field) -> str:
    """A field's value, for people."""
    if isinstance(field, FieldList):
        return "; ".join(filter(None, map(said, field.entries)))
    if isinstance(field, FormField):
        return ", ".join(filter(None, map(said, (one for one in field.form if one.name != "csrf_token"))))
    if isinstance(field, BooleanField):
        return _("Yes") if field.data else _("No")
    if isinstance(field, SelectFieldBase):
        chosen = field.data if isinstance(field.data, list | tuple) else [field.data]
        labels = {str(value): str(label) for value, label, *_rest in field.iter_choices()}
        return ", ".join(labels.get(str(one), str(one)) for one in chosen if one not in (None, ""))
    return _written(field)


def shown_in(sent: str) -> dict[str, str]:
    """What the page showed, part by part; nothing where the form does not say it."""
    pairs = (pair.partition(":") for pair in sent[:4000].split(","))
    return {name: digits for name, _colon, digits in pairs if digits}


def print_of(values: Iterable[Any]) -> str:
    """A short print of these values, the same for the same ones."""
    plain = json.dumps([_plain(value) for value in values], sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:PRINT]


def _print(form: FlaskForm, part: tuple[str, ...]) -> str:
    return print_of(form[name].data for name in part)


def _plain(value: Any) -> Any:
    """A value so that the same one, stored or sent by a browser, is the same."""
    if isinstance(value, str):
        return "\n".join(line.strip() for line in value.strip().splitlines())
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items() if one and name != "csrf_token"}
    if isinstance(value, list | tuple | set):
        return sorted(filter(None, map(_plain, value)), key=str)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else value or ""


def _is_unreadable(field: Field) -> bool:
    if isinstance(field, FieldList):
        return any(map(_is_unreadable, field.entries))
    return any(map(_is_unreadable, field.form)) if isinstance(field, FormField) else bool(field.process_errors)


def _take(field: Field, other: Field) -> None:
    """The field as if the other's value had been sent."""
    if isinstance(field, FieldList):
        field.entries, field.last_index = other.entries, other.last_index
        return
    if isinstance(field, FormField):
        for one in field.form:
            _take(one, other.form[one.short_name])
        return
    field.data, field.process_errors = other.data, []
    field.raw_data = [_written(other)]


def _written(field: Field) -> str:
    writes = getattr(field, "_value", None)
    text = str(writes()) if callable(writes) else ""
    return text or ("" if field.data is None else str(field.data))
