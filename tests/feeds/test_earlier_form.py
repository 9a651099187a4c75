"""After an upgrade feeds show what the new version writes, without a new version of any event."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import scheduler
from app.core.time import now
from app.extensions import db
from app.people.models import Place
from app.visits.fragments import FORM, write_fragments
from app.visits.programme_models import Appointment, Fragment
from app.visits.renewing import visits_in_earlier_form
from tests import cast
from tests.factories import make_appointment, make_visit
from tests.feeds.conftest import Region, events_in

WRITTEN = Path(__file__).parent / "written.txt"


def written_by_an_earlier_version(region: Region) -> None:
    """The texts without what has come since."""
    with region.app.app_context():
        for one in db.session.scalars(select(Fragment)):
            one.body = "".join(line for line in one.body.splitlines(keepends=True) if not line.startswith("LOCATION"))
            one.form = FORM - 1
        db.session.commit()


def test_texts_of_an_earlier_version_are_written_anew_and_fetched_with_the_same_sequence(region: Region) -> None:
    stop, path, client = region.add("Tour", contact=region.ola), region.subscribe(region.ola), region.app.test_client()
    whole = client.get(path).data
    written_by_an_earlier_version(region)
    region.add("Walk", hours=4, contact=region.ola)  # so that the body of today has the earlier text
    before = client.get(path)
    assert [str(one.get("LOCATION", "")) for one in events_in(before.data)] == ["", "Kalfarveien 82"]
    with region.app.app_context():
        scheduler.renew_texts()
        assert visits_in_earlier_form(at=now()) == []
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert events_in(after.data)[0].to_ical() == events_in(whole)[0].to_ical()
    assert client.get(path, headers={"If-None-Match": after.headers["ETag"]}).status_code == 304
    with region.app.app_context():
        scheduler.renew_texts()
        assert db.session.get_one(Appointment, stop).sequence == 0
    assert client.get(path, headers={"If-None-Match": after.headers["ETag"]}).status_code == 304


@pytest.mark.one_engine
def test_what_is_written_changes_only_together_with_its_form(session: Session) -> None:
    """Else feeds would show two forms side by side: raise FORM, and put the new text into the file."""
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("claimed", user=ola)
    stop, visit.ref = make_appointment(visit, user=ola, contact=ola), "ABC-123"
    stop.place = Place(slug="hall", name_en="Town Hall", latitude=60.3925, longitude=5.3233)
    stop.uid, stop.note, stop.visitor_note = "stop", "Key at the desk", "Boots"
    stop.created_at = stop.changed_at = datetime(2027, 3, 1, 8, tzinfo=UTC)
    write_fragments(stop)
    texts = session.execute(select(Fragment.level, Fragment.body).where(Fragment.language == "en"))
    found = [
        f"{level}\n{body}".replace("\r\n ", "").replace("\r\n", "\n")
        for level, body in sorted(tuple(row) for row in texts)
    ]
    assert (FORM, "\n".join(found)) == (2, WRITTEN.read_text(encoding="utf-8"))
