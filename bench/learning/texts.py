"""Labelled texts and requests, read once as routing reads them; for learning its word model and fitting its weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.routing import Catalogue, Enquiry
from app.routing.cases import enquiry_from
from app.routing.decide import capped
from app.routing.evidence import Reading, for_the_lead, for_the_parts, name_and_title, read_enquiry
from app.routing.flag_texts import spans
from app.routing.flags import political_flag
from app.routing.model import Guess, Guesses, TextModel, early_features, features, topic_features
from app.routing.noise import without_noise
from app.routing.partners import Partners, find_partners
from app.routing.parts import Known, terms
from app.routing.pointers import colleagues, from_names, ticked_hosts
from app.routing.ranking import Read, subject_shares
from app.routing.refused import Refusal, refused_hosts
from app.routing.scores import Scores
from app.routing.text import Passage
from app.routing.topics import TopicScore, score_topics
from app.routing.types import ROUTE

Row = Mapping[str, Any]
REQUEST_COUNTS = 3.0  # beside a text, in the model for who leads: whole requests are such as come
NOTHING = Guess("", 0.0)


@dataclass(frozen=True, slots=True)
class Told:
    """A labelled text as routing reads it: of which file, its labels, and all that does not depend on the model."""

    file: str
    labels: Row
    enquiry: Enquiry
    reading: Reading
    partners: Partners
    topics: Sequence[TopicScore]  # as all words of a sentence weigh alike
    first: Sequence[TopicScore]  # as words weigh by their place
    plain: Sequence[TopicScore]
    sender: Passage  # name and title
    features: Mapping[str, float]
    early: Mapping[str, float]
    refused: Mapping[str, Refusal]
    counts: float = 1.0

    def beside(self, model: TextModel) -> Read:
        """What is read for who takes part."""
        if self.reading.unread:
            return Read(self.topics, Guesses())
        return Read(self.topics, model.read(self.reading.asked, self.topics, self.enquiry.organisation_type))

    def leading(self, model: TextModel) -> Read:
        """What is read for who leads."""
        if self.reading.unread:
            return Read(self.first, Guesses())
        purpose, kind = self.reading.asked, self.enquiry.organisation_type
        return Read(self.first, model.read_for_lead(purpose, self.plain, kind, self.sender))


def told(file: str, enquiry: Enquiry, labels: Row, catalogue: Catalogue, counts: float = 1.0) -> Told:
    """Read one text; as long as a decision takes."""
    heard = replace(capped(enquiry), purpose=without_noise(enquiry.purpose))
    reading = read_enquiry(heard, catalogue)
    partners = find_partners(heard, reading, catalogue)
    readings = (for_the_parts(reading), for_the_lead(reading), reading)
    topics, first, plain = (score_topics(heard, one, catalogue, partners.network_themes()) for one in readings)
    found = features(reading.asked) | topic_features(topics)
    early = early_features(reading.asked) | topic_features(plain)
    sender = name_and_title(heard, catalogue)
    refused = refused_hosts(reading, partners, catalogue)
    return Told(file, labels, heard, reading, partners, topics, first, plain, sender, found, early, refused, counts)


def of_text(file: str, row: Row, catalogue: Catalogue) -> Told:
    """A training text: nothing but what the sender wrote, and the sender's kind."""
    enquiry = Enquiry(
        id=str(row["id"]),
        organisation="",
        organisation_type=str(row.get("type") or ""),
        country="",
        city="",
        purpose=str(row["purpose"]),
        submitted_on=date(2027, 1, 11),
    )
    return told(file, enquiry, row, catalogue)


def of_cases(file: str, cases: Iterable[Row], catalogue: Catalogue) -> list[Told]:
    """Whole requests, those that are to be routed."""
    routed = (case for case in cases if case["expected"]["decision"] == ROUTE)
    return [
        told(file, enquiry_from(case["id"], case["request"]), case["expected"], catalogue, REQUEST_COUNTS)
        for case in routed
    ]


def lead_terms(one: Told, read: Read, catalogue: Catalogue) -> dict[str, dict[str, float]]:
    """What speaks for each host as lead, by the name of its weight; "fixed" is what names and networks give."""
    ticked = ticked_hosts(one.enquiry, catalogue)
    alike, subject, guesses = colleagues(read.topics), subject_shares(read.topics, catalogue), read.guesses
    senders = catalogue.rules.type_hosts.get(one.enquiry.organisation_type, {})
    scores = Scores(catalogue.hosts)
    from_names(scores, one.partners)
    return {
        host.slug: {
            "subject": subject.get(host.slug, 0.0),
            "leads": max(guesses.lead.get(host.slug, NOTHING).share, 0.0),
            "involved": max(guesses.host.get(host.slug, NOTHING).share, 0.0),
            "alike": max(guesses.sender.get(host.slug, NOTHING).share, 0.0),
            "colleague": alike[host.slug][0] if host.slug in alike else 0.0,
            "ticked": ticked.get(host.slug, (0.0, ""))[0],
            "sender": senders.get(host.slug, 0.0),
            "refused": -one.refused[host.slug].share if host.slug in one.refused else 0.0,
            "fixed": scores.points.get(host.slug, 0.0),
        }
        for host in catalogue.hosts
    }


def part_terms(one: Told, lead: str, read: Read, model: TextModel, catalogue: Catalogue) -> dict[str, dict[str, float]]:
    """What speaks for each other host taking part in what this one leads, and for its being a mistake."""
    political = political_flag(one.enquiry) is not None
    ceremonies = len(spans(one.reading.purpose, "ceremonial")) if political else 0
    known = Known(one.enquiry, one.partners, catalogue, political, ceremonies, one.refused)
    subject = subject_shares(read.topics, catalogue)
    return terms(lead, subject, read.guesses, model, known)
