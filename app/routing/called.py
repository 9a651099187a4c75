"""Hosts called by name: their names' words tell no other subject, and where none is told, they are the errand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.routing.catalogue import Catalogue
from app.routing.errand import NAMED
from app.routing.evidence import Evidence, Reading
from app.routing.flag_texts import is_denied
from app.routing.names import SURE_NAME, Mention
from app.routing.partners import Partners
from app.routing.text import fold
from app.routing.types import Enquiry
from app.routing.unwanted import contrasted_in

BEFORE = 30  # characters before a name that may say whose it is
_THEIRS = re.compile(  # "our city council", "we come from the chamber of commerce"
    r"\b(?:our|unser\w*|vore?s?|vart?|vare|nos|notre|nuestr\w+|nostr\w+|nasz\w*|onze|ons|noss\w+"
    r"|(?:from|fra|fran|aus|vom|provenant d\w+|(?<!sie )(?<!spotkanie )(?<!spotkania )(?<!rozmowe )(?:z|ze))"
    r"(?: (?:the|den|der|dem|det|de))?)\s+$"
)
_ELSEWHERE = re.compile(  # "the city council of Leuven", "universitetet i Lund"
    r"\s+(?:of|in|at|i|pa|von|der|des|du|de|del|della|di|da|do|w|we|van|te|en|a)\s+(?:(?:the|den|la|el)\s+)?([^\W\d_]\w*)"
)


@dataclass(frozen=True, slots=True)
class Called:
    """The hosts that an enquiry without any other subject asks for, in the order in which it does."""

    hosts: tuple[Mention, ...] = ()

    def slugs(self) -> tuple[str, ...]:
        """The hosts, each once; the first one leads."""
        return tuple(dict.fromkeys(one.name.slug for one in self.hosts))


def without_their_names(reading: Reading, partners: Partners, catalogue: Catalogue) -> Reading:
    """The reading in which the words of a host's name tell of no subject but those this host answers for."""
    named = [one for one in partners.hosts if one.source == "purpose" and one.name.weight >= SURE_NAME]
    if not named:
        return reading
    hosts = _hosts_of_topics(catalogue)
    kept = tuple(one for one in reading.evidence if not _only_a_name(one, named, hosts))
    return replace(reading, evidence=kept)


def with_their_subjects(reading: Reading, called: Called, catalogue: Catalogue) -> Reading:
    """The reading in which the text tells of what the hosts called for answer for, and of nothing else."""
    if not called.hosts:
        return reading
    hosts, slugs = _hosts_of_topics(catalogue), set(called.slugs())
    kept = (one for one in reading.evidence if one.source != "purpose" or slugs & hosts.get(one.topic, {}).keys())
    return replace(reading, evidence=tuple(kept))


def without_subjects(reading: Reading) -> Reading:
    """The reading of the other fields alone: who shares a subject with a host called for is not meant."""
    return replace(reading, evidence=tuple(one for one in reading.evidence if one.source != "purpose"))


def _hosts_of_topics(catalogue: Catalogue) -> dict[str, Mapping[str, float]]:
    return {
        f"{theme.slug}/{topic.slug}": topic.hosts or theme.hosts for theme in catalogue.themes for topic in theme.topics
    }


def _only_a_name(one: Evidence, named: Iterable[Mention], hosts: Mapping[str, Mapping[str, float]]) -> bool:
    return one.source == "purpose" and any(
        set(one.at) <= set(range(name.at, name.last)) and name.name.slug not in hosts.get(one.topic, {})
        for name in named
    )


def called_for(enquiry: Enquiry, reading: Reading, partners: Partners, catalogue: Catalogue) -> Called:
    """The hosts named in the text, then those in the list of wishes, where no other subject is told."""
    sure = [one for one in partners.hosts if one.name.weight >= SURE_NAME]
    asked = _asked(enquiry, reading, [one for one in sure if one.source == "purpose"], catalogue)
    asked += [one for one in sure if one.source == "wanted_hosts"]
    if not asked or _told_beside(reading, asked) >= NAMED:
        return Called()
    if asked[0].source == "wanted_hosts" and not _agrees(enquiry, asked, catalogue):
        return Called()
    return Called(tuple(asked))


def _told_beside(reading: Reading, named: Iterable[Mention]) -> float:
    """What the purpose tells of the one subject it tells most of, but for the words of names."""
    words = frozenset(at for one in named if one.source == "purpose" for at in range(one.at, one.last))
    totals: dict[str, float] = {}
    for one in reading.evidence:
        if one.source == "purpose" and not words.issuperset(one.at):
            totals[one.topic] = totals.get(one.topic, 0.0) + one.weight
    return max(totals.values(), default=0.0)


def _agrees(enquiry: Enquiry, wished: Iterable[Mention], catalogue: Catalogue) -> bool:
    """Whether ticks, where there are any, name a subject of a host that is wished for."""
    slugs = {one.name.slug for one in wished}
    ticked = [theme for theme in catalogue.themes if theme.slug in enquiry.themes]
    return not ticked or any(slugs & theme.hosts.keys() for theme in ticked)


def _asked(enquiry: Enquiry, reading: Reading, named: list[Mention], catalogue: Catalogue) -> list[Mention]:
    if not named:
        return []
    denied = reading.unwanted | contrasted_in(reading.purpose)
    offices = {catalogue.rules.representation, catalogue.rules.coordination}
    return [
        one
        for one in named
        if denied.isdisjoint(range(one.at, one.last))
        and not _somebody_elses(enquiry, reading, one, catalogue)
        and not (one.name.slug in offices and _speaks(reading, one))
    ]


def _somebody_elses(enquiry: Enquiry, reading: Reading, one: Mention, catalogue: Catalogue) -> bool:
    """Whether the sender means its own office, or one of another place, or does not mean it at all."""
    text = reading.purpose.folded
    begin, end = reading.purpose.words[one.at].start, reading.purpose.words[one.last - 1].end
    sender = " ".join(fold(enquiry.organisation).split())
    if (
        is_denied(reading.purpose, begin, end)
        or fold(one.quote) in sender
        or _THEIRS.search(text[max(0, begin - BEFORE) : begin])
    ):
        return True
    place = _ELSEWHERE.match(text, end)
    ours = {fold(name).split()[0] for name in (*catalogue.rules.city_names, *catalogue.rules.landmarks)}
    return place is not None and reading.purpose.text[place.start(1)].isupper() and place.group(1) not in ours


def _speaks(reading: Reading, one: Mention) -> bool:
    """Whether a name begins its sentence and is not all of it: "The mayor would like …" is any sender's own."""
    words = reading.purpose.words
    sentence = [at for at, word in enumerate(words) if word.sentence == words[one.at].sentence]
    return one.at == sentence[0] and one.last <= sentence[-1]
