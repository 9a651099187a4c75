"""A business that wants to show its own goods sells, in all languages; one that comes to study or invest does not."""

from __future__ import annotations

import pytest

from tests.routing.test_flags_in_many_words import flags, routed

pytestmark = pytest.mark.one_engine
BY_SELLER = [
    "May we show your gardeners our watering system? It pays for itself within two summers.",
    "We would like to present our new playground range to your park department.",
    "Our firm supplies rescue boats and would gladly come and demonstrate one.",
    "Firmaet vårt leverer lekeapparater og vil gjerne presentere den nye serien.",
    "Me vil gjerne vise alarmsystemet vårt for heimetenesta; referansekundar finst.",
    "Vi vill visa vår nya belysning för er gatuavdelning; första året är gratis.",
    "Vi vil gerne præsentere vores software for jeres skoler; referencekunder haves.",
    "Wir möchten Ihren Schulen unsere neuen Möbel vorstellen.",
    "Unser Unternehmen liefert Rettungsboote und möchte Ihnen das neue Modell zeigen.",
    "Nous souhaitons présenter notre logiciel de réservation à vos bibliothèques.",
    "Vorremmo presentare la nostra illuminazione ai vostri tecnici.",
    "Querríamos mostrarles nuestro sistema de riego; el primer año es gratis.",
    "Chcielibyśmy zaprezentować nasze urządzenia na place zabaw w Państwa wydziale.",
    "Ons bedrijf levert straatverlichting en komt graag een presentatie geven.",
    "Gostaríamos de apresentar o nosso sistema de rega aos vossos técnicos.",
]
BY_ANYONE = [
    "Our fall detector for care homes: we offer a free pilot and hope for a framework agreement.",
    "We could run a free pilot of our sensors in your schools, with a view to a contract.",
    "Nous proposons une démonstration à vos services en vue d'un contrat.",
    "Gostaríamos de apresentar os nossos serviços, com condições especiais para municípios.",
    "Wir bieten eine Vorführung vor Ihren Fachleuten an, mit dem Ziel eines Rahmenvertrags.",
    "Ofrecemos una demostración a sus servicios con vistas a un contrato.",
    "Vorremmo presentare i nostri servizi a condizioni speciali.",
    "Vi tilbyr et gratis pilotprosjekt med sikte på en rammeavtale.",
    "Me tilbyr ein demonstrasjon for tenestene dykkar med tanke på ein avtale.",
    "Vi erbjuder en kostnadsfri pilot inför ett ramavtal.",
    "Vi tilbyder en gratis pilot med henblik på en rammeaftale.",
    "Proponujemy bezpłatny pilotaż i umowę ramową.",
    "Wij bieden een gratis proef aan met het oog op een raamovereenkomst.",
]
NO_PITCH = [
    "Our firm designs schools and we want to study how your newest ones are built and used.",
    "We are a water company. Could you show us your system for finding leaks, and explain who pays for it?",
    "We are a bus operator; how did the county tender its electric buses?",
    "We want to invest in a data centre near Bergen and present our plans to the invest agency.",
    "A trade mission of 14 companies wants to meet the clusters and present itself.",
    "Wir sind ein Planungsbüro. Können Sie uns Ihr System der Regenwasserableitung zeigen?",
    "Nous sommes un bureau d'études et voudrions voir comment vous gérez votre système d'eau.",
    "Vi er et arkitektkontor og vil gjerne se hvordan dere bruker nytt utstyr i skolene.",
    "We are a care provider and want to hear how you wrote the framework agreement for fall detectors.",
    "Nous voudrions assister à une démonstration de vos services de secours.",
    "Wir möchten verstehen, wie Sie den Rahmenvertrag für Sensoren ausgeschrieben haben.",
    "Somos um gabinete de engenharia e gostaríamos de conhecer os vossos serviços de água.",
    "Wij zijn een ingenieursbureau en willen zien hoe uw systeem voor regenwater werkt.",
]


@pytest.mark.parametrize("purpose", BY_SELLER)
def test_a_business_that_shows_its_own_goods_is_kindly_declined(purpose: str) -> None:
    proposal = routed(purpose, organisation="Klarvik", organisation_type="business", head_title="Sales director")
    assert ("commercial" in proposal.flag_codes(), proposal.decision) == (True, "suggest-decline")


@pytest.mark.parametrize("purpose", BY_ANYONE)
def test_a_pilot_or_a_show_of_services_with_a_contract_in_view_is_a_pitch_whoever_writes(purpose: str) -> None:
    proposal = routed(purpose, organisation="Klarvik", organisation_type="business", head_title="Engineer")
    assert ("commercial" in proposal.flag_codes(), proposal.decision) == (True, "suggest-decline")


@pytest.mark.parametrize("purpose", NO_PITCH)
def test_a_business_that_studies_or_invests_is_no_pitch(purpose: str) -> None:
    assert "commercial" not in flags(purpose, organisation="Klarvik", organisation_type="business")


@pytest.mark.parametrize("purpose", [*BY_SELLER, *BY_ANYONE])
def test_a_city_that_shows_what_it_has_sells_nothing(purpose: str) -> None:
    text = purpose.split(";")[0].split("?")[0]
    assert "commercial" not in flags(text, organisation="Gemeente Utrecht", organisation_type="city")
