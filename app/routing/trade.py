"""The sender's own trade where it says that it does not come for it: name, title and kind then tell of no subject."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.routing.evidence import Evidence, Reading, told_of_each_topic
from app.routing.types import Enquiry
from app.routing.unwanted import clauses_with, without

NAMED = 1.5  # the least that the rest must tell of one topic, or nobody knows what is meant instead
ASKED = 2.0  # told of the trade where nothing is denied, from here it is asked about
_OWN = frozenset({"organisation", "head_title", "on_behalf_of"})


def without_denied_trade(reading: Reading) -> Reading | None:
    """The reading without what tells of the sender's trade, where the text says that it is not about that.

    None where it says no such thing or asks about the trade all the same, and where nothing else names a subject.
    """
    own = {one.topic for one in reading.evidence if one.source in _OWN}
    said = clauses_with("not_that", reading.purpose) if own else frozenset()
    denied = frozenset(one.topic for one in reading.told if said.issuperset(one.at)) & own
    if not denied or _asks_about(denied, said, reading):
        return None
    left_out = [one for one in reading.evidence if _is_of_trade(one, denied)]
    kept = tuple(one for one in reading.evidence if one not in left_out)
    if max(told_of_each_topic(kept).values(), default=0.0) < NAMED:
        return None
    words = {at for one in left_out if one.source == reading.purpose.source for at in one.at}
    return replace(reading, asked=without(reading.asked, words | said), evidence=kept)


def nameless(enquiry: Enquiry) -> Enquiry:
    """The enquiry as anybody's: without the sender's name, its kind, and the title of the delegation's head."""
    return replace(enquiry, organisation="", organisation_type="", head_title="")


def _asks_about(denied: frozenset[str], said: frozenset[int], reading: Reading) -> bool:
    """Whether the purpose tells of the trade besides saying that it is not meant, and who the sender is."""
    aside, themes = said | clauses_with("we_are", reading.purpose), _themes(denied)
    told = (one for one in reading.evidence if one.topic.split("/")[0] in themes and not aside.issuperset(one.at))
    return max(told_of_each_topic(told).values(), default=0.0) >= ASKED


def _themes(topics: Iterable[str]) -> frozenset[str]:
    return frozenset(topic.split("/")[0] for topic in topics)


def _is_of_trade(one: Evidence, denied: frozenset[str]) -> bool:
    """Fields tell of it by the theme, the purpose only by the very topics that are denied."""
    if one.source in _OWN:
        return one.topic.split("/")[0] in _themes(denied)
    return one.topic in denied
