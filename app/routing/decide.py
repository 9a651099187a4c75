"""The decision itself: an enquiry and a catalogue in, a reasoned proposal out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from app.routing.beside_letters import letter_only
from app.routing.called import Called, called_for, with_their_subjects, without_subjects, without_their_names
from app.routing.catalogue import Catalogue
from app.routing.dates import URGENT_DAYS, notice_days
from app.routing.duplicates import find_duplicate
from app.routing.errand import asks_about_network, with_what_is_mainly_meant, without_acquaintance
from app.routing.even import even_hosts, with_even
from app.routing.evidence import Reading, for_the_lead, for_the_parts, name_and_title, read_enquiry
from app.routing.flag_texts import spans
from app.routing.flags import find_flags
from app.routing.goals import suggest_priorities, suggest_sdgs
from app.routing.languages import READ
from app.routing.letters import seen, visible
from app.routing.model import Guesses, model_of
from app.routing.noise import squeezed, without_noise, without_orders
from app.routing.partners import Partners, beyond_its_kind, find_partners
from app.routing.ranking import Heard, Read, Standing, rank_hosts
from app.routing.refused import refused_hosts
from app.routing.text import TEXT_CAP
from app.routing.topics import TopicScore, clearly_about, score_topics
from app.routing.trade import nameless, without_denied_trade
from app.routing.types import DECLINE, REVIEW, ROUTE, Enquiry, Proposal, RankedHost, Reason, Suggestion
from app.routing.unclear import unclear_flag
from app.routing.unsafe import NAMED, TOLD

TELLING_WORDS = 6  # from so many words on, a text in a language that is read has a small word of it
SURE_LEAD = 1.25
LINE_CAP = 1000  # characters read of a field of one line
LIST_CAP = 50
DECLINED = frozenset({"not-a-delegation", "commercial", "wrong-city"})
REVIEWED = frozenset({"past-date", "holiday", "duplicate", "unclear-purpose", "unsafe-input", "large-group"})


def propose(enquiry: Enquiry, catalogue: Catalogue, *, earlier: Sequence[Enquiry] = ()) -> Proposal:
    """Rank hosts, suggest goals, raise flags and decide; never raises on any text."""
    enquiry = capped(enquiry)
    heard = _as_heard(enquiry)
    reading = read_enquiry(heard, catalogue)
    partners = find_partners(heard, reading, catalogue)
    reading = without_their_names(reading, partners, catalogue)
    called = called_for(heard, reading, partners, catalogue)
    reading = with_their_subjects(reading, called, catalogue)
    speaking = beyond_its_kind(partners, reading)
    elsewise = without_denied_trade(reading)
    asker, reading = (nameless(enquiry), elsewise) if elsewise else (enquiry, reading)
    topics = score_topics(asker, reading, catalogue, speaking.network_themes())
    guesses, read = _heard(asker, reading, topics, catalogue, speaking, called)
    subject = max((topic.asked for topic in topics), default=0.0)
    flags = find_flags(enquiry, reading, partners, catalogue, subject)
    repeated = find_duplicate(enquiry, earlier, lambda one: _subjects(one, catalogue))
    if repeated:
        flags.append(repeated[1])
    wished = any(mention.source == "wanted_hosts" for mention in partners.hosts)
    if called.hosts:
        unclear = None
    else:
        asks_network = asks_about_network(reading, partners, catalogue)
        codes, leads = {flag.code for flag in flags}, read.leading.guesses
        unclear = unclear_flag(enquiry, reading, topics, codes, leads, wished=wished, network=asks_network)
    if unclear:
        flags.append(unclear)
    raised = {flag.code for flag in flags}
    political = "political-level" in raised
    decision = _decision(enquiry, reading, raised, read.leading.guesses)
    ceremonies = len(spans(reading.purpose, "ceremonial")) if political else 0
    standing = Standing(political, ceremonies, unclear is not None, called)
    refused = refused_hosts(reading, partners, catalogue)
    ranked = rank_hosts(asker, read, speaking, catalogue, standing, model_of(catalogue.model), refused)
    even = even_hosts(reading, topics, ranked, catalogue) if ranked and not called.hosts else frozenset()
    ranked = with_even(ranked, even)
    open_goals = decision != DECLINE and unclear is None
    return Proposal(
        decision=decision,
        lead=ranked[0].slug if ranked and decision != DECLINE else None,
        co_hosts=tuple(host.slug for host in ranked if host.part == "part") if decision != DECLINE else (),
        ranked=ranked,
        themes=_themes(topics),
        priorities=suggest_priorities(enquiry, topics, political, _reports(enquiry, reading), guesses.priority)
        if open_goals
        else (),
        sdgs=suggest_sdgs(topics, guesses.sdg) if open_goals else (),
        flags=tuple(flags),
        partnerships=_partnerships(partners),
        occasion=partners.occasion,
        sure=not even and _sure(decision, reading, ranked),
        questions=_questions(raised, reading, ranked, bool(even)),
        duplicate_of=repeated[0] if repeated else None,
    )


def _as_heard(enquiry: Enquiry) -> Enquiry:
    """The enquiry as a person sees it, without what nobody says to one."""
    shown: dict[str, Any] = {
        field.name: seen(value)
        for field in fields(enquiry)
        if isinstance(value := getattr(enquiry, field.name), str) and not value.isascii()
    }
    heard = replace(enquiry, **shown)
    told: dict[str, Any] = {name: without_noise(getattr(heard, name)) for name in TOLD}
    named: dict[str, Any] = {name: without_orders(getattr(heard, name)) for name in NAMED}
    wishes = tuple(without_noise(without_orders(seen(wish))) for wish in heard.wanted_hosts)
    return replace(heard, **told, **named, wanted_hosts=wishes)


def _heard(
    enquiry: Enquiry,
    reading: Reading,
    topics: list[TopicScore],
    catalogue: Catalogue,
    partners: Partners,
    called: Called,
) -> tuple[Guesses, Heard]:
    """What the words as a whole tell of goals, and what was read for who leads and for who takes part.

    Beside a purpose that nobody here reads the words of name and title would stand alone, and say too much; so
    would those of a text that tells of no subject, but calls a host by its name.
    """
    model, kind = model_of(catalogue.model), enquiry.organisation_type
    errand = without_acquaintance(reading, partners, catalogue)
    narrowed = with_what_is_mainly_meant(errand or reading) or errand
    along = score_topics(enquiry, for_the_parts(reading), catalogue, partners.network_themes())
    guesses = Guesses() if reading.unread else model.read(reading.asked, along, kind)
    if called.hosts:
        others = score_topics(enquiry, without_subjects(reading), catalogue, partners.network_themes())
        only = Read(others, Guesses())
        return guesses, Heard(only, only, only)
    beside = usual = Read(along, guesses)
    heard, networks = narrowed or reading, () if errand else partners.network_themes()
    if narrowed:
        topics = score_topics(enquiry, narrowed, catalogue, networks)
        along = score_topics(enquiry, for_the_parts(narrowed), catalogue, networks)
        usual = Read(along, guesses if reading.unread else model.read(narrowed.asked, along, kind), bool(errand))
    first = score_topics(enquiry, for_the_lead(heard), catalogue, networks)
    sender = name_and_title(enquiry, catalogue)
    leads = Guesses() if reading.unread else model.read_for_lead(heard.asked, topics, kind, sender)
    return guesses, Heard(Read(first, leads, bool(errand)), usual, beside)


def _subjects(enquiry: Enquiry, catalogue: Catalogue) -> frozenset[str]:
    """What an enquiry is clearly about, by its own words: neither ticks nor networks."""
    heard = replace(capped(enquiry), themes=())
    return clearly_about(score_topics(heard, read_enquiry(heard, catalogue), catalogue))


def capped(enquiry: Enquiry) -> Enquiry:
    """The enquiry with every text cut to what is read of it, so that no field can cost more than its share."""
    cut: dict[str, Any] = {
        field.name: value[: TEXT_CAP if field.name == "purpose" else LINE_CAP]
        for field in fields(enquiry)
        if isinstance(value := getattr(enquiry, field.name), str)
    }
    if len(enquiry.purpose) > TEXT_CAP:
        cut["purpose"] = squeezed(visible(enquiry.purpose))[:TEXT_CAP]
    lists: dict[str, Any] = {
        name: tuple(text[:LINE_CAP] for text in getattr(enquiry, name)[:LIST_CAP])
        for name in ("wanted_hosts", "themes")
    }
    return replace(enquiry, **cut, **lists)


def _reports(enquiry: Enquiry, reading: Reading) -> bool:
    """Whether a newspaper or broadcaster comes to report rather than to learn."""
    return enquiry.organisation_type == "media" and bool(spans(reading.purpose, "reports"))


def _decision(enquiry: Enquiry, reading: Reading, raised: set[str], guesses: Guesses) -> str:
    if raised & DECLINED or ("invitation-letter" in raised and letter_only(reading, guesses)):
        return DECLINE
    notice = notice_days(enquiry)
    urgent = notice is not None and notice < URGENT_DAYS
    if raised & REVIEWED or urgent or enquiry.head_level == "head-of-state-or-government":
        return REVIEW
    return ROUTE


def _themes(topics: list[TopicScore]) -> tuple[Suggestion, ...]:
    totals: dict[str, float] = {}
    reasons: dict[str, tuple[Reason, ...]] = {}
    for topic in topics:
        totals[topic.theme.slug] = totals.get(topic.theme.slug, 0.0) + topic.score
        reasons[topic.theme.slug] = (*reasons.get(topic.theme.slug, ()), *topic.reasons)[:6]
    best = max(totals.values(), default=0.0)
    order = sorted((slug for slug in totals if totals[slug] >= 0.2 * best), key=lambda slug: (-totals[slug], slug))
    return tuple(Suggestion(slug, round(totals[slug], 3), reasons[slug]) for slug in order[:6])


def _partnerships(partners: Partners) -> tuple[str, ...]:
    twin = (partners.twin.slug,) if partners.twin else ()
    return (*twin, *(network.slug for network, _ in partners.networks))


def _sure(decision: str, reading: Reading, ranked: tuple[RankedHost, ...]) -> bool:
    if decision != ROUTE or not ranked or reading.unread or not set(reading.languages) & set(READ):
        return False
    return len(ranked) == 1 or ranked[0].score >= SURE_LEAD * ranked[1].score


def _questions(raised: set[str], reading: Reading, ranked: tuple[RankedHost, ...], even: bool) -> tuple[str, ...]:
    asked = [("unclear-purpose", "subject"), ("past-date", "dates"), ("holiday", "days"), ("large-group", "group")]
    questions = [question for flag, question in asked if flag in raised]
    if reading.unread or not (_may_be_any_language(reading) or set(reading.languages) & set(READ)):
        questions.append("language")
    close = len(ranked) > 1 and ranked[0].score < SURE_LEAD * ranked[1].score
    if (even or close) and "unclear-purpose" not in raised:
        questions.append("main-subject")
    return tuple(questions)


def _may_be_any_language(reading: Reading) -> bool:
    """Too few words to tell a language by: that none is recognised does not mean that it is one nobody reads."""
    return not reading.languages and len(reading.purpose.words) < TELLING_WORDS
