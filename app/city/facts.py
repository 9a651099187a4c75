"""The city's own page of facts: names, zone, languages, contact, rules, what is not offered."""

from __future__ import annotations

from dataclasses import fields as fields_of
from pathlib import Path

from app.city.fieldtypes import country, holiday_calendar, languages, time_zone, weekend
from app.city.nodes import Entry, Register
from app.city.rows import SOURCES
from app.city.types import Facts
from app.city.yamlfile import open_entry
from app.core.holidays import SATURDAY_AND_SUNDAY
from app.core.languages import LANGUAGES
from app.strategy.settings import CityRules

REQUIRED = (
    *("slug", "names", "municipality", "country", "time_zone", "languages", "coordinating_host", "source"),
    *("contact", "rules", "group_advice", "not_offered"),
)


def read_facts(path: Path, register: Register | None = None) -> Facts:
    """The facts in city.yaml; raises CityFileError."""
    register = register or Register()
    fields = open_entry(path).fields(REQUIRED, ["holidays", "weekend"])
    for code, entry in zip(languages(fields["languages"]), fields["languages"].items(), strict=True):
        if code not in LANGUAGES:
            entry.fail(f"pages are not available in {code!r}, only in {', '.join(LANGUAGES)}")
    return Facts(
        slug=register.declare("city", fields["slug"]),
        names=fields["names"].names(),
        municipality=fields["municipality"].names(),
        country=country(fields["country"]),
        time_zone=time_zone(fields["time_zone"]),
        holidays=holiday_calendar(fields.get("holidays") or fields["country"]),
        weekend=weekend(fields["weekend"]) if "weekend" in fields else SATURDAY_AND_SUNDAY,
        languages=languages(fields["languages"]),
        coordinating_host=register.mention("host", fields["coordinating_host"]),
        contact=fields["contact"].names(),
        group_advice=fields["group_advice"].names(),
        not_offered=tuple(entry.names() for entry in fields["not_offered"].items()),
        rules=_rules(fields["rules"]),
        source=fields["source"].one_of(SOURCES),
    )


def _rules(entry: Entry) -> dict[str, int | str]:
    kinds = {rule.name: type(rule.default) for rule in fields_of(CityRules) if rule.name != "city_name"}
    found = entry.fields([], kinds)
    return {name: value.whole(0, 10_000) if kinds[name] is int else value.text() for name, value in found.items()}
