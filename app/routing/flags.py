"""Everything a coordinator should be warned of, each flag with the evidence for it."""

from __future__ import annotations

from app.routing.astray import wrong_city_flag
from app.routing.catalogue import Catalogue
from app.routing.dates import date_flags
from app.routing.event_flags import event_flag
from app.routing.evidence import Reading
from app.routing.partner_flags import network_flag, twin_flag
from app.routing.partners import Partners
from app.routing.returning import returning_flag
from app.routing.senders import commercial_flag, leisure_flag, letter_flag
from app.routing.types import Enquiry, Flag, Reason
from app.routing.unsafe import unsafe_flag

POLITICAL = frozenset({"head-of-state-or-government", "minister", "ambassador", "mayor"})
UNDERSTOOD = frozenset({"en", "no", "nb", "nn", "sv", "da"})
LARGE_GROUP = 40


def find_flags(
    enquiry: Enquiry, reading: Reading, partners: Partners, catalogue: Catalogue, subject: float
) -> list[Flag]:
    """All flags but duplicate and unclear-purpose; `subject` is the score of the best topic the text itself gave."""
    found: list[Flag | None] = [political_flag(enquiry)]
    found.extend(date_flags(enquiry, catalogue.holiday_calendar))
    found.extend([large_group_flag(enquiry), interpreter_flag(enquiry)])
    found.append(returning_flag(enquiry, reading, catalogue))
    found.append(event_flag(enquiry, reading, partners, catalogue))
    found.extend([twin_flag(partners), network_flag(partners)])
    wrong = wrong_city_flag(reading, partners, catalogue)
    found.append(wrong)
    found.append(commercial_flag(enquiry, reading))
    letter = letter_flag(reading)
    found.append(letter)
    if wrong is None and letter is None:
        found.append(leisure_flag(enquiry, reading, subject))
    found.append(unsafe_flag(enquiry))
    return [flag for flag in found if flag is not None]


def political_flag(enquiry: Enquiry) -> Flag | None:
    """The head of the delegation holds one of the highest offices."""
    if enquiry.head_level not in POLITICAL:
        return None
    return Flag("political-level", (Reason("level", "head_level", (enquiry.head_title or enquiry.head_level,)),))


def large_group_flag(enquiry: Enquiry) -> Flag | None:
    """More people than the city takes without asking (40)."""
    if enquiry.group_size is None or enquiry.group_size <= LARGE_GROUP:
        return None
    return Flag("large-group", (Reason("size", "group_size", (str(enquiry.group_size),), float(enquiry.group_size)),))


def interpreter_flag(enquiry: Enquiry) -> Flag | None:
    """An interpreter is asked for, or nobody in the group speaks English or a Scandinavian language."""
    if enquiry.interpreter_needed:
        return Flag("needs-interpreter", (Reason("asked", "interpreter_needed"),))
    if enquiry.languages and not UNDERSTOOD.intersection(enquiry.languages):
        return Flag("needs-interpreter", (Reason("languages", "languages", enquiry.languages),))
    return None
