"""The words by which routing understands requests: look them up, teach, weigh anew, take out, undo, download."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response as Download
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.city.word_export import word_languages, words_yaml
from app.core.errors import NotAllowed
from app.core.text import clean_line
from app.core.time import now
from app.people.actors import by_user
from app.strategy.word_drafts import find_draft, word_drafts
from app.strategy.words import MOST_EDITS, find_edit, word_edits
from app.visits.corrections import latest_word_corrections, teach_word
from app.visits.taught import with_words_in_force
from app.visits.word_check import WordCheck, taught_as
from app.web import access
from app.web.admin import blueprint, word_list
from app.web.admin.word_checks import checked_words, labelled_count, put_in_force
from app.web.admin.word_drafts import DRAFTING, draft_kept, word_form_page
from app.web.admin.word_forms import TAKING_OUT, WEIGHTS, WordForm
from app.web.admin.word_list import Wanted, word_rows
from app.web.coordinator.shown import figure_written
from app.web.host.acting import reader

Page = str | tuple[str, int] | Response
PAGE_SIZE = 40
LATEST = 20  # changes told on the page


@blueprint.get("/admin/words")
@access.for_administrators
def words_page() -> str:
    """Words that fit the filter, page by page, and everything edited here."""
    args = {name: clean_line(request.args.get(name, ""))[:100] for name in ("theme", "language", "text")}
    wanted = Wanted(**args, only_edited=request.args.get("edited") == "y")
    edits = word_edits()
    rows = word_rows(edits, wanted)
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    asked = request.args.get("page", "1")
    number = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 7 else 1
    return render_template(
        "admin/words.html",
        rows=rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        total=len(rows),
        number=number,
        pages=pages,
        page_url=lambda page: url_for("admin.words_page", **_asked(wanted), page=page),
        wanted=wanted,
        edited=len(edits),
        lists=word_list,
        labelled=labelled_count(),
        drafts=word_drafts(),
        latest=latest_word_corrections(LATEST),
    )


def _asked(wanted: Wanted) -> dict[str, Any]:
    found = {"theme": wanted.theme, "language": wanted.language, "text": wanted.text}
    found["edited"] = "y" if wanted.only_edited else ""
    return {name: value for name, value in found.items() if value}


@blueprint.get("/admin/words/edit")
@access.for_administrators
def word_page() -> str:
    """The form, filled in with the word that the address names, if any."""
    given: dict[str, Any] = {
        name: clean_line(request.args.get(name, ""))[:100] for name in ("topic", "language", "word", "visit")
    }
    key = (given["topic"], given["language"], given["word"])
    edit, draft, default = find_edit(*key), find_draft(*key), word_list.default_weight(*key)
    return word_form_page(_filled_in(*key, visit=given["visit"]), edit=edit, draft=draft, default=default)


def _filled_in(topic: str, language: str, word: str, *, visit: str = "") -> WordForm:
    """The form of that word as whoever opens it now sees it."""
    wanted = find_draft(topic, language, word) or find_edit(topic, language, word)
    weight = wanted.weight if wanted else word_list.default_weight(topic, language, word)
    given: dict[str, Any] = {"topic": topic, "language": language, "word": word, "visit": visit}
    if weight is not None and weight in (1, 2, 3):
        given["weight"] = str(int(weight))
    return WordForm(formdata=None, data={**given, "note": wanted.note if wanted else ""}).showing()


def _as_it_is(form: WordForm) -> WordForm:
    """The form of the word that was sent, as it is now."""
    return _filled_in(str(form.topic.data or ""), str(form.language.data or ""), clean_line(form.word.data))


@blueprint.post("/admin/words/edit")
@access.for_administrators
def word_change() -> Page:
    """Teach the word, weigh it anew, or take it out; routing knows at once."""
    form = WordForm()
    edited = find_edit(str(form.topic.data or ""), str(form.language.data or ""), clean_line(form.word.data))
    form.meet(_as_it_is(form), ("word", edited.id if edited else 0))
    if not form.is_settled():
        return word_form_page(form), form.refusal
    if len(word_edits()) >= MOST_EDITS:
        form.word.errors = [_("There are too many edited words. Put them into the city's files first.")]
        return word_form_page(form), 422
    act, said = request.form.get("act", ""), form.said()
    removed = act in TAKING_OUT
    if act in DRAFTING:
        return draft_kept(form, said, removed=removed)
    edit = taught_as(said["topic"], said["language"], said["word"], 0.0 if removed else said["weight"])
    outcome = put_in_force(edit, partial(_teach, form, said, removed))
    if outcome.against:
        form.word.errors = list(outcome.against)
        return word_form_page(form, offer_draft=DRAFTING[removed] if outcome.worse else ""), 422
    return _saved(said["word"], said["topic"], removed=removed, cases=outcome.cases)


def _teach(form: WordForm, said: dict[str, Any], removed: bool, checked: WordCheck) -> None:
    """In the transaction that saves it: not over what somebody else has just made of the word."""
    if _as_it_is(form).shown != form.shown:
        raise NotAllowed("taught-meanwhile")
    edit = teach_word(**said, removed=removed, checked=checked, by=by_user(reader()))
    form.thing = ("word", edit.id)
    form.keep(by=reader(), at=now())


def _saved(word: str, topic: str, *, removed: bool, cases: int) -> Response:
    meant = word_list.topic_words(topic)
    if removed:
        words = _("“%(word)s” does not mean %(topic)s any more.", word=word, topic=meant)
    else:
        words = _("“%(word)s” means %(topic)s now.", word=word, topic=meant)
    flash(f"{words} {checked_words(cases)}", "success")
    return redirect(url_for("admin.words_page", edited="y"), 303)


@blueprint.get("/admin/words.yaml")
@access.for_administrators
def words_file() -> Download:
    """All words of one language as they count now, in the format of the city's files."""
    themes = with_words_in_force(word_list.file_themes())
    language = request.args.get("language", "en")
    if language not in word_languages(themes):
        abort(404)
    answer = Download(words_yaml(themes, language), mimetype="application/yaml")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{language}.yaml")
    return answer


@blueprint.app_template_filter()
def word_weight(weight: float) -> str:
    """How much a word says, in words; a weight that only the files can have, as a number."""
    return str(dict(WEIGHTS).get(f"{weight:g}", figure_written(weight)))
