"""Find times: when one stop could be, with reasons; one click carries a time into the form of an appointment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.core.time import in_venue, now
from app.core.time import venue_date as venue_day
from app.people.models import Host, Place
from app.planning.answering import free_times
from app.planning.explaining import explain
from app.planning.results import FreeTime, Obstacle
from app.planning.scene import Scene
from app.planning.wishes import Request, Window, Wish
from app.visits.models import Visit
from app.visits.scenes import placed_of, scene_of, windows_of
from app.web import access
from app.web.formats import listed
from app.web.host import blueprint
from app.web.host.acting import own_host
from app.web.host.fields import LINE, ChoiceField, Within, at_most
from app.web.host.obstacle_words import obstacle_lines
from app.web.host.suggest_names import names_of
from app.web.host.suggest_words import reason_words
from app.web.host.suggesting import choices, own_places, plannable
from app.web.host.summary import summary
from app.web.language import page_language

Found = tuple[list[FreeTime], list[Obstacle]]
ANY_STAY = 400  # days: how far from the others the stop is matters to nobody here
WISH = "0"  # what planning calls the stop that is sought


class TimesForm(FlaskForm):
    """One stop whose time is sought; sent by GET, it changes nothing."""

    class Meta:
        """A page that only reads needs no token."""

        csrf = False

    title = StringField(_l("What happens?"), validators=[at_most(LINE)])
    host = ChoiceField(_l("Which host receives them there?"))
    minutes = IntegerField(_l("Minutes"), default=60, validators=[InputRequired(), Within(15, 480)])
    contact = ChoiceField(_l("Contact person"), default="")
    place = ChoiceField(_l("Place"), default="")
    daylight = BooleanField(_l("Outdoors: only in daylight"))

    def offer(self, groups: list[tuple[str, list[Host]]], places: list[Place]) -> None:
        """Fill in the hosts, their people and the places."""
        language = page_language()
        self.known_hosts = {host.slug: host for _group, hosts in groups for host in hosts}
        self.known_places = {place.slug: place for place in places}
        self.host.offer(
            SelectChoice(host.slug, host.name_in(language), optgroup=group) for group, hosts in groups for host in hosts
        )
        people = [
            SelectChoice(str(user.id), user.name, optgroup=host.name_in(language))
            for host in self.known_hosts.values()
            for user in host.members
        ]
        self.contact.offer([SelectChoice("", _("Anybody of the host")), *people])
        named = sorted((place.name_in(language), place.slug) for place in places)
        self.place.offer([SelectChoice("", _("Not in the list")), *(SelectChoice(slug, name) for name, slug in named)])

    @property
    def wish(self) -> Wish:
        """What is sought; only after validation. A person of another host is read as anybody of this one."""
        host = self.known_hosts[self.host.data]
        members = tuple(str(user.id) for user in host.members)
        contacts = (self.contact.data,) if self.contact.data in members else members
        place = self.place.data or None
        return Wish(WISH, (host.slug,), self.minutes.data, contacts, place=place, daylight=self.daylight.data)


@blueprint.get("/visits/<string:ref>/times")
@access.for_hosts
def find_times(ref: str) -> tuple[str, int]:
    """The form with the likeliest host, and the next free times in the visitor's days."""
    visit = plannable(ref)
    own = own_host(visit) or visit.lead_host
    form = TimesForm(request.args if "host" in request.args else None, data={"host": own.slug if own else None})
    form.offer(*choices(visit))
    found: Found | None = None
    if "host" in request.args and form.validate():
        found = _found(visit, form)
    facts: dict[str, Any] = {
        "summary": summary(visit),
        "found": found,
        "names": names_of(visit, form.known_hosts, form.known_places) | {WISH: form.title.data or _("Stop")},
    }
    words = {"reason": reason_words, "obstacles": obstacle_lines}
    page = render_template(
        "host/times.html",
        visit=visit,
        form=form,
        words=words,
        address_of=lambda time: _address(visit, form, time),
        people=lambda time: listed(facts["names"][f"person:{contact}"] for contact in time.contacts),
        **facts,
    )
    return page, 422 if form.errors else 200


def _found(visit: Visit, form: TimesForm) -> Found:
    windows = windows_of(visit) or (Window(venue_day(now()), venue_day(now())),)
    question = Request((form.wish,), windows, placed_of(visit))
    days = [day for window in windows for day in (window.first_on, window.last_on)]
    places = [*own_places(visit), *([form.known_places[form.place.data]] if form.place.data else [])]
    scene = scene_of(visit, [form.known_hosts[form.host.data]], places, (min(days), max(days)), at=now())
    times = free_times(question, scene)
    return times, [] if times else _in_the_way(question, scene)


def _in_the_way(question: Request, scene: Scene) -> list[Obstacle]:
    """What stands in the way whatever else the visit has; else what the stops do that it has already."""
    return explain(replace(question, placed=()), scene) or explain(replace(question, longest_stay=ANY_STAY), scene)


def _address(visit: Visit, form: TimesForm, time: FreeTime) -> str:
    """The form of an appointment with everything filled in that is known."""
    starts, ends = in_venue(time.starts_at), in_venue(time.ends_at)
    return url_for(
        "host.new_appointment",
        ref=visit.ref,
        title=form.title.data or "",
        on=starts.date().isoformat(),
        starts=f"{starts:%H:%M}",
        ends=f"{ends:%H:%M}",
        host=form.host.data,
        contact=time.contacts[0] if time.contacts else "",
        place=form.place.data or "",
    )
