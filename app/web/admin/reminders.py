"""Reminder rules: the list, one rule, switching off, going back to the default, and what it would say about a visit."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.city.reminder_defaults import default_of, edited_slugs, restore_default
from app.core.languages import LANGUAGES, known_language
from app.core.time import now
from app.core.tokens import new_token
from app.extensions import db
from app.notifications.events import changed_lines
from app.notifications.reminder_models import ReminderRule
from app.notifications.reminder_preview import first_ref, previews, send_samples
from app.notifications.reminder_rules import all_rules, as_rule, unfit_of
from app.notifications.reminding_earlier import remind_of_what_is_ahead, standing_of
from app.notifications.samples import visits_at_hand
from app.people.models import User
from app.web import access
from app.web.admin import blueprint, event_words, reminder_words
from app.web.admin.reminder_form import ReminderForm
from app.web.admin.samples import asked, clean_ref, find_visit, tell_of_sample
from app.web.host.acting import reader
from app.web.language import OWN_NAMES
from app.web.meanwhile import held
from app.web.numbers import BIGGEST_ID

Page = str | tuple[str, int] | Response
MOST_RULES = 100
ONE = f"/admin/reminders/<int(max={BIGGEST_ID}):rule_id>"


@blueprint.get("/admin/reminders")
@access.for_administrators
def reminder_list() -> str:
    """Every rule in its order and every mail that something happening sends, with what was changed here."""
    rules = list(all_rules())
    differing, own = edited_slugs(rules)
    return render_template(
        "admin/reminders.html",
        rules=rules, differing=differing, own=own, words=reminder_words,
        has_unfit=any(unfit_of(rule) for rule in rules), event_rows=changed_lines(), event_words=event_words,
    )  # fmt: skip


@blueprint.get("/admin/reminders/new")
@access.for_administrators
def reminder_new() -> str:
    """An empty form."""
    return _form_page(ReminderForm(formdata=None), None)


@blueprint.post("/admin/reminders/new")
@access.for_administrators
def reminder_add() -> Page:
    """A rule of the city's own."""
    form = ReminderForm()
    if len(all_rules()) >= MOST_RULES:
        form.moment.errors = [_("There are too many rules. Change or delete one.")]
        return _form_page(form, None), 422
    if not form.validate():
        return _form_page(form, None), 422
    rule = ReminderRule(slug=f"own-{new_token()[:12].lower()}", position=1000, since=now())
    form.fill(rule)
    db.session.add(rule)
    db.session.commit()
    flash(_("The rule is saved. Look at what it says before the first mail leaves."), "success")
    return redirect(url_for("admin.reminder_preview", rule_id=rule.id), 303)


@blueprint.get(ONE)
@access.for_administrators
def reminder_page(rule_id: int) -> str:
    """The rule, filled in."""
    rule = _get(rule_id)
    return _form_page(_filled_in(rule), rule)


def _filled_in(rule: ReminderRule) -> ReminderForm:
    """The form as whoever opens it now sees it."""
    return ReminderForm(formdata=None, data=ReminderForm.data_of(rule)).showing()


@blueprint.post(ONE)
@access.for_administrators
def reminder_change(rule_id: int) -> Page:
    """Save it; mails that wait are compared with the rule as it is then."""
    rule, form = held(ReminderRule, rule_id), ReminderForm()
    form.meet(_filled_in(rule), ("reminder", rule.id))
    if not form.is_settled():
        return _form_page(form, rule), form.refusal
    form.keep(by=reader(), at=now())
    was, standing = (rule.anchor, rule.verb), standing_of(rule)
    form.fill(rule)
    if (rule.anchor, rule.verb) != was:  # of what happened before it counted from this, it tells nothing
        rule.since = now()
    else:
        remind_of_what_is_ahead(rule, was=standing, at=now())
    db.session.commit()
    flash(_("The rule is saved. Mails that wait go by it too."), "success")
    return redirect(url_for("admin.reminder_list"), 303)


@blueprint.post(f"{ONE}/switch")
@access.for_administrators
def reminder_switch(rule_id: int) -> Response:
    """On or off; off, nothing that waits by this rule is sent. On, whoever it reminds of what is ahead is reminded."""
    rule = _get(rule_id)
    standing = standing_of(rule)
    rule.is_on = request.form.get("to") == "on"
    remind_of_what_is_ahead(rule, was=standing, at=now())
    db.session.commit()
    flash(_("The rule is switched on.") if rule.is_on else _("The rule is switched off."), "success")
    return redirect(url_for("admin.reminder_list"), 303)


@blueprint.post(f"{ONE}/restore")
@access.for_administrators
def reminder_restore(rule_id: int) -> Response:
    """As in the files again; a rule that stands in none is deleted."""
    rule = _get(rule_id)
    standing = standing_of(rule)
    if restore_default(rule):
        remind_of_what_is_ahead(rule, was=standing, at=now())
        flash(_("The rule is as it was delivered."), "success")
    else:
        db.session.delete(rule)
        flash(_("The rule is deleted."), "success")
    db.session.commit()
    return redirect(url_for("admin.reminder_list"), 303)


@blueprint.get(f"{ONE}/preview")
@access.for_administrators
def reminder_preview(rule_id: int) -> Page:
    """What the rule would say about a visit, in the language asked for."""
    row, at_now = _get(rule_id), now()
    rule, choices = as_rule(row), visits_at_hand(db.session.get_one(User, current_user.id), at=at_now)
    wanted = asked(lambda: first_ref(rule, choices))
    return render_template(
        "admin/reminder_preview.html",
        rule=row, asked=wanted, choices=choices, languages={code: OWN_NAMES[code] for code in LANGUAGES},
        previews=previews(rule, wanted.visit, wanted.language) if wanted.visit is not None else [],
        words=reminder_words, at_now=at_now,
    )  # fmt: skip


@blueprint.post(f"{ONE}/send-to-me")
@access.for_administrators
def reminder_send(rule_id: int) -> Response:
    """A sample by mail, to the administrator alone."""
    rule, visit = _get(rule_id), find_visit(clean_ref(request.form.get("visit")))
    language = known_language(request.form.get("language"))
    me = db.session.get_one(User, current_user.id)
    made = send_samples(rule, visit, language, to=me, at=now()) if visit is not None else 0
    db.session.commit()
    tell_of_sample(made, me.email)
    where: dict[str, Any] = {"visit": visit.ref if visit else None, "language": language}
    return redirect(url_for("admin.reminder_preview", rule_id=rule_id, **where), 303)


def _get(rule_id: int) -> ReminderRule:
    return db.session.get(ReminderRule, rule_id) or abort(404)


def _form_page(form: ReminderForm, rule: ReminderRule | None) -> str:
    has_default = rule is not None and bool(default_of(rule.slug))
    return render_template("admin/reminder.html", form=form, rule=rule, has_default=has_default, words=reminder_words)
