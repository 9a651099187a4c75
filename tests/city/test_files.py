"""A broken file is refused with file, line and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.city.files import read_city
from app.city.nodes import CityFileError
from tests.city.folders import LILLEVIK, copy_with

# file, what stands there, what is put instead, lines from there to the refusal, reason
BREAKAGES = {
    "tab": ("hosts.yaml", "  - slug: hvl", "\t- slug: hvl", 0, "a tab stands where spaces are needed"),
    "a way to the same place": (
        "travel.yaml",
        "{between: radhuset, and: bystyresalen,",
        "{between: radhuset, and: radhuset,",
        0,
        "a way leads to another place, not back to 'radhuset'",
    ),
    "a way twice": (
        "travel.yaml",
        "{between: radhuset, and: hakonshallen,",
        "{between: bystyresalen, and: radhuset,",
        0,
        "the way between 'bystyresalen' and 'radhuset' stands already in line",
    ),
    "a way to nowhere": (
        "travel.yaml",
        "{between: radhuset, and: hakonshallen,",
        "{between: radhuset, and: hakonshalen,",
        0,
        "'hakonshalen'",
    ),
    "a way without minutes": (
        "travel.yaml",
        "{between: radhuset, and: bystyresalen, walk: 2}",
        "{between: radhuset, and: bystyresalen}",
        0,
        "a way needs minutes to walk, to drive, or both",
    ),
    "minutes of a way": (
        "travel.yaml",
        "{between: radhuset, and: bystyresalen, walk: 2}",
        "{between: radhuset, and: bystyresalen, walk: 700}",
        0,
        "walk must be between 0 and 600, not 700",
    ),
    "open bracket": (
        "places.yaml",
        "names: {en: Bergen City Hall,",
        "names: {en: [Bergen City Hall,",
        0,
        "this is not YAML",
    ),
    "missing language": ("places.yaml", ", nn: Bergen rådhus}", "}", 0, "names has no text in 'nn'"),
    "unknown language": (
        "places.yaml",
        ", nn: Bergen rådhus}",
        ", nn: x, se: y}",
        0,
        "names has an unknown language 'se'",
    ),
    "empty name": ("places.yaml", "en: Bergen City Hall", 'en: ""', 0, "en is empty"),
    "missing key": (
        "places.yaml",
        "  address: Rådhusgaten 10, 5014 Bergen\n",
        "",
        -4,
        "an entry of places has no 'address'",
    ),
    "unknown key": (
        "hosts.yaml",
        "weekly_cap: 3",
        "weekly_cup: 3",
        0,
        "an entry of hosts has an unknown key 'weekly_cup'; did you mean 'weekly_cap'?",
    ),
    "text for a number": (
        "hosts.yaml",
        "notice_days: 10",
        "notice_days: ten",
        0,
        "notice_days must be a number, not 'ten'",
    ),
    "fraction": ("hosts.yaml", "weekly_cap: 3", "weekly_cap: 2.5", 0, "weekly_cap must be a whole number, not 2.5"),
    "not a number": ("places.yaml", "latitude: 60.3925", "latitude: .nan", 0, "latitude must be a number, not '.nan'"),
    "latitude": (
        "places.yaml",
        "latitude: 60.3925",
        "latitude: 160",
        0,
        "latitude must be between -90 and 90, not 160",
    ),
    "half a position": ("places.yaml", "  latitude: 60.3925\n", "", -5, "latitude and longitude go together"),
    "text for a list": (
        "hosts.yaml",
        "languages: [nb, nn, en",
        "languages: x # [",
        0,
        "languages must be a list, not a single value",
    ),
    "list for a text": (
        "places.yaml",
        "address: Rådhusgaten 10",
        "address: [a] #",
        0,
        "address must be a text, not a list",
    ),
    "yes for true": (
        "places.yaml",
        "exclusive: false",
        "exclusive: no",
        0,
        "exclusive must be one of true, false, not 'no'",
    ),
    "duplicate slug": (
        "hosts.yaml",
        "- slug: hvl",
        "- slug: uib",
        0,
        "the host 'uib' stands already in hosts.yaml, line ",
    ),
    "duplicate goal": (
        "sdgs.yaml",
        "code: sdg-2\n",
        "code: sdg-1\n",
        0,
        "the goal 'sdg-1' stands already in sdgs.yaml, line ",
    ),
    "duplicate key": (
        "hosts.yaml",
        "    kind: agency\n",
        "    slug: x\n",
        0,
        "'slug' stands twice in an entry of hosts",
    ),
    "bad slug": ("hosts.yaml", "- slug: hvl", "- slug: Høgskulen", 0, "'Høgskulen' is no slug"),
    "unknown host": (
        "places.yaml",
        "host: byarkivet",
        "host: byarkvet",
        0,
        "there is no host 'byarkvet'; did you mean 'byarkivet'?",
    ),
    "unknown theme": (
        "occasions.yaml",
        "themes: [lgbt]",
        "themes: [lgtb]",
        0,
        "there is no theme 'lgtb'; did you mean 'lgbt'?",
    ),
    "unknown goal": (
        "themes.yaml",
        'goals: {"1.3": 1.0',
        'goals: {"4.3": 1.0',
        0,
        "there is no goal '4.3'; did you mean '3.3'?",
    ),
    "unknown sdg": ("themes.yaml", "sdgs: {16: 1.0}", "sdgs: {18: 1.0}", 0, "there is no goal 'sdg-18'"),
    "unknown topic": (
        "words/en.yaml",
        "governance/council:\n  3:",
        "governance/counsel:\n  3:",
        1,
        "no theme has a topic 'governance/counsel'",
    ),
    "weight": (
        "themes.yaml",
        "bystyrets-kontor: 1.0",
        "bystyrets-kontor: 1.5",
        0,
        "bystyrets-kontor must be between 0 and 1, not 1.5",
    ),
    "own backup": (
        "hosts.yaml",
        "backup: bystyrets-kontor",
        "backup: byradsleder",
        0,
        "the host 'byradsleder' cannot be its own backup",
    ),
    "kind": (
        "hosts.yaml",
        "kind: agency",
        "kind: office",
        0,
        "kind must be one of department, agency, partner, not 'office'",
    ),
    "source": (
        "places.yaml",
        "source: assumed",
        "source: gossip",
        0,
        "source must be one of strategy, assumed, not 'gossip'",
    ),
    "hours": (
        "hosts.yaml",
        '{mon-fri: "08:30-15:30"}',
        '{mon-fri: "8:30-15"}',
        0,
        "'8:30-15' is no span of hours such as 09:00-15:30",
    ),
    "weekday": ("hosts.yaml", "{mon-fri:", "{fri-mon:", 0, "the span 'fri-mon' runs backwards"),
    "date": (
        "occasions.yaml",
        "starts_on: 2027-02-04",
        "starts_on: 2027-02-30",
        0,
        "starts_on must be a date such as 2027-05-17, not '2027-02-30'",
    ),
    "dates": (
        "occasions.yaml",
        "ends_on: 2027-02-05",
        "ends_on: 2027-02-03",
        0,
        "ends_on must not be before starts_on",
    ),
    "country": ("partnerships.yaml", "country: SE", "country: XQ", 0, "'XQ' is no country code (ISO 3166-1)"),
    "language code": (
        "hosts.yaml",
        "languages: [nb, nn, en",
        "languages: [nb, xx, en",
        0,
        "'xx' is no language code (ISO 639-1)",
    ),
    "website": (
        "partnerships.yaml",
        "website: https://",
        "website: javascript:",
        0,
        "is no web address that begins with https://",
    ),
    "zone": (
        "city.yaml",
        "time_zone: Europe/Oslo",
        "time_zone: Europe/Bergen",
        0,
        "'Europe/Bergen' is no time zone such as Europe/Oslo",
    ),
    "zone without rules": (
        "city.yaml",
        "time_zone: Europe/Oslo",
        "time_zone: Africa/Casablanca",
        0,
        "the clock of Africa/Casablanca does not change by the same rules every year",
    ),
    "rule": ("city.yaml", "lead_time_days: 30", "lead_days: 30", 0, "rules has an unknown key 'lead_days'"),
    "page language": (
        "city.yaml",
        "languages: [en, nb, nn]",
        "languages: [en, de]",
        0,
        "pages are not available in 'de'",
    ),
    "assumed": (
        "hosts.yaml",
        "description, aliases, owner",
        "describing, aliases, owner",
        0,
        "assumed names an unknown field 'describing'",
    ),
    "unknown role": (
        "routing.yaml",
        "  coordination: byradsleder",
        "  coordination: byradleder",
        0,
        "there is no host",
    ),
    "unknown unit": ("routing.yaml", "  museum-vest:\n", "  museum-west:\n", 0, "there is no host 'museum-west'"),
    "control character": (
        "hosts.yaml",
        "Bergen brannvesen",
        "Bergen \x07brannvesen",
        0,
        "a control character (0x07) stands in the text",
    ),
    "direction override": (
        "hosts.yaml",
        "Bergen brannvesen",
        "Bergen \u202ebrannvesen",
        0,
        "nb holds a control character",
    ),
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_broken_file_is_refused_with_file_line_and_reason(name: str, tmp_path: Path) -> None:
    file, old, new, lines, reason = BREAKAGES[name]
    folder, line = copy_with(tmp_path, file, old, new)
    with pytest.raises(CityFileError) as refusal:
        read_city(folder)
    assert (refusal.value.file, refusal.value.line) == (folder / file, line + lines)
    assert reason in refusal.value.reason
    assert str(refusal.value).startswith(f"{folder / file}:{line + lines}: ")


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "the file is empty"),
        (b"# only a comment\n", 1, "the file is empty"),
        (b"places: []\nnote: \xe5\n", 2, "the text is not UTF-8"),
        (b"- a\n- b\n", 1, "the file must have keys and values, not be a list"),
        (b"places: []\n---\nplaces: []\n", 2, "this is not YAML"),
        (b"hosts: []\n", 1, "the file has an unknown key 'hosts'"),
    ],
)
def test_file_without_its_content_is_refused(content: bytes, line: int, reason: str, tmp_path: Path) -> None:
    folder, _ = copy_with(tmp_path, "places.yaml", "places: []", "places: []", source=LILLEVIK)
    (folder / "places.yaml").write_bytes(content)
    with pytest.raises(CityFileError) as refusal:
        read_city(folder)
    assert (refusal.value.file.name, refusal.value.line) == ("places.yaml", line)
    assert reason in refusal.value.reason


def test_missing_file_is_refused(tmp_path: Path) -> None:
    folder, _ = copy_with(tmp_path, "places.yaml", "places: []", "places: []", source=LILLEVIK)
    (folder / "places.yaml").unlink()
    with pytest.raises(CityFileError, match=r"places\.yaml:1: the file is missing"):
        read_city(folder)


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CityFileError, match="there is no such folder"):
        read_city(tmp_path / "atlantis")


def test_another_city_is_read_whole() -> None:
    city = read_city(LILLEVIK)
    assert [host.slug for host in city.hosts] == ["radhuset", "havna"]
    assert city.facts.country == "NO"
    assert city.facts.rules == {"answer_working_days": 10}
    assert city.themes[0].topics[0].words == {"en": {"trawler": 3.0, "fishing boat": 3.0, "boat": 1.0}}
    assert city.hosts[0].opening_hours == dict.fromkeys(("mon", "tue", "wed", "thu"), ("09:00", "14:00"))


def test_without_routing_file_the_coordinating_host_plays_every_role() -> None:
    rules = read_city(LILLEVIK).rules
    assert (rules.representation, rules.coordination, rules.nordic_administration) == ("radhuset",) * 3
    assert rules.city_names == ("Lillevik", "Litlevik")
