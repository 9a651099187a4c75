"""Labelled texts and requests, read once as routing reads them; for learning its word model and fitting its weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.routing import Catalogue, Enquiry
from app.routing.cases import enquiry_from
from app.routing.decide import capped
from app.routing.evidence import Reading, for_the_lead, read_enquiry
from app.routing.flag_texts import spans
from app.routing.flags import political_flag
from app.routing.model import Guesses, TextModel, features, topic_features
from app.routing.noise import without_noise
from app.routing.partners import Partners, find_partners
from app.routing.parts import Known, terms
from app.routing.pointers import colleagues, from_names, ticked_hosts
from app.routing.ranking import subject_shares
from app.routing.scores import Scores
from app.routing.topics import TopicScore, score_topics
from app.routing.types import ROUTE

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A labelled text as routing reads it: of which file, its labels, and all that does not depend on the model."""

    file: str
    labels: Row
    enquiry: Enquiry
    reading: Reading
    partners: Partners
    topics: Sequence[TopicScore]
    features: Mapping[str, float]
    subject: Mapping[str, float]

    def guesses(self, model: TextModel) -> Guesses:
        """What the model makes of it."""
        if self.reading.unread:
            return Guesses()
        return model.read(self.reading.purpose, self.topics, self.enquiry.organisation_type)


def told(file: str, enquiry: Enquiry, labels: Row, catalogue: Catalogue) -> Told:
    """Read one text; as long as a decision takes."""
    heard = replace(capped(enquiry), purpose=without_noise(enquiry.purpose))
    reading = read_enquiry(heard, catalogue)
    partners = find_partners(heard, reading, catalogue)
    topics = score_topics(heard, for_the_lead(reading), catalogue, partners.network_themes())
    found = features(reading.purpose) | topic_features(topics)
    return Told(file, labels, heard, reading, partners, topics, found, subject_shares(topics, catalogue))


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
    return [told(file, enquiry_from(case["id"], case["request"]), case["expected"], catalogue) for case in routed]


def lead_terms(one: Told, guesses: Guesses, catalogue: Catalogue) -> dict[str, dict[str, float]]:
    """What speaks for each host as lead, by the name of its weight; "fixed" is what names and networks give."""
    ticked = ticked_hosts(one.enquiry, catalogue)
    alike = colleagues(one.topics)
    senders = catalogue.rules.type_hosts.get(one.enquiry.organisation_type, {})
    scores = Scores(catalogue.hosts)
    from_names(scores, one.partners)
    return {
        host.slug: {
            "subject": one.subject.get(host.slug, 0.0),
            "leads": max(guesses.lead[host.slug].share, 0.0) if host.slug in guesses.lead else 0.0,
            "involved": max(guesses.host[host.slug].share, 0.0) if host.slug in guesses.host else 0.0,
            "colleague": alike[host.slug][0] if host.slug in alike else 0.0,
            "ticked": ticked.get(host.slug, (0.0, ""))[0],
            "sender": senders.get(host.slug, 0.0),
            "fixed": scores.points.get(host.slug, 0.0),
        }
        for host in catalogue.hosts
    }


def part_terms(
    one: Told, lead: str, guesses: Guesses, model: TextModel, catalogue: Catalogue
) -> dict[str, dict[str, float]]:
    """What speaks for each other host taking part in what this one leads."""
    political = political_flag(one.enquiry) is not None
    ceremonies = len(spans(one.reading.purpose, "ceremonial")) if political else 0
    known = Known(one.enquiry, one.partners, catalogue, political, ceremonies)
    return terms(lead, one.subject, guesses, model.together.get(lead, {}), known)
