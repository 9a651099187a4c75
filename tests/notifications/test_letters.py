"""Every mail as it is sent, in three languages, as text and as page: a change of wording is a change of a file.

`make mail-snapshots` writes the files anew; read what `git diff` shows before committing it.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.dates import LOCALES
from app.extensions import db
from app.notifications.context import pages, values_for
from app.notifications.groups import DIGESTS
from app.notifications.kinds import KINDS, SECRET_PAGES
from app.notifications.matter import Matter
from app.notifications.parts import Late
from app.notifications.render import Rendered, page_with_link, render, render_section
from app.people.actors import VISITOR, by_user
from app.people.models import Place, User
from app.visits import lifecycle
from app.visits.invitation_models import Invitation
from app.visits.models import Activity, Visit
from app.visits.programme_models import FollowUp
from tests import cast, factories
from tests.cast import MONDAY, OLA, bring

FOLDER = Path(__file__).parent / "letters"
RENEW = bool(os.environ.get("RENEW_MAIL_SNAPSHOTS"))
BASE = "http://127.0.0.1:8000"
LANGUAGES = ("en", "nb", "nn")
LATER = MONDAY + timedelta(days=1)
MOVED = {
    **dict.fromkeys(
        ("moved", "changing", "invitation", "host-moved", "part-asked", "contact-named", "host-replaced",
         "contact-replaced", "host-invitation", "stale-feed", "stale-busy",
         "digest"),
        "move-appointment",
    ),
    "proposed": "propose", "running-late": "run-late", "host-running-late": "run-late",
}  # fmt: skip
UNSETTLED = ("proposed", "changing")  # they speak of a stop that waits for a yes
READERS = {"visitor": "Marloes Dekkinga", "staff": "Ola Nordmann"}
FORMS = (
    "<script>{}</script>", "<img src=x onerror={}>", '"><b>{}</b>', "'><i>{}</i>", "</p><table>{}</table>",
    "<a href='https://evil.example/{}'>x</a>", "<style>{}</style>", "<!-- {} -->", "<svg onload={}>",
    "</blockquote><iframe src={}>", "&lt;b&gt;{}", "&#60;u&#62;{}", "{}\n\n- a list\n\n<ul><li>x", "--\n{}",
    "\x04{}\x05https://evil.example", "\x01\x02- {}", "{{link}} {}", "<base href={}>",
    "<meta http-equiv=refresh {}>", "[{}](https://evil.example)",
)  # fmt: skip
PAYLOADS = [form.format(mark) for mark in ("xss", "é<", "javascript:alert(1)") for form in FORMS]


class Elements(HTMLParser):
    """Every element of a page with its attributes, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "br":
            self.found.append((tag, tuple(name for name, _value in attrs)))
        self.links += [str(value) for name, value in attrs if name in ("href", "src", "background", "action")]


def make_visit(**changes: object) -> Visit:
    """A confirmed visit with everything that a mail may speak of."""
    bring(*cast.EVERYBODY)
    ola = db.session.scalars(select(User).where(User.email == OLA.email)).one()
    visit = factories.make_visit("confirmed", user=ola, **changes)
    lifecycle.write(visit, str(changes.get("purpose", "Could we start\nat ten?")), by=VISITOR, at=LATER)
    db.session.add(FollowUp(visit_id=visit.id, text="Send drawings", due_on=LATER.date(), owner_id=ola.id))
    db.session.flush()
    db.session.expire(visit)
    visit.ref = "ABC-123"
    visit.activities[-1].reason = "The plant is closed that week."
    visit.activities[-1].user = ola
    visit.activities[-1].host = ola.hosts[0]
    visit.closing_reason, visit.closing_text = "too-large", "We hope to see you another time."
    visit.alternatives = "A film about the plant."
    visit.offers[0].decline_reason = "no-capacity"
    stop = visit.appointments[0]
    asked = Invitation(
        appointment_id=stop.id, attendee=f"u{ola.id}", user_id=ola.id, address=ola.email, created_at=LATER,
        counter_starts_at=stop.starts_at + timedelta(days=1), counter_ends_at=stop.ends_at + timedelta(days=1),
    )  # fmt: skip
    db.session.add(asked)
    db.session.flush()
    return visit


def letter(visit: Visit, kind: str, language: str) -> Rendered:
    """The mail of that kind."""
    return render(kind, values_of(visit, kind, language), language=language)


def values_of(visit: Visit, kind: str, language: str) -> dict[str, Any]:
    """What it speaks of; where that is a hold, the stop is one, where something moved, it began at another time."""
    happened = what_moved(visit, kind)
    try:
        return known_values(visit, kind, language)
    finally:
        for one in happened:
            db.session.delete(one)
        db.session.flush()
        db.session.expire(visit)


def what_moved(visit: Visit, kind: str) -> list[Activity]:
    """A stop that was moved by a quarter of an hour, or a programme that was late by it, for the mails that tell it."""
    if kind not in MOVED:
        return []
    stop, last = visit.appointments[0], visit.activities[-1]
    times = {name: getattr(stop, name) for name in ("starts_at", "ends_at")}
    before = {name: (value - timedelta(minutes=15)).isoformat() for name, value in times.items()}
    changes: dict[str, Any] = {name: [before[name], value.isoformat()] for name, value in times.items()}
    if MOVED[kind] == "run-late":
        changes = {"was": {str(stop.id): list(before.values())}}
    verbs = ["move-appointment", "propose"] if MOVED[kind] == "propose" else [MOVED[kind]]
    made = [
        Activity(
            visit_id=visit.id, verb=verb, subject="appointment", subject_id=stop.id, status_before=visit.status,
            status_after=visit.status, actor="user", user=last.user, host=last.host, at=LATER, reason=last.reason,
            changes=changes if verb != "propose" else {}, announced_at=LATER,
        )
        for verb in verbs
    ]  # fmt: skip
    db.session.add_all(made)
    db.session.flush()
    db.session.expire(visit)
    return made


def known_values(visit: Visit, kind: str, language: str) -> dict[str, Any]:
    room = db.session.scalars(select(Place).order_by(Place.id)).first()
    assert room is not None
    visit.appointments[0].place = room if kind == "stale-busy" else None
    about = {
        "offer": visit.offers[0].id, "appointment": visit.appointments[0].id, "message": visit.messages[-1].id,
        "follow_up": visit.follow_ups[0].id, "day": "2027-05-10", "late": [visit.appointments[0].id], "minutes": 15,
        "stops": [visit.appointments[0].id], "rooms": [room.id],
        "invitation": db.session.scalars(select(Invitation.id)).first(),
    }  # fmt: skip
    if kind in UNSETTLED:
        del about["day"]
    held = kind in ("hold-lapsing", "part-asked")
    visit.appointments[0].status = "hold" if held else "tentative" if kind in UNSETTLED else "confirmed"
    visit.appointments[0].hold_until = visit.appointments[0].starts_at if held else None
    to_visitor = KINDS[kind].page in ("visitor", "confirm")
    matter = Matter(visit, about, language, "Bergen", visit.activities[-1], to_visitor=to_visitor, due_at=LATER)
    values: dict[str, Any] = {"city": "Bergen", "reader": READERS["visitor" if to_visitor else "staff"], "kind": kind}
    values |= pages() | values_for(matter)
    if kind in DIGESTS:
        values["replies_read"] = to_visitor
        parts = ("message", "moved") if to_visitor else ("host-message", "accepted")
        values["sections"] = [render_section(part, values, language=language) for part in parts]
    with force_locale(LOCALES[language]):  # what is worked out late, now: what it speaks of is taken away
        return {name: value.value if isinstance(value, Late) else value for name, value in values.items()}


def as_file(mails: dict[str, Rendered]) -> str:
    """The text and the inside of the page of a mail in each language, one after the other."""
    parts = []
    for language, mail in mails.items():
        inside = mail.html.partition("<h1")[2].partition("</div>\n</body>")[0]
        parts.append(f"==== {language}\nSubject: {mail.subject}\n\n{mail.text}\n\n---- page\n<h1{inside}")
    without_looks = re.sub(r' style="[^"]*"', "", "\n".join(parts))
    return without_looks.rstrip() + "\n"


@pytest.mark.one_engine
def test_every_mail_reads_as_it_was_approved(app: Flask, session: Session) -> None:
    app.config["IMAP_URL"] = "imap://answers.example.org"
    visit = make_visit()
    made = {kind: as_file({code: letter(visit, kind, code) for code in LANGUAGES}) for kind in KINDS}
    made["page"] = letter(visit, "confirmed", "en").html + "\n"
    if RENEW:
        FOLDER.mkdir(exist_ok=True)
        for old in FOLDER.iterdir():
            old.unlink()
        for kind, text in made.items():
            (FOLDER / f"{kind}.txt").write_text(text, encoding="utf-8")
    approved = {file.stem: file.read_text(encoding="utf-8") for file in FOLDER.iterdir()}
    assert sorted(approved) == sorted(made)
    for kind, text in made.items():
        assert text == approved[kind], f"{kind}: read it, then `make mail-snapshots`"


@pytest.mark.one_engine
def test_text_and_page_of_a_mail_say_the_same(session: Session) -> None:
    visit = make_visit()
    for kind in KINDS:
        mail = letter(visit, kind, "nb")
        page = re.sub(r"<head>.*</h1>|<[^>]+>", " ", mail.html, flags=re.S)
        text = re.sub(r":?\n(https?://\S+|\{link\})|^[-*] |^--$", "", mail.text, flags=re.M)
        assert " ".join(text.split()) == " ".join(page.split()), kind


@pytest.mark.one_engine
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_has_exactly_one_button(session: Session, language: str) -> None:
    """On its page, and in its text as one line of words with the address below; in a digest beside linked titles."""
    visit = make_visit()
    for kind in KINDS:
        mail = letter(visit, kind, language)
        (in_text,) = re.findall(r"^(.+):\n(https?://\S+|\{link\})$", mail.text, flags=re.M)
        (on_page,) = re.findall(r"<table.*?<a href=\"([^\"]+)\"[^>]*>([^<]+)</a>.*?</table>", mail.html)
        assert on_page == (in_text[1], in_text[0]), kind
        assert len(Elements(mail.html).links) == 1 or kind in DIGESTS, kind


@pytest.mark.one_engine
def test_in_a_digest_each_matter_is_a_linked_title_and_the_button_leads_to_all_of_them(session: Session) -> None:
    mail = letter(make_visit(), "host-digest", "en")
    assert Elements(mail.html).links == [f"{BASE}/visits/ABC-123", f"{BASE}/visits/ABC-123", f"{BASE}/notices"]
    assert f"* Confirmed: visit from Gemeente Utrecht, Stadsingenieurs\n{BASE}/visits/ABC-123\n" in mail.text
    assert "Open the visit" not in mail.text


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("host-cancelled", "calendar"), ("host-removed", "calendar"), ("host-invitation-cancelled", "calendar"),
        ("host-replaced", "calendar"), ("contact-replaced", "calendar"),
        ("host-withdrawn", "inbox"), ("host-merged", "inbox"),
    ],
)  # fmt: skip
def test_a_mail_about_what_ended_leads_to_what_remains(session: Session, kind: str, page: str) -> None:
    """Not to the visit: by the same event its reader may have lost sight of it."""
    assert Elements(letter(make_visit(), kind, "en").html).links == [f"{BASE}/{page}"]


@pytest.mark.one_engine
def test_a_page_has_nothing_from_elsewhere(session: Session) -> None:
    visit = make_visit()
    for kind, one in KINDS.items():
        elements = Elements(letter(visit, kind, "en").html)
        tags = [tag for tag, _attributes in elements.found]
        assert len(elements.links) == tags.count("a"), kind
        assert ("{link}" in elements.links) == (one.page in SECRET_PAGES), kind
        assert not {"img", "link", "script", "form", "iframe"} & set(tags), kind


@pytest.mark.one_engine
def test_whatever_people_type_adds_no_element_and_no_attribute(session: Session) -> None:
    """Row IN-8, through names, titles and words."""
    visit = make_visit()
    kinds = ("declined", "offer", "host-message")
    plain = {kind: Elements(letter(visit, kind, "en").html).found for kind in kinds}
    assert len(PAYLOADS) == 60
    for payload in PAYLOADS:
        visit.organisation = visit.contact_name = visit.closing_text = visit.alternatives = payload
        visit.messages[-1].body = visit.activities[-1].reason = visit.follow_ups[0].text = payload
        visit.appointments[0].title = visit.offers[0].note = payload
        for kind in kinds:
            mail = letter(visit, kind, "en")
            page = Elements(page_with_link(mail.html, "https://example.org/secret"))
            expected = plain[kind] if kind != "offer" else [*plain[kind]]
            extra = [one for one in page.found if one[0] not in ("p", "blockquote") and one not in expected]
            assert extra == [], (kind, payload)
            assert [link for link in page.links if "evil" in link or "javascript" in link] == [], (kind, payload)
            assert sum(tag == "li" for tag, _ in page.found) == sum(tag == "li" for tag, _ in plain[kind])


def test_a_persons_needs_are_in_no_mail(session: Session) -> None:
    visit = make_visit()
    ola = db.session.scalars(select(User).where(User.email == OLA.email)).one()
    lifecycle.add_delegate(visit, name="Joost CANARY", needs="No stairs CANARY", consent=True)
    lifecycle.write(visit, "Welcome", by=by_user(ola, ola.hosts[0]))
    mails = [letter(visit, kind, code) for kind in KINDS for code in LANGUAGES]
    assert [mail.subject for mail in mails if "CANARY" in mail.text + mail.html] == []
