"""Changes shortly before the start, for those whose calendar program has not fetched them: a mail instead.

The catalogue's own lines come first: nobody gets two mails about one event. The mail waits an hour, as long as programs
are asked to, unless the start is near; when it is due, it is sent only to whoever still has not got the change. It says
no more than the feed would: whoever sees a stop only as "busy" in a room of theirs reads times and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import select

from app.extensions import db
from app.feeds.models import Feed, ScopeKind
from app.feeds.subscribers import feeds_behind, shows_contacts, versions_of
from app.notifications.facts import About, Facts, stop_facts
from app.notifications.happening import Happening, Tell
from app.notifications.models import Notification
from app.notifications.near_changes import (
    ADDED,
    added_together,
    first_start,
    is_contact_only,
    near_changes,
    places_of,
    scopes_showing,
)
from app.notifications.recipients import Recipient, as_recipients
from app.people.models import Place, User
from app.visits.models import Visit
from app.visits.places import CORRECTED, words_of
from app.visits.programme_models import Appointment
from app.visits.rules import may_see_visit
from app.visits.scopes import Scope

KIND, BUSY = "stale-feed", "stale-busy"
UNKNOWN = 2**31 - 1  # in a row from before versions were noted: a version that no program has
Versions = dict[Scope, int]
PATIENCE, AT_LEAST_BEFORE = timedelta(hours=1), timedelta(hours=3)


def stale_tells(what: Happening) -> Iterator[Tell]:
    """One line for everybody who relies on a feed that shows what was changed within 48 hours of it."""
    visit, soon = near_changes(what)
    if not soon:
        return
    at = what.activity.at
    scopes = versions_of(set().union(*(scopes_showing(stop, what) for stop in soon)))
    not_before = _not_before(at, min(first_start(stop, what) for stop in soon))
    for person, feeds in _by_person(feeds_behind(scopes, since=at)):
        assert person.user is not None
        if may_see_visit(person.user, visit):
            tell = _told_all(person, feeds, what, soon, scopes)
        else:
            tell = _told_times(person, person.user, what, soon)
        if tell is not None:
            yield Tell(tell[0], person, visit, tell[1], not_before=not_before)


def _told_all(
    person: Recipient, feeds: list[Feed], what: Happening, soon: list[Appointment], scopes: Versions
) -> tuple[str, About] | None:
    """What the reader may see all of; None where nothing that their feeds show, or that they read, has changed."""
    shows_contact = any(map(_shows_contact, feeds))
    if (is_contact_only(what) and not shows_contact) or not _reads_it(person.language, what):
        return None
    contact = shows_contact and what.activity.verb == "move-appointment" and "contact" in what.activity.changes
    facts: About = {"place": what.activity.verb == CORRECTED, "contact_only": is_contact_only(what)}
    facts["with_contact"] = contact
    if what.activity.verb == ADDED:
        facts["added"] = {str(one.subject_id): one.id for one in added_together(what.activity)}
    return KIND, {**_about(person.user, what, soon, scopes), **facts}


def _told_times(person: Recipient, user: User, what: Happening, soon: list[Appointment]) -> tuple[str, About] | None:
    """What shows only as busy, in rooms that belong to one of their hosts; None where no time there has changed."""
    if is_contact_only(what) or what.activity.verb == CORRECTED:
        return None
    rooms = _rooms(user, {place_id for stop in soon for place_id in places_of(stop, what)})
    scopes = versions_of((ScopeKind.PLACE.value, room) for room in rooms)
    if not any(feed.user_id == user.id for feed in feeds_behind(scopes, since=what.activity.at)):
        return None
    return BUSY, {**_about(user, what, soon, scopes), "rooms": rooms}


def still_stale(_visit: Visit, about: About) -> Facts | None:
    """Their program has not fetched it yet, no other mail told them, and it is as it was then."""
    if not _waiting(about) or _was_told(about):
        return None
    stops = find_stops(about, every=True)
    facts: Facts = {"stops": [[*stop_facts(stop), stop.status] for stop in stops]}
    if about.get("place"):
        facts["places"] = [words_of(stop.place) for stop in stops]
    if about.get("with_contact"):
        facts["contacts"] = [stop.contact_id for stop in stops]
    return facts


def still_busy_elsewhere(visit: Visit, about: About) -> Facts | None:
    """The same, while the rooms are still theirs."""
    user = db.session.get(User, about["reader"])
    is_theirs = user is not None and _rooms(user, set(about["rooms"])) == about["rooms"]
    return still_stale(visit, about) if is_theirs else None


def stops_begin(_visit: Visit, about: About) -> datetime | None:
    """When the last of the stops begins: too late to tell of it."""
    return max((stop.starts_at for stop in find_stops(about, every=True)), default=None)


def find_stops(about: About, *, every: bool = False) -> list[Appointment]:
    """The stops that were changed, in order; of those added not what another mail told the reader, unless `every`."""
    ids = about.get("stops") or [-1]
    query = select(Appointment).where(Appointment.id.in_(ids))
    found = list(db.session.scalars(query.order_by(Appointment.starts_at, Appointment.id)))
    told = set() if every or "added" not in about else _told_of(about, about["added"].values())
    return [stop for stop in found if about.get("added", {}).get(str(stop.id)) not in told]


def _by_person(feeds: list[Feed]) -> Iterator[tuple[Recipient, list[Feed]]]:
    for _user_id, group in groupby(feeds, key=lambda feed: feed.user_id):
        own = list(group)
        for person in as_recipients([own[0].user]):
            yield person, own


def _shows_contact(feed: Feed) -> bool:
    """Whether another contact person shows there: as words, or because it is that person's own feed."""
    return feed.scope_kind == ScopeKind.MINE or shows_contacts(feed)


def _rooms(user: User, place_ids: set[int]) -> list[int]:
    """Those of the places that belong to one of the person's hosts."""
    owners = [host.id for host in user.hosts]
    owned = select(Place.id).where(Place.id.in_(place_ids), Place.host_id.in_(owners))
    return list(db.session.scalars(owned.order_by(Place.id)))


def _waiting(about: About) -> bool:
    """Whether a feed of the reader that shows it is still behind."""
    scopes: list[Scope] = [(kind, row_id) for kind, row_id in about["scopes"]]
    versions = about.get("versions") or [UNKNOWN] * len(scopes)
    feeds = feeds_behind(dict(zip(scopes, versions, strict=True)), since=datetime.fromisoformat(about["since"]))
    mine = [feed for feed in feeds if feed.user_id == about["reader"]]
    return any(_shows_contact(feed) for feed in mine) if about.get("contact_only") else bool(mine)


def _reads_it(language: str, what: Happening) -> bool:
    """Whether what changed is anything in that language; only names and addresses of places are said in several."""
    words = what.activity.changes.get("place_words") if what.activity.verb == CORRECTED else None
    return words is None or words[language][0] != words[language][1]


def _not_before(at: datetime, start: datetime) -> datetime:
    return max(at, min(at + PATIENCE, start - AT_LEAST_BEFORE))


def _about(user: User | None, what: Happening, stops: list[Appointment], scopes: Versions) -> About:
    return {
        "stops": [stop.id for stop in stops],
        "scopes": [list(scope) for scope in sorted(scopes)],
        "versions": [scopes[scope] for scope in sorted(scopes)],
        "since": what.activity.at.isoformat(),
        "reader": user.id if user else 0,
        "activity": what.activity.id,
    }


def _was_told(about: About) -> bool:
    """Whether other mails about the same event have gone, or go, to the same person."""
    events = set((about.get("added") or {"": about["activity"]}).values())
    return _told_of(about, events) == events


def _told_of(about: About, events: Iterable[int]) -> set[int]:
    """Of these activities those that another mail to the reader tells of."""
    other = select(Notification.activity_id).where(
        Notification.activity_id.in_(list(events)),
        Notification.user_id == about["reader"],
        Notification.kind.not_in((KIND, BUSY)),
        Notification.status.in_(("due", "rendered", "gathered", "noted", "sent")),
    )
    return {one for one in db.session.scalars(other) if one is not None}
