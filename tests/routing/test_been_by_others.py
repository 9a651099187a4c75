"""An earlier visit is the sender's own: what a friend of theirs tells, or what was said of this city, is none."""

from __future__ import annotations

import pytest

from tests.routing.test_flags_in_many_words import flags

pytestmark = pytest.mark.one_engine
OTHERS = [
    "It was said that in Bergen the daily work was given to a museum.",
    "It was a sexton in Bergen who sent the photograph.",
    "Znajoma malarka była u Was na rezydencji i opowiadała o czynszu.",
    "A friend of mine was with you as an artist and told of the rent.",
    "Es hieß, in Bergen sei die Arbeit einem Museum übertragen worden.",
    "Det ble sagt at arbeidet i Bergen er gitt til et museum.",
    "En venninne av meg var hos dere på residens i fjor.",
    "Eine Freundin war bei Ihnen als Künstlerin zu Gast.",
    "Une amie était chez vous en résidence.",
    "Una amiga estuvo con ustedes en residencia.",
    "Un'amica è stata da voi in residenza.",
    "Een vriendin was bij u op residentie.",
    "Uma amiga esteve convosco em residência.",
    "En väninna var hos er på residens.",
    "En veninde var hos jer på ophold.",
]
OWN = [
    "We were with you in 2023 when the simulator was in boxes.",
    "Two of us came over in spring 2025.",
    "Vi var hos dere i 2019.",
    "Wir waren 2022 bei Ihnen.",
    "Byliśmy u Was w 2021.",
    "Nous étions chez vous en 2020.",
    "Estuvimos con ustedes en 2018.",
    "Siamo stati da voi nel 2019.",
    "Wij waren in 2021 bij u.",
    "Estivemos convosco em 2019.",
    "Vi var hos er 2020.",
    "Vi var hos jer i 2020.",
    "Me var hos dykk i 2020.",
]


@pytest.mark.parametrize("text", OTHERS)
def test_who_else_was_here_makes_no_returning_visitor(text: str) -> None:
    assert "returning-visitor" not in flags(f"{text} We want to see your library.")


@pytest.mark.parametrize("text", OWN)
def test_who_was_here_returns(text: str) -> None:
    assert "returning-visitor" in flags(f"{text} We want to see your library.")
