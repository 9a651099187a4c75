"""A city's rows as plain fields, by the names of the tables' columns: what the loader compares and writes."""

from __future__ import annotations

from typing import Any

from app.city.types import (
    City,
    FrameworkRow,
    GoalRow,
    HostRow,
    Names,
    OccasionRow,
    PartnershipRow,
    PlaceRow,
    ReminderRow,
    ThemeRow,
)

Fields = dict[str, Any]  # plain JSON values; another row is its slug


def by_language(name: str, texts: Names) -> Fields:
    """One column per language."""
    return {f"{name}_{language}": text for language, text in texts.items()}


def setting_fields(city: City) -> dict[str, Any]:
    """The city's settings by key: its rules, and what its pages say of it."""
    facts = city.facts
    return {
        **facts.rules,
        "city_name": facts.names["en"],
        "city_slug": facts.slug,
        "city_names": dict(facts.names),
        "municipality": dict(facts.municipality),
        "country": facts.country,
        "time_zone": facts.time_zone,
        "holidays": facts.holidays,
        "weekend": sorted(facts.weekend),
        "languages": list(facts.languages),
        "coordinating_host": facts.coordinating_host,
        "contact": dict(facts.contact),
        "group_advice": dict(facts.group_advice),
        "not_offered": [dict(names) for names in facts.not_offered],
    }


def travel_setting(city: City) -> list[list[Any]]:
    """The ways between places as one setting: two slugs in order, minutes on foot, minutes by car."""
    return sorted([*sorted(way.places), way.walk, way.drive] for way in city.travel.ways)


def framework_fields(row: FrameworkRow) -> Fields:
    """Columns of Framework."""
    return {**by_language("name", row.names), "adopted": row.adopted, "position": row.position}


def goal_fields(row: GoalRow) -> Fields:
    """Columns of Goal."""
    return {
        **by_language("name", row.names),
        "framework": row.framework,
        "parent": row.parent,
        "kind": row.kind,
        "position": row.position,
        "source": row.source,
    }


def host_fields(row: HostRow) -> Fields:
    """Columns of Host."""
    return {
        **by_language("name", row.names),
        **by_language("description", row.descriptions),
        "kind": row.kind,
        "aliases": list(row.aliases),
        "owner": row.owner,
        "backup": row.backup,
        "languages": list(row.languages),
        "daily_cap": row.daily_cap,
        "weekly_cap": row.weekly_cap,
        "monthly_cap": row.monthly_cap,
        "notice_days": row.notice_days,
        "opening_hours": {day: list(span) for day, span in row.opening_hours.items()},
        "website": row.website,
        "source": row.source,
    }


def theme_fields(row: ThemeRow) -> Fields:
    """Columns of Theme, and its links to hosts (part, weight) and goals (weight) as one field each."""
    leads = {slug: ["lead", weight] for slug, weight in row.leads.items()}
    parts = {slug: ["part", weight] for slug, weight in row.parts.items()}
    return {
        **by_language("name", row.names),
        **by_language("examples", row.examples),
        "position": row.position,
        "source": row.source,
        "hosts": {**leads, **parts},
        "goals": {**row.goals, **{f"sdg-{number}": weight for number, weight in row.sdgs.items()}},
    }


def partnership_fields(row: PartnershipRow) -> Fields:
    """Columns of Partnership."""
    return {
        **by_language("name", row.names),
        "kind": row.kind,
        "aliases": list(row.aliases),
        "website": row.website,
        "country": row.country,
        "since": row.since,
        "note": row.note,
        "responsible": row.responsible,
        "practical": row.practical,
        "source": row.source,
    }


def place_fields(row: PlaceRow) -> Fields:
    """Columns of Place."""
    return {
        **by_language("name", row.names),
        "host": row.host,
        "address": row.address,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "exclusive": row.exclusive,
        "capacity": row.capacity,
        "note": row.note,
        "source": row.source,
    }


def occasion_fields(row: OccasionRow) -> Fields:
    """Columns of Occasion."""
    return {
        **by_language("name", row.names),
        "aliases": list(row.aliases),
        "starts_on": row.starts_on.isoformat() if row.starts_on else None,
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
        "website": row.website,
        "note": row.note,
        "source": row.source,
    }


def reminder_fields(row: ReminderRow) -> Fields:
    """Columns of ReminderRule; `words` are never in the files, so that own words can be taken back."""
    fields = ("anchor", "verb", "amount", "unit", "direction", "clock", "kind", "is_on", "position")
    return {**{name: getattr(row, name) for name in fields}, "audience": list(row.audience), "words": {}}
