"""Another time proposed on a clock that neither the world nor the mail knows: only told, as it was written."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.extensions import db
from app.visits.invitation_models import Invitation
from tests.cast import OLA, ULRIK
from tests.harness.imap import ImapServer
from tests.harness.web import CarefulClient
from tests.notifications.answering import answer_of, read, reply_to
from tests.notifications.town import Store, Town, user

UNKNOWN = {
    "en": "This time zone is not known here. Ask which time is meant.",
    "nb": "Denne tidssonen er ikke kjent her. Spør hvilken tid som er ment.",
    "nn": "Denne tidssona er ikkje kjend her. Spør kva tid som er meint.",
}
USE_IT = {"en": "use the proposed time", "nb": "bruke den foreslåtte tiden", "nn": "bruke den føreslåtte tida"}
CHOOSE = {
    "en": "on the page of the visit you can choose another time, or leave it as it is",
    "nb": "På siden om besøket kan du velge en annen tid eller la avtalen stå",
    "nn": "På sida om besøket kan du velje ei anna tid eller la avtala stå",
}


@pytest.mark.parametrize("language", ["en", "nb", "nn"])
def test_proposed_time_in_a_zone_that_nobody_knows_is_told_as_written_and_offers_no_time_to_use(
    town: Town, imap_server: ImapServer, store: Store, client: CarefulClient, language: str
) -> None:
    town.app.config["IMAP_URL"] = imap_server.url
    with store():
        town.add(ULRIK)
        user(OLA).language = language
    town.tick()
    (invited,) = town.new_to(ULRIK)
    town.mailbox.mails.clear()
    new = "DTSTART;TZID=Our <clock>:20270510T130000\nDTEND;TZID=Our <clock>:20270510T143000"
    imap_server.deliver(reply_to(invited, "TENTATIVE", method="COUNTER", extra=new))
    assert [reply.state for reply in read(town.app)] == ["taken"]
    with store():
        one = db.session.scalars(select(Invitation).where(Invitation.user_id == user(ULRIK).id)).one()
        assert (one.is_countered, one.counter_starts_at) == (True, None)
        ref, session_id = town.visit.ref, user(OLA).get_id()
    client.sign_in(session_id)
    page = client.get(f"/visits/{ref}", headers={"Accept-Language": language}).text
    assert ("2027-05-10 13:00–14:30, Our &lt;clock&gt;" in page, UNKNOWN[language] in page) == (True, True)
    assert "?proposed=" not in page
    town.tick()
    (told,) = town.new_to(OLA)
    text = told.get_body(("plain",)).get_content()
    assert ("2027-05-10 13:00–14:30, Our <clock>" in text, UNKNOWN[language] in text) == (True, True)
    assert (USE_IT[language] in text, CHOOSE[language] in " ".join(text.split())) == (False, True)
    imap_server.deliver(reply_to(invited, "ACCEPTED", stamp="20270302T090100Z"))
    read(town.app)
    assert answer_of(town.app, ULRIK)[0] == "ACCEPTED"
    assert UNKNOWN[language] not in client.get(f"/visits/{ref}").text
