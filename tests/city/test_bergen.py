"""Bergen's own files: everything the strategy names is there, in three languages."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from app.city.catalogue import catalogue_of
from app.city.files import read_city
from app.city.types import City

BERGEN = Path(__file__).parents[2] / "app" / "city" / "data" / "bergen"
HOSTS = [
    "byradsleder",
    "bystyrets-kontor",
    "byutvikling",
    "klima-kultur-naering",
    "helse-omsorg",
    "sosial-bolig-inkludering",
    "finans-innovasjon-eierskap",
    "barnehage-skole-idrett",
    "brannvesen",
    "byarkivet",
    "biblioteket",
    "bymiljoetaten",
    "uib",
    "hvl",
    "fylkeskommunen",
    "invest-in-bergen",
    "bergen-naeringsrad",
    "naeringsklyngene",
    "bergen-reiselivslag",
    "museum-vest",
    "bymuseet",
    "vnb",
]
THEMES = [
    "governance",
    "municipal-operations",
    "climate",
    "mobility",
    "urban-planning",
    "world-heritage",
    "water",
    "parks",
    "energy",
    "ocean-seafood",
    "maritime",
    "business-investment",
    "digitalisation",
    "information-security",
    "media-technology",
    "higher-education",
    "schools-kindergartens",
    "youth-sport",
    "health-care",
    "social-housing",
    "inclusion-migration",
    "lgbt",
    "human-rights-democracy",
    "peace",
    "arts-culture",
    "literature-expression",
    "gastronomy",
    "tourism",
    "archives",
    "libraries",
    "emergency-rescue",
    "finance-procurement",
    "eu-policy-funding",
    "major-events",
]
# Who answers for a partnership, and who follows it up where that is another.
RESPONSIBLE = {
    "barents-health": ("helse-omsorg", None),
    "covenant-of-mayors": ("klima-kultur-naering", None),
    "eureau": ("byutvikling", None),
    "eurocities": ("byradsleder", None),
    "enisa": ("finans-innovasjon-eierskap", None),
    "global-climate-forum": ("klima-kultur-naering", None),
    "hansa": ("klima-kultur-naering", "museum-vest"),
    "icorn": ("klima-kultur-naering", None),
    "intercultural-cities": ("sosial-bolig-inkludering", None),
    "ica": ("klima-kultur-naering", "byarkivet"),
    "ifla": ("klima-kultur-naering", "biblioteket"),
    "iwa": ("byutvikling", None),
    "iclei": ("klima-kultur-naering", None),
    "memory-of-the-world": ("klima-kultur-naering", "bymuseet"),
    "nordic-rits": ("byradsleder", "brannvesen"),
    "nordisk-veiforum": ("byutvikling", None),
    "mayors-for-peace": ("bystyrets-kontor", None),
    "owhc": ("byutvikling", None),
    "rainbow-cities": ("finans-innovasjon-eierskap", "sosial-bolig-inkludering"),
    "sstt": ("byutvikling", None),
    "creative-cities-gastronomy": ("klima-kultur-naering", None),
    "ubc": ("byradsleder", None),
    "vnb-membership": ("byradsleder", "vnb"),
    "wapr": ("sosial-bolig-inkludering", None),
    "world-urban-parks": ("byutvikling", "bymiljoetaten"),
    **dict.fromkeys(("goteborg", "turku", "aarhus", "seattle", "newcastle"), ("bystyrets-kontor", "byradsleder")),
}


@pytest.fixture(scope="module")
def bergen() -> City:
    return read_city(BERGEN)


def test_hosts_are_the_22_of_the_strategy(bergen: City) -> None:
    assert [host.slug for host in bergen.hosts] == HOSTS
    assert Counter(host.kind for host in bergen.hosts) == {"department": 8, "agency": 4, "partner": 10}


def test_themes_are_the_34(bergen: City) -> None:
    assert sorted(theme.slug for theme in bergen.themes) == sorted(THEMES)
    assert len(THEMES) == 34


def test_themes_have_a_lead_and_a_goal(bergen: City) -> None:
    assert [theme.slug for theme in bergen.themes if not (theme.leads and theme.goals and theme.sdgs)] == []


def test_goals_are_the_strategy_the_plan_and_the_17_sdgs(bergen: City) -> None:
    kinds = Counter((goal.framework, goal.kind) for goal in bergen.goals)
    assert kinds == {
        ("strategy", "part"): 3,
        ("strategy", "goal"): 3,
        ("strategy", "priority"): 9,
        ("kps", "aim"): 4,
        ("kps", "area"): 9,
        ("sdg", "sdg"): 17,
    }
    assert [goal.slug for goal in bergen.goals if goal.kind == "sdg"] == [f"sdg-{number}" for number in range(1, 18)]


def test_priorities_stand_under_their_goal_and_part(bergen: City) -> None:
    parents = {goal.slug: goal.parent for goal in bergen.goals if goal.framework == "strategy"}
    expected: dict[str, str | None] = {f"{part}.{number}": f"goal-{part}" for part in (1, 2, 3) for number in (1, 2, 3)}
    expected |= {f"goal-{part}": f"part-{part}" for part in (1, 2, 3)} | {f"part-{part}": None for part in (1, 2, 3)}
    assert parents == expected


def test_partnerships_are_25_networks_and_5_twin_cities_with_their_hosts(bergen: City) -> None:
    assert Counter(row.kind for row in bergen.partnerships) == {"network": 25, "twin-city": 5}
    assert {row.slug: (row.responsible, row.practical) for row in bergen.partnerships} == RESPONSIBLE


def test_twin_cities_have_their_country_and_year(bergen: City) -> None:
    twins = {row.slug: (row.country, row.since) for row in bergen.partnerships if row.kind == "twin-city"}
    assert twins == {
        "goteborg": ("SE", "1946"),
        "turku": ("FI", "1946"),
        "aarhus": ("DK", "1946"),
        "seattle": ("US", "1967"),
        "newcastle": ("GB", ""),
    }


def test_names_are_in_three_languages_everywhere(bergen: City) -> None:
    rows = [
        *(bergen.frameworks + bergen.goals + bergen.hosts + bergen.themes),
        *(bergen.partnerships + bergen.places + bergen.occasions),
    ]
    assert [row.slug for row in rows if sorted(row.names) != ["en", "nb", "nn"] or not all(row.names.values())] == []


def test_norwegian_letters_are_right(bergen: City) -> None:
    names = {host.slug: host.names["nb"] for host in bergen.hosts}
    assert names["byradsleder"] == "Byrådsleders avdeling"
    assert names["bergen-naeringsrad"] == "Bergen næringsråd"
    assert names["hvl"] == "Høgskulen på Vestlandet"


def test_what_the_strategy_does_not_say_is_marked_assumed(bergen: City) -> None:
    assert {row.source for row in (*bergen.places, *bergen.occasions, *bergen.themes)} == {"assumed"}
    assert [host.slug for host in bergen.hosts if host.source == "assumed"] == ["barnehage-skole-idrett"]
    assert {"weekly_cap", "notice_days", "languages", "opening_hours", "backup"} <= set(bergen.hosts[0].assumed)


def test_occasions_lie_in_2027(bergen: City) -> None:
    assert {day.year for row in bergen.occasions for day in (row.starts_on, row.ends_on) if day} == {2027}


def test_agencies_have_an_owner_and_every_host_a_backup(bergen: City) -> None:
    assert {host.slug: host.owner for host in bergen.hosts if host.owner} == {
        "brannvesen": "byradsleder",
        "byarkivet": "klima-kultur-naering",
        "biblioteket": "klima-kultur-naering",
        "bymiljoetaten": "byutvikling",
    }
    assert [host.slug for host in bergen.hosts if not host.backup] == []


def test_catalogue_knows_every_name_of_a_host(bergen: City) -> None:
    county = next(host for host in catalogue_of(bergen).hosts if host.slug == "fylkeskommunen")
    assert county.names[:3] == ("Vestland fylkeskommune", "Vestland County Council", "Hordaland fylkeskommune")


def test_catalogue_leaves_out_a_public_holiday(bergen: City) -> None:
    known = {occasion.slug for occasion in catalogue_of(bergen).occasions}
    assert {row.slug for row in bergen.occasions} - known == {"17-mai"}


def test_catalogue_knows_roles_and_namesakes(bergen: City) -> None:
    rules = catalogue_of(bergen).rules
    assert (rules.representation, rules.coordination) == ("bystyrets-kontor", "byradsleder")
    assert "bergen op zoom" in rules.namesakes["bergen-op-zoom"]
    assert "bjerknes centre" in rules.host_words["uib"]["2"]
    assert rules.type_hosts["university"] == {"uib": 0.8, "hvl": 0.6}
