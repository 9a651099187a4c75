"""What waits for a coordinator on other pages: mails not sent, answers nobody could match, visitors not asked anew."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.time import now
from app.notifications.queries import FAILED, HELD, count_in, count_stuck
from app.notifications.replies import count_waiting
from app.scheduler import PERIODS
from app.upkeep.jobs import BACKUP, alarms
from app.visits.waiting import changed_unasked
from app.web.formats import day


@dataclass(frozen=True, slots=True)
class Waits:
    """A line at the top of the list; without a page the reader can only tell somebody."""

    words: str
    url: str = ""


def waiting_elsewhere() -> list[Waits]:
    """Everything that would stay unseen on a page of its own; empty on a good day."""
    failed, held, unmatched = count_in(FAILED), count_in(HELD), count_waiting()
    lines = []
    if set(alarms(PERIODS)) - {BACKUP}:
        lines.append(Waits(_("Mails and deadlines stand still: the scheduler has not run. Tell your administrator.")))
    if stuck := count_stuck(at=now()):
        words = ngettext(
            "%(num)d mail cannot leave: the mail server does not take it. It follows by itself when the server does.",
            "%(num)d mails cannot leave: the mail server does not take them. They follow by themselves when it does.",
            stuck,
        )
        lines.append(Waits(words, "/mail?state=waiting"))
    if failed:
        words = ngettext("%(num)d mail could not be sent.", "%(num)d mails could not be sent.", failed)
        lines.append(Waits(words, "/mail?state=failed"))
    if held:
        words = ngettext(
            "%(num)d mail waits for somebody to release it.", "%(num)d mails wait for somebody to release them.", held
        )
        lines.append(Waits(words, "/mail?state=held"))
    if unmatched:
        words = ngettext(
            "%(num)d answer by mail waits for a person.", "%(num)d answers by mail wait for a person.", unmatched
        )
        lines.append(Waits(words, "/replies"))
    return lines + _unasked()


def _unasked() -> list[Waits]:
    """Visitors who said yes to something else than what stands now: no mail and no reminder tells them."""
    return [
        Waits(
            _(
                "%(organisation)s: an appointment on %(day)s was changed after the visitor said yes, and the visitor "
                "has not been asked. The lead host has to propose the programme again.",
                organisation=visit.organisation,
                day=day(starts_at),
            ),
            url_for("host.visit_page", ref=visit.ref),
        )
        for visit, starts_at in changed_unasked()
    ]
