"""Who the sender is to the city: twin city, network, earlier guest, guest of an event, or astray."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.routing.catalogue import Catalogue, PartnershipProfile
from app.routing.dates import is_public_holiday
from app.routing.described import described
from app.routing.evidence import Reading
from app.routing.flag_texts import LONGEST_SENTENCE, expression, is_denied, matches
from app.routing.names import Mention, Name, mentions, resembling
from app.routing.other_places import heads_elsewhere
from app.routing.posts import with_heads
from app.routing.ranks import words_of_ranks
from app.routing.text import Passage, fold, read
from app.routing.twins import twin_of
from app.routing.types import Enquiry

OF_NETWORKS = frozenset({"network", "eu-body"})
FIRMS = frozenset({"business", "business-association", "cluster", ""})
_OFFICE = r"(?:bureau|buro|biuro|kontor\w*|secretariat|sekretariat\w*|segretariato|ufficio|oficina|escritorio)"
BESIDE = 45  # characters around the name of a network
_NOT_OURS = re.compile(r"\b(not|no longer|never|nor|ikke|ikkje|inte|nicht|pas|non|nie|niet)\b[^.!?,;:\n]{0,30}$")


@dataclass(frozen=True, slots=True)
class Partners:
    """The names found in an enquiry, sorted by what they mean."""

    twin: PartnershipProfile | None
    networks: tuple[tuple[PartnershipProfile, Mention], ...]
    hosts: tuple[Mention, ...]
    refused: tuple[Mention, ...]  # hosts named where the sender says what is not wanted
    occasion: str | None
    occasion_quote: str
    namesakes: tuple[Mention, ...]
    at_home: bool

    def network_themes(self) -> tuple[str, ...]:
        """The themes of the networks named."""
        return tuple(dict.fromkeys(theme for network, _ in self.networks for theme in network.themes))


def find_partners(enquiry: Enquiry, reading: Reading, catalogue: Catalogue) -> Partners:
    """Look up every name in the text and in the fields that may hold one."""
    wanted = read("wanted_hosts", "; ".join(enquiry.wanted_hosts), 1200)
    previous = read("previous_visit", enquiry.previous_visit, 400)
    found = mentions(catalogue, reading.purpose, *reading.fields.values(), wanted, previous)
    occasion, quote = _occasion(enquiry, reading, found, catalogue)
    hosts = [
        host
        for passage in (reading.purpose, wanted, reading.fields["relation"])
        for host in _hosts_in(passage, [one for one in found if one.source == passage.source], reading, catalogue)
    ]
    refused = [one for one in hosts if one.source == "purpose" and reading.unwanted.issuperset(range(one.at, one.last))]
    return Partners(
        twin=twin_of(enquiry, reading, catalogue),
        networks=_networks(enquiry, reading, found, catalogue),
        hosts=tuple(one for one in hosts if one not in refused),
        refused=tuple(refused),
        occasion=occasion,
        occasion_quote=quote,
        namesakes=tuple(m for m in found if m.name.kind == "namesake" and m.source == "purpose"),
        at_home=any(m.name.kind == "landmark" and m.source not in ("organisation", "head_title") for m in found),
    )


def _hosts_in(passage: Passage, found: list[Mention], reading: Reading, catalogue: Catalogue) -> list[Mention]:
    """The hosts named in a passage, with or by their heads; none by the name of another place's institution."""
    strange = reading.elsewhere if passage is reading.purpose else heads_elsewhere(passage, catalogue)
    return [one for one in with_heads(passage, found, catalogue) if strange.isdisjoint(range(one.at, one.last))]


def beyond_its_kind(partners: Partners, reading: Reading) -> Partners:
    """The same without networks that only the kind of the sender's town speaks for: Hansa towns ask of anything."""
    kind = words_of_ranks(reading.fields["organisation"])
    networks = (
        (network, one)
        for network, one in partners.networks
        if one.source != "organisation" or not kind.issuperset(range(one.at, one.last))
    )
    return replace(partners, networks=tuple(networks))


_NETWORK_FIELDS = frozenset({"purpose", "relation", "on_behalf_of", "organisation"})


def _networks(
    enquiry: Enquiry, reading: Reading, found: list[Mention], catalogue: Catalogue
) -> tuple[tuple[PartnershipProfile, Mention], ...]:
    by_slug = {partnership.slug: partnership for partnership in catalogue.partnerships if partnership.kind == "network"}
    networks: dict[str, tuple[PartnershipProfile, Mention]] = {}
    for mention in found:
        network = by_slug.get(mention.name.slug) if mention.name.kind == "network" else None
        if network and mention.source in _NETWORK_FIELDS and _is_meant(enquiry, reading, mention, catalogue):
            networks.setdefault(network.slug, (network, mention))
    for slug, at, quote in described(reading.purpose, catalogue.rules):
        if slug in by_slug:
            mention = Mention(Name("network", slug, (), 1.0), "purpose", quote, at, at)
            networks.setdefault(slug, (by_slug[slug], mention))
    for part in re.split(r"[,;/()]", enquiry.relation):
        match = resembling(catalogue, "network", part) if len(part) > 5 else None
        if match and match[0] not in networks:
            name = Name("network", match[0], (), 1.0)
            networks[match[0]] = (by_slug[match[0]], Mention(name, "relation", part.strip(), 0, 0))
    return tuple(networks.values())


def _is_meant(enquiry: Enquiry, reading: Reading, mention: Mention, catalogue: Catalogue) -> bool:
    if mention.name.acronym:
        if mention.source == "organisation" and enquiry.organisation_type not in OF_NETWORKS:
            return False
        everything = " ".join([reading.purpose.folded, fold(enquiry.organisation), fold(enquiry.city)])
        if any(fold(word) in everything for word in catalogue.rules.not_with.get(mention.name.acronym, ())):
            return False
    roots = _roots_beside(mention, catalogue)
    if mention.source == "organisation" and roots is not None:
        beside = reading.fields["organisation"].words if roots else ()
        named = any(word.folded.startswith(roots or ()) for word in beside)
        return named or enquiry.organisation_type == "network" or _is_its_office(enquiry, mention)
    if mention.source != "purpose":
        return True
    if not _of_today(reading.purpose, mention, catalogue) or only_in_passing(reading.purpose, mention):
        return False
    if only_heard_there(reading.purpose, mention):
        return False
    start = reading.purpose.words[mention.at].start
    return not _NOT_OURS.search(reading.purpose.folded[max(0, start - 45) : start])


def _roots_beside(mention: Mention, catalogue: Catalogue) -> tuple[str, ...] | None:
    """The roots one of which must stand beside a name, as it is written or as it is listed; None where none must."""
    only_with = catalogue.rules.only_with
    return only_with.get(fold(mention.quote), only_with.get(" ".join(mention.name.words)))


def only_in_passing(passage: Passage, mention: Mention) -> bool:
    """Whether a sentence only tells that somebody of the sender's holds an office in the network, or works there."""
    begin, end = passage.sentences[passage.words[mention.at].sentence]
    sentence = passage.folded[begin : min(end, begin + LONGEST_SENTENCE)]
    return matches("network_office", sentence) and not matches("network_tie", sentence)


def only_heard_there(passage: Passage, mention: Mention) -> bool:
    """Whether a sentence only tells that this city was spoken of at the network's congress, with nobody of ours met."""
    begin, end = passage.sentences[passage.words[mention.at].sentence]
    sentence = passage.folded[begin : min(end, begin + LONGEST_SENTENCE)]
    heard = matches("network_heard", sentence) and matches("network_congress", sentence)
    return heard and not matches("network_met", sentence)


def _is_its_office(enquiry: Enquiry, mention: Mention) -> bool:
    """Whether the sender is a town's office for the network ("Bureau Hanze"), and no firm of that name."""
    return enquiry.organisation_type not in FIRMS and bool(
        re.search(
            rf"\b{_OFFICE}\W{{1,3}}(\w+ )?{re.escape(fold(mention.quote))}\b|"
            rf"\b{re.escape(fold(mention.quote))}\W{{0,3}}{_OFFICE}",
            fold(enquiry.organisation),
        )
    )


def _of_today(passage: Passage, mention: Mention, catalogue: Catalogue) -> bool:
    """Whether a name that is also a piece of history stands beside a word of the network."""
    roots = _roots_beside(mention, catalogue)
    if roots is None or (mention.name.kind == "network" and _among_members(passage, mention)):
        return True
    number = passage.words[mention.at].sentence
    return any(word.sentence == number and word.folded.startswith(roots) for word in passage.words)


def _among_members(passage: Passage, mention: Mention) -> bool:
    """Whether words of membership stand beside the name, and nothing there says that it is history."""
    begin, end = passage.words[mention.at].start, passage.words[mention.last - 1].end
    before, behind = passage.folded[max(0, begin - BESIDE) : begin], passage.folded[end : end + BESIDE]
    member = expression("membership_before").search(before) or expression("membership_behind").search(behind)
    return bool(member) and not expression("membership_then").search(f"{before} {behind}")


def _occasion(enquiry: Enquiry, reading: Reading, found: list[Mention], catalogue: Catalogue) -> tuple[str | None, str]:
    """The larger event the visit is tied to; a public holiday is none."""
    real = {
        occasion.slug
        for occasion in catalogue.occasions
        if occasion.starts_on is None or not is_public_holiday(occasion.starts_on, catalogue.holiday_calendar)
    }
    for mention in sorted(found, key=lambda mention: mention.source != "event"):
        if mention.name.kind == "occasion" and mention.name.slug in real and _is_occasion(mention, reading, catalogue):
            return mention.name.slug, mention.quote
    close = resembling(catalogue, "occasion", re.sub(r"\b20\d\d\b", "", enquiry.event)) if enquiry.event else None
    if close and close[0] in real:
        return close[0], enquiry.event
    return None, ""


def _is_occasion(mention: Mention, reading: Reading, catalogue: Catalogue) -> bool:
    """Whether an event's name means the one in this city: not denied, not placed in another city."""
    if mention.source == "event":
        event = reading.fields["event"].text
        return _names_city(event, catalogue) or not is_known_elsewhere(event, catalogue)
    if mention.source != "purpose" or not _of_today(reading.purpose, mention, catalogue):
        return False
    start = reading.purpose.words[mention.at].start
    if is_denied(reading.purpose, start, reading.purpose.words[mention.last - 1].end):
        return False
    if _is_studied(reading.purpose, start):
        return False
    after = reading.purpose.text[start : start + len(mention.quote) + 25]
    return _names_city(after, catalogue) or not is_known_elsewhere(after, catalogue)


def _is_studied(passage: Passage, start: int) -> bool:
    """Whether the sentence asks about an event's making before it names it, and not to be there."""
    begin = passage.sentences[passage.sentence_at(start)][0]
    before = passage.folded[max(begin, start - 160) : start]
    studied = list(expression("event_studied").finditer(before))
    return bool(studied) and not expression("attending").search(before, studied[-1].end())


def _names_city(text: str, catalogue: Catalogue) -> bool:
    return any(f" {_plain(name)} " in f" {_plain(text)} " for name in catalogue.rules.city_names)


def is_known_elsewhere(piece: str, catalogue: Catalogue) -> bool:
    """Whether a piece of text names another city, or an event that takes place in one."""
    return any(f" {_plain(name)} " in f" {_plain(piece)} " for name in catalogue.rules.elsewhere)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))
