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
WITH_AN_ERRAND = [
    "We request an invitation letter and a day with your waste engineers.",
    "Please send us an invitation letter for our visas and let us spend a day with your librarians.",
    "We need a visa letter and would like to see how you treat drinking water.",
    "Vi ber om et invitasjonsbrev til visum og en dag med avfallsingeniørene deres.",
    "Me ber om eit invitasjonsbrev og ein dag med avfallsingeniørane dykkar.",
    "Vi ber om ett inbjudningsbrev och en dag med era avfallsingenjörer.",
    "Vi beder om et invitationsbrev og en dag med jeres affaldsingeniører.",
    "Wir bitten um ein Einladungsschreiben für das Visum und einen Tag mit Ihren Abfallingenieuren.",
    "Nous demandons une lettre d'invitation et une journée avec vos ingénieurs des déchets.",
    "Solicitamos una carta de invitación y un día con sus ingenieros de residuos.",
    "Chiediamo una lettera d'invito e una giornata con i vostri ingegneri dei rifiuti.",
    "Prosimy o list zapraszający i dzień z Państwa inżynierami od odpadów.",
    "Wij vragen een uitnodigingsbrief en een dag met uw afvalingenieurs.",
    "Pedimos uma carta convite e um dia com os vossos engenheiros de resíduos.",
    "We would like to visit your fire brigade and need a visa invitation letter for six officers.",
    "Wir möchten Ihre Feuerwehr besuchen und brauchen dafür ein Einladungsschreiben.",
    "Our engineers want to study stormwater, for which we ask you to issue an invitation letter to the embassy.",
]
FOR_SOMEBODY = [
    "Please send an invitation letter for the embassy.",
    "We request an invitation letter for our waste engineers.",
    "We request a visa letter for six librarians of our library.",
    "Please issue an invitation letter for our mayor and two councillors.",
    "Wir bitten um ein Einladungsschreiben für unsere Abfallingenieure.",
    "Nous demandons une lettre d'invitation pour nos ingénieurs des déchets.",
    "Vi ber om invitasjonsbrev til våre avfallsingeniører.",
    "Solicitamos una carta de invitación para nuestros ingenieros de residuos.",
    "Chiediamo una lettera d'invito per i nostri ingegneri dei rifiuti e per il sindaco.",
    "Prosimy o list zapraszający dla naszych inżynierów od odpadów.",
    "Wij vragen een uitnodigingsbrief voor onze afvalingenieurs.",
    "Pedimos uma carta convite para os nossos engenheiros de resíduos.",
    "Vi ber om inbjudningsbrev för våra avfallsingenjörer.",
    "Vi beder om et invitationsbrev til vores affaldsingeniører.",
    "Kindly issue an invitation letter so that our fire officers can apply for a visa and travel in May.",
    "We need an invitation letter and nothing else.",
    "We need an invitation letter with the dates of a day with your waste engineers; no meeting is needed.",
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


@pytest.mark.parametrize("purpose", WITH_AN_ERRAND)
def test_a_letter_and_an_errand_in_one_sentence_are_routed(purpose: str) -> None:
    proposal = routed(purpose)
    assert ("invitation-letter" in proposal.flag_codes(), proposal.decision) == (True, "route")


@pytest.mark.parametrize("purpose", FOR_SOMEBODY)
def test_who_a_letter_is_for_is_no_errand(purpose: str) -> None:
    proposal = routed(purpose)
    assert ("invitation-letter" in proposal.flag_codes(), proposal.decision) == (True, "suggest-decline")
