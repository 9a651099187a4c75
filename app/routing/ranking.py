"""From topics, words and names to hosts: who leads, by points; who else takes part, by how likely that is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from app.routing.called import Called
from app.routing.catalogue import Catalogue, ThemeProfile, TopicProfile
from app.routing.model import Guesses, TextModel
from app.routing.names import SURE_NAME
from app.routing.partners import Partners
from app.routing.parts import EVEN, MOST, SURE, Known, log_odds, shares
from app.routing.pointers import from_colleagues, from_form, from_likeness, from_names, from_sender
from app.routing.refused import Refusal
from app.routing.scores import Scores, best_of
from app.routing.topics import TopicScore, quoted_in, told_in
from app.routing.types import Enquiry, RankedHost, Reason
from app.routing.weighing import LeadWeights

# What a rule makes of evidence; how heavy subjects and words weigh is fitted (LeadWeights, docs/routing.md).
CEREMONY = 0.8
MOST_CEREMONIES = 3
AGENCY_SHARE = 0.9
HEAD_OF_STATE_SHARE = 1.05
PART_SHARE = 0.2
MOST_PARTS = 4
NOISE = 0.1
LAST = 0.05  # of the lead's score: a host that is wished for, and that nothing else speaks for
CALLED_SHARE = 1.6  # of the best other host's points: who is called by name where no subject is told
MOST_REASONS = 6
MOSTLY = 0.5  # of what is told of a host's subjects: from here it is said that they are not wanted
NO_SUBJECT = ThemeProfile("")
CALLED_LEAD = -math.log(EVEN) + 0.1  # and so many points ahead of it, that no other is another lead
NOBODY = Called()
UNREAD = LeadWeights()  # where no model reads the text: fields and names must do
HEAD_OF_STATE = "head-of-state-or-government"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules of representation need: high office, ceremonies, an unclear subject, hosts called for."""

    political: bool
    ceremonies: int
    unclear: bool
    called: Called = NOBODY


@dataclass(frozen=True, slots=True)
class Read:
    """What was read for one of the two questions, who leads and who takes part: subjects, and likeness to texts."""

    topics: Sequence[TopicScore]
    guesses: Guesses
    errand: bool = False  # it names a subject besides networks and twin cities, which then pick no lead


@dataclass(frozen=True, slots=True)
class Heard:
    """What was read for who leads, in two ways, and for who takes part: there networks and twin cities have a say."""

    leading: Read
    usual: Read
    beside: Read


def rank_hosts(
    enquiry: Enquiry,
    heard: Heard,
    partners: Partners,
    catalogue: Catalogue,
    standing: Standing,
    model: TextModel,
    refused: Mapping[str, Refusal],
) -> tuple[RankedHost, ...]:
    """The lead by both readings, then whoever else is likely enough to take part by one of them, best first.

    Who takes part is asked beside the lead that this other reading finds: where it is another host, that one stands
    second, and nothing is sure.
    """
    about = partial(_scored, enquiry, partners=partners, catalogue=catalogue, standing=standing, refused=refused)
    scores, _main = about(heard.leading, weights=model.lead_weights)
    usual, main = about(heard.usual, weights=model.usual_weights)
    points = _of_both(scores.points, usual.points)
    lead = best_of(points)
    second = usual.best() or lead
    if not lead:
        return ()
    known = Known(enquiry, partners, catalogue, standing.political, standing.ceremonies, refused, main.learned_parts)
    odds, placed = log_odds(second, subject_shares(heard.beside.topics, catalogue), heard.beside.guesses, model, known)
    for slug, reason in placed:
        usual.reasons[slug].append(reason)
    unread = bool(model.labels) and not heard.usual.guesses.lead
    parts = shares(usual.points, second, odds, read=not unread)
    if second != lead:
        parts = _behind(points, lead, second, parts)
    parts |= {
        slug: max(parts.get(slug, 0.0), SURE)
        for slug in standing.called.slugs()
        if slug != lead and slug in usual.known
    }
    parts = dict.fromkeys(_wished(partners) & usual.known.keys() - {lead}, LAST) | parts
    usual.reasons[lead] = scores.reasons[lead] or usual.reasons[lead]
    return _ranked(usual, lead, points[lead], parts)


def _scored(
    enquiry: Enquiry,
    heard: Read,
    *,
    partners: Partners,
    catalogue: Catalogue,
    standing: Standing,
    refused: Mapping[str, Refusal],
    weights: LeadWeights,
) -> tuple[Scores, ThemeProfile | TopicProfile]:
    """All hosts' points for leading, by one reading, and its main subject."""
    scores = Scores(catalogue.hosts)
    if not heard.guesses.lead:
        weights = UNREAD
    told = _from_topics(scores, heard.topics, weights.subject)
    main = _main_subject(scores, catalogue)
    from_likeness(scores, heard.guesses, weights)
    from_sender(scores, enquiry, heard.guesses, weights)
    from_colleagues(scores, heard.topics, weights)
    from_form(scores, enquiry, catalogue, weights)
    from_names(scores, partners, told if heard.errand else None)
    scores.move(main.learned_leads)
    _with_the_subject(scores, main.learned_leads)
    scores.move({slug: -weights.refused * one.share for slug, one in refused.items()})
    for slug, one in refused.items():
        scores.reasons[slug] += [one.reason] if one.share >= MOSTLY else []
    _agency_first(scores)
    _as_called(scores, standing.called)
    _by_rule(scores, enquiry, catalogue, standing)
    return scores, main


def _with_the_subject(scores: Scores, learned: Mapping[str, float]) -> None:
    """A host that people made the one to answer for the main subject has that subject as its reason."""
    found = [one for reasons in scores.reasons.values() for one in reasons if one.code == "answers-for"]
    for slug in (one for one, more in learned.items() if more > 0 and found and one in scores.known):
        main = max(found, key=lambda one: one.weight)
        if not any(one.code == "answers-for" and one.subject == main.subject for one in scores.reasons[slug]):
            scores.reasons[slug].append(main)


def _of_both(points: Mapping[str, float], others: Mapping[str, float]) -> dict[str, float]:
    """Each host's points for leading by two readings: neither is right so often that the other has no say."""
    return {slug: (points.get(slug, 0.0) + others.get(slug, 0.0)) / 2 for slug in points.keys() | others.keys()}


def _wished(partners: Partners) -> set[str]:
    """Hosts that the sender asks for by name: they stand at the end at least, so that the wish is seen."""
    return {one.name.slug for one in partners.hosts if one.source == "wanted_hosts" and one.name.weight >= SURE_NAME}


def _behind(points: Mapping[str, float], lead: str, second: str, parts: Mapping[str, float]) -> dict[str, float]:
    """The shares with the other reading's lead put first among them, near the lead: nothing is sure then."""
    near = SURE + (MOST - SURE) * max(math.exp(min(points[second] - points[lead], 0.0)), EVEN)
    return {second: near} | {slug: near * share for slug, share in parts.items() if slug != lead}


def _main_subject(scores: Scores, catalogue: Catalogue) -> ThemeProfile | TopicProfile:
    """The topic that counts most of all, or its theme: what people decided of earlier visits lies there."""
    reasons = [one for found in scores.reasons.values() for one in found if one.code == "answers-for"]
    slug, _slash, name = max(reasons, key=lambda one: one.weight).subject.partition("/") if reasons else ("", "", "")
    for theme in catalogue.themes:
        if theme.slug == slug:
            return next((topic for topic in theme.topics if topic.slug == name), theme)
    return NO_SUBJECT


def subject_shares(topics: Sequence[TopicScore], catalogue: Catalogue) -> dict[str, float]:
    """Each host's share of the points of the subjects it answers for, the best one's being 1."""
    return _from_topics(Scores(catalogue.hosts), topics, 1.0)


def _from_topics(scores: Scores, topics: Sequence[TopicScore], most: float) -> dict[str, float]:
    best = max((topic.score for topic in topics), default=0.0)
    for topic in topics:
        if topic.score >= NOISE * best:
            _from_topic(scores, topic, best, most)
    return scores.settle(most)


def _from_topic(scores: Scores, topic: TopicScore, best: float, most: float) -> None:
    hosts: Mapping[str, float] = topic.topic.hosts or topic.theme.hosts
    for slug, weight in hosts.items():
        points = topic.standing(best) * weight
        subject = f"{topic.theme.slug}/{topic.topic.slug}".rstrip("/")
        source = told_in(topic)
        quoted = quoted_in(topic, source)
        if slug in scores.known and points > 0:
            scores.parts[slug].append(points)
            worth = round(most * points / best, 2)
            scores.reasons[slug].append(Reason("answers-for", source, quoted, worth, subject))


def _agency_first(scores: Scores) -> None:
    """An agency that does the work goes before its owner department when both are near the top."""
    best = scores.best()
    near = [
        slug
        for slug in scores.points
        if scores.known[slug].owner == best and scores.points[slug] >= AGENCY_SHARE * scores.points[best]
    ]
    for slug in sorted(near, key=lambda slug: -scores.points[slug])[:1]:
        scores.lift(slug, 1.02, Reason("does-the-work", "", (), 0.0, best))


def _as_called(scores: Scores, called: Called) -> None:
    """A host that is called by its name leads where no other subject is told; its reason is that it is named."""
    for slug in [slug for slug in called.slugs() if slug in scores.known][:1]:
        best = max((points for other, points in scores.points.items() if other != slug), default=0.0)
        scores.points[slug] = max(scores.points[slug], CALLED_SHARE * best, best + CALLED_LEAD)


def _by_rule(scores: Scores, enquiry: Enquiry, catalogue: Catalogue, standing: Standing) -> None:
    """Who leads by the rules of representation, or where no subject is clear."""
    rules = catalogue.rules
    wishes = CEREMONY * min(standing.ceremonies, MOST_CEREMONIES)
    scores.add(rules.representation, wishes, Reason("ceremonial", "purpose", (), wishes))
    if standing.political and enquiry.head_level == HEAD_OF_STATE:
        reason = Reason("level", "head_level", (enquiry.head_title,))
        scores.lift(rules.representation, HEAD_OF_STATE_SHARE, reason)
    if standing.unclear and rules.coordination in scores.known:
        scores.lift(rules.coordination, 1.2, Reason("coordinates", ""))


def _ranked(scores: Scores, lead: str, best: float, parts: Mapping[str, float]) -> tuple[RankedHost, ...]:
    """Scores are points: the lead's own, and so large a share of them as each other host is likely."""
    order = [lead, *sorted(parts, key=lambda slug: (-parts[slug], slug))]
    ranked = []
    for at, slug in enumerate(order):
        share = parts.get(slug, 1.0)
        near = 0 < at <= MOST_PARTS and share >= PART_SHARE
        reasons = _best_reasons(scores.reasons[slug])
        ranked.append(RankedHost(slug, round(share * best, 3), "lead" if at == 0 else "part" if near else "", reasons))
    return tuple(ranked)


def _best_reasons(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """The heaviest reasons; that the host is wished for is always among them."""
    best = sorted(reasons, key=lambda reason: -reason.weight)
    wish = next((at for at, reason in enumerate(best) if reason.code == "wished"), 0)
    if wish >= MOST_REASONS:
        best.insert(MOST_REASONS - 1, best.pop(wish))
    return tuple(best[:MOST_REASONS])
