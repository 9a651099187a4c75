"""Loading a city never undoes what people changed in the application."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import create_app
from app.calendars import download, feed
from app.calendars.zone import on_the_wall
from app.city.files import read_city
from app.city.load import DELETED, RETIRED, load_city
from app.city.models import LoadedField
from app.city.nodes import ZoneInUse
from app.city.queries import assumed_fields
from app.core.time import from_venue, in_venue
from app.extensions import db
from app.notifications.reminder_models import ReminderRule
from app.notifications.wording import zone_words
from app.people.models import Host, Place
from app.planning.clock import due_after
from app.strategy.models import CitySetting, Framework, Goal, HostTheme, Occasion, Partnership, Theme
from app.strategy.settings import city_rules
from app.visits.fragments import event_of
from app.visits.programme_models import Appointment
from tests.cast import OLA, bring
from tests.city.folders import BERGEN, LILLEVIK, copy_with
from tests.conftest import run_flask
from tests.factories import make_appointment, make_visit
from tests.harness.zones import venue_in

NEW_YORK = ("time_zone: Europe/Oslo", "time_zone: America/New_York")
AT = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
CAP = '    weekly_cap: 2\n    notice_days: 14\n    opening_hours: {mon-fri: "09:00-15:00"}\n    backup: byradsleder'


def everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    session.flush()
    tables = db.metadata.sorted_tables
    return {table.name: sorted(map(tuple, session.execute(select(table))), key=repr) for table in tables}


def host(session: Session, slug: str) -> Host:
    return session.scalars(select(Host).where(Host.slug == slug)).one()


def empty(session: Session) -> None:
    for table in reversed(db.metadata.sorted_tables):
        session.execute(table.delete())
    session.expire_all()


def test_first_load_creates_every_row(session: Session) -> None:
    empty(session)
    report = load_city(read_city(BERGEN), at=AT)
    counts = {
        model.__name__: session.scalar(select(func.count()).select_from(model))
        for model in (Framework, Goal, Host, Theme, Partnership, Place, Occasion)
    }
    assert counts == {
        "Framework": 3,
        "Goal": 45,
        "Host": 22,
        "Theme": 34,
        "Partnership": 30,
        "Place": 21,
        "Occasion": 19,
    }
    others = (session.scalar(select(func.count()).select_from(model)) or 0 for model in (CitySetting, ReminderRule))
    assert len(report.created) == sum(filter(None, counts.values())) + sum(others)
    assert (report.updated, report.left_alone, report.unchanged) == ([], [], 0)


def test_loaded_rows_point_at_each_other(session: Session) -> None:
    archive = host(session, "byarkivet")
    assert (archive.owner and archive.owner.slug, archive.backup and archive.backup.slug) == (
        "klima-kultur-naering",
        "biblioteket",
    )
    goal = session.scalars(select(Goal).where(Goal.slug == "3.2")).one()
    assert [goal.parent and goal.parent.slug, goal.framework.slug] == ["goal-3", "strategy"]
    water = session.scalars(select(Theme).where(Theme.slug == "water")).one()
    links = {(link.host.slug, link.part) for link in water.host_links}
    assert links == {("byutvikling", "lead"), ("bymiljoetaten", "part")}
    assert "sdg-6" in {link.goal.slug for link in water.goal_links}


def test_loading_twice_changes_nothing(session: Session) -> None:
    before = everything(session)
    report = load_city(read_city(BERGEN), at=AT)
    assert not report.has_news()
    assert report.left_alone == []
    assert everything(session) == before


def test_edited_field_survives_and_is_reported(session: Session, tmp_path: Path) -> None:
    host(session, "brannvesen").weekly_cap = 5
    folder, _ = copy_with(tmp_path, "hosts.yaml", CAP, CAP.replace("cap: 2", "cap: 1").replace("days: 14", "days: 20"))
    report = load_city(read_city(folder), at=AT)
    fire = host(session, "brannvesen")
    assert (fire.weekly_cap, fire.notice_days) == (5, 20)
    assert report.updated == [("host brannvesen", ("notice_days",))]
    assert report.left_alone == [("host brannvesen", ("weekly_cap",))]


def test_edited_field_stays_edited_over_many_loads(session: Session) -> None:
    host(session, "brannvesen").name_en = "The Fire Brigade"
    for _ in range(2):
        report = load_city(read_city(BERGEN), at=AT)
        assert report.left_alone == [("host brannvesen", ("name_en",))]
    assert host(session, "brannvesen").name_en == "The Fire Brigade"


def test_edit_that_agrees_with_the_file_is_nobodys_edit_any_more(session: Session, tmp_path: Path) -> None:
    host(session, "brannvesen").weekly_cap = 1
    folder, _ = copy_with(tmp_path, "hosts.yaml", CAP, CAP.replace("cap: 2", "cap: 1"))
    assert load_city(read_city(folder), at=AT).left_alone == []
    assert load_city(read_city(BERGEN), at=AT).updated == [("host brannvesen", ("weekly_cap",))]


def test_changed_references_and_links_follow_the_file(session: Session, tmp_path: Path) -> None:
    folder, _ = copy_with(tmp_path, "themes.yaml", "part: {bymiljoetaten: 0.35}", "part: {uib: 0.5}")
    text = (folder / "places.yaml").read_text(encoding="utf-8").replace("host: byarkivet", "host: biblioteket")
    (folder / "places.yaml").write_text(text, encoding="utf-8")
    report = load_city(read_city(folder), at=AT)
    assert report.updated == [("theme water", ("hosts",)), ("place byarkivet-kalfaret", ("host",))]
    links = session.execute(
        select(Host.slug, HostTheme.part, HostTheme.weight)
        .join(HostTheme.host)
        .join(Theme)
        .where(Theme.slug == "water")
    )
    assert sorted(map(tuple, links)) == [("byutvikling", "lead", 1.0), ("uib", "part", 0.5)]


def test_edited_links_of_a_theme_survive(session: Session, tmp_path: Path) -> None:
    water = session.scalars(select(Theme).where(Theme.slug == "water")).one()
    water.host_links.remove(next(link for link in water.host_links if link.host.slug == "bymiljoetaten"))
    session.flush()
    report = load_city(read_city(BERGEN), at=AT)
    assert report.left_alone == [("theme water", ("hosts",))]
    assert [link.host.slug for link in session.scalars(select(HostTheme).join(Theme).where(Theme.slug == "water"))] == [
        "byutvikling"
    ]


def test_retired_row_stays_retired_and_untouched(session: Session, tmp_path: Path) -> None:
    host(session, "brannvesen").retired_at = AT
    folder, _ = copy_with(tmp_path, "hosts.yaml", CAP, CAP.replace("cap: 2", "cap: 1"))
    report = load_city(read_city(folder), at=AT)
    fire = host(session, "brannvesen")
    assert (fire.retired_at, fire.weekly_cap) == (AT, 2)
    assert report.left_alone == [("host brannvesen", (RETIRED,))]


def test_deleted_row_is_not_created_again(session: Session) -> None:
    session.delete(session.scalars(select(Place).where(Place.slug == "grieghallen")).one())
    session.flush()
    report = load_city(read_city(BERGEN), at=AT)
    assert session.scalar(select(func.count()).where(Place.slug == "grieghallen")) == 0
    assert report.left_alone == [("place grieghallen", (DELETED,))]


def test_row_made_in_the_application_is_not_overwritten(session: Session, tmp_path: Path) -> None:
    session.add(Place(slug="pir", name_en="My pier", name_nb="Min pir", name_nn="Min pir", exclusive=False))
    new = """places:
- slug: pir
  source: assumed
  names: {en: The pier, nb: Piren, nn: Piren}
  address: Piren 1
  exclusive: false
"""
    folder, _ = copy_with(tmp_path, "places.yaml", "places:\n", new)
    load_city(read_city(folder), at=AT)
    pier = session.scalars(select(Place).where(Place.slug == "pir")).one()
    assert (pier.name_en, pier.address) == ("My pier", "")


def test_new_address_of_a_place_stands_in_the_history_of_the_visits_that_come_there(
    session: Session, tmp_path: Path
) -> None:
    (ola,) = bring(OLA)
    place = session.scalars(select(Place).where(Place.slug == "radhuset")).one()
    visit, was = make_visit("claimed", user=ola), place.address
    stop = make_appointment(visit, user=ola, place=place)
    folder, _ = copy_with(tmp_path, "places.yaml", f"address: {was}", "address: Nygata 99")
    load_city(read_city(folder), at=AT)
    (told,) = [one for one in visit.activities if one.verb == "correct-place"]
    assert (told.actor, told.changes["stops"]) == ("system", [stop.id])
    assert [words.partition(", ")[2] for words in told.changes["place_words"]["en"]] == [was, "Nygata 99"]


def test_row_gone_from_the_files_stays(session: Session) -> None:
    load_city(read_city(LILLEVIK), at=AT)
    assert session.scalar(select(func.count()).select_from(Host)) == 24


def test_another_city_loads(session: Session) -> None:
    empty(session)
    load_city(read_city(LILLEVIK), at=AT)
    assert session.scalars(select(Host.slug).order_by(Host.id)).all() == ["radhuset", "havna"]
    assert (city_rules().city_name, city_rules().answer_working_days) == ("Lillevik", 10)
    assert session.scalars(select(Partnership.name_nn)).all() == ["Smallport"]


def test_calendars_and_mails_name_the_city_that_is_loaded(session: Session) -> None:
    stop = make_visit("planned", user=bring(OLA)[0]).appointments[0]
    session.merge(CitySetting(key="city_name", value="Lillevik"))
    session.flush()
    with force_locale("nn"):
        assert "Tid: 09:00–11:00, lokal tid i Lillevik" in event_of(stop, "full", "nn").description
        clock = zone_words(stop.starts_at, city_rules().city_name)
    assert clock == "Alle klokkeslett er lokal tid i Lillevik (Europe/Oslo, UTC+02:00)."


def test_memory_holds_source_and_time(session: Session) -> None:
    empty(session)
    load_city(read_city(BERGEN), at=AT)
    loaded = {
        one.field: (one.value, one.source, one.loaded_at)
        for one in session.scalars(select(LoadedField).where(LoadedField.key == "brannvesen"))
    }
    assert loaded["name_nb"] == ('"Bergen brannvesen"', "strategy", AT)
    assert loaded["weekly_cap"] == ("2", "assumed", AT)
    assert loaded["owner"] == ('"byradsleder"', "assumed", AT)


def test_assumed_field_is_no_longer_assumed_when_edited(session: Session) -> None:
    assert "weekly_cap" in assumed_fields("host")["brannvesen"]
    assert "name_nb" not in assumed_fields("host")["brannvesen"]
    host(session, "brannvesen").weekly_cap = 5
    session.flush()
    assert "weekly_cap" not in assumed_fields("host")["brannvesen"]


def test_setup_with_a_broken_file_changes_nothing(app: Flask, tmp_path: Path) -> None:
    folder, line = copy_with(tmp_path, "places.yaml", "host: byarkivet", "host: nobody")
    text = (folder / "hosts.yaml").read_text(encoding="utf-8").replace("weekly_cap: 3", "weekly_cap: 9")
    (folder / "hosts.yaml").write_text(text, encoding="utf-8")
    with app.app_context():
        before = everything(db.session)
        db.session.rollback()
    app.config["CITY_DIR"] = str(folder)
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["setup"])
    assert result.exit_code == 1
    assert f"{folder / 'places.yaml'}:{line}: there is no host 'nobody'" in result.output
    with app.app_context():
        assert everything(db.session) == before
        db.session.rollback()


def test_setup_reports_what_it_left_alone(app: Flask) -> None:
    with app.app_context():
        host(db.session, "brannvesen").weekly_cap = 5
        db.session.commit()
    assert "  left alone host brannvesen: weekly_cap" in run_flask(app, "setup").splitlines()


def test_zone_of_the_city_is_every_clock(tmp_path: Path) -> None:
    """From the files, when the application starts: appointments, deadlines, calendar files, feeds."""
    folder, _line = copy_with(tmp_path, "city.yaml", *NEW_YORK)
    with venue_in("Europe/Oslo"):
        create_app({"CITY_DIR": str(folder), "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/new-york.sqlite"})
        nine = from_venue(datetime(2027, 7, 1, 9))
        assert nine == datetime(2027, 7, 1, 13, tzinfo=UTC)
        assert due_after(nine, 1) == datetime(2027, 7, 2, 20, tzinfo=UTC)
        for text in (feed("Visits", []).decode(), download("Visit", []).decode()):
            assert re.findall(r"TZID:(.+)\r", text) == ["America/New_York"]
        assert "X-WR-TIMEZONE:America/New_York" in feed("Visits", []).decode()
        assert in_venue(on_the_wall(nine)).hour == 9
    assert "TZID:Europe/Oslo" in download("Visit", []).decode()


def test_zone_stays_once_there_are_appointments(session: Session, tmp_path: Path) -> None:
    """They stand in people's calendars on the clock of the zone that was."""
    folder, _line = copy_with(tmp_path, "city.yaml", *NEW_YORK)
    load_city(read_city(BERGEN), at=AT)
    make_visit("planned", user=bring(OLA)[0], at=AT)
    before = everything(session)
    with pytest.raises(ZoneInUse, match="on the clock of Europe/Oslo: time_zone must stay"):
        load_city(read_city(folder), at=AT)
    assert everything(session) == before
    session.execute(delete(Appointment))
    load_city(read_city(folder), at=AT)
    held = session.scalar(select(CitySetting.value).where(CitySetting.key == "time_zone"))
    assert held == "America/New_York"
