"""Words for the codes that rooms use, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from jinja2 import pass_context
from jinja2.runtime import Context

from app.web.happened import HAPPENED

Words = Mapping[str, LazyString]

STATUSES: Words = {
    "submitted": _l("Address not confirmed"),
    "received": _l("Received"),
    "offered": _l("Offered to hosts"),
    "claimed": _l("Being planned"),
    "proposed": _l("Programme proposed"),
    "confirmed": _l("Confirmed"),
    "completed": _l("Carried out"),
    "reported": _l("Reported"),
    "expired": _l("Expired"),
    "declined": _l("Declined"),
    "withdrawn": _l("Withdrawn"),
    "cancelled": _l("Cancelled"),
    "no-show": _l("Did not come"),
    "merged": _l("Merged with another visit"),
}
OFFER_STATUSES: Words = {
    "open": _l("Waiting for an answer"),
    "claimed": _l("Took the visit"),
    "joined": _l("Joined"),
    "declined": _l("Said no"),
    "lapsed": _l("Time ran out"),
    "closed": _l("Closed"),
}
PARTS: Words = {"lead": _l("Lead host"), "part": _l("Co-host")}
APPOINTMENT_STATUSES: Words = {
    "hold": _l("Hold"),
    "tentative": _l("Tentative"),
    "confirmed": _l("Confirmed"),
    "cancelled": _l("Cancelled"),
}
ANSWERS: Words = {"asked": _l("Asked"), "accepted": _l("Accepted"), "declined": _l("Said no")}
ORGANISATION_TYPES: Words = {
    "city": _l("City or municipality"),
    "region": _l("Region or county"),
    "national-government": _l("National government"),
    "embassy": _l("Embassy or consulate"),
    "university": _l("University or research institute"),
    "school": _l("School or kindergarten"),
    "business": _l("Company"),
    "business-association": _l("Chamber or business association"),
    "cluster": _l("Cluster"),
    "cultural-institution": _l("Cultural institution"),
    "ngo": _l("Voluntary organisation"),
    "media": _l("Media"),
    "eu-body": _l("EU institution"),
    "network": _l("Network of cities or regions"),
    "other": _l("Something else"),
}
LEVELS: Words = {
    "head-of-state-or-government": _l("Head of state or government"),
    "minister": _l("Minister"),
    "ambassador": _l("Ambassador"),
    "mayor": _l("Mayor"),
    "elected": _l("Other elected representative"),
    "senior-official": _l("Senior official"),
    "expert": _l("Specialist"),
    "executive": _l("Business executive"),
    "academic": _l("Academic"),
    "student": _l("Student"),
    "other": _l("Other"),
}
DECISIONS: Words = {
    "route": _l("Goes straight to hosts"),
    "coordinator-review": _l("Needs a coordinator's look"),
    "suggest-decline": _l("Decline is suggested"),
}
FLAGS: Words = {
    "political-level": _l("Political level"),
    "short-notice": _l("Short notice"),
    "past-date": _l("The dates are past"),
    "holiday": _l("Only weekends or public holidays"),
    "large-group": _l("Large group"),
    "needs-interpreter": _l("Needs an interpreter"),
    "returning-visitor": _l("Has been here before"),
    "linked-event": _l("Tied to a larger event"),
    "twin-city": _l("Twin city"),
    "network": _l("Comes through a network"),
    "duplicate": _l("Looks like an earlier request"),
    "not-a-delegation": _l("Leisure or private trip"),
    "commercial": _l("Wants to sell something"),
    "wrong-city": _l("May mean another city of the same name"),
    "invitation-letter": _l("Asks for an invitation letter"),
    "unsafe-input": _l("Contains markup or a formula"),
    "unclear-purpose": _l("The purpose is unclear"),
}
DECLINE_REASONS: Words = {
    "no-capacity": _l("No host has capacity"),
    "dates": _l("The dates cannot be met"),
    "not-our-field": _l("Not something the region can show"),
    "too-large": _l("The group is too large"),
    "too-late": _l("Asked too late"),
    "repeat": _l("The same organisation came recently on the same subject"),
    "no-purpose": _l("No clear purpose"),
    "commercial": _l("Sales visit"),
    "leisure": _l("Leisure or private trip"),
    "wrong-city": _l("Meant for another city"),
    "invitation-letter": _l("Asks only for an invitation letter"),
    "other": _l("Another reason"),
}
OFFER_DECLINE_REASONS: Words = {
    "not-ours": _l("Not our subject"),
    "no-capacity": _l("We have no capacity"),
    "dates": _l("The dates do not fit us"),
    "other": _l("Another reason"),
}
ACTORS: Words = {"visitor": _l("The visitor"), "system": _l("Automatic")}
ACHIEVED: Words = {
    "1": _l("1 – nothing came of it"),
    "2": _l("2 – little"),
    "3": _l("3 – as expected"),
    "4": _l("4 – more than expected"),
    "5": _l("5 – far more than expected"),
}
HOST_KINDS: Words = {
    "department": _l("Municipal department"),
    "agency": _l("Municipal agency"),
    "partner": _l("Regional partner"),
}
PARTNERSHIP_KINDS: Words = {
    "twin-city": _l("Twin city"),
    "network": _l("Network"),
    "project": _l("Project"),
}
TABLES: Mapping[str, Words] = {
    "status": STATUSES,
    "offer_status": OFFER_STATUSES,
    "part": PARTS,
    "appointment_status": APPOINTMENT_STATUSES,
    "answer": ANSWERS,
    "organisation_type": ORGANISATION_TYPES,
    "level": LEVELS,
    "decision": DECISIONS,
    "flag": FLAGS,
    "decline_reason": DECLINE_REASONS,
    "offer_decline_reason": OFFER_DECLINE_REASONS,
    "happened": HAPPENED,
    "actor": ACTORS,
    "achieved": ACHIEVED,
    "host_kind": HOST_KINDS,
    "partnership_kind": PARTNERSHIP_KINDS,
}


def word(table: str, code: object) -> str:
    """The words for a code, in the reader's language; an unknown code is shown as it is."""
    return str(TABLES[table].get(str(code), code or ""))


@pass_context
def _word_for(_context: Context, code: object, table: str) -> str:
    """Jinja works filters on constants out once for every reader, except those that ask for the context."""
    return word(table, code)


def choices(table: str) -> list[tuple[str, LazyString]]:
    """The table as choices of a form field."""
    return list(TABLES[table].items())


def init_app(app: Flask) -> None:
    """Templates write `visit.status | word_for("status")`."""
    app.add_template_filter(_word_for, "word_for")
