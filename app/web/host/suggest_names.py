"""What planning's keys are called on the pages of suggested times and programmes."""

from __future__ import annotations

from app.people.models import Host, Place
from app.visits.models import Visit
from app.web.host.suggest_form import SuggestForm
from app.web.language import page_language


def names_of(visit: Visit, hosts: dict[str, Host], places: dict[str, Place]) -> dict[str, str]:
    """What planning's keys are called: the visit's stops, and hosts, people and places with their kind before them."""
    language = page_language()
    names = {f"own:{stop.id}": stop.title for stop in visit.appointments}
    names |= {f"host-of:own:{stop.id}": stop.host.name_in(language) for stop in visit.appointments}
    names |= {f"place-of:own:{stop.id}": stop.place.name_in(language) for stop in visit.appointments if stop.place}
    names |= {f"host:{slug}": host.name_in(language) for slug, host in hosts.items()}
    names |= {f"place:{slug}": place.name_in(language) for slug, place in places.items()}
    return names | {f"person:{user.id}": user.name for host in hosts.values() for user in host.members}


def wished_names(form: SuggestForm, names: dict[str, str]) -> dict[str, str]:
    """What the wished stops are called, who receives them there, and where."""
    found = {}
    for number, row in form.wished:
        found[str(number)] = row.form.title.data
        found[f"host-of:{number}"] = names[f"host:{row.form.host.data}"]
        found[f"place-of:{number}"] = names.get(f"place:{row.form.place.data}", "")
    return found
