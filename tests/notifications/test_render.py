"""What mails say: every kind in every language, links hidden, user text only ever text."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.notifications.context import pages, values_for
from app.notifications.kinds import KINDS, SECRET_PAGES
from app.notifications.matter import Matter
from app.notifications.models import Notification
from app.notifications.render import PLACEHOLDER, Rendered, render, with_link
from app.notifications.samples import put_samples, sample_of
from app.people.actors import VISITOR, by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.programme_models import FollowUp
from tests import cast, factories
from tests.cast import KARI, MONDAY, OLA, bring

LATER = MONDAY + timedelta(days=1)


def make_full_visit(**changes: object) -> Visit:
    """A confirmed visit with everything a mail may speak of."""
    bring(*cast.EVERYBODY)
    ola = db.session.scalars(select(User).where(User.email == OLA.email)).one()
    visit = factories.make_visit("confirmed", user=ola, **changes)
    lifecycle.write(visit, "See {link} and {{ 7 * 7 }}", by=VISITOR, at=LATER)
    db.session.add(FollowUp(visit_id=visit.id, text="Send drawings", due_on=LATER.date(), owner_id=ola.id))
    db.session.flush()
    db.session.expire(visit)
    return visit


def rendered(visit: Visit, kind: str, language: str) -> Rendered:
    """The mail of that kind about everything at once."""
    about = {
        "offer": visit.offers[0].id,
        "appointment": visit.appointments[0].id,
        "message": visit.messages[-1].id,
        "follow_up": visit.follow_ups[0].id,
        "day": "2027-05-10",
        "late": [visit.appointments[0].id],
        "minutes": 15,
        "stops": [visit.appointments[0].id],
    }
    matter = Matter(visit, about, language, "Bergen", visit.activities[-1], to_visitor=True)
    values = {"city": "Bergen", "reader": "Marloes Dekkinga", "kind": kind, "sections": (), **pages()}
    values |= values_for(matter)
    return render(kind, values, language=language)


def test_every_kind_has_a_subject_and_the_link_it_promises(session: Session) -> None:
    visit = make_full_visit()
    mails = {(kind, code): rendered(visit, kind, code) for kind in KINDS for code in ("en", "nb", "nn")}
    links = {key: mail.text.count(PLACEHOLDER) for key, mail in mails.items()}
    pages = {key: "/visits/" in mail.text for key, mail in mails.items()}
    assert links == {(kind, code): int(KINDS[kind].page in SECRET_PAGES) for kind, code in mails}
    assert pages == {(kind, code): KINDS[kind].page in ("visit", "triage") for kind, code in mails}
    assert [key for key, mail in mails.items() if not 10 < len(mail.subject) <= 150] == []


def test_what_people_type_is_never_a_template_nor_a_link(session: Session) -> None:
    visit = make_full_visit(organisation="City {link} {{ 7 * 7 }} %(ref)s")
    mail = rendered(visit, "host-message", "en")
    assert "See { link } and {{ 7 * 7 }}" in mail.text
    assert mail.subject == "A message about the visit from City { link } {{ 7 * 7 }} %(ref)s"
    assert with_link(mail.text, "https://example.org/secret").count("secret") == 0


def test_times_name_the_city_and_its_distance_from_utc(session: Session) -> None:
    visit = make_full_visit()
    assert "Monday 10 May 2027, 09:00–11:00, Bergen: Pipe renewal on site" in rendered(visit, "day-before", "en").text
    assert "Europe/Oslo, UTC+02:00" in rendered(visit, "day-before", "en").text
    assert "mandag 10. mai 2027 kl. 9–11, Bergen" in rendered(visit, "day-before", "nb").text
    assert "måndag 10. mai 2027 kl. 9–11, Bergen" in rendered(visit, "day-before", "nn").text


def test_mails_to_hosts_hold_no_contact_data(session: Session) -> None:
    visit = make_full_visit()
    texts = [rendered(visit, kind, "en").text for kind, one in KINDS.items() if one.page not in SECRET_PAGES]
    assert [text for text in texts if visit.contact_email in text or "reference" in text.lower()] == []


def test_decline_gives_reason_words_and_alternatives(session: Session) -> None:
    kari, ola = bring(KARI, OLA)
    visit = factories.make_visit("offered", user=ola)
    lifecycle.decline(
        visit, reason="too-large", by=by_user(kari), text="The plant is small.", alternatives="A film.", at=LATER
    )
    text = rendered_alone(visit, "declined")
    assert "Your group is larger than our hosts can receive." in text
    assert "The plant is small." in text
    assert "What you could do instead:\n\nA film." in text


def test_programme_says_which_part_is_not_settled(session: Session) -> None:
    visit = make_full_visit()
    assert "not settled" not in rendered(visit, "confirmed", "en").text
    visit.appointments[0].answer = "asked"
    assert "ikkje avgjort: dette vertskapet har ikkje svart enno" in rendered(visit, "confirmed", "nn").text


def test_every_word_is_in_the_readers_language_whatever_language_is_in_force(session: Session) -> None:
    """The scheduler writes mails where nobody's language is in force: counts, clocks and reasons follow too."""
    kari, ola = bring(KARI, OLA)
    visit = factories.make_visit("offered", user=ola, language="nn", group_size=12)
    lifecycle.decline(visit, reason="not-our-field", by=by_user(kari), text="", alternatives="", at=LATER)
    assert "Det de ønskjer å sjå, er ikkje noko regionen vår kan vise fram." in rendered_alone(visit, "declined", "nn")
    about = {"offer": visit.offers[0].id}
    assert values_for(Matter(visit, about, "nn", "Bergen"))["people"] == "12 personar"
    with force_locale("nn"):
        assert values_for(Matter(visit, about, "en", "Bergen"))["people"] == "12 people"
    assert "Alle klokkeslett er lokal tid i Bergen" in rendered(make_full_visit(), "day-before", "nn").text


def rendered_alone(visit: Visit, kind: str, language: str = "en") -> str:
    """The text of a mail that is about the visit only."""
    values = values_for(Matter(visit, {}, language, "Bergen", visit.activities[-1], to_visitor=True))
    return render(kind, {"city": "Bergen", "reader": "", "kind": kind, **values}, language=language).text


def test_a_sample_of_what_is_gone_meanwhile_says_so(session: Session) -> None:
    (ola,) = bring(OLA)
    put_samples("7", {"rule_id": 7}, 1, factories.make_visit("received", user=ola), "nn", to=ola, at=LATER)
    mail = sample_of(session.scalars(select(Notification)).one(), [])
    assert mail.subject == "Prøve på ei påminning"
    assert "Det er ikkje lenger noko å vise" in mail.text
