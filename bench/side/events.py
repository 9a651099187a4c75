"""The same appointments for everybody: rows of the application, and items of a Radicale collection."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, text, update

from app import calendars, create_app
from app.calendars.zone import venue_vtimezone
from app.core.time import now, week_of
from app.extensions import db
from app.feeds.actions import create_feed
from app.feeds.models import Level, ScopeKind
from app.people.models import Host, User
from app.visits.fragments import FORM
from app.visits.models import Visit
from app.visits.programme_models import Appointment, Fragment
from app.visits.scopes import ALL, raise_scopes

START = datetime(now().year, 1, 4, 8, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
RADICALE = """
[auth]
type = none
[storage]
filesystem_folder = {folder}
[rights]
type = authenticated
[logging]
level = error
"""


def times(number: int) -> dict[str, datetime]:
    """Half an hour, every half hour."""
    starts_at = START + HALF_HOUR * number
    return {"starts_at": starts_at, "ends_at": starts_at + HALF_HOUR}


def one(number: int, sequence: int = 1) -> str:
    """The event of that appointment, built by icalendar."""
    event = calendars.Event(
        uid=f"{number}@bench",
        **times(number),
        status="confirmed",
        sequence=sequence,
        changed_at=START,
        created_at=START,
        summary=f"Omvisning på Bryggen {number} (Gemeente Utrecht)",
        location="Bryggen 1, 5003 Bergen",
        description="Vert: Byrådsavdeling for byutvikling\nKontaktperson: Ola Overvann\nAntall i delegasjonen: 7",
        url=f"https://bergen.example.org/visits/{number}",
    )
    return calendars.fragment(event)


def prepare(url: str) -> None:
    """An empty database of the application."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "bench"})
    with app.app_context():
        db.create_all()
        if db.engine.dialect.name == "postgresql":  # as the migration does
            db.session.execute(text("ALTER TABLE feed_part ALTER COLUMN content SET STORAGE EXTERNAL"))
            db.session.commit()
        db.engine.dispose()


def fill(url: str, fragments: list[str]) -> tuple[str, str]:
    """A coordinator with a feed of everything, one visit, its appointments and their stored events.

    Returns the path of that feed, and of one of theirs that shows the first event alone.
    """
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "bench"})
    with app.app_context():
        at = now()
        user = User(email="bench@example.org", name="Bench", is_coordinator=True, created_at=at)
        host = Host(slug="bench", name_en="Bench")
        visit = Visit(ref="BEN-CH1", status="confirmed", organisation="Gemeente Utrecht", submitted_at=at)
        db.session.add_all([user, host, visit])
        db.session.flush()
        common = {"visit_id": visit.id, "host_id": host.id, "status": "confirmed", "created_at": at, "changed_at": at}
        rows = [{"uid": f"{n}@bench", "title": "Tour", **times(n), **common} for n in range(len(fragments))]
        db.session.execute(insert(Appointment), [{"id": n + 1, **row} for n, row in enumerate(rows)])
        db.session.execute(update(Appointment).where(Appointment.id == 1).values(contact_id=user.id))
        weeks = [week_of(START + HALF_HOUR * n) for n in range(len(fragments))]
        bodies = [
            {"appointment_id": n + 1, "level": "full", "language": "nb", "body": body, "week": week, "form": FORM}
            for n, (body, week) in enumerate(zip(fragments, weeks, strict=True))
        ]
        db.session.execute(insert(Fragment), bodies)
        about = {"by": user, "name": "bench", "level": Level.FULL, "language": "nb"}
        _, token = create_feed(kind=ScopeKind.ALL, scope_id=0, **about)
        _, small = create_feed(kind=ScopeKind.MINE, scope_id=user.id, **about)
        db.session.commit()
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("ANALYZE"))
            db.session.commit()
        db.engine.dispose()
    return f"/feeds/{token}.ics", f"/feeds/{small}.ics"


class Changer:
    """Changes one appointment after the other as a verb does: its event's text, and the version of the feed's scope."""

    def __init__(self, url: str, size: int) -> None:
        self.app = create_app({"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "bench"})
        self.size, self.changes = size, 1

    def __call__(self) -> None:
        number, self.changes = self.changes * 37 % self.size, self.changes + 1
        with self.app.app_context():
            event = update(Fragment).where(Fragment.appointment_id == number + 1)
            db.session.execute(event.values(body=one(number, sequence=self.changes)))
            raise_scopes([ALL], weeks=[week_of(START + HALF_HOUR * number)])
            db.session.commit()
            db.engine.dispose()


def radicale_collection(folder: Path, fragments: list[str]) -> Path:
    """A collection with these events and the settings to serve it; returns the file of settings."""
    home = folder / "collections" / "collection-root" / "bench" / "visits"
    home.mkdir(parents=True)
    (home / ".Radicale.props").write_text('{"tag": "VCALENDAR", "D:displayname": "Visits"}')
    zone = venue_vtimezone()
    for number, fragment in enumerate(fragments):
        item = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Vertskap//EN\r\n{zone}{fragment}END:VCALENDAR\r\n"
        (home / f"{number}.ics").write_text(item, newline="")
    settings = folder / "radicale"
    settings.write_text(RADICALE.format(folder=folder / "collections"))
    return settings
