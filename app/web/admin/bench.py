"""The bench: how well routing decides on labelled requests, what it gets wrong, and what was learned from visits."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.city.labelled import OWN, labelled_files, own_cases, read_cases
from app.core.database import reading
from app.core.errors import NotAllowed
from app.extensions import db
from app.people.actors import by_user
from app.routing import Catalogue, Proposal
from app.routing.bench import Benched, bench
from app.routing.labelled import labels_of, read_labelled
from app.routing.measure import MEASURES, Row, Wrong
from app.strategy.edit_models import LearnedWeights
from app.visits.learning import Check, activate, check, deactivate, keep_weights, stored, versions
from app.visits.taught import taught, weights_in_force
from app.visits.trying import learn_what_helps
from app.web import access
from app.web.admin import bench_words, blueprint
from app.web.admin.bench_faults import fault_words
from app.web.numbers import BIGGEST_ID

Page = str | tuple[str, int] | Response
MOST_CASES = 200  # routed twice, in some seconds
MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Result:
    """A labelled file routed by the city's files alone (`plain`) and as it is in force (`now`)."""

    name: str
    left_out: int
    plain: Benched
    now: Benched

    @property
    def rows(self) -> list[tuple[str, float | None, float | None]]:
        """Measure, its value by the files alone, its value now."""
        return [(name, self.plain.measured.value(name), self.now.measured.value(name)) for name in MEASURES]

    @property
    def is_same(self) -> bool:
        """Whether nothing edited or learned is in force."""
        return self.plain is self.now

    def numbers(self) -> dict[str, int]:
        """Where on the page each case with something wrong stands, from 1."""
        return {identity: number for number, (identity, _wrong, _proposal) in enumerate(self.cases(), 1)}

    def cases(self) -> list[tuple[str, list[Wrong], Proposal]]:
        """Cases with something wrong now, in the file's order, with the decision and its reasons."""
        found: dict[str, list[Wrong]] = {}
        for one in self.now.measured.wrong:
            found.setdefault(one.id, []).append(one)
        return [(identity, wrong, self.now.proposals[identity]) for identity, wrong in found.items()]


@blueprint.get("/admin/routing")
@access.for_administrators
def bench_page() -> Page:
    """Choose labelled requests; with `?file=`, the measures and errors on that file."""
    files = labelled_files(current_app.config["CITY_DIR"])
    chosen = request.args.get("file", "")
    if not chosen:
        return _page()
    if chosen not in files:
        abort(404)
    try:
        return _page(_routed(chosen, read_cases(files[chosen], labels_of(_base()))))
    except ValueError as error:
        return _page(problem=fault_words(error)), 422


@blueprint.post("/admin/routing")
@access.for_administrators
def bench_own() -> Page:
    """The measures and errors on labelled requests that were pasted or uploaded; nothing of them is kept."""
    _let_others_write()
    upload = request.files.get("upload")
    raw = upload.read(MOST_BYTES + 1) if upload else b""
    raw = raw or request.form.get("pasted", "").encode()
    if len(raw) > MOST_BYTES:
        return _page(problem=_("The file is larger than one megabyte.")), 413
    try:
        cases = read_labelled(io.TextIOWrapper(io.BytesIO(raw), "utf-8-sig"), labels_of(_base()))
        if not cases:
            return _page(problem=_("Choose a file, or paste labelled requests.")), 422
        with reading():
            return _page(_routed(upload.filename if upload and upload.filename else _("Pasted"), cases))
    except ValueError as error:
        return _page(problem=fault_words(error)), 422


@blueprint.post("/admin/routing/learn")
@access.for_administrators
def learn_now() -> Response:
    """Learn from the decided visits; what makes a labelled measure fall is left out, and the page says what."""
    _let_others_write()
    with reading():
        tried = learn_what_helps(_base(), _own_cases())
        db.session.rollback()
    if not tried.checked.cases:
        return _unchecked()
    by = by_user(current_user._get_current_object())
    try:
        return _told(keep_weights(tried.weights, tried.checked, left_out=tried.left_out, by=by), tried.checked)
    except NotAllowed:
        return _overtaken()


@blueprint.post(f"/admin/routing/versions/<int(max={BIGGEST_ID}):version>/activate")
@access.for_administrators
def weights_activate(version: int) -> Response:
    """Put an earlier version in force, if no labelled measure falls with it."""
    weights = stored(db.session.get(LearnedWeights, version) or abort(404))
    _let_others_write()
    with reading():
        checked = check(weights, _own_cases(), _base())
        db.session.rollback()
    if not checked.cases:
        return _unchecked()
    try:
        return _told(activate(db.session.get(LearnedWeights, version) or abort(404), checked), checked)
    except NotAllowed:
        return _overtaken()


@blueprint.post("/admin/routing/no-weights")
@access.for_administrators
def weights_none() -> Response:
    """Learned weights count no more."""
    deactivate()
    db.session.commit()
    flash(_("Nothing learned counts any more. Every version is kept."), "success")
    return redirect(url_for("admin.bench_page"), 303)


def _told(row: LearnedWeights, checked: Check) -> Response:
    version, without = row.version, bench_words.left_out_told(row)
    db.session.commit()
    if checked.fallen:
        names = "; ".join(map(bench_words.measure_words, checked.fallen))
        words = _(
            "Version %(version)d is refused. Worse on labelled requests: %(measures)s.", version=version, measures=names
        )
        flash(words, "danger")
    else:
        flash(_("Version %(version)d is in force.", version=version), "success")
    for words in without:
        flash(words, "warning")
    return redirect(url_for("admin.bench_page", _anchor="learned"), 303)


def _unchecked() -> Response:
    words = _("The city has no labelled requests (%(file)s) to check on, so nothing learned is put in force.", file=OWN)
    flash(words, "danger")
    return redirect(url_for("admin.bench_page", _anchor="learned"), 303)


def _overtaken() -> Response:
    db.session.rollback()
    flash(_("Words were changed meanwhile, so nothing was put in force. Press the button once more."), "danger")
    return redirect(url_for("admin.bench_page", _anchor="learned"), 303)


def _let_others_write() -> None:
    """Routing many requests takes seconds: the database is not kept from others meanwhile."""
    db.session.rollback()


def _own_cases() -> list[dict[str, Any]]:
    return own_cases(current_app.config["CITY_DIR"])


def _base() -> Catalogue:
    base: Catalogue = current_app.extensions["city-catalogue"]
    return base


def _routed(name: str, cases: Sequence[Row]) -> Result:
    some, base = cases[:MOST_CASES], _base()
    now = taught(base, weights=weights_in_force())
    plain = bench(some, base)
    return Result(name, len(cases) - len(some), plain, plain if now.themes is base.themes else bench(some, now))


def _page(result: Result | None = None, problem: str = "") -> str:
    """The page; what was pasted stands there again where it could not be read."""
    return render_template(
        "admin/routing.html",
        files=list(labelled_files(current_app.config["CITY_DIR"])),
        result=result,
        problem=problem,
        pasted=request.form.get("pasted", "") if problem else "",
        versions=versions(),
        weights=weights_in_force(),
        stored=stored,
        words=bench_words,
    )
