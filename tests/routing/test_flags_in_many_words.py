"""Each flag in many words and languages: invented requests that must raise it, and near ones that must not."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.city.catalogue import catalogue_from_files
from app.routing import Catalogue, Enquiry, propose
from app.routing.types import Proposal

pytestmark = pytest.mark.one_engine
BERGEN = Path(__file__).parents[2] / "app" / "city" / "data" / "bergen"


@cache
def tables() -> dict[str, list[Any]]:
    return dict(yaml.safe_load((Path(__file__).parent / "flags_in_many_words.yaml").read_text(encoding="utf-8")))


def rows(table: str) -> list[Any]:
    """That list of requests; what stands in brackets is a tuple."""
    return [_as_tuples(row) for row in tables()[table]]


def _as_tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_as_tuples(one) for one in value)
    return {key: _as_tuples(one) for key, one in value.items()} if isinstance(value, dict) else value


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


@pytest.mark.parametrize("purpose", rows("been_here"))
def test_returning_visitor_when_an_earlier_visit_is_told(purpose: str) -> None:
    assert "returning-visitor" in flags(purpose)


@pytest.mark.parametrize("purpose", rows("not_been_here"))
def test_no_returning_visitor_when_the_visit_was_another(purpose: str) -> None:
    assert "returning-visitor" not in flags(purpose)


@pytest.mark.parametrize(("slug", "purpose"), rows("networks"))
def test_network_by_name_abbreviation_or_description(slug: str, purpose: str) -> None:
    proposal = routed(purpose)
    assert ("network" in proposal.flag_codes(), proposal.partnerships) == (True, (slug,))


@pytest.mark.parametrize("purpose", rows("no_networks"))
def test_no_network_when_none_of_the_catalogue_is_meant(purpose: str) -> None:
    assert "network" not in flags(purpose)


@pytest.mark.parametrize(("organisation", "purpose"), rows("private_trips"))
def test_a_private_trip_is_kindly_declined(organisation: str, purpose: str) -> None:
    proposal = routed(purpose, organisation=organisation, organisation_type="other")
    assert ("not-a-delegation" in proposal.flag_codes(), proposal.decision) == (True, "suggest-decline")


@pytest.mark.parametrize(("organisation", "kind", "purpose"), rows("professional_trips"))
def test_a_professional_trip_is_a_delegation(organisation: str, kind: str, purpose: str) -> None:
    proposal = routed(purpose, organisation=organisation, organisation_type=kind)
    assert proposal.flag_codes() == ()


@pytest.mark.parametrize("purpose", rows("sales"))
def test_a_sales_visit_is_kindly_declined(purpose: str) -> None:
    proposal = routed(purpose, organisation="Klarvik Systems", organisation_type="business")
    assert ("commercial" in proposal.flag_codes(), proposal.decision) == (True, "suggest-decline")


@pytest.mark.parametrize(("kind", "purpose"), rows("no_sales"))
def test_those_who_invest_buy_or_learn_do_not_sell(kind: str, purpose: str) -> None:
    assert "commercial" not in flags(purpose, organisation="Klarvik", organisation_type=kind)


@pytest.mark.parametrize("purpose", rows("letters"))
def test_an_invitation_letter_and_nothing_else_is_declined(purpose: str) -> None:
    proposal = routed(purpose, organisation="Al-Safa Group", organisation_type="other", country="PK", city="Lahore")
    assert (proposal.flag_codes(), proposal.decision) == (("invitation-letter",), "suggest-decline")


@pytest.mark.parametrize("purpose", rows("letter_and_visit"))
def test_a_visit_that_also_asks_for_a_letter_is_routed(purpose: str) -> None:
    proposal = routed(purpose, country="VN", city="Huế")
    assert (proposal.flag_codes(), proposal.decision) == (("invitation-letter",), "route")


@pytest.mark.parametrize("purpose", rows("no_letters"))
def test_a_letter_of_another_kind_is_no_invitation_letter(purpose: str) -> None:
    assert "invitation-letter" not in flags(purpose)


@pytest.mark.parametrize(("event", "purpose"), rows("events"))
def test_linked_event_when_it_is_in_this_city(event: str, purpose: str) -> None:
    assert "linked-event" in flags(purpose, event=event)


@pytest.mark.parametrize(("event", "purpose"), rows("no_events"))
def test_no_linked_event_elsewhere_or_on_a_holiday(event: str, purpose: str) -> None:
    assert "linked-event" not in flags(purpose, event=event)


@pytest.mark.parametrize("purpose", rows("unclear"))
def test_unclear_purpose_when_there_is_nothing_to_route_on(purpose: str) -> None:
    proposal = routed(purpose, organisation="Office of International Affairs", organisation_type="region")
    assert (proposal.flag_codes(), proposal.decision) == (("unclear-purpose",), "coordinator-review")


@pytest.mark.parametrize("purpose", rows("clear"))
def test_a_short_text_with_a_subject_is_clear(purpose: str) -> None:
    assert routed(purpose).decision == "route"


def test_a_text_nobody_reads_is_clear_when_a_subject_is_ticked() -> None:
    ukrainian = "Ми хотіли б дізнатися, як місто організовує пожежну охорону дерев'яних будинків."
    assert flags(ukrainian, country="UA", themes=("emergency-rescue",), languages=("uk", "en")) == ()


@pytest.mark.parametrize("purpose", rows("astray"))
def test_meant_for_another_place_of_the_name(purpose: str) -> None:
    proposal = routed(purpose, country="FR", city="Dijon")
    assert ("wrong-city" in proposal.flag_codes(), proposal.decision) == (True, "suggest-decline")


@pytest.mark.parametrize(("organisation", "city", "country", "purpose"), rows("in_passing"))
def test_a_place_of_the_name_that_is_only_mentioned_is_not_meant(
    organisation: str, city: str, country: str, purpose: str
) -> None:
    proposal = routed(purpose, organisation=organisation, city=city, country=country)
    assert "wrong-city" not in proposal.flag_codes()
    assert proposal.decision != "suggest-decline"


@pytest.mark.parametrize("purpose", rows("here"))
def test_meant_for_this_city_though_another_is_named(purpose: str) -> None:
    assert "wrong-city" not in flags(purpose, country="NL", city="Bergen op Zoom")


FIRST = request(
    "Our association has 64 members: yards, sensor makers, insurers. We want to see remote operation rooms, the fjord "
    "test area and makers of electric drives.",
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
        "I help the Busan people. Eleven persons from the unmanned ship association want to see a shore control "
        "centre, the test range and electric propulsion.",
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


@pytest.mark.parametrize("fields", rows("unsafe"))
def test_unsafe_input_in_any_field(fields: dict[str, Any]) -> None:
    assert "unsafe-input" in flags(**{"purpose": "We want to see the library.", **fields})


@pytest.mark.parametrize("fields", rows("safe"))
def test_plain_signs_are_safe(fields: dict[str, Any]) -> None:
    assert "unsafe-input" not in flags(**{"purpose": "We want to see the library.", **fields})


@pytest.mark.parametrize(("flag", "organisation", "kind", "purpose", "fields"), rows("more"))
def test_one_flag_or_none_in_everyday_requests(
    flag: str, organisation: str, kind: str, purpose: str, fields: dict[str, str]
) -> None:
    raised = flags(purpose, organisation=organisation, organisation_type=kind, **fields)
    assert raised == ((flag,) if flag else ())
