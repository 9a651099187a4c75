"""From a city's files to what routing decides by; pure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.city.files import read_city
from app.city.types import City, HostRow, OccasionRow, PartnershipRow, ThemeRow, TopicRow
from app.routing import Catalogue, GoalProfile, HostProfile, OccasionProfile, PartnershipProfile, ThemeProfile
from app.routing.catalogue import TopicProfile
from app.routing.model import FILE
from app.visits.catalogue import is_just_a_holiday


def catalogue_from_files(folder: Path | str) -> Catalogue:
    """The routing catalogue of the city in this folder; raises CityFileError."""
    return with_model(read_city(folder), folder)


def with_model(city: City, folder: Path | str) -> Catalogue:
    """The city's routing catalogue, and where in its folder the learned model lies."""
    return replace(catalogue_of(city), model=str(Path(folder) / FILE))


def catalogue_of(city: City) -> Catalogue:
    """Hosts, themes, goals, partnerships and occasions as routing sees them; a holiday ties no visit."""
    return Catalogue(
        hosts=tuple(map(_host, city.hosts)),
        themes=tuple(map(_theme, city.themes)),
        goals=tuple(GoalProfile(code=goal.slug, names=goal.names) for goal in city.goals),
        partnerships=tuple(map(_partnership, city.partnerships)),
        occasions=tuple(
            _occasion(row)
            for row in city.occasions
            if not is_just_a_holiday(row.starts_on, row.ends_on, city.facts.holidays)
        ),
        holiday_calendar=city.facts.holidays,
        rules=city.rules,
    )


def every_name(row: HostRow | PartnershipRow | OccasionRow) -> tuple[str, ...]:
    """Every name it goes by, each once: bokmål, English, nynorsk, then the aliases."""
    return tuple(dict.fromkeys([row.names["nb"], row.names["en"], row.names["nn"], *row.aliases]))


def _host(row: HostRow) -> HostProfile:
    return HostProfile(
        slug=row.slug,
        names=every_name(row),
        kind=row.kind,
        owner=row.owner or "",
        languages=row.languages,
        weekly_cap=row.weekly_cap,
        monthly_cap=row.monthly_cap,
        notice_days=row.notice_days,
    )


def _theme(row: ThemeRow) -> ThemeProfile:
    return ThemeProfile(
        slug=row.slug,
        names=row.names,
        hosts={**row.leads, **row.parts},
        goals=row.goals,
        sdgs=row.sdgs,
        topics=tuple(map(_topic, row.topics)),
    )


def _topic(row: TopicRow) -> TopicProfile:
    return TopicProfile(
        slug=row.slug,
        names=row.names,
        hosts=row.hosts,
        goals=row.goals,
        sdgs=row.sdgs,
        words=row.words,
        absorbs=row.absorbs,
    )


def _partnership(row: PartnershipRow) -> PartnershipProfile:
    return PartnershipProfile(
        slug=row.slug,
        kind=row.kind,
        names=every_name(row),
        responsible=row.responsible,
        practical=row.practical or "",
        country=row.country,
        themes=row.themes,
    )


def _occasion(row: OccasionRow) -> OccasionProfile:
    return OccasionProfile(slug=row.slug, names=every_name(row), themes=row.themes, starts_on=row.starts_on)
