"""What takes an appointment out of a calendar says whether the visit is off, or only this person's part of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.time import now
from app.people.actors import VISITOR, by_user
from app.visits import lifecycle
from app.visits.models import Visit
from tests.cast import OLA, ULRIK
from tests.notifications.test_letters import letter, make_visit
from tests.notifications.town import Store, Town, brings, user

OFF = {
    "en": ("Cancelled: visit from Gemeente Utrecht, Stadsingenieurs", "The whole visit is cancelled"),
    "nb": ("Avlyst: besøk fra Gemeente Utrecht, Stadsingenieurs", "Hele besøket er avlyst"),
    "nn": ("Avlyst: besøk frå Gemeente Utrecht, Stadsingenieurs", "Heile besøket er avlyst"),
}
TAKEN = {
    "en": "Not for you any more: visit from Gemeente Utrecht, Stadsingenieurs",
    "nb": "Gjelder ikke deg lenger: besøk fra Gemeente Utrecht, Stadsingenieurs",
    "nn": "Gjeld ikkje deg lenger: besøk frå Gemeente Utrecht, Stadsingenieurs",
}


def cancel(visit: Visit) -> None:
    lifecycle.cancel(visit, reason="Storm.", by=by_user(user(OLA), user(OLA).hosts[0]), at=now())


def withdraw(visit: Visit) -> None:
    lifecycle.withdraw(visit, by=VISITOR, at=now())


@pytest.mark.parametrize("end", [cancel, withdraw])
@pytest.mark.parametrize("language", ["en", "nb", "nn"])
def test_cancellation_of_a_whole_visit_says_so(
    town: Town, store: Store, end: Callable[[Visit], None], language: str
) -> None:
    with store():
        user(ULRIK).language, user(ULRIK).invitations = language, "each"
        town.add(ULRIK)
        town.add(ULRIK, start="12:00", end="13:00", title="Fish hall")
    town.tick()
    town.new_to(ULRIK)
    with store():
        end(town.visit)
    town.tick()
    mails = [mail for mail in town.new_to(ULRIK) if brings(mail) == "CANCEL"]
    subject, words = OFF[language]
    assert len(mails) == 2
    assert TAKEN[language] not in {mail["Subject"] for mail in mails}
    assert any(mail["Subject"] == subject and words in mail.get_body(("plain",)).get_content() for mail in mails)


@pytest.mark.one_engine
@pytest.mark.parametrize("language", ["en", "nb", "nn"])
def test_appointment_taken_from_one_person_keeps_its_words(session: object, language: str) -> None:
    visit = make_visit()
    assert letter(visit, "host-invitation-cancelled", language).subject == TAKEN[language]
    visit.status = "cancelled"
    assert letter(visit, "host-invitation-cancelled", language).subject == OFF[language][0]
