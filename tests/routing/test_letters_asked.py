"""A letter for a visa is known by what it is for, in all languages; beside a real errand the request is routed."""

from __future__ import annotations

import pytest

from tests.routing.test_flags_in_many_words import flags, routed

pytestmark = pytest.mark.one_engine
LETTERS = [
    "We kindly request an official paper from the city for our Schengen application.",
    "The consulate wants proof from the host that we are expected. Please send it soon.",
    "Please invite us officially; our appointment depends on it.",
    "Ambassaden krever et dokument fra dere om at vi er invitert. Kan dere sende det?",
    "Ambassaden krev eit dokument frå dykk om at me er inviterte. Kan de sende det?",
    "Ambassaden kräver ett intyg från er om att vi är inbjudna. Kan ni skicka det?",
    "Ambassaden kræver et dokument fra jer om, at vi er inviteret. Kan I sende det?",
    "Die Botschaft verlangt ein Dokument vom Gastgeber. Können Sie es uns schicken?",
    "Le consulat nous demande une attestation de votre part. Merci de nous la faire parvenir.",
    "La embajada nos pide un documento de ustedes que diga que estamos invitados.",
    "Il consolato ci chiede un documento da parte vostra che dica che siamo invitati.",
    "Ambasada wymaga od nas dokumentu od Państwa, że jesteśmy zaproszeni.",
    "De ambassade vraagt een verklaring van u dat wij zijn uitgenodigd.",
    "Flights are paid; a letter for the Schengen desk is still missing, on your stationery, with passport numbers.",
    "Our consulate wants a guarantor. We draft the text, you only print and sign.",
    "Die Botschaft verlangt von uns einen Bürgen. Bitte nur Stempel und Unterschrift.",
    "L'ambassade exige un garant sur place. Un tampon de votre part suffira.",
    "El consulado pide un avalista; basta con su sello y su firma.",
    "Konsulat żąda gwaranta. Wystarczy Państwa pieczęć i podpis.",
    "Ambassaden vil ha en garantist. Et stempel fra dere er nok.",
    "A embaixada pede um documento da vossa parte a dizer que somos convidados.",
]
NONE = [
    "A painter in exile comes: residence papers, a flat, and what to do when the embassy of her country protests.",
    "How do you help an exiled journalist with identity papers, a bank account and calls from his state's consulate?",
    "Our embassy in Oslo recommended you. We want to see how you keep old documents in the archive.",
    "We want to learn how you help immigrants with papers and letters from the authorities.",
    "Vi trenger ikke visum eller invitasjonsbrev; vi vil se biblioteket.",
    "Wir möchten wissen, wie Ihre Bibliothek Einladungen an Schulen schreibt.",
]
ERRAND = "We want to study how you renew drinking water mains and separate stormwater from sewage in old streets."


@pytest.mark.parametrize("purpose", LETTERS)
def test_a_letter_and_nothing_else_is_kindly_declined(purpose: str) -> None:
    proposal = routed(purpose, organisation="Klarvik", organisation_type="business")
    assert ("invitation-letter" in proposal.flag_codes(), proposal.decision) == (True, "suggest-decline")


@pytest.mark.parametrize("purpose", LETTERS)
def test_a_letter_beside_an_errand_is_routed(purpose: str) -> None:
    proposal = routed(f"{ERRAND} {purpose}")
    assert ("invitation-letter" in proposal.flag_codes(), proposal.decision) == (True, "route")


def test_no_meeting_expected_means_the_letter_only() -> None:
    assert routed(f"{ERRAND} The consulate wants a guarantor. No meeting is expected.").decision == "suggest-decline"


@pytest.mark.parametrize("purpose", NONE)
def test_no_letter_is_asked_for(purpose: str) -> None:
    assert "invitation-letter" not in flags(purpose)
