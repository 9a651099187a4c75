"""What becomes of an edit that is refused: kept as a draft, or, of an edit to be undone, undone all the same."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.core.errors import NotAllowed
from app.core.text import clean_line
from app.extensions import db
from app.people.actors import by_user
from app.strategy.edit_models import WordDraft, WordEdit
from app.strategy.word_drafts import drop_draft, keep_draft
from app.visits.corrections import undo_word
from app.visits.word_check import WordCheck, undone
from app.web import access
from app.web.admin import blueprint, word_list
from app.web.admin.word_checks import checked_words, labelled_count, put_in_force
from app.web.admin.word_forms import WordForm
from app.web.coordinator.checks import Line
from app.web.numbers import BIGGEST_ID

Page = str | tuple[str, int] | Response
DRAFTING = ("draft", "draft-take-out")


class UndoForm(FlaskForm):
    """Why a word is undone though labelled requests come out worse."""

    reason = Line(
        _l("Reason"),
        _l("Write why it is undone all the same."),
        length=200,
        description=_l("The reason and your name are shown under “Latest changes”."),
    )


def word_form_page(form: WordForm, **shown: Any) -> str:
    """The form of one word; `edit`, `draft` and `default`: what there is of it; `offer_draft`: the act to keep it."""
    given = {"edit": None, "draft": None, "default": None, "offer_draft": "", "undoing": None, **shown}
    return render_template("admin/word.html", form=form, lists=word_list, labelled=labelled_count(), **given)


def draft_kept(form: WordForm, said: dict[str, Any], *, removed: bool) -> Page:
    """Keep what was typed; it does not count."""
    wanted = {name: said[name] for name in ("topic", "language", "word", "weight", "note")}
    try:
        keep_draft(**wanted, removed=removed, by=by_user(current_user._get_current_object()))
    except NotAllowed:
        db.session.rollback()
        form.word.errors = [_("There are too many drafts. Delete some first.")]
        return word_form_page(form), 422
    db.session.commit()
    flash(_("“%(word)s” is kept as a draft. It does not count.", word=said["word"]), "success")
    return redirect(url_for("admin.words_page", edited="y", _anchor="drafts"), 303)


@blueprint.post(f"/admin/words/drafts/<int(max={BIGGEST_ID}):draft_id>/delete")
@access.for_administrators
def draft_delete(draft_id: int) -> Response:
    """The draft is gone; what counts stays as it is."""
    draft = db.session.get(WordDraft, draft_id) or abort(404)
    word = draft.word
    drop_draft(draft.topic, draft.language, word)
    db.session.commit()
    flash(_("The draft “%(word)s” is deleted.", word=word), "success")
    return redirect(url_for("admin.words_page", edited="y"), 303)


@blueprint.post(f"/admin/words/<int(max={BIGGEST_ID}):edit_id>/undo")
@access.for_administrators
def word_undo(edit_id: int) -> Page:
    """What the files say counts again, if no labelled request comes out worse by that or a reason is given."""
    edit = db.session.get(WordEdit, edit_id) or abort(404)
    word, change = edit.word, undone(edit.topic, edit.language, edit.word)
    reason = clean_line(request.form.get("reason", ""))[:200]
    by = by_user(current_user._get_current_object())

    def write(checked: WordCheck) -> None:
        undo_word(db.session.get(WordEdit, edit_id) or abort(404), checked=checked, reason=reason, by=by)

    outcome = put_in_force(change, write, all_the_same=bool(reason))
    if outcome.against:
        return _not_undone(db.session.get(WordEdit, edit_id) or abort(404), outcome.against, worse=outcome.worse), 422
    words = _("“%(word)s” is as the city's files have it again.", word=word)
    more = _("Labelled requests come out worse than before.") if outcome.worse else checked_words(outcome.cases)
    flash(f"{words} {more}", "warning" if outcome.worse else "success")
    return redirect(url_for("admin.words_page", edited="y"), 303)


def _not_undone(edit: WordEdit, against: tuple[str, ...], *, worse: bool) -> str:
    typed = {name: getattr(edit, name) for name in ("topic", "language", "word", "note")}
    form = WordForm(formdata=None, data={**typed, "weight": f"{edit.weight:g}"})
    form.word.errors = list(against)
    undoing = UndoForm() if worse else None
    if undoing is not None and "reason" in request.form:
        undoing.validate()
    default = word_list.default_weight(edit.topic, edit.language, edit.word)
    return word_form_page(form, edit=edit, default=default, undoing=undoing)
