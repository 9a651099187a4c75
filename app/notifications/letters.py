"""A claimed mail made ready: rendered once, committed with its headers, and put together from the row ever after."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import current_app
from flask_babel import force_locale

from app.core.dates import LOCALES
from app.core.languages import known_language
from app.core.tokens import seal, unseal
from app.notifications.calendar_part import Part, brings_words, part_for
from app.notifications.event_preview import event_mails
from app.notifications.headers import Before, headers_of
from app.notifications.kinds import KINDS, SECRET_PAGES
from app.notifications.links import secret_link
from app.notifications.making import made
from app.notifications.message import Letter, new_message_id
from app.notifications.models import Notification
from app.notifications.reminder_preview import rule_mails
from app.notifications.render import Rendered, page_with_link, with_link
from app.notifications.samples import SAMPLE, sample_of


def letter_of(found: Notification, *, before: Before, at: datetime) -> Letter:
    """The mail as it is handed over; rendered first where that was not done, or where what it says has aged."""
    data_key = str(current_app.config["DATA_KEY"])
    link = unseal(found.sealed_link, data_key) if found.sealed_link else ""
    if found.status == "due" or link is None or not found.html or _calendar_changed(found) or _words_changed(found):
        link = _render(found, before, at)
    return Letter(
        id=found.id,
        kind=found.kind,
        sender=found.headers["from"],
        address=found.address,
        reply_to=found.headers["reply_to"],
        language=found.language,
        subject=found.subject,
        text=with_link(found.text, link or ""),
        html=page_with_link(found.html, link or ""),
        message_id=found.message_id,
        dated=found.created_at,
        calendar=found.calendar.encode(),
        method=found.calendar_method,
        thread=tuple(found.headers.get("thread", ())),
        list_id=found.headers.get("list_id", ""),
        claim=found.claim,
    )


def _calendar_changed(found: Notification) -> bool:
    """Whether a mail that could not leave yet would bring a calendar what is not true any more, or too little."""
    if not KINDS[found.kind].brings_calendar:
        return False
    return part_for(found).carries != found.carries


def _words_changed(found: Notification) -> bool:
    """Whether a mail that could not leave yet would say something else now, or reach its reader elsewhere."""
    was = found.address, found.language, found.subject, found.text
    _readdress(found)
    words = _written(found, part_for(found))
    return was != (found.address, found.language, words.subject, words.text)


def _written(found: Notification, part: Part) -> Rendered:
    """The mail's words as the facts are now."""
    with force_locale(LOCALES[found.language]):
        if found.kind == SAMPLE:
            return sample_of(found, event_mails(found) if "event" in found.facts else rule_mails(found))
        return made(found, brings=brings_words(part, found.language))


def _render(found: Notification, before: Before, at: datetime) -> str:
    """Fix subject, text, address and Message-ID, mint the link; returns it: only its sealed form is kept."""
    _readdress(found)
    part = part_for(found)
    words = _written(found, part)
    if found.status == "rendered" or found.calendar != part.text:  # other bytes, another address: another mail
        found.message_id = ""
    found.calendar, found.calendar_method, found.carries = part.text, part.method, part.carries
    link = secret_link(found, at=at) if KINDS[found.kind].page in SECRET_PAGES else ""
    found.subject, found.text, found.html, found.status = words.subject, words.text, words.html, "rendered"
    found.sealed_link = seal(link, str(current_app.config["DATA_KEY"])) if link else None
    found.headers = headers_of(found, before)
    found.message_id = found.message_id or new_message_id(uuid.uuid4().hex, str(current_app.config["BASE_URL"]))
    return link


def _readdress(found: Notification) -> None:
    """To where the person is reached now, in the language chosen now."""
    if found.user is not None:
        found.address = found.user.email
        found.language = known_language(found.facts.get("language") or found.user.language)  # a sample's is chosen
    elif found.visit is not None:
        found.address = found.visit.contact_email or found.address
        found.language = known_language(found.visit.language)
