"""What the visitor asked for, read back from the visit itself."""

from __future__ import annotations

from flask_babel import format_decimal
from flask_babel import gettext as _

from app.people.models import Host
from app.visits.models import Visit
from app.web.formats import days, language_name, listed
from app.web.language import page_language


def asked_for(visit: Visit) -> list[tuple[str, str]]:
    """What and answer, in the order of the form; empty answers are left to the template to drop."""
    language, hours = page_language(), visit.duration_hours
    dates = [days((window.starts_on, window.ends_on)) for window in visit.windows]
    wished_themes = [link.theme.name_in(language) for link in visit.theme_links if link.origin == "visitor"]
    return [
        (_("Purpose"), visit.purpose),
        (_("Themes"), listed(wished_themes)),
        (_("Dates"), "; ".join(dates)),
        (_("Hours of programme"), "" if hours is None else format_decimal(hours)),
        (_("People"), str(visit.group_size or "")),
        (_("Head of delegation"), ", ".join(filter(None, (visit.head_name, visit.head_title)))),
        (_("Languages"), listed(language_name(code) for code in visit.languages)),
        (_("Interpreter"), _("We need an interpreter") if visit.interpreter_needed else ""),
        *_ties(visit),
        (_("How flexible are the dates?"), visit.flexibility),
        (_("The rest of your stay"), visit.rest_of_stay),
        (_("Contact"), ", ".join(filter(None, (visit.contact_name, visit.contact_email, visit.contact_phone)))),
    ]


def _ties(visit: Visit) -> list[tuple[str, str]]:
    """Whom they wish to meet, what ties them to the city, and what they bring."""
    return [
        (_("Hosts you would like to meet"), "; ".join(visit.wanted_hosts)),
        (_("Twin city, network or other tie"), visit.relation),
        (_("Have you been here before?"), visit.previous_visit),
        (_("Larger event"), visit.event),
        (_("What can you offer in return?"), visit.in_return),
    ]


def host_names(hosts: list[Host]) -> list[str]:
    """Their names in the reader's language."""
    return [host.name_in(page_language()) for host in hosts]
