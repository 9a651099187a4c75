"""What the form of a stop offers: hosts, their people, places. A stop keeps what has gone since, marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.people.models import Host, Place, User
from app.visits.programme_models import Appointment
from app.web.language import page_language


def receivers(host: Host, stop: Appointment | None) -> list[User]:
    """Who may receive the visitors for that host: its people, and whom the stop has had from it all along."""
    kept = stop.contact if stop and stop.host_id == host.id else None
    return [*host.members, *([kept] if kept and kept not in host.members else [])]


def host_choices(groups: Iterable[tuple[str, list[Host]]]) -> Iterator[SelectChoice]:
    """The hosts, under their groups' names."""
    for group, hosts in groups:
        for host in hosts:
            yield SelectChoice(host.slug, _named(host), optgroup=group or None)


def people_choices(hosts: Iterable[Host], stop: Appointment | None) -> Iterator[SelectChoice]:
    """Nobody yet, and everybody who may receive, under their hosts' names."""
    yield SelectChoice("", _("Not decided yet"))
    for host in hosts:
        for user in receivers(host, stop):
            name = user.name if user in host.members else _("%(name)s (not there any more)", name=user.name)
            yield SelectChoice(str(user.id), name, optgroup=host.name_in(page_language()))


def place_choices(places: Iterable[Place]) -> Iterator[SelectChoice]:
    """None of the list, and the places under their owners' names."""
    yield SelectChoice("", _("Not in the list"))
    owners = ((place.host.name_in(page_language()) if place.host else _("The city"), place) for place in places)
    for owner, name, slug in sorted((owner, _named(place), place.slug) for owner, place in owners):
        yield SelectChoice(slug, name, optgroup=owner)


def _named(one: Host | Place) -> str:
    name = one.name_in(page_language())
    return _("%(name)s (retired)", name=name) if one.retired_at else name
