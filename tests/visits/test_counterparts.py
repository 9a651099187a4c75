"""Which organisation a request comes from: by its name however it is written, else by a name it had."""

from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.extensions import db
from app.visits import lifecycle
from app.visits.counterparts import look_alikes, merge_counterparts
from app.visits.models import Visit
from tests import cast
from tests.factories import make_request


def sent(organisation: str, country: str = "NL") -> Visit:
    return lifecycle.submit(make_request(organisation=organisation, country=country), at=cast.MONDAY)


def test_same_name_is_the_same_organisation_in_its_country_only(session: Session) -> None:
    first = sent("Gemeente Utrecht").counterpart
    assert sent("GEMEENTE  Utrecht.").counterpart is first
    assert sent("Gemeente Utrecht", "BE").counterpart is not first
    assert sent("Gemeente Zeist").counterpart is not first


def test_merged_organisation_is_found_by_its_former_name(session: Session) -> None:
    kept, gone = sent("Gemeente Utrecht").counterpart, sent("Stadsingenieurs Utrecht").counterpart
    assert kept is not None
    assert gone is not None
    merge_counterparts(gone, kept)
    assert sent("stadsingenieurs, Utrecht").counterpart is kept


def test_look_alikes_come_most_alike_first(session: Session) -> None:
    one = sent("Gemeente Utrecht").counterpart
    words = ("Utrecht Gemeente", "Gemeente Utrechtt", "Provincie Groningen")
    turned, misspelt, _other = (sent(name).counterpart for name in words)
    assert one is not None
    assert look_alikes(one) == [turned, misspelt]


def test_hundreds_from_one_country_are_not_all_read(session: Session) -> None:
    for number in range(300):
        sent(f"Gemeente {number}")
    db.session.expunge_all()
    loaded: list[object] = []

    def count(_session: object, one: object) -> None:
        loaded.append(one)

    event.listen(db.session, "loaded_as_persistent", count)
    try:
        sent("Gemeente Nieuw")
    finally:
        event.remove(db.session, "loaded_as_persistent", count)
    assert len(loaded) < 20
