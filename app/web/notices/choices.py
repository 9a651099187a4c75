"""Each person's choice: which mails at once, daily or not at all, and the hours in which none should come."""

from __future__ import annotations

from datetime import time
from typing import Any
from zoneinfo import available_timezones

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from app.core.time import venue_zone
from app.extensions import db
from app.notifications.groups import GROUPS, NOW, WAYS
from app.notifications.quiet_hours import hours_of_user
from app.people.models import User
from app.strategy.settings import city_rules
from app.web import access
from app.web.host.fields import ChoiceField, OptionField, required
from app.web.notices import blueprint, words

HOURS = [(f"{hour:02}:{minute}", f"{hour:02}:{minute}") for hour in range(24) for minute in ("00", "30")]
USUAL = (time(21), time(7))
REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def zones() -> list[tuple[str, str]]:
    """Every time zone of a place, the venue's first."""
    names = sorted(name for name in available_timezones() if name.split("/")[0] in REGIONS and "/" in name)
    home = venue_zone().key
    return [(home, home), *((name, name.replace("_", " ")) for name in names if name != home)]


class ChoicesForm(FlaskForm):
    """One choice for each group of mails, and the quiet hours."""

    is_quiet = BooleanField(_l("Keep mails back in my quiet hours"))
    quiet_from = ChoiceField(_l("Quiet from"), choices=HOURS)
    quiet_until = ChoiceField(_l("Quiet until"), choices=HOURS)
    zone = ChoiceField(_l("Time zone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone.offer(zones())

    def validate_quiet_until(self, field: Field) -> None:
        """Quiet hours end at another time than they begin."""
        if self.is_quiet.data and field.data == self.quiet_from.data:
            raise ValidationError(_("Choose another time than the one at which they begin."))

    def quiet_hours(self) -> dict[str, str]:
        """As the person's row keeps them; the same time twice means that there are none."""
        until = self.quiet_until.data if self.is_quiet.data else self.quiet_from.data
        return {"from": self.quiet_from.data, "until": until, "zone": self.zone.data}


def _form(groups: tuple[str, ...], **kwargs: Any) -> ChoicesForm:
    """The form with a field for each group that this person gets mails of."""
    fields = {
        f"way_{group}": OptionField(
            words.GROUPS[group],
            choices=[(way, words.WAYS[way]) for way in WAYS],
            default=NOW,
            validators=[required(_l("Choose how you want to be told."))],
        )
        for group in groups
    }
    return type("PersonalChoicesForm", (ChoicesForm,), fields)(**kwargs)  # type: ignore[no-any-return]


def _groups_of(user: User) -> tuple[str, ...]:
    return tuple(group for group in GROUPS if group != "office" or user.is_coordinator)


@blueprint.get("/account/mail")
@access.for_signed_in
def choices() -> str:
    """The choices as they stand."""
    user = current_user
    hours = hours_of_user(user, city_rules())
    given: dict[str, Any] = {f"way_{group}": way for group, way in (user.mail_ways or {}).items()}
    given |= {"is_quiet": hours.begins != hours.ends, "zone": hours.zone.key}
    begins, ends = (hours.begins, hours.ends) if hours.begins != hours.ends else USUAL
    given |= {"quiet_from": _in_list(begins), "quiet_until": _in_list(ends)}
    return _page(_form(_groups_of(user), formdata=None, data=given))


@blueprint.post("/account/mail")
@access.for_signed_in
def save_choices() -> tuple[str, int] | Response:
    """Keep them; they count for every mail from now on."""
    user = db.session.get_one(User, current_user.id)
    groups = _groups_of(user)
    form = _form(groups)
    if not form.validate():
        return _page(form), 422
    chosen = {group: form[f"way_{group}"].data for group in groups}
    user.mail_ways = {group: way for group, way in chosen.items() if way != NOW}
    user.quiet_hours = form.quiet_hours()
    db.session.commit()
    flash(_("Your choices are saved. They count from the next mail on."), "success")
    return redirect(url_for("notices.choices"), 303)


def _page(form: ChoicesForm) -> str:
    groups = [form[f"way_{group}"] for group in _groups_of(current_user)]
    return render_template("notices/choices.html", form=form, groups=groups)


def _in_list(moment: time) -> str:
    """The half hour of the list in which that time lies."""
    return f"{moment.hour:02}:{'30' if moment.minute >= 30 else '00'}"
